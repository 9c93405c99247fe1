"""Two clones of one desk and what passes between them."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.services.office import Office
from tests.services.pair import Pair, conflict, meet, ticket
from tests.world import run_here
from tk.core.ids import path_of


def test_what_is_done_here_comes_there(pair: Pair) -> None:
    number = pair.here.ok("new", "Hola")
    assert pair.here.ok("sync") == f"→ {number} new: Hola"
    assert pair.there.ok("sync") == f"← {number} new: Hola"
    assert pair.there.head() == pair.here.head()
    assert pair.there.ok("sync") == ""


def test_what_both_did_to_a_ticket_is_joined(pair: Pair) -> None:
    number = pair.here.ok("new", "Hola", "--tag", "a")
    meet(pair)
    pair.here.ok("set", number, "priority=high", "tags-=a")
    pair.here.ok("log", number, "note", "-m", "aquí")
    pair.there.now = pair.here.now
    pair.there.ok("set", number, "title=Adiós", "tags+=b")
    pair.there.ok("log", number, "note", "-m", "allí")
    meet(pair)
    found = ticket(pair.here, number)
    assert (found.title, found.priority, found.tags) == ("Adiós", "high", ("b",))
    assert [event.text for event in found.events] == ["aquí", "allí"]


def test_a_program_reads_what_passed(pair: Pair) -> None:
    number = pair.here.ok("new", "Hola")
    told = json.loads(pair.here.ok("sync", "--json"))
    assert list(told) == ["remote", "branch", "commit", "came", "went", "conflicts", "renamed", "policy", "seals"]
    assert told["went"] == [{"ticket": number, "title": "Hola", "kind": "new", "actions": ["new"]}]
    assert told["policy"] == {"came": [], "went": []}
    assert told["seals"] == {"came": [], "went": [], "others": [], "refused": ""}
    assert (told["remote"], told["branch"], told["commit"]) == ("origin", "main", pair.here.head())


def test_a_conflict_stops_it_and_says_what_it_is_about(pair: Pair) -> None:
    number = conflict(pair)
    result = pair.there.run("sync")
    assert (result.code, result.out) == (1, f"! {number} title: Allí here, Aquí there\n")
    assert "tk resolve" in result.err
    text = pair.there.file(number).read_text()
    assert "<<<<<<< ours\ntitle: Allí\n=======\ntitle: Aquí\n>>>>>>> theirs\n" in text
    assert pair.there.git("status", "--porcelain") == f"UU {path_of(number)}"
    again = pair.there.run("sync")
    assert again.code == 2
    assert "tk resolve" in again.err
    assert pair.there.run("resolve").code == 1


@pytest.mark.parametrize(("words", "title"), [(("--ours",), "Allí"), (("--theirs",), "Aquí")])
def test_a_side_settles_it_and_the_merge_is_made(pair: Pair, words: tuple[str, ...], title: str) -> None:
    number = conflict(pair)
    pair.there.run("sync")
    assert pair.there.ok("resolve", *words) == f"settled: {path_of(number)}"
    assert not (pair.there.root / ".git/MERGE_HEAD").exists()
    assert pair.there.git("log", "-1", "--format=%s") == "Merge origin/main"
    assert len(pair.there.git("log", "-1", "--format=%P").split()) == 2
    meet(pair)
    assert ticket(pair.here, number).title == title
    assert [event.text for event in ticket(pair.here, number).events] == ["entre tanto"]


def test_a_value_of_ones_own_settles_it_as_the_policy_allows(pair: Pair) -> None:
    number = conflict(pair)
    pair.there.run("sync")
    pair.there.ok("resolve", number, "title=Los dos")
    meet(pair)
    assert ticket(pair.here, number).title == "Los dos"
    assert pair.here.story(number).entries[-1].actions == ("set.title",)


def test_the_later_change_stands_where_the_policy_says_so(pair: Pair) -> None:
    pair.here.policy("format = 1 ", 'conflicts = "later"\nformat = 1 ')
    pair.here.commit("tk.toml")
    number = conflict(pair)
    assert pair.there.run("sync").code == 0
    meet(pair)
    assert ticket(pair.here, number).title == "Allí"


def test_a_policy_that_both_changed_is_settled_by_hand_or_by_side(pair: Pair) -> None:
    pair.here.policy('name = "', 'name = "A ')
    pair.here.commit("tk.toml")
    pair.here.ok("sync")
    pair.there.policy('name = "', 'name = "B ')
    pair.there.commit("tk.toml")
    result = pair.there.run("sync")
    assert result.code == 1
    assert "! tk.toml" in result.out
    pair.there.ok("resolve", "--theirs")
    pair.there.ok("sync")
    assert 'name = "A ' in (pair.there.root / "tk.toml").read_text()


def test_twins_are_parted_and_all_that_hangs_on_them_follows(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Both clones drew one id; each attached a file of one name and linked its ticket to one of its own."""
    number = ""
    for office, mark in ((pair.here, "aquí"), (pair.there, "allí")):
        office.now = pair.here.now
        with monkeypatch.context() as patch:
            patch.setattr("tk.store.revision.random_number", lambda: 7)
            number = office.ok("new", mark, "-m", mark)
        (tmp_path / "foto.txt").write_text(mark)
        office.ok("attach", number, str(tmp_path / "foto.txt"))
        other = office.ok("new", f"otro de {mark}")
        office.ok("link", number, "relates", other)
    pair.here.ok("sync")
    result = pair.there.run("sync")
    assert result.code == 0, result
    assert f"{number}: two tickets had drawn this id" in result.err
    meet(pair)
    files = pair.here.root.glob("tickets/*/*/*/*.md")
    tickets = {found.description: found for found in (ticket(pair.here, file.stem) for file in files)}
    assert {"aquí", "allí"} <= set(tickets)
    assert len({found.id for found in tickets.values()}) == len(tickets)
    moved = next(found for found in tickets.values() if found.aliases)
    assert moved.aliases == (number,)
    for mark in ("aquí", "allí"):
        (held,) = tickets[mark].attachments
        folder = pair.here.root / path_of(tickets[mark].id).removesuffix(".md")
        assert (folder / held.file).read_text() == mark
        (link,) = tickets[mark].links
        assert ticket(pair.here, link.id).title == f"otro de {mark}"
        assert [back.id for back in ticket(pair.here, link.id).links] == [tickets[mark].id]
    assert pair.here.ok("show", number, "--json")
    assert pair.here.audit("HEAD").findings == ()


