"""A life is what its steps made of a ticket, each told once, against what was there then."""

from collections.abc import Mapping

from tests.core.reports.lives import at, life
from tk.core.chronicle import Change, Happened, Span, Step, Value, lived, spans, text_of, value_at


def step(when: str, changes: Mapping[str, Value], since: str | None = None) -> Step:
    """Return a step that changed keys."""
    told = tuple(Change(field, None, value) for field, value in changes.items())
    return Step("0" * 40, at(when), at(since or when), "a@b.c", None, told, ())


def logged(when: str, *ids: str, gone: tuple[str, ...] = ()) -> Step:
    """Return a step that logged notes, or took some away."""
    events = tuple(Happened(number, at(when), "note", "ana") for number in ids)
    return Step("0" * 40, at(when), at(when), "a@b.c", None, (), events, gone)


def test_a_change_is_told_against_what_was_there_whatever_its_commit_began_from() -> None:
    told = lived("TK-1", [step("1 09:00", {"status": "open"}), step("1 10:00", {"status": "solved"})])
    assert told is not None
    assert [each.changes for each in told.steps] == [
        (Change("status", None, "open"),),
        (Change("status", "open", "solved"),),
    ]
    assert told.state == {"status": "solved"}


def test_what_two_sides_both_did_counts_once_and_a_step_of_nothing_is_none() -> None:
    both = {"status": "solved"}
    told = lived("TK-1", [step("1 09:00", {"status": "open"}), step("1 10:00", both), step("1 11:00", both)])
    assert told is not None
    assert len(told.steps) == 2
    assert told.last == at("1 10:00")


def test_of_nothing_there_is_no_life() -> None:
    assert lived("TK-1", []) is None
    assert lived("TK-1", [logged("1 09:00", gone=("e-1",))]) is None


def test_an_event_that_was_taken_away_never_happened() -> None:
    told = lived(
        "TK-1", [step("1 09:00", {"status": "open"}), logged("1 10:00", "e-1", "e-2"), logged("1 11:00", gone=("e-1",))]
    )
    assert told is not None
    assert [event.id for event in told.events] == ["e-2"]


def test_an_event_that_was_altered_counts_where_it_was_added_as_it_reads_in_the_end() -> None:
    late = Happened("e-1", at("1 09:30"), "call-out", "ana")
    altered = Step("1" * 40, at("2 09:00"), at("2 09:00"), "a@b.c", None, (), (late,))
    told = lived("TK-1", [logged("1 10:00", "e-1"), altered])
    assert told is not None
    assert [(each.at, each.events) for each in told.steps] == [(at("1 10:00"), (late,))]


def test_spans_are_the_stretches_of_a_value_and_times_without_one_are_none() -> None:
    told = life("TK-1", ("1", "status=open"), ("2", "owner=ana"), ("3", "owner="), ("5", "owner=bruno"))
    assert spans(told, "owner") == [Span("ana", at("2"), at("3")), Span("bruno", at("5"), None)]
    assert spans(told, "status") == [Span("open", at("1"), None)]
    assert spans(told, "team") == []
    assert [value_at(spans(told, "owner"), at(when)) for when in ("1", "2", "3", "4", "5", "6")] == [
        "",
        "ana",
        "",
        "",
        "bruno",
        "bruno",
    ]


def test_a_status_begins_when_its_stamp_says_which_a_squash_knows_better() -> None:
    told = lived("TK-1", [step("1", {"status": "open"}), step("9", {"status": "solved"}, since="4")])
    assert told is not None
    assert spans(told, "status") == [Span("open", at("1"), at("4")), Span("solved", at("4"), None)]


def test_text_is_a_text_or_a_path_and_nothing_else() -> None:
    assert [text_of(value) for value in ("a", ["a", "b"], (), None, {"a": "b"}, [{"a": "b"}])] == [
        "a",
        "a/b",
        "",
        "",
        "",
        "",
    ]
