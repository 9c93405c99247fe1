"""Ids, their paths, and what people type for them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import ticket_ids
from tk.core import ids


def test_an_id_tells_the_day_and_the_path() -> None:
    made = ids.make("TK", date(2026, 8, 12), "7K3QX")
    assert made == "TK-260812-7K3QX"
    assert ids.path_of(made) == "tickets/2026/08/12/TK-260812-7K3QX.md"
    assert ids.folder_of(made) == "tickets/2026/08/12/TK-260812-7K3QX"


@pytest.mark.parametrize(
    ("prefix", "day", "tail"),
    [
        ("tk", date(2026, 8, 12), "7K3QX"),
        ("TOOLONGPREFIX", date(2026, 8, 12), "7K3QX"),
        ("TK", date(1999, 8, 12), "7K3QX"),
        ("TK", date(2100, 8, 12), "7K3QX"),
        ("TK", date(2026, 8, 12), "7K3QO"),
        ("TK", date(2026, 8, 12), "7K3"),
    ],
)
def test_parts_that_can_be_in_no_id_are_refused(prefix: str, day: date, tail: str) -> None:
    with pytest.raises(ValueError, match=tail):
        ids.make(prefix, day, tail)


@pytest.mark.parametrize(
    "text", ["", "TK-260812-7K3Q", "tk-260812-7k3qx", "TK-261312-7K3QX", "TK-260800-7K3QX", "TK-260812-7K3QU"]
)
def test_what_is_no_id_is_not_taken_for_one(text: str) -> None:
    assert not ids.is_id(text)


@given(ticket_ids())
def test_path_and_id_follow_from_each_other(made: str) -> None:
    assert ids.is_id(made)
    assert ids.id_of(ids.path_of(made)) == made


@pytest.mark.parametrize(
    "path",
    [
        "tickets/2026/08/13/TK-260812-7K3QX.md",
        "tickets/2026/08/12/TK-260812-7K3QX.txt",
        "tickets/TK-260812-7K3QX.md",
        "tickets/2026/08/12/notes.md",
        "x/tickets/2026/08/12/TK-260812-7K3QX.md",
    ],
)
def test_no_ticket_belongs_at_another_path(path: str) -> None:
    assert ids.id_of(path) is None


@given(st.integers(0, ids.TAILS - 1), st.integers(0, ids.TAILS - 1))
def test_different_numbers_give_different_tails(one: int, other: int) -> None:
    assert (ids.tail_from(one) == ids.tail_from(other)) == (one == other)


def test_event_ids_are_short_and_lower_case() -> None:
    assert ids.event_id(0) == "e-0000"
    assert ids.event_id(32**4 - 1) == "e-zzzz"


@pytest.mark.parametrize(
    ("typed", "begun", "tail"),
    [
        ("7k3", "", "7K3"),
        ("oil", "", "011"),
        ("26081", "", "26081"),
        ("260812", "TK-260812", ""),
        ("260812-7k3", "TK-260812-7K3", ""),
        ("tk-2608", "TK-2608", ""),
        ("tk-260812-7", "TK-260812-7", ""),
        ("TK-260812-7K3QX", "TK-260812-7K3QX", ""),
        (" tk-260812-7kOlI ", "TK-260812-7K011", ""),
        ("ab-260812-7", "AB-260812-7", ""),
        ("", "", ""),
        ("7u", "", ""),
        ("260812-7k3qxx", "", ""),
        ("nonsense!", "", ""),
        ("ñandú", "", ""),
    ],
)
def test_what_people_type_is_read(typed: str, begun: str, tail: str) -> None:
    found = ids.normalise(typed, "TK")
    assert (found.id, found.tail) == (begun, tail)


def test_what_was_typed_is_kept_for_aliases() -> None:
    assert ids.normalise(" OLD-4711 ", "TK").text == "OLD-4711"


def test_only_a_whole_id_is_whole() -> None:
    assert ids.normalise("tk-260812-7k3qx", "TK").is_whole
    assert not ids.normalise("7k3qx", "TK").is_whole


def test_a_desk_whose_prefix_holds_an_o_keeps_it() -> None:
    assert ids.matches(ids.normalise("260812-o", "DOOR"), "DOOR-260812-0ABCD")


def test_nothing_abbreviates_no_id() -> None:
    assert not ids.matches(ids.normalise("", "TK"), "TK-260812-7K3QX")
    assert not ids.matches(ids.normalise("uuu", "TK"), "TK-260812-7K3QX")


@given(ticket_ids(), st.integers(1, 5), st.booleans(), st.sampled_from([0, 3, 10]))
def test_every_beginning_of_an_id_or_its_last_part_finds_it(made: str, length: int, lower: bool, skipped: int) -> None:
    typed = made[skipped : 10 + length]
    found = ids.normalise(typed.lower() if lower else typed, "TK")
    assert ids.matches(found, made)
    start, end = found.span
    assert start <= (made if found.id else made.rpartition("-")[2]) < end


@given(ticket_ids(), ticket_ids())
def test_a_match_is_a_beginning(made: str, other: str) -> None:
    tail = made.rpartition("-")[2]
    assert ids.matches(ids.normalise(tail, "TK"), other) == other.endswith(tail)