def test_a_document_moves_with_the_twin_beside_which_it_lies(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whichever of the two moves, each has a document under a name of its own."""
    for office, mark in ((pair.here, "aquí"), (pair.there, "allí")):
        office.now = pair.here.now
        with monkeypatch.context() as patch:
            patch.setattr("tk.store.revision.random_number", lambda: 7)
            number = office.ok("new", mark, "-m", mark)
        (tmp_path / f"{mark}.txt").write_text(mark)
        office.ok("attach", number, str(tmp_path / f"{mark}.txt"))
    pair.here.ok("sync")
    assert pair.there.run("sync").code == 0
    meet(pair)
    assert pair.here.audit("HEAD").findings == ()


def test_a_clone_goes_on_with_a_ticket_that_was_given_another_id(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    third = pair.here.clone(tmp_path / "third")
    third.git("remote", "set-url", "origin", pair.hub.as_uri())
    drawn: dict[str, str] = {}
    for office, mark in ((pair.here, "aquí"), (pair.there, "allí")):
        office.now = pair.here.now
        with monkeypatch.context() as patch:
            patch.setattr("tk.store.revision.random_number", lambda: 7)
            drawn[mark] = office.ok("new", mark, "-m", mark)
    assert len(set(drawn.values())) == 1
    number = drawn["aquí"]
    pair.here.ok("sync")
    third.now = pair.there.now
    third.ok("sync")
    third.ok("log", number, "note", "-m", "de la tercera")
    pair.there.ok("sync")
    third.now = pair.there.now
    result = third.run("sync")
    assert result.code == 0, result
    meet(pair)
    found = [ticket(pair.here, file.stem) for file in pair.here.root.glob("tickets/*/*/*/*.md")]
    (here,) = [one for one in found if one.description == "aquí"]
    assert [event.text for event in here.events] == ["de la tercera"]
    assert [one.events for one in found if one.description == "allí"] == [()]


def test_two_documents_of_one_name_are_both_kept(pair: Pair, tmp_path: Path) -> None:
    number = pair.here.ok("new", "Hola")
    meet(pair)
    for office, mark in ((pair.here, "aquí"), (pair.there, "allí")):
        office.now = pair.here.now
        (tmp_path / "foto.txt").write_text(mark)
        office.ok("attach", number, str(tmp_path / "foto.txt"))
    meet(pair)
    folder = pair.here.root / path_of(number).removesuffix(".md")
    assert {(folder / held.file).read_text() for held in ticket(pair.here, number).attachments} == {"aquí", "allí"}
    assert pair.here.audit("HEAD").findings == ()


def test_a_ticket_that_one_took_back_and_the_other_worked_on_stays(pair: Pair) -> None:
    number = pair.here.ok("new", "Hola")
    meet(pair)
    pair.there.ok("log", number, "note", "-m", "algo")
    pair.here.ok("undo", number)
    pair.there.ok("sync")
    pair.here.now = pair.there.now
    pair.here.ok("sync")
    assert ticket(pair.here, number).title == "Hola"


def test_it_says_what_is_in_the_way(pair: Pair, tmp_path: Path) -> None:
    number = pair.here.ok("new", "Hola")
    pair.here.ok("sync")

    def refused(*argv: str) -> str:
        result = pair.there.run("sync", *argv)
        assert result.code in {1, 2}, result
        return result.err

    assert 'there is no remote "nowhere"' in refused("nowhere")
    (pair.there.root / "tk.toml").write_text((pair.there.root / "tk.toml").read_text() + "\n# x\n")
    assert "not committed yet: tk.toml" in refused()
    pair.there.git("restore", "tk.toml")
    pair.there.git("switch", "-q", "--detach")
    assert "HEAD is detached" in refused()
    pair.there.git("switch", "-q", "main")
    pair.there.git("remote", "set-url", "origin", str(tmp_path / "nowhere.git"))
    told = refused()
    assert "origin/main cannot be reached: fatal: '" in told
    assert "nowhere.git' does not appear to be a git repository" in told
    pair.there.git("remote", "remove", "origin")
    assert "there is no remote" in refused()
    assert "git remote add origin URL" in refused()
    pair.there.git("remote", "add", "origin", pair.hub.as_uri())
    pair.there.ok("sync")
    assert pair.there.file(number).exists()


def test_a_remote_that_refuses_is_quoted(pair: Pair) -> None:
    hook = pair.hub / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'sólo los viernes' >&2\nexit 1\n")
    hook.chmod(0o755)
    pair.here.ok("new", "Hola")
    result = pair.here.run("sync")
    assert result.code == 2
    assert "pre-receive hook declined" in result.err
    assert "sólo los viernes" in result.err


def test_who_is_faster_is_merged_first(pair: Pair) -> None:
    """While this one merges, the other sends something: the remote's hook does it."""
    pair.here.ok("new", "Hola")
    pair.there.ok("new", "Adiós")
    late = pair.there.head()
    pair.there.git("push", "-q", "origin", "HEAD:refs/heads/late")
    hook = pair.hub / "hooks/pre-receive"
    moves = f"unset GIT_QUARANTINE_PATH\nrm hooks/pre-receive\ngit update-ref refs/heads/main {late}\n"
    hook.write_text(f"#!/bin/sh\n{moves}")
    hook.chmod(0o755)
    result = pair.here.run("sync")
    assert result.code == 0, result
    assert "new: Adiós" in result.out
    assert pair.here.git("rev-parse", "HEAD^2") == late


def test_a_first_push_makes_the_branch_and_the_upstream(office: Office, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "hub.git")], check=True)
    office.git("remote", "add", "hub", (tmp_path / "hub.git").as_uri())
    office.ok("sync")
    assert office.git("rev-parse", "@{upstream}") == office.head()


