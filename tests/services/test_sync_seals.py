"""Seals go along with what is shared: to where their commit is, never over another, and never to the sync's harm."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.services.office import Office
from tests.services.pair import Pair, meet
from tk.services.seal import seal


def sealed(office: Office, revisions: str | None = None) -> str:
    """Seal as `tk audit --seal` does after an audit without refusals."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in office.environment().items():
            patch.setenv(name, value)
        return seal(office.opened(), revisions)


def shared(pair: Pair) -> dict[str, str]:
    """Return the seals that the shared repository has, with their objects."""
    form = "--format=%(refname:short) %(objectname)"
    told = pair.here.git("--git-dir", str(pair.hub), "for-each-ref", form, "refs/tags/tk-seal-*").splitlines()
    return dict(line.split() for line in told)


def held(office: Office) -> dict[str, str]:
    """Return the seals that a clone has, with their objects."""
    told = office.git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/tags/tk-seal-*").splitlines()
    return dict(line.split() for line in told)


def test_a_seal_goes_with_its_commit_and_comes_to_the_others(pair: Pair) -> None:
    number = pair.here.ok("new", "Hola")
    name = sealed(pair.here, "main")
    assert pair.here.ok("sync").splitlines() == [f"→ {number} new: Hola", f"→ 1 seal: {name}"]
    assert shared(pair) == held(pair.here)
    pair.there.now = pair.here.now
    assert pair.there.ok("sync").splitlines() == [f"← {number} new: Hola", f"← 1 seal: {name}"]
    assert held(pair.there) == shared(pair)
    assert pair.there.ok("sync") == ""
    assert pair.there.audit("HEAD").findings == ()


def test_a_seal_of_what_is_shared_already_goes_alone(pair: Pair) -> None:
    pair.here.ok("new", "Hola")
    meet(pair)
    name = sealed(pair.here, "main")
    told = json.loads(pair.here.ok("sync", "--json"))
    assert (told["went"], told["seals"]["went"]) == ([], [name])
    pair.there.now = pair.here.now
    assert json.loads(pair.there.ok("sync", "--json"))["seals"]["came"] == [name]


def test_the_audit_says_that_it_will(pair: Pair) -> None:
    pair.here.ok("new", "Hola")
    result = pair.here.run("audit", "main", "--seal")
    assert result.err.endswith("; `tk sync` shares it\n")


def test_a_seal_of_what_the_remote_does_not_have_waits(pair: Pair) -> None:
    """One of a branch that nobody has sent stays here, until the remote has that branch."""
    pair.here.git("checkout", "-q", "-b", "topic")
    pair.here.ok("new", "Hola")
    name = sealed(pair.here, "main..topic")
    pair.here.git("checkout", "-q", "main")
    assert pair.here.ok("sync") == ""
    assert shared(pair) == {}
    pair.here.git("push", "-q", "origin", "topic")
    assert pair.here.ok("sync") == f"→ 1 seal: {name}"
    pair.there.now = pair.here.now
    assert pair.there.ok("sync") == f"← 1 seal: {name}"


def test_no_side_loses_a_seal_to_another_of_its_name(pair: Pair) -> None:
    """Both seal one commit on one day, each in their own words."""
    pair.here.ok("new", "Hola")
    meet(pair)
    name = sealed(pair.here, "main")
    pair.there.wait()
    assert sealed(pair.there, "main") == name
    pair.here.ok("sync")
    before = held(pair.there)
    assert before != shared(pair)
    number = pair.there.ok("new", "Adiós")
    result = pair.there.run("sync")
    assert (result.code, result.out) == (0, f"→ {number} new: Adiós\n")
    assert f"{name}: origin has another seal of that name; each side keeps its own\n" in result.err
    assert held(pair.there) == before
    assert shared(pair) == held(pair.here)
    pair.there.git("tag", "-d", name)
    assert pair.there.ok("sync") == f"← 1 seal: {name}"
    assert held(pair.there) == shared(pair)


