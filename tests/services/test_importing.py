"""Importing: history as it was made elsewhere, lawful, whole or not at all, and never twice."""

import os
import signal
import subprocess
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.logs import LOG, MAP, table
from tests.services.office import BOSS, Office, told
from tk.errors import Busy, GitFailed, Refused, TkError
from tk.exchange.events import read_events
from tk.exchange.mapping import read_map
from tk.services.exporting import happenings
from tk.services.importing import Imported, Wish, bring
from tk.store.writing import journal, refs


def brought(
    office: Office, text: str = LOG, held: str = MAP, *, squash: bool = False, strict: bool = False, dry: bool = False
) -> Imported:
    """Let a minute pass and import a log."""
    office.wait()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in office.environment().items():
            patch.setenv(name, value)
        desk = office.opened()
        read = read_events(table(text), read_map("log.map.toml", held.encode()), desk.policy)
        return bring(desk, read.arrivals, read.findings, Wish("log.csv", squash, strict, dry))


def name_importer(office: Office) -> None:
    """Give María the role importer."""
    office.policy('roles = ["supervisor", "agent"]', 'roles = ["supervisor", "agent", "importer"]')
    office.commit("tk.toml")


def codes(done: Imported) -> list[tuple[int, str]]:
    return [(finding.line, finding.code) for finding in done.findings]


def state(office: Office) -> tuple[str, str, list[str]]:
    """Return where the branch is, what git says has changed, and which tickets there are."""
    tickets = sorted(path.as_posix() for path in office.root.glob("tickets/**/*.md"))
    return office.head(), office.git("status", "--porcelain"), tickets


@pytest.fixture
def importer(office: Office) -> Office:
    """Return the office, María being its importer."""
    name_importer(office)
    return office


def test_each_event_is_a_commit_by_who_did_it_at_its_instant(importer: Office) -> None:
    before = importer.head()
    done = brought(importer)
    assert (done.new, done.changed, done.arrived, done.known, done.commits) == (2, 0, 8, 0, 8)
    assert done.findings == ()
    assert done.commit == importer.head()
    log = importer.git("log", "--reverse", "--format=%an <%ae> %aI %ce", f"{before}..HEAD").splitlines()
    assert log[:3] == [
        f"Ana Ruiz <ana@example.com> 2026-01-05T03:00:00-05:00 {BOSS}",
        f"Raúl Peña <raul@example.com> 2026-01-05T03:10:00-05:00 {BOSS}",
        f"Ana Ruiz <ana@example.com> 2026-01-05T03:30:00-05:00 {BOSS}",
    ]
    assert log[3] == f"Somebody Else <somebody-else@import.invalid> 2026-01-06T04:00:00-05:00 {BOSS}"
    assert importer.git("status", "--porcelain") == ""
    assert importer.git("fsck", "--no-dangling") == ""
    assert importer.ok("check", "--strict") == ""
    assert (
        importer.git("for-each-ref", "--format=%(refname)") == f"refs/heads/{importer.git('branch', '--show-current')}"
    )
    assert sorted(path.name for path in (importer.root / ".git/tk").iterdir() if path.is_dir()) == [
        "journal",
        "policies",
    ]


def test_no_words_of_the_file_go_into_a_message(importer: Office) -> None:
    brought(importer, LOG.replace("acme", "[skip ci] fixes #3"))
    assert "skip ci" not in importer.git("log", "--format=%B")


def test_the_audit_of_an_import_is_clean_and_says_imported(importer: Office) -> None:
    before = importer.head()
    brought(importer)
    found = importer.audit(f"{before}..HEAD")
    assert [told(finding)[3:] for finding in found.findings] == [("imported", "allowed")]
    assert found.findings[0].severity == "note"
    assert importer.run("audit", f"{before}..HEAD", "--strict").code == 0


def test_one_commit_for_all_is_lawful_by_the_importer_alone(importer: Office) -> None:
    before = importer.head()
    done = brought(importer, squash=True)
    assert (done.new, done.arrived, done.commits) == (2, 8, 1)
    assert importer.git("rev-list", "--count", f"{before}..HEAD") == "1"
    assert importer.git("log", "-1", "--format=%ae %ce") == f"{BOSS} {BOSS}"
    assert [told(finding)[3:] for finding in importer.audit(f"{before}..HEAD").findings] == [("imported", "allowed")]
    assert brought(importer).known == 8


