"""What a commit put back is found for all its files by one walk, as git finds it for each by a walk of its own."""

import random
from pathlib import Path

import pytest

from tests.services.office import AGENT, Office
from tests.store.test_chronicle import random_day
from tk.store import history
from tk.store.history import Range
from tk.store.judging import restored
from tk.store.repo import Repo, find
from tk.store.touches import Touch


def one_by_one(repo: Repo, oid: str, touches: list[Touch]) -> dict[str, str]:
    """Return by path what the commit took back, each asked of git by itself."""
    (commit,) = history.named(repo, [oid])
    asked = ((touch.path, history.undone_by(repo, touch.path, commit, touch.after)) for touch in touches)
    return {path: found.oid for path, found in asked if found is not None}


def at_once(repo: Repo, oid: str, touches: list[Touch]) -> dict[str, str]:
    (commit,) = history.named(repo, [oid])
    return {path: found.oid for path, found in restored.undone(repo, commit, touches).items()}


@pytest.mark.parametrize("seed", range(30, 34))
def test_all_at_once_is_one_by_one(office: Office, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever each commit is said to have left: what it left, and what stood there at any time."""
    random_day(office, seed)
    repo, chance = find(office.root), random.Random(seed)
    walked = list(history.walk(repo, Range((office.head(),))))
    blobs: dict[str, list[str | None]] = {}
    for _, touches in walked:
        for touch in touches:
            blobs.setdefault(touch.path, [None]).append(touch.after)
    paths = [path for path in blobs if path.startswith("tickets/")]
    taken = 0
    for commit, _ in chance.sample(walked, min(len(walked), 12)):
        asked = [Touch(path, (None,), chance.choice(blobs[path])) for path in paths]
        wanted = one_by_one(repo, commit.oid, asked)
        assert at_once(repo, commit.oid, asked) == wanted
        with monkeypatch.context() as patch:
            patch.setattr(restored, "_FEW", 0)
            assert at_once(repo, commit.oid, asked) == wanted
        taken += len(wanted)
    assert taken


def test_a_revert_of_a_merged_sides_work_takes_back_what_the_side_did(office: Office) -> None:
    with office.by(AGENT):
        one, two = office.ok("new", "Uno"), office.ok("new", "Dos")
        office.git("checkout", "-q", "-b", "side")
        office.ok("set", one, "priority=high")
        side = office.head()
        office.git("checkout", "-q", "main")
        office.ok("set", two, "priority=high")
        office.git("merge", "-q", "--no-edit", "side")
        office.ok("new", "Tres")
        office.git("revert", "--no-edit", side)
    repo, path = find(office.root), office.file(one).relative_to(office.root).as_posix()
    ((commit, touches),) = history.of_range(repo, history.range_of(repo, "HEAD~1.."))
    assert {name: found.oid for name, found in restored.undone(repo, commit, touches).items()} == {path: side}


def test_many_files_ask_no_more_of_git_than_few(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git itself tells how often it was started."""
    asked = []
    for many in (1, 40):
        with office.by(AGENT):
            numbers = [office.ok("new", f"T{n}", "--no-commit") for n in range(many)]
            base = office.commit()
            for number in numbers:
                office.replace(number, "creator: ana", "creator: raul")
            office.commit()
        told = tmp_path / f"told{many}"
        with monkeypatch.context() as patch:
            patch.setenv("GIT_TRACE2_EVENT", str(told))
            assert len(office.audit(f"{base}..").findings) >= many
        asked.append(told.read_text().count('"event":"start"'))
    assert asked[1] <= asked[0]
