"""Event logs read by a map: what each row comes to, and what is said of those that come to nothing."""

from datetime import datetime

import pytest

from tests.logs import LOG, MAP, events, simple, told
from tk.core.action import Action, Assignment, Draft
from tk.core.arrival import Arrival
from tk.core.ticket import Event, Ticket
from tk.errors import WrongUsage

HEADER, *ROWS = LOG.splitlines(keepends=True)


def actions(arrival: Arrival, ticket: Ticket | None = None) -> list[Action]:
    return list(arrival.plan(simple(), ticket, "TK-260105-AAAAA", lambda _: None))


def logged(arrival: Arrival) -> Event:
    (event,) = [action.value for action in actions(arrival) if action.verb == "log"]
    assert isinstance(event, Event)
    return event


def refusal(text: str = LOG, held: str = MAP) -> str:
    with pytest.raises(WrongUsage) as refused:
        events(text, held)
    return f"{refused.value.message}\n{refused.value.hint or ''}"


def test_a_row_says_which_case_who_and_when() -> None:
    read = events()
    assert told(read) == []
    assert [arrival.case for arrival in read.arrivals] == ["A-1", "A-1", "B 2", "A-1", "A-1", "B 2", "A-1", "A-1"]
    first = read.arrivals[0]
    assert (first.line, first.name, first.email) == (2, "Ana Ruiz", "ana@example.com")
    assert first.at == datetime.fromisoformat("2026-01-05T08:00:00+00:00")  # nine in Berlin, on a desk in UTC


def test_the_first_row_of_a_case_opens_a_ticket_that_keeps_the_name_it_had() -> None:
    new, log = actions(events().arrivals[0])
    assert isinstance(new.value, Draft)
    assert new.value == Draft(
        "TK-260105-AAAAA",
        "Case A-1: Screen is black",
        "",
        {"channel": "phone", "priority": "high", "customer": "acme", "aliases": ("A-1",)},
    )
    assert (log.verb, log.object) == ("log", "note")


def test_a_later_row_sets_what_is_otherwise_than_the_ticket_has_it() -> None:
    ticket = Ticket("TK-260105-AAAAA", status="open", priority="high", customer="acme")
    taken, called = events().arrivals[1], events().arrivals[3]
    assert [(action.name, action.value) for action in actions(taken, ticket)][1:] == [
        ("assign", Assignment("ana", None)),
        ("advance", "in-progress"),
    ]
    assert [action.name for action in actions(called, ticket)] == ["set.priority", "log.call-in"]
    emptied = actions(events().arrivals[5], ticket._replace(priority="low"))
    assert emptied[0] == Action("set", "customer", None)


def test_an_event_keeps_the_words_that_the_map_does_not_lead_back_to() -> None:
    taken, called = logged(events().arrivals[1]), logged(events().arrivals[3])
    assert taken.facts == {"activity": "taken"}
    assert called.facts == {"visibility": "internal", "who": "Somebody Else"}
    assert called.by == "somebody-else@import.invalid"
    assert called.text == "=1+1"


def test_a_text_of_the_map_is_filled_with_the_cells_of_the_row() -> None:
    assert logged(events().arrivals[7]).text == "reopened by Ana Ruiz"


def test_a_persons_second_address_is_the_same_person() -> None:
    read = events(held=MAP.replace("raul@example.com", "rp@example.com"))
    assert read.arrivals[2].email == "raul@example.com"


def test_ids_of_events_follow_from_what_they_are() -> None:
    assert logged(events().arrivals[0]).id == logged(events().arrivals[0]).id


@pytest.mark.parametrize(
    ("old", "new", "code", "why"),
    [
        ("2026-01-05 09:00:00", "2026-13-05", "bad-date", '"2026-13-05" is no instant as the map writes them'),
        ("2026-01-05 09:00:00", "1926-01-05 09:00:00", "bad-date", "is no instant"),
        ("A-1,opened", ",opened", "bad-row", "the row names no case"),
        ("A-1,opened", "A-1,opend", "unknown-activity", 'does not name the activity "opend"'),
        ("Hoch,Hoch", "Hoch,Tief", "bad-row", "the columns Prio and Prio#2 say different things of priority"),
        ("Hoch,Hoch", "Höher,Höher", "unknown-value", 'unknown priority "Höher"'),
        ("acme,Screen", "Screen", "bad-row", "the row has 8 cells, and the table 9 columns"),
    ],
)
def test_a_row_that_cannot_be_understood_is_told_by_line(old: str, new: str, code: str, why: str) -> None:
    assert old in ROWS[0]
    read = events(HEADER + ROWS[0].replace(old, new) + ROWS[1])
    ((line, found, said),) = told(read)
    assert (line, found) == (2, code)
    assert why in said
    assert [arrival.line for arrival in read.arrivals] == [3]