def test_a_shallow_clone_syncs_where_it_can_and_says_where_not(pair: Pair, tmp_path: Path) -> None:
    pair.here.ok("new", "Hola")
    pair.here.ok("sync")
    subprocess.run(["git", "clone", "-q", "--depth=1", pair.hub.as_uri(), str(tmp_path / "shallow")], check=True)
    shallow = Office(tmp_path / "shallow", pair.here.now)
    shallow.ok("new", "Desde poco")
    assert "new: Desde poco" in shallow.ok("sync")
    pair.here.ok("new", "Más")
    pair.here.ok("sync")
    other = tmp_path / "other.git"
    subprocess.run(["git", "clone", "-q", "--bare", pair.hub.as_uri(), str(other)], check=True)
    base = pair.here.git("rev-list", "--max-parents=0", "HEAD")
    subprocess.run(["git", "update-ref", "refs/heads/main", base], cwd=other, check=True)
    older = pair.here.clone(tmp_path / "older")
    older.git("reset", "-q", "--hard", base)
    older.ok("new", "De antes")
    older.git("push", "-q", other.as_uri(), "HEAD:main")
    shallow.git("remote", "set-url", "origin", other.as_uri())
    shallow.now = pair.here.now
    result = shallow.run("sync")
    assert result.code == 1
    assert "git fetch --unshallow" in result.err