def test_a_remote_that_wants_no_seal_is_told_of_and_stops_nothing(pair: Pair) -> None:
    hook = pair.hub / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\nwhile read -r _ _ ref; do case $ref in refs/tags/*) exit 1;; esac; done\n")
    hook.chmod(0o755)
    number = pair.here.ok("new", "Hola")
    sealed(pair.here, "main")
    result = pair.here.run("sync")
    assert (result.code, result.out) == (0, f"→ {number} new: Hola\n")
    assert "origin did not take the seals: [remote rejected] (pre-receive hook declined)\n" in result.err
    hook.unlink()
    assert pair.here.ok("sync").startswith("→ 1 seal: ")


def test_what_prunes_and_what_follows_tags_takes_no_seal_away(pair: Pair) -> None:
    for key, value in (("fetch.prune", "true"), ("fetch.pruneTags", "true"), ("fetch.output", "compact")):
        pair.here.git("config", key, value)
    pair.here.git("config", "remote.origin.tagOpt", "--tags")
    pair.here.git("tag", "-a", "-m", "v1", "v1")
    pair.there.git("tag", "-a", "-m", "v1 de allí", "v1")
    pair.there.git("push", "-q", "origin", "v1")
    pair.here.git("checkout", "-q", "-b", "topic")
    pair.here.ok("new", "Hola")
    name = sealed(pair.here, "main..topic")
    pair.here.git("checkout", "-q", "main")
    other = sealed(pair.there, "main")
    pair.there.ok("sync")
    pair.here.now = pair.there.now
    assert pair.here.ok("sync") == f"← 1 seal: {other}"
    assert set(held(pair.here)) == {name, other}
    assert pair.here.git("tag", "-l", "--format=%(contents)", "v1") == "v1\n"


def test_a_shallow_clone_is_not_brought_the_past_for_a_seal(pair: Pair, tmp_path: Path) -> None:
    pair.here.ok("new", "Hola")
    sealed(pair.here, "main")
    pair.here.ok("new", "Adiós")
    pair.here.ok("sync")
    url = pair.hub.as_uri()
    subprocess.run(["git", "clone", "-q", "--depth=1", "--no-tags", url, str(tmp_path / "shallow")], check=True)
    shallow = Office(tmp_path / "shallow", pair.here.now)
    shallow.ok("new", "Desde poco")
    own = sealed(shallow, "main")
    assert shallow.ok("sync").splitlines()[1:] == [f"→ 1 seal: {own}"]
    assert shallow.ok("sync") == ""
    assert shallow.git("rev-list", "--count", "HEAD") == "2"
    assert len(shared(pair)) == 2


def test_a_first_push_takes_the_seals_along(office: Office, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "hub.git")], check=True)
    office.git("remote", "add", "hub", (tmp_path / "hub.git").as_uri())
    name = sealed(office, "main")
    assert f"→ 1 seal: {name}" in office.ok("sync")


def test_an_exchange_that_was_killed_before_it_sent_them_is_made_up_for(pair: Pair) -> None:
    """The branch is there, the seal is not; and git's lock on the tag that it was bringing is left over."""
    pair.here.ok("new", "Hola")
    name = sealed(pair.here, "main")
    pair.here.git("push", "-q", "origin", "main")
    assert pair.here.ok("sync") == f"→ 1 seal: {name}"
    lock = pair.there.root / f".git/refs/tags/{name}.lock"
    lock.touch()
    pair.there.now = pair.here.now
    assert pair.there.run("sync").code == 0  # somebody else's, as far as anybody knows
    assert held(pair.there) == {}
    (pair.there.root / ".git/tk/sync").write_text("under way\n")
    os.utime(pair.there.root / ".git/tk/sync", (lock.stat().st_mtime - 5,) * 2)
    assert pair.there.ok("sync") == f"← 1 seal: {name}"
    assert not lock.exists()


def test_where_nothing_is_to_be_shared_git_is_asked_no_more_than_without_seals(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.here.ok("new", "Hola")
    pair.here.ok("sync")
    asked = []
    for mark in ("without", "with"):
        trace = tmp_path / mark
        monkeypatch.setenv("GIT_TRACE2_EVENT", str(trace))
        pair.here.ok("sync")
        monkeypatch.delenv("GIT_TRACE2_EVENT")
        asked.append([line for line in trace.read_text().splitlines() if '"event":"start"' in line])
        sealed(pair.here, "main")
        pair.here.ok("sync")
    assert 0 < len(asked[0]) == len(asked[1])