def test_both_ways_come_to_the_same_tickets(importer: Office, tmp_path: Path) -> None:
    other = importer.clone(tmp_path / "other")
    brought(importer)
    brought(other, squash=True)
    assert importer.git("rev-parse", "HEAD:tickets") == other.git("rev-parse", "HEAD:tickets")


def test_who_is_no_importer_brings_what_the_authors_may_do_here(office: Office) -> None:
    """What is new bears the name that it had elsewhere, so its author must be one who may import."""
    assert {code for _, code in codes(brought(office))} == {"not-allowed"}
    office.policy('"advance", "undo"]', '"advance", "undo", "import"]')
    office.commit("tk.toml")
    before = office.head()
    done = brought(office)
    assert codes(done) == [(6, "not-allowed"), (7, "not-allowed"), (8, "not-allowed")]
    assert done.arrived == 5
    assert office.audit(f"{before}..HEAD").findings == ()
    with pytest.raises(Refused, match="has no role importer"):
        brought(office, squash=True)


def test_what_an_importer_claims_is_found_where_it_makes_no_sense(importer: Office) -> None:
    """The role lets history in that this desk's rules would not; it does not let an importer rewrite what is there."""
    brought(importer)
    before = importer.head()
    (file,) = (path for path in importer.root.glob("tickets/**/*.md") if "[A-1]" in path.read_text(encoding="utf-8"))
    importer.replace(file.stem, "\nagain\n", "\nnever\n")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("status: open", "status: nonsense"), encoding="utf-8")
    importer.commit(file)
    found = {finding.code for finding in importer.audit(f"{before}..HEAD").findings}
    assert found >= {"unknown-status", "event-altered"}


def test_again_adds_only_what_is_new(importer: Office) -> None:
    brought(importer, "".join(LOG.splitlines(keepends=True)[:4]) + 'second line",7\n')
    again = brought(importer)
    assert (again.new, again.changed, again.arrived, again.known) == (0, 2, 5, 3)
    head = importer.head()
    third = brought(importer)
    assert (third.arrived, third.known, third.commits, third.commit) == (0, 8, 0, None)
    assert importer.head() == head


def test_what_came_before_is_not_put_into_a_ticket_that_has_gone_on(importer: Office) -> None:
    brought(importer)
    late = LOG + "A-1,called,2026-01-06 09:00:00,Raul,Tief,Tief,acme,late,7\n"
    assert codes(brought(importer, late)) == [(11, "late-event")]


def test_an_event_yet_to_come_is_left_out(importer: Office) -> None:
    assert codes(brought(importer, LOG.replace("2026-01-09", "2036-01-09"))) == [(10, "future-event")]


def test_strictly_nothing_happens_where_something_would_be_left_out(importer: Office) -> None:
    before = state(importer)
    with pytest.raises(Refused, match=r"log\.csv:6: ") as refused:
        brought(importer, LOG.replace("2026-01-06 10:00:00", "yesterday", 1), strict=True)
    assert refused.value.refusal_code == "strict"
    assert state(importer) == before
    assert brought(importer, strict=True).arrived == 8


def test_a_dry_run_counts_and_does_nothing(importer: Office) -> None:
    before = state(importer)
    done = brought(importer, dry=True)
    assert (done.new, done.arrived, done.commits, done.commit) == (2, 8, 0, None)
    assert state(importer) == before


def test_a_ticket_that_people_have_written_in_keeps_what_they_wrote(importer: Office) -> None:
    brought(importer, "".join(LOG.splitlines(keepends=True)[:2]))
    (file,) = importer.root.glob("tickets/**/*.md")
    importer.replace(file.stem, "channel: phone\n", "# by hand\nchannel: phone\nx-own: 1\n")
    importer.commit(file)
    brought(importer)
    text = file.read_text(encoding="utf-8")
    assert "# by hand\nchannel: phone\n" in text
    assert "x-own: 1\n" in text


def test_staged_and_edited_files_stay_as_they_are(importer: Office) -> None:
    (importer.root / "mine.txt").write_text("mine", encoding="utf-8")
    importer.git("add", "mine.txt")
    brought(importer)
    assert importer.git("status", "--porcelain") == "A  mine.txt"


