"""`tk edit`: a ticket in the user's editor, judged like any other change, its text never lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import script, seen, spawn
from tests.world import ROOT, Desk, Result
from tk.store import drafts
from tk.store.drafts import Draft
from tk.store.repo import find

ONE_HOUR_ON = "2026-08-12T10:14:03-05:00"


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Return the id of a ticket an hour old."""
    held = desk.ok("new", "Heater does not start", "-m", "It clicks.", "--priority", "high", "--owner", "me")
    desk.now = ONE_HOUR_ON
    return held


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """Return a folder for editors."""
    folder = tmp_path / "editors"
    folder.mkdir()
    return folder


def edit(desk: Desk, ticket: str, editor: str, *argv: str) -> Result:
    """Edit a ticket with a command as the editor, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDITOR", editor)
        return desk.run("edit", ticket, *argv)


def draft(desk: Desk, ticket: str) -> Draft:
    """Return the draft of a ticket."""
    with drafts.held(find(desk.root), desk.file(ticket).relative_to(desk.root).as_posix()) as held:
        return held


def head(desk: Desk) -> str:
    return desk.git("rev-parse", "HEAD")


def test_what_the_person_wrote_is_committed_with_the_stamps_that_the_law_gives(desk: Desk, ticket: str) -> None:
    editor = "sed -i -e 's/^status: open/status:   solved  # at last/' -e 's/^owner/# of the first floor\\nowner/'"
    result = edit(desk, ticket, editor)
    assert (result.code, result.out) == (0, f"{ticket} open → solved\n")
    text = desk.file(ticket).read_text(encoding="utf-8")
    assert "status:   solved  # at last\n" in text
    assert "# of the first floor\nowner: mlopez\n" in text
    held = json.loads(desk.ok("show", ticket, "--json"))
    assert held["status_since"] == held["updated"] == ONE_HOUR_ON
    assert desk.git("status", "--porcelain") == ""
    assert desk.git("log", "-1", "--format=%B").splitlines()[0] == f"{ticket}: open → solved"
    assert desk.run("audit").code == 0


def test_several_changes_are_one_commit_and_each_is_told(desk: Desk, ticket: str) -> None:
    before = head(desk)
    result = edit(desk, ticket, "sed -i -e 's/^priority: high/priority: urgent/' -e 's/It clicks/It hums/'")
    assert result.out.splitlines() == [f"{ticket} priority: high → urgent", f"{ticket} description changed"]
    assert desk.git("rev-parse", "HEAD^") == before


def test_an_event_written_by_hand_is_an_event_logged(desk: Desk, ticket: str) -> None:
    event = "### 2026-08-12T10:13:00-05:00 note mlopez {#e-abcd}\\n\\nIt was the fuse.\\n"
    result = edit(desk, ticket, f"sed -i '$ a \\\\n## Log\\n\\n{event}'")
    assert (result.code, result.out) == (0, f"{ticket} note e-abcd\n")
    assert desk.run("audit").code == 0


def test_an_editor_that_changes_nothing_changes_nothing(desk: Desk, ticket: str) -> None:
    before = head(desk)
    assert edit(desk, ticket, "true") == Result(0, "", f"{ticket}: nothing to change\n")
    assert head(desk) == before
    assert not draft(desk, ticket).is_kept


def test_comments_and_the_order_of_lines_alone_are_kept_and_move_no_stamp(desk: Desk, ticket: str) -> None:
    updated = json.loads(desk.ok("show", ticket, "--json"))["updated"]
    result = edit(desk, ticket, "sed -i '2i # mind the dog'")
    assert (result.code, result.out) == (0, "")
    assert "written as you left it" in result.err
    assert json.loads(desk.ok("show", ticket, "--json"))["updated"] == updated
    assert desk.git("log", "-1", "--format=%s") == f"{ticket}: edit"
    assert desk.run("audit").code == 0


def test_without_a_terminal_a_bad_edit_is_refused_with_the_line_and_kept(desk: Desk, ticket: str) -> None:
    before = desk.file(ticket).read_bytes()
    result = edit(desk, ticket, "sed -i 's/^priority: high/priority: urgnt/'")
    kept = draft(desk, ticket).file
    assert result.code == 1
    assert result.err.splitlines() == [
        'tk: line 6: "urgnt" is no priority of this desk; did you mean "urgent"?',
        f"hint: what you wrote is kept in {kept}; tk edit {ticket} goes on with it",
    ]
    assert kept.name.endswith(".md")
    assert b"priority: urgnt\n" in kept.read_bytes()
    assert desk.file(ticket).read_bytes() == before


def test_the_next_edit_goes_on_with_what_was_kept(desk: Desk, ticket: str) -> None:
    edit(desk, ticket, "sed -i 's/^priority: high/priority: urgnt/'")
    result = edit(desk, ticket, "sed -i 's/urgnt/urgent/'")
    assert (result.code, result.out) == (0, f"{ticket} priority: high → urgent\n")
    assert "going on with what you wrote before" in result.err
    assert not draft(desk, ticket).is_kept


def test_an_edit_anew_begins_with_the_ticket(desk: Desk, ticket: str) -> None:
    edit(desk, ticket, "sed -i 's/^priority: high/priority: urgnt/'")
    assert edit(desk, ticket, "true", "--anew") == Result(0, "", f"{ticket}: nothing to change\n")


@pytest.mark.parametrize(
    ("line", "code", "sentence"),
    [
        ("s/^created: .*/created: 2020-01-01T00:00:00-05:00/", "stamp", "created is 2020-01-01"),
        ("s/^updated: .*/updated: 2026-08-12T09:30:00-05:00/", "stamp", "updated is 2026-08-12T09:30:00-05:00"),
        ("s/^status-since: .*/status-since: 2026-08-12T14:20:00+00:00/", "stamp", "status-since is"),
        ("s/^creator: .*/creator: other/", "stamp", "creator is other, and should be mlopez"),
        ("s/^id: TK/id: XX/", "misplaced", "belongs at tickets/"),
        ("s/^title:.*/title: ''/", "missing-key", "title"),
        ("/^status:/d", "missing-key", "status"),
        ("s/^status: .*/status: opne/", "unknown-status", 'did you mean "open"?'),
        ("2i colour: red", "unknown-field", 'no field "colour"'),
        ("2i title: twice", "duplicate-key", "title"),
        ("1d", "no-front-matter", "---"),
        ("2i links: [", "yaml", "line "),
        ("2i attachments: [{file: a.pdf}]", "missing-attachment", "a.pdf is not beside the ticket"),
        ("s/It clicks/\\xff/", "encoding", "UTF-8"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(desk: Desk, ticket: str, line: str, code: str, sentence: str) -> None:
    before = head(desk)
    result = edit(desk, ticket, f"env LC_ALL=C sed -i '{line}'", "--json")
    refusal = json.loads(result.err)
    assert (result.code, refusal["error"]) == (1, code)
    assert sentence in refusal["message"]
    assert "is kept in" in refusal["hint"]
    assert head(desk) == before


def test_an_event_that_was_altered_or_removed_is_refused(desk: Desk, ticket: str) -> None:
    desk.ok("log", ticket, "note", "-m", "It was the fuse.")
    assert "was altered" in edit(desk, ticket, "sed -i 's/the fuse/nothing/'").err
    assert "was removed" in edit(desk, ticket, "sed -i '/^## Log/,$ d'", "--anew").err


def test_front_matter_that_no_stamp_can_be_set_in_is_refused(desk: Desk, ticket: str, scripts: Path) -> None:
    lines = desk.file(ticket).read_text("utf-8").replace("status: open", "status: solved").split("---\n")
    braces = ", ".join(f'"{key}": "{value}"' for key, value in (row.split(": ", 1) for row in lines[1].splitlines()))
    (scripts / "text").write_text(f"---\n{{{braces}}}\n---\n{lines[2]}", encoding="utf-8")
    result = edit(desk, ticket, f"cp {scripts}/text", "--json")
    refusal = json.loads(result.err)
    assert (result.code, refusal["error"]) == (1, "unreadable-ticket")
    assert "one map in braces" in refusal["message"]
    assert "is kept in" in refusal["hint"]


def test_conflict_markers_are_refused_even_in_the_text(desk: Desk, ticket: str) -> None:
    result = edit(desk, ticket, "sed -i 's/It clicks.*/<<<<<<< a\\nx\\n=======\\ny\\n>>>>>>> b/'")
    assert result.code == 1
    assert "conflict" in result.err


def test_a_flaw_that_was_there_before_does_not_stand_in_the_way(desk: Desk, ticket: str) -> None:
    file = desk.file(ticket)
    file.write_text(file.read_text("utf-8").replace("priority: high", "priority: gone"), encoding="utf-8")
    desk.git("commit", "-qam", "by hand")
    result = edit(desk, ticket, "sed -i 's/^title:.*/title: Heater/'")
    assert (result.code, result.out) == (0, f"{ticket} title: Heater does not start → Heater\n")


def test_an_editor_that_fails_is_named_and_what_it_saved_is_kept(desk: Desk, ticket: str, scripts: Path) -> None:
    editor = script(scripts, "crash", 'echo "An hour of work." >> "$1"; exit 3')
    result = edit(desk, ticket, editor)
    assert result.code == 2
    assert result.err.startswith(f"tk: the editor {editor} ended with an error (3)\nhint: what you wrote is kept in ")
    assert draft(desk, ticket).file.read_text("utf-8").endswith("An hour of work.\n")


def test_an_editor_that_is_not_there_is_said_with_how_to_set_one(desk: Desk, ticket: str) -> None:
    result = edit(desk, ticket, "no-such-editor")
    assert result.code == 2
    assert result.err.splitlines()[0] == "tk: the editor no-such-editor ended with an error (127)"
    assert "core.editor" in result.err
    assert not draft(desk, ticket).is_kept


def test_where_git_knows_no_editor_it_says_why(desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.delenv("EDITOR", raising=False)
    result = desk.run("edit", ticket)
    assert result.code == 2
    assert result.err.startswith("tk: git knows no editor to use: Terminal is dumb")


def test_an_empty_file_gives_up(desk: Desk, ticket: str) -> None:
    result = edit(desk, ticket, "cp /dev/null")
    assert result == Result(1, "", f"tk: {ticket} is as it was: the file came back empty\n")
    assert not draft(desk, ticket).is_kept


def test_giving_up_what_was_kept_keeps_it(desk: Desk, ticket: str) -> None:
    edit(desk, ticket, "sed -i 's/^priority: high/priority: urgnt/'")
    result = edit(desk, ticket, "cp /dev/null")
    assert "is kept in" in result.err
    assert b"urgnt" in draft(desk, ticket).file.read_bytes()


@pytest.mark.parametrize(
    "given",
    [("GIT_EDITOR", "core.editor", "VISUAL", "EDITOR"), ("core.editor", "VISUAL", "EDITOR"), ("VISUAL", "EDITOR")],
)
def test_the_editor_is_gits(desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...]) -> None:
    for name in given:
        command = f"sed -i 's/^title:.*/title: By {name}/'"
        if name == "core.editor":
            desk.git("config", name, command)
        else:
            monkeypatch.setenv(name, command)
    assert desk.ok("edit", ticket).endswith(f"→ By {given[0]}")


def test_a_ticket_that_changed_meanwhile_is_not_overwritten_and_the_next_edit_joins_both(
    desk: Desk, ticket: str, scripts: Path
) -> None:
    own = f"{sys.executable} -m tk -C {desk.root} set {ticket} tags=vip"
    slow = script(scripts, "slow", f"PYTHONPATH={ROOT} {own} >&2; sed -i 's/It clicks/It hums/' \"$1\"")
    result = edit(desk, ticket, slow)
    assert result.code == 1
    assert "changed" in result.err
    assert "is kept in" in result.err
    assert "vip" in desk.file(ticket).read_text("utf-8")
    assert edit(desk, ticket, "true").out == f"{ticket} description changed\n"
    text = desk.file(ticket).read_text("utf-8")
    assert "It hums" in text
    assert "tags: [vip]" in text


def test_where_both_changed_the_same_line_the_person_is_shown_both(desk: Desk, ticket: str, scripts: Path) -> None:
    own = f"{sys.executable} -m tk -C {desk.root} set {ticket} priority=low"
    slow = script(scripts, "slow", f"PYTHONPATH={ROOT} {own} >&2; sed -i 's/^priority:.*/priority: urgent/' \"$1\"")
    assert edit(desk, ticket, slow).code == 1
    assert edit(desk, ticket, "true").code == 1
    text = draft(desk, ticket).file.read_text("utf-8")
    assert "<<<<<<< what you wrote\npriority: urgent\n" in text
    assert "priority: low\n" in text
    mended = edit(desk, ticket, "sed -i -e '/^<<<<<<</d' -e '/^=======/,/^>>>>>>>/d' -e '/^|||||||/,/^=======/d'")
    assert mended.code == 0, mended
    assert "priority: urgent" in desk.file(ticket).read_text("utf-8")


def test_a_hook_that_refuses_loses_nothing(desk: Desk, ticket: str) -> None:
    script(desk.root / ".git/hooks", "pre-commit", "echo not today; exit 1")
    result = edit(desk, ticket, "sed -i 's/^title:.*/title: Heater/'")
    assert result.code == 1
    assert "is kept in" in result.err
    assert b"title: Heater\n" in draft(desk, ticket).file.read_bytes()


def test_no_commit_writes_the_file_alone(desk: Desk, ticket: str) -> None:
    before = head(desk)
    assert edit(desk, ticket, "sed -i 's/^title:.*/title: Heater/'", "--no-commit").code == 0
    assert head(desk) == before
    assert "title: Heater\n" in desk.file(ticket).read_text("utf-8")


def test_json_prints_the_ticket(desk: Desk, ticket: str) -> None:
    result = edit(desk, ticket, "sed -i 's/^title:.*/title: Heater/'", "--json")
    assert json.loads(result.out)["title"] == "Heater"


def test_windows_line_ends_and_a_byte_order_mark_stay(desk: Desk, ticket: str) -> None:
    file = desk.file(ticket)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    desk.git("commit", "-qam", "by hand")
    assert edit(desk, ticket, "sed -i 's/^status: open/status: solved/'").code == 0
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf---\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert b"status: solved\r\n" in data


def test_at_a_terminal_a_bad_edit_comes_back_with_the_reasons_as_often_as_needed(
    desk: Desk, ticket: str, scripts: Path
) -> None:
    turns = (
        f'n=$(cat {scripts}/n 2>/dev/null || echo 0); cp "$1" {scripts}/seen-$n; echo $((n + 1)) > {scripts}/n\n'
        "case $n in\n"
        "0) sed -i 's/^priority: high/priority: urgnt/' \"$1\" ;;\n"
        "1) sed -i -e 's/urgnt/urgent/' -e 's/^owner: mlopez/owner: mlopes/' \"$1\" ;;\n"
        "2) sed -i 's/mlopes/mlopez/' \"$1\" ;;\n"
        "esac"
    )
    status, shown = seen(spawn(desk, "edit", ticket, EDITOR=script(scripts, "patient", turns), NO_COLOR="1"))
    assert (status, shown.splitlines()[-1]) == (0, f"{ticket} priority: High → Urgent")
    first, second = ((scripts / f"seen-{n}").read_text("utf-8").split("---\n")[0] for n in (1, 2))
    assert first.splitlines() == [
        "# This cannot be kept as it is:",
        '# - line 9: "urgnt" is no priority of this desk; did you mean "urgent"?',
        "# Mend it and save, or empty the file to give up. These lines go by themselves.",
    ]
    assert (scripts / "seen-1").read_text("utf-8").splitlines()[8] == "priority: urgnt"
    assert '"mlopes" is no owner of this desk' in second
    assert "#" not in desk.file(ticket).read_text("utf-8")


def test_at_a_terminal_closing_the_editor_on_the_reasons_gives_up(desk: Desk, ticket: str) -> None:
    editor = "sed -i 's/^priority: high/priority: urgnt/'"
    status, shown = seen(spawn(desk, "edit", ticket, EDITOR=editor))
    assert status == 1
    assert "is kept in" in shown
    assert draft(desk, ticket).file.read_text("utf-8").startswith("---\n")


def test_a_second_editor_on_the_same_ticket_is_refused(desk: Desk, ticket: str) -> None:
    with drafts.held(find(desk.root), desk.file(ticket).relative_to(desk.root).as_posix()):
        done = subprocess.run(
            [sys.executable, "-c", "from tk.__main__ import main; main()", "edit", ticket],
            cwd=desk.root,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "EDITOR": "true"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 2
    assert "is in an editor already" in done.stderr


def test_a_ticket_that_cannot_be_read_is_not_opened(desk: Desk, ticket: str) -> None:
    desk.file(ticket).write_text("no front matter\n", encoding="utf-8")
    result = edit(desk, ticket, "true")
    assert result.code == 1
    assert "mend the file by hand" in result.err


def test_an_unknown_ticket_is_said_before_any_editor_opens(desk: Desk, tmp_path: Path) -> None:
    assert edit(desk, "zzzzz", f"touch {tmp_path}/opened").code == 1
    assert not (tmp_path / "opened").exists()
