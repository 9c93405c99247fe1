"""A ticket's story is told whole and once, whatever git was made to do with it."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.services.office import AGENT, BOSS, OTHER, STRANGER, Office
from tk.errors import UnknownTicket, UnreadableTicket
from tk.services.history import Bounds, Entry, FieldChange, Story, desk_story, story


def deeds(story: Story) -> list[tuple[str | None, tuple[str, ...]]]:
    """Return who did what, in order."""
    return [(entry.by, entry.actions) for entry in story.entries]


def changes(entry: Entry) -> dict[str, tuple[object, object]]:
    return {change.field: (change.before, change.after) for change in entry.changes}


def whole_log(story: Story) -> list[str]:
    """Return the texts of all events that the entries tell."""
    return [event.text for entry in story.entries for event in entry.events]


@pytest.fixture
def ticket(office: Office) -> str:
    """Return a ticket that Ana made and logged on."""
    with office.by(AGENT):
        number = office.ok("new", "Monitor negro", "-m", "No enciende.", "--priority", "low")
        office.ok("log", number, "note", "-m", "Llamar mañana.")
    return number


def test_a_straight_day_is_told_commit_by_commit(office: Office, ticket: str) -> None:
    with office.by(OTHER):
        office.ok("advance", ticket, "solved", "-m", "Era el cable.")
    told = office.story(ticket)
    assert deeds(told) == [("ana", ("new",)), ("ana", ("log.note",)), ("raul", ("log.note", "advance"))]
    assert [entry.commit for entry in told.entries] == office.git("log", "--reverse", "--format=%H", "-3").split()
    assert [entry.at.isoformat() for entry in told.entries if entry.at] == [
        "2026-08-12T09:16:03-05:00",
        "2026-08-12T09:17:03-05:00",
        "2026-08-12T09:18:03-05:00",
    ]
    assert [entry.email for entry in told.entries] == [AGENT, AGENT, OTHER]
    assert changes(told.entries[0])["title"] == (None, "Monitor negro")
    assert changes(told.entries[0])["description"] == (None, "No enciende.")
    assert changes(told.entries[1]) == {}
    assert changes(told.entries[2]) == {"status": ("open", "solved")}
    assert whole_log(told) == ["Llamar mañana.", "Era el cable."]
    assert told.begins_at is None


def test_work_on_other_tickets_and_files_is_none_of_it(office: Office, ticket: str) -> None:
    office.ok("new", "Otro")
    (office.root / "README.md").write_text("Hola\n")
    office.commit()
    assert len(office.story(ticket).entries) == 2


def test_both_sides_of_a_merge_are_told_once_in_time_order(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "-b", "side")
    with office.by(OTHER):
        office.ok("set", ticket, "priority=high")
    office.git("checkout", "-q", "main")
    with office.by(AGENT):
        office.ok("new", "Otro")
        office.ok("advance", office.ok("new", "Otro más"), "solved")
    office.git("merge", "-q", "--no-edit", "side")
    told = office.story(ticket)
    assert deeds(told)[2:] == [("raul", ("set.priority",))]


def conflict(office: Office, ticket: str) -> tuple[str, str]:
    """Let Ana and Raúl log on branches of their own, and leave the merge in conflict; return both files."""
    office.git("checkout", "-q", "-b", "side")
    with office.by(OTHER):
        office.ok("log", ticket, "note", "-m", "Vi el cable.")
    theirs = office.file(ticket).read_text(encoding="utf-8")
    office.git("checkout", "-q", "main")
    with office.by(AGENT):
        office.ok("log", ticket, "call-out", "-m", "No contesta.")
    ours = office.file(ticket).read_text(encoding="utf-8")
    office.git("config", "--remove-section", "merge.tk")  # as a forge merges
    assert office.try_git("merge", "side").returncode == 1
    return ours, theirs


def test_a_merge_that_keeps_both_sides_tells_nothing_of_its_own(office: Office, ticket: str) -> None:
    ours, theirs = conflict(office, ticket)
    office.file(ticket).write_text(ours + theirs[theirs.rindex("\n### ") :], encoding="utf-8")
    office.commit()
    told = office.story(ticket)
    assert deeds(told)[2:] == [("raul", ("log.note",)), ("ana", ("log.call-out",))]
    assert whole_log(told) == ["Llamar mañana.", "Vi el cable.", "No contesta."]


@pytest.mark.parametrize("side", ["--ours", "--theirs"])
def test_a_merge_that_is_as_one_side_tells_nothing(office: Office, ticket: str, side: str) -> None:
    conflict(office, ticket)
    office.git("checkout", side, "--", str(office.file(ticket)))
    office.commit()
    assert deeds(office.story(ticket))[2:] == [("raul", ("log.note",)), ("ana", ("log.call-out",))]


def test_a_merge_with_a_change_of_its_own_tells_that_and_no_more(office: Office, ticket: str) -> None:
    ours, theirs = conflict(office, ticket)
    both = ours.replace("priority: low", "priority: urgent") + theirs[theirs.rindex("\n### ") :]
    office.file(ticket).write_text(both, encoding="utf-8")
    merge = office.commit()
    last = office.story(ticket).entries[-1]
    assert (last.commit, last.by, last.actions, last.events) == (merge, "mlopez", ("set.priority",), ())
    assert changes(last) == {"priority": ("low", "urgent")}


def test_a_merge_that_changes_a_ticket_neither_side_touched_tells_it(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "-b", "side")
    office.ok("new", "Otro")
    office.git("checkout", "-q", "main")
    office.ok("new", "Otro más")
    office.git("merge", "-q", "--no-ff", "--no-commit", "side")
    office.replace(ticket, "priority: low", "priority: high")
    merge = office.commit()
    assert [(entry.commit, entry.actions) for entry in office.story(ticket).entries[2:]] == [(merge, ("set.priority",))]


def test_a_revert_of_ones_own_latest_commit_is_told_as_an_undo(office: Office, ticket: str) -> None:
    with office.by(AGENT):
        office.ok("set", ticket, "priority=high")
        office.wait(60)
        office.git("revert", "--no-edit", "HEAD")
    told = office.story(ticket)
    assert deeds(told)[2:] == [("ana", ("set.priority",)), ("ana", ("undo",))]
    assert [changes(entry) for entry in told.entries[2:]] == [
        {"priority": ("low", "high")},
        {"priority": ("high", "low")},
    ]


def test_a_revert_that_removes_an_event_says_which(office: Office, ticket: str) -> None:
    office.git("revert", "--no-edit", "HEAD")
    (change,) = office.story(ticket).entries[-1].changes
    assert (change.field, change.after) == ("events", None)
    assert str(change.before).endswith("note ana: Llamar mañana.")


def test_an_altered_event_is_told_with_both_its_texts(office: Office, ticket: str) -> None:
    office.replace(ticket, "Llamar mañana.", "Llamar nunca.")
    office.commit()
    (change,) = office.story(ticket).entries[-1].changes
    assert (str(change.before)[-14:], str(change.after)[-13:]) == ("Llamar mañana.", "Llamar nunca.")


def test_a_cherry_pick_is_told_where_it_is_and_once_after_the_merge(office: Office, ticket: str) -> None:
    office.git("branch", "side")
    with office.by(AGENT):
        office.ok("set", ticket, "priority=high")
        office.git("checkout", "-q", "side")
        office.ok("new", "Otro")
        office.git("cherry-pick", "main")
    assert deeds(office.story(ticket))[2:] == [("ana", ("set.priority",))]
    office.git("merge", "-q", "--no-edit", "main")
    twice = office.story(ticket).entries[2:]
    assert {entry.commit for entry in twice} == set(office.git("rev-parse", "main", "side^1").split())
    assert len(twice) == 2


def test_a_squash_tells_all_it_holds_at_once(office: Office, ticket: str) -> None:
    with office.by(AGENT):
        office.ok("set", ticket, "priority=high")
        office.ok("advance", ticket, "solved", "-m", "Listo.")
        office.git("reset", "-q", "--soft", "HEAD~2")
        office.git("commit", "-qm", "squashed")
    (squashed,) = office.story(ticket).entries[2:]
    assert squashed.actions == ("set.priority", "log.note", "advance")
    assert changes(squashed) == {"status": ("open", "solved"), "priority": ("low", "high")}
    assert [event.text for event in squashed.events] == ["Listo."]


def test_an_edit_by_hand_is_told_when_it_is_committed_by_plain_git(office: Office, ticket: str) -> None:
    office.replace(ticket, "priority: low", "priority: high")
    with office.by(OTHER):
        commit = office.commit()
    last = office.story(ticket).entries[-1]
    assert (last.commit, last.by, last.actions) == (commit, "raul", ("set.priority",))


def test_an_edit_that_is_not_committed_comes_last_and_is_nobodys(office: Office, ticket: str) -> None:
    office.replace(ticket, "priority: low", "priority: high")
    last = office.story(ticket).entries[-1]
    assert last == Entry(None, None, None, None, None, ("set.priority",), (FieldChange("priority", "low", "high"),), ())
    office.git("add", "-A")
    assert office.story(ticket).entries[-1] == last


def test_what_tk_wrote_without_a_commit_has_its_time(office: Office, ticket: str) -> None:
    office.ok("advance", ticket, "solved", "--no-commit")
    last = office.story(ticket).entries[-1]
    assert (last.commit, last.by, last.actions) == (None, None, ("advance",))
    assert str(last.at) == office.now.replace("T", " ")


def test_a_ticket_that_was_never_committed_has_a_story(office: Office) -> None:
    number = office.ok("new", "Nuevo", "--no-commit")
    (only,) = office.story(number).entries
    assert (only.commit, only.actions, changes(only)["title"]) == (None, ("new",), (None, "Nuevo"))


def test_before_the_first_commit_of_all_there_is_a_story_too(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "--orphan", "nothing")
    assert [entry.commit for entry in office.story(ticket).entries] == [None]


def test_a_file_written_anew_with_the_same_values_is_there_without_changes(office: Office, ticket: str) -> None:
    office.replace(ticket, "priority: low", "priority: low  # sin apuro")
    commit = office.commit()
    last = office.story(ticket).entries[-1]
    assert (last.commit, last.actions, last.changes, last.events) == (commit, (), (), ())


def test_a_file_that_was_unreadable_for_a_while_begins_only_once(office: Office, ticket: str) -> None:
    whole = office.file(ticket).read_bytes()
    office.file(ticket).write_bytes(b"Hola\n")
    broken = office.commit()
    office.file(ticket).write_bytes(whole.replace(b"priority: low", b"priority: high"))
    mended = office.commit()
    told = office.story(ticket)
    assert [(entry.commit, entry.actions) for entry in told.entries[2:]] == [(broken, ()), (mended, ("set.priority",))]
    assert changes(told.entries[3]) == {"priority": ("low", "high")}


def test_a_committed_wreck_mended_by_hand_tells_what_the_mending_changed(office: Office, ticket: str) -> None:
    whole = office.file(ticket).read_bytes()
    office.file(ticket).write_bytes(b"Hola\n")
    office.commit()
    office.file(ticket).write_bytes(whole.replace(b"priority: low", b"priority: high"))
    assert changes(office.story(ticket).entries[-1]) == {"priority": ("low", "high")}


def test_a_ticket_removed_and_brought_back_tells_both(office: Office, ticket: str) -> None:
    whole = office.file(ticket).read_bytes()
    office.file(ticket).unlink()
    gone = office.commit()
    (office.root / "tickets/2026/08/12").mkdir(parents=True, exist_ok=True)
    (office.root / f"tickets/2026/08/12/{ticket}.md").write_bytes(whole)
    back = office.commit()
    told = office.story(ticket).entries[2:]
    assert [(entry.commit, entry.actions) for entry in told] == [(gone, ()), (back, ("undo",))]
    assert told[0].changes == (FieldChange("id", ticket, None),)


def test_a_wreck_has_no_story_and_the_refusal_says_where(office: Office, ticket: str) -> None:
    office.file(ticket).write_bytes(b"Hola\n")
    with pytest.raises(UnreadableTicket, match=rf"{ticket}\.md:1:1: "):
        office.story(ticket)


def test_an_unknown_ticket_has_none(office: Office) -> None:
    with pytest.raises(UnknownTicket):
        office.story("zzzzz")


# People who come, go and are renamed


def test_a_person_renamed_keeps_the_story_and_its_actions(office: Office, ticket: str) -> None:
    before = office.story(ticket)
    office.policy("ana = {", "anar = {")
    office.commit("tk.toml")
    told = office.story(ticket)
    assert deeds(told) == [("anar", ("new",)), ("anar", ("log.note",))]
    assert [entry.events for entry in told.entries] == [entry.events for entry in before.entries]


def test_a_person_who_left_is_still_called_as_then(office: Office, ticket: str) -> None:
    office.policy(f'ana = {{ name = "Ana Ruiz", email = "{AGENT}", roles = ["agent"] }}\n', "")
    office.commit("tk.toml")
    assert deeds(office.story(ticket)) == [("ana", ("new",)), ("ana", ("log.note",))]


def test_a_stranger_is_told_by_address(office: Office) -> None:
    with office.by(STRANGER):
        number = office.ok("new", "Ayuda")
    assert deeds(office.story(number)) == [(STRANGER, ("new",))]


def test_a_name_with_odd_characters_spoils_nothing(office: Office, ticket: str) -> None:
    office.replace(ticket, "priority: low", "priority: high")
    office.git("-c", "user.name=A\x1fB\x01 :100644", "commit", "-qam", "x", "--author", f"A\x1fB <{BOSS}>")
    assert deeds(office.story(ticket))[2:] == [("mlopez", ("set.priority",))]


# A clone without the beginning


def test_a_shallow_clone_tells_the_log_whole_and_where_its_view_ends(
    office: Office, ticket: str, tmp_path: Path
) -> None:
    with office.by(AGENT):
        office.ok("advance", ticket, "in-progress")
    clone = office.clone(tmp_path / "clone", "--depth", "1")
    with clone.by(OTHER):
        clone.ok("advance", ticket, "solved")
    told = clone.story(ticket)
    assert told.begins_at == office.head()
    first, second = told.entries
    assert (first.commit, first.actions) == (office.head(), ())
    assert changes(first)["status"] == (None, "in-progress")
    assert [event.text for event in first.events] == ["Llamar mañana."]
    assert (second.by, second.actions) == ("raul", ("advance",))


def test_a_ticket_made_after_the_end_of_the_view_is_whole(office: Office, ticket: str, tmp_path: Path) -> None:
    clone = office.clone(tmp_path / "clone", "--depth", "1")
    number = clone.ok("new", "Nuevo")
    told = clone.story(number)
    assert (told.begins_at, deeds(told)) == (None, [("mlopez", ("new",))])


def test_a_desk_in_a_subfolder_and_a_linked_worktree_tells_the_same(
    office: Office, ticket: str, tmp_path: Path
) -> None:
    whole = Office(tmp_path / "año nuevo", office.now)
    whole.root.mkdir()
    whole.git("init", "-q")
    inner = Office(whole.root / "mesa", whole.now)
    shutil.copytree(office.root, inner.root, ignore=shutil.ignore_patterns(".git"))
    inner.commit()
    inner.ok("set", ticket, "priority=high")
    assert [entry.actions for entry in inner.story(ticket).entries] == [("new", "log.note"), ("set.priority",)]
    whole.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "otro árbol"))
    other = Office(tmp_path / "otro árbol" / "mesa", inner.now)
    assert other.story(ticket).entries == inner.story(ticket).entries


# The desk's history


def test_the_desk_tells_what_every_ticket_tells_in_time_order(office: Office, ticket: str) -> None:
    with office.by(OTHER):
        other = office.ok("new", "Otro")
        office.ok("advance", ticket, "solved")
    whole = desk_story(office.opened(), Bounds())
    assert [(number, entry.by, entry.actions) for number, entry in whole.entries] == [
        (ticket, "ana", ("new",)),
        (ticket, "ana", ("log.note",)),
        (other, "raul", ("new",)),
        (ticket, "raul", ("advance",)),
    ]
    assert [entry for number, entry in whole.entries if number == ticket] == list(office.story(ticket).entries)


def test_a_person_and_a_period_are_told_apart(office: Office, ticket: str) -> None:
    with office.by(OTHER):
        office.ok("advance", ticket, "solved")
    at = datetime.fromisoformat(office.now)
    opened = office.opened()
    for bounds in (Bounds(emails=(OTHER,)), Bounds(since=at), Bounds(since=at, until=at + timedelta(minutes=1))):
        assert [entry.by for _, entry in desk_story(opened, bounds).entries] == ["raul"]
        assert [entry.by for entry in story(opened, ticket, bounds).entries] == ["raul"]
    assert [entry.by for _, entry in desk_story(opened, Bounds(until=at)).entries] == ["ana", "ana"]
    assert desk_story(opened, Bounds(emails=("x@y.z",))).entries == ()


def test_an_undo_of_what_lies_before_the_period_is_still_one(office: Office, ticket: str) -> None:
    with office.by(AGENT):
        office.ok("set", ticket, "priority=high")
        office.wait(60)
        at = datetime.fromisoformat(office.now)
        office.git("revert", "--no-edit", "HEAD")
    assert [entry.actions for _, entry in desk_story(office.opened(), Bounds(since=at)).entries] == [("undo",)]


def test_what_the_chronicle_knows_changes_nothing_that_is_told(office: Office, ticket: str) -> None:
    office.git("checkout", "-q", "-b", "side")
    with office.by(OTHER):
        office.ok("set", ticket, "priority=high")
    office.git("checkout", "-q", "main")
    with office.by(AGENT):
        office.ok("new", "Otro")
    office.git("merge", "-q", "--no-edit", "side")
    before = office.story(ticket)
    desk_story(office.opened(), Bounds())  # fills it
    assert office.story(ticket) == before
    office.ok("advance", ticket, "solved")
    later = office.story(ticket)
    assert later.entries[:-1] == before.entries
    assert later.entries[-1].actions == ("advance",)
    office.git("reset", "-q", "--hard", "HEAD~1")
    assert office.story(ticket) == before


def test_before_the_first_commit_of_all_the_desk_has_no_history(office: Office) -> None:
    office.git("checkout", "-q", "--orphan", "nothing")
    assert desk_story(office.opened(), Bounds()).entries == ()