def test_a_hook_that_refuses_is_heard_once_and_nothing_stays(importer: Office) -> None:
    hook = importer.root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho not today >> ../called; exit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    before = state(importer)
    with pytest.raises(Refused, match="pre-commit hook refused"):
        brought(importer)
    assert state(importer) == before
    assert (importer.root.parent / "called").read_text() == "not today\n"


def test_filtered_tickets_and_signed_desks_are_imported_in_one_commit(importer: Office) -> None:
    (importer.root / ".gitattributes").write_text("tickets/** ident\n", encoding="utf-8")
    importer.commit(".gitattributes")
    with pytest.raises(GitFailed, match="has the attribute ident"):
        brought(importer)
    assert importer.git("status", "--porcelain") == ""
    assert brought(importer, squash=True).arrived == 8


def test_a_commit_by_somebody_else_meanwhile_stops_it(importer: Office) -> None:
    real = refs.advance

    def raced(*args: Any) -> bool:
        theirs = importer.git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "theirs")
        importer.git("update-ref", "HEAD", theirs)
        return real(*args)

    with mock.patch("tk.store.writing.refs.advance", raced), pytest.raises(Busy, match="somebody else has committed"):
        brought(importer)
    assert importer.git("log", "-1", "--format=%s") == "theirs"
    assert state(importer)[1:] == ("", [])


def test_a_desk_without_a_commit_is_told_what_to_do(tmp_path: Path, importer: Office) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path / "bare")], check=True)
    (tmp_path / "bare/tk.toml").write_bytes((importer.root / "tk.toml").read_bytes())
    with pytest.raises(Refused, match="nothing has been committed here yet"):
        brought(Office(tmp_path / "bare", importer.now))


def killed(*_: object) -> str:
    """End this process as `kill -9` would."""
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


STEPS = 30


@pytest.mark.parametrize("at", range(0, STEPS, 3))
def test_killed_at_any_step_it_is_there_whole_or_not_at_all(importer: Office, at: int) -> None:
    """The process ends as `kill -9` would end it; the next command puts the rest right."""
    before = state(importer)
    child = os.fork()
    if child == 0:
        passed = count()

        def step(name: str) -> None:
            if next(passed) == at:
                os.kill(os.getpid(), signal.SIGKILL)

        with mock.patch.object(journal, "step", step):
            try:
                brought(importer)
            except TkError:
                os._exit(1)
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    importer.ok("list", "status:any")
    importer.ok("set", importer.ok("new", "after"), "priority=high")
    head, status, tickets = state(importer)
    assert status == ""
    assert len(tickets) in {1, 3}
    if ended != 0 and len(tickets) == 1:
        assert importer.git("rev-list", "--count", f"{before[0]}..{head}") == "2"
    assert not (importer.root / ".git/tk/series").exists() or ended != 0
    assert brought(importer).arrived == (8 if len(tickets) == 1 else 0)
    assert "error" not in importer.git("fsck", "--no-dangling")


def test_killed_while_the_commits_are_made_nothing_of_them_is_seen(importer: Office) -> None:
    before = state(importer)
    child = os.fork()
    if child == 0:
        with mock.patch("tk.store.intake.message_of", killed):
            brought(importer)
        os._exit(0)
    os.waitpid(child, 0)
    assert state(importer) == before
    assert brought(importer).arrived == 8
    assert not list((importer.root / ".git").glob("fast_import_crash*"))


def test_the_history_tells_what_each_event_did(importer: Office) -> None:
    brought(importer)
    done = list(happenings(importer.opened()))
    assert [(each.by, [action.name for action in each.actions]) for each in done][:3] == [
        ("ana", ["new", "log.note"]),
        ("raul", ["new", "log.note"]),
        ("ana", ["log.note", "assign", "advance"]),
    ]


def test_progress_is_told(importer: Office) -> None:
    heard: list[tuple[int, int]] = []
    desk = importer.opened()
    read = read_events(table(), read_map("m", MAP.encode()), desk.policy)
    bring(desk, read.arrivals, [], Wish("log.csv", dry=True), lambda done, total: heard.append((done, total)))
    assert (heard[0], heard[-1]) == ((0, 8), (8, 8))