def test_another_history_is_refused(pair: Pair, tmp_path: Path) -> None:
    assert run_here("init", str(tmp_path / "otra")).code == 0
    pair.there.git("remote", "set-url", "origin", (tmp_path / "otra").as_uri())
    result = pair.there.run("sync")
    assert result.code == 1
    assert "another history" in result.err


def test_what_lies_around_the_desk_is_merged_too(tmp_path: Path) -> None:
    """A desk in a folder of a repository of code: its files come along, and what runs still runs."""
    code = Office(tmp_path / "code")
    code.root.mkdir()
    code.git("init", "-q")
    (code.root / "a.py").write_text("1\n2\n3\n4\n5\n")
    code.commit()
    assert run_here("init", str(code.root / "desk"), now=code.now).code == 0
    subprocess.run(["git", "clone", "-q", "--bare", code.root.as_uri(), str(tmp_path / "hub.git")], check=True)
    code.git("remote", "add", "origin", (tmp_path / "hub.git").as_uri())
    there = Office(tmp_path / "there", code.now)
    subprocess.run(["git", "clone", "-q", (tmp_path / "hub.git").as_uri(), str(there.root)], check=True)
    (code.root / "a.py").write_text("uno\n2\n3\n4\n5\n")
    (code.root / "run.sh").write_text("#!/bin/sh\n")
    (code.root / "run.sh").chmod(0o755)
    code.commit()
    Office(code.root / "desk", code.now).ok("sync")
    (there.root / "a.py").write_text("1\n2\n3\n4\ncinco\n")
    there.commit()
    Office(there.root / "desk", code.now).ok("sync")
    assert (there.root / "a.py").read_text() == "uno\n2\n3\n4\ncinco\n"
    assert there.git("status", "--porcelain") == ""
    assert (there.root / "run.sh").stat().st_mode & 0o100


def test_a_lock_that_a_killed_exchange_left_is_removed_and_no_other(pair: Pair) -> None:
    pair.there.ok("new", "Hola")
    lock = pair.there.root / ".git/refs/remotes/origin/main.lock"
    lock.touch()
    pair.here.ok("new", "Adiós")
    pair.here.ok("sync")
    result = pair.there.run("sync")  # somebody else's, as far as anybody knows
    assert result.code == 2
    assert lock.exists()
    (pair.there.root / ".git/tk/sync").write_text("under way\n")
    os.utime(pair.there.root / ".git/tk/sync", (lock.stat().st_mtime - 5,) * 2)
    pair.there.ok("sync")
    assert not lock.exists()


def test_what_somebody_has_edited_around_the_desk_is_not_overwritten(pair: Pair) -> None:
    (pair.here.root / "nota.txt").write_text("una\n")
    pair.here.commit("nota.txt")
    pair.here.ok("sync")
    (pair.there.root / "nota.txt").write_text("otra\n")
    result = pair.there.run("sync")
    assert result.code == 1
    assert "nota.txt" in result.err
    assert (pair.there.root / "nota.txt").read_text() == "otra\n"
    assert pair.there.git("status", "--porcelain") == "?? nota.txt"