def test_who_is_not_known_is_told_where_strangers_are_refused() -> None:
    read = events(held=MAP.replace('people = "stranger"', ""))
    assert [(line, code) for line, code, _ in told(read)] == [(6, "unknown-person"), (7, "unknown-person")]
    near = events(LOG.replace("Somebody Else", "Ana Ruis"), MAP.replace('people = "stranger"', ""))
    assert 'did you mean "Ana Ruiz"?' in told(near)[0][2]


def test_what_the_map_does_not_name_is_dealt_with_as_it_says() -> None:
    text = LOG.replace("B 2,done", "B 2,strange").replace("Tief", "Mittel")
    read = events(text, MAP + 'activities = "note"\nvalues = "leave-out"\n')
    assert told(read) == [(4, "unknown-value", 'priority "Mittel" is unknown here and left out; rows: 6')]
    strange = logged(read.arrivals[5])
    assert (strange.type, strange.facts) == ("note", {"activity": "strange"})
    skipped = events(LOG.replace("B 2,done", "B 2,strange"), MAP + 'activities = "skip"\n')
    assert (len(skipped.arrivals), skipped.skipped) == (7, 1)
    assert events(LOG, MAP.replace('ignore = ["Batch"]', "") + 'columns = "ignore"\n').findings == []


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('case = "Case"', 'case = "Caze"', 'log.csv has no column "Caze", which the map names for case; did you mean'),
        ('case = "Case"', "", "must say which column is the case"),
        ('"Prio#2"', '"Prio#3"', 'no column "Prio#3"'),
        ('["Prio", "Prio#2"]', '"Prio"', 'the map names the column "Prio#2" nowhere'),
        ('ignore = ["Batch"]', "", 'the map names the column "Batch" nowhere'),
        ("customer =", "custmer =", 'a ticket of this desk has no custmer; did you mean "customer"?'),
        ("{Note}", "{Not}", "{Not} in the map is no column of log.csv"),
        ('Hoch = "high"', 'Hoch = "hihg"', '[values.priority] in the map: unknown priority "hihg"'),
        ('channel = "phone"', 'channel = "fon"', '[ticket] in the map: unknown channel "fon"'),
        ('= "ana"', '= "anna"', '[people] in the map: "anna", for "Ana Ruiz", is neither a person'),
        ("Europe/Berlin", "Europe/Berlín", '"Europe/Berlín" is no zone'),
        ('"in-progress"', '"in-porgress"', '[activities] in the map, "taken": unknown status "in-porgress"'),
        ('opened = "note"', 'opened = "nota bene"', '"opened": unknown event type "nota bene"'),
        ('assign = "@who"', 'assign = "zoe"', 'unknown person or team "zoe"'),
        ("[unnamed]", '[unnamed]\naddress = "<{who}>"', '"<{who}>" makes no address'),
        ("[unnamed]", '[facts]\n"Bad Name" = "Batch"\n[unnamed]', '"Bad Name" cannot be the name of a fact'),
    ],
)
def test_a_map_that_does_not_fit_file_and_desk_is_refused(old: str, new: str, why: str) -> None:
    assert old in MAP
    assert why in refusal(held=MAP.replace(old, new))


def test_every_way_in_which_a_map_does_not_fit_is_told_at_once() -> None:
    said = refusal(held=MAP.replace("customer =", "custmer =").replace("{Note}", "{Not}").replace('"high"', '"hi"'))
    assert len(said.splitlines()) == 3


def test_an_hour_that_the_clock_skips_or_shows_twice_is_an_hour_all_the_same() -> None:
    skipped = events(LOG.replace("2026-01-05 09:00:00", "2026-03-29 02:30:00"))
    twice = events(LOG.replace("2026-01-05 09:00:00", "2025-10-26 02:30:00"))
    assert skipped.arrivals[0].at == datetime.fromisoformat("2026-03-29T01:30:00+00:00")
    assert twice.arrivals[0].at == datetime.fromisoformat("2025-10-26T00:30:00+00:00")
