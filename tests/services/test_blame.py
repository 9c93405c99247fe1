"""Blame names for each field the commit that set it to what it holds."""

from tests.services.office import AGENT, OTHER, Office
from tk.services.blame import blame
from tk.store.past import as_of


def blamed(office: Office, ticket: str) -> dict[str, tuple[str | None, str | None]]:
    """Return by field the commit that set it, and by whom."""
    _, told = blame(office.opened(), ticket)
    return {each.field: (each.entry.commit, each.entry.by) if each.entry else (None, None) for each in told}


def test_each_field_is_blamed_on_who_set_it_last(office: Office) -> None:
    with office.by(AGENT):
        number = office.ok("new", "Uno", "-m", "No enciende.", "--priority", "low")
    new = office.head()
    with office.by(OTHER):
        office.ok("advance", number, "solved")
    solved = office.head()
    office.ok("set", number, "priority=high")
    office.ok("set", number, "priority=low")
    low = office.head()
    told = blamed(office, number)
    assert told == {
        "title": (new, "ana"),
        "status": (solved, "raul"),
        "priority": (low, "mlopez"),
        "creator": (new, "ana"),
        "created": (new, "ana"),
        "description": (new, "ana"),
    }


def test_across_a_merge_each_side_is_blamed_for_its_own(office: Office) -> None:
    number = office.ok("new", "Uno", "--priority", "low")
    office.git("checkout", "-q", "-b", "side")
    with office.by(OTHER):
        office.ok("set", number, "priority=high")
    theirs = office.head()
    office.git("checkout", "-q", "main")
    with office.by(AGENT):
        office.ok("new", "Dos")
    office.git("merge", "-q", "--no-edit", "side")
    assert blamed(office, number)["priority"] == (theirs, "raul")


def test_what_is_not_committed_is_blamed_on_no_commit(office: Office) -> None:
    number = office.ok("new", "Uno", "--priority", "low")
    office.ok("set", number, "priority=high", "--no-commit")
    assert blamed(office, number)["priority"] == (None, None)


def test_as_it_stood_it_was_blamed_on_who_had_set_it_then(office: Office) -> None:
    number = office.ok("new", "Uno", "--priority", "low")
    first = office.head()
    office.ok("set", number, "priority=high")
    _, told = blame(as_of(office.opened(), "HEAD~1"), number)
    (priority,) = [each for each in told if each.field == "priority"]
    assert priority.value == "low"
    assert priority.entry is not None
    assert priority.entry.commit == first
