"""Ticket files merged: by meaning, with the remarks, unknown keys and line ends of both sides; conflicts readable."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.core.merging.test_merge_laws import BASES, START, WAYS, gone
from tests.strategies import tickets
from tk.core.merging.merge import always
from tk.core.ticket import Ticket
from tk.store import codec
from tk.store.merging.joining import Joined, apart, join, marked, sides_of

PATH = "tickets/2026/08/12/TK-260812-7K3QX.md"
BASE = b"""\
---
id: TK-260812-7K3QX
title: Boiler cold
status: open
status-since: 2026-08-12T09:14:03-05:00
creator: ana
created: 2026-08-12T09:14:03-05:00
updated: 2026-08-12T09:14:03-05:00
x-floor: 3
---
It is cold.
"""


def changed(data: bytes, *pairs: tuple[str, str]) -> bytes:
    for old, new in pairs:
        assert old.encode() in data
        data = data.replace(old.encode(), new.encode(), 1)
    return data


def moved(minute: int) -> tuple[str, str]:
    return "updated: 2026-08-12T09:14:03", f"updated: 2026-08-12T09:{minute}:03"


def both(ours: bytes, theirs: bytes, base: bytes | None = BASE) -> Joined:
    """Return the merge, made either way round: it must come to the same."""
    one, other = join(PATH, base, ours, theirs), join(PATH, base, theirs, ours)
    assert one is not None
    assert other is not None
    assert bool(one.open) == bool(other.open)
    assert one.open or one.data == other.data
    return one


def test_fields_that_two_people_changed_are_both_there_and_nothing_else_moves() -> None:
    ours = changed(BASE, moved(20), ("title: Boiler cold", "title: Boiler is cold"))
    theirs = changed(BASE, moved(30), ("creator: ana", "creator: ana\nowner: raul"))
    assert both(ours, theirs) == Joined(changed(theirs, ("title: Boiler cold", "title: Boiler is cold")))


def test_remarks_and_unknown_keys_and_odd_quoting_of_both_sides_stay() -> None:
    ours = changed(BASE, moved(20), ("x-floor: 3", "x-floor: 3 # the third"), ("title:", "# ours\ntitle:"))
    theirs = changed(BASE, moved(30), ("status: open", "status: 'open'"), ("creator:", "x-new: 08\n# theirs\ncreator:"))
    merged = both(ours, theirs).data.decode()
    for line in (
        "x-floor: 3 # the third",
        "# ours",
        "status: 'open'",
        "x-new: 08",
        "# theirs",
        "updated: 2026-08-12T09:30",
    ):
        assert f"\n{line}" in merged
    assert codec.read(PATH, merged.encode()).findings == ()


def test_line_ends_stay() -> None:
    crlf = BASE.replace(b"\n", b"\r\n")
    ours = changed(crlf, moved(20), ("Boiler cold", "Boiler is cold"))
    theirs = changed(crlf, moved(30), ("It is cold.", "It is cold.\r\nVery."))
    merged = both(ours, theirs, crlf).data
    assert merged == changed(theirs, ("Boiler cold", "Boiler is cold"))
    assert both(changed(crlf, ("Boiler cold", "Cold")), changed(BASE, moved(30))).data.count(b"\r\n") == crlf.count(
        b"\n"
    )


def test_a_conflict_is_marked_and_only_that() -> None:
    ours = changed(BASE, moved(20), ("title: Boiler cold", "title: Heater cold"))
    theirs = changed(BASE, moved(30), ("title: Boiler cold", "title: Boiler broken"), ("It is", "It was"))
    found = both(ours, theirs)
    assert [conflict.label for conflict in found.open] == ["title"]
    said = "<<<<<<< ours\ntitle: Heater cold\n=======\ntitle: Boiler broken\n>>>>>>> theirs\n"
    assert found.data == changed(BASE, moved(30), ("title: Boiler cold\n", said), ("It is", "It was"))
    sides = sides_of(found.data)
    assert sides is not None
    assert sides.ours == changed(found.data, (said, "title: Heater cold\n"))
    assert sides.base is None
    (finding,) = codec.read(PATH, found.data).findings
    assert (finding.code, finding.line) == ("conflict", 3)


def test_a_conflict_is_settled_by_who_may() -> None:
    ours, theirs = changed(BASE, ("cold", "warm")), changed(BASE, ("cold", "hot"))
    assert join(PATH, BASE, ours, theirs, lambda *_: always("theirs")) == Joined(theirs)


def test_a_conflict_in_the_words_leaves_the_front_matter_readable() -> None:
    ours, theirs = changed(BASE, ("It is cold.", "It is hot.")), changed(BASE, ("It is cold.", "It is wet."))
    found = both(ours, theirs)
    assert found.data.endswith(b"---\n<<<<<<< ours\nIt is hot.\n=======\nIt is wet.\n>>>>>>> theirs\n")
    document = codec.read(PATH, found.data)
    assert document.ticket is not None
    assert [finding.code for finding in document.findings] == ["conflict"]


def test_what_cannot_be_read_or_is_another_ticket_is_not_merged_by_meaning() -> None:
    ours, theirs = changed(BASE, moved(20)), changed(BASE, moved(30))
    assert join(PATH, BASE, ours, changed(theirs, ("status: open", "status: [a"))) is None
    assert join(PATH, BASE, ours, changed(theirs, ("09:30:03", "tomorrow"))) is None
    assert join(PATH, BASE, ours, changed(theirs, ("creator: ana", "creator: raul"))) is None
    assert join(PATH, None, ours, changed(theirs, ("created: 2026-08-12T09", "created: 2026-08-12T10"))) is None


def test_a_ticket_without_a_common_beginning_is_joined_where_it_is_the_same() -> None:
    ours, theirs = changed(BASE, moved(20)), changed(BASE, moved(30), ("It is cold.", "It is cold.\n\n## Log"))
    found = both(ours, theirs, None)
    assert b"updated: 2026-08-12T09:30" in found.data
    assert found.open == ()


def test_two_tickets_of_one_id_are_kept_whole_and_come_apart_again() -> None:
    other = changed(BASE, ("creator: ana", "creator: raul")).removesuffix(b"\n")
    data = apart(BASE, other)
    sides = sides_of(data)
    assert sides is not None
    assert (sides.ours, sides.theirs) == (BASE, other + b"\n")
    assert [finding.code for finding in codec.read(PATH, data).findings] == ["conflict"]


def test_markers_that_make_no_whole_are_nobodys() -> None:
    assert sides_of(BASE) is None
    for broken in ("<<<<<<< a\nx\n", "<<<<<<< a\nx\n<<<<<<< b\n", "<<<<<<< a\nx\n>>>>>>> b\n", ">>>>>>> b\n"):
        assert sides_of(broken.encode()) is None
    assert sides_of(b"Heading\n=======\nx\n") is None


def test_the_beginning_is_told_where_git_wrote_it() -> None:
    sides = sides_of(b"a\n<<<<<<< ours\nb\n||||||| base\nc\n=======\nd\n>>>>>>> theirs\ne\n")
    assert sides == (b"a\nb\ne\n", b"a\nd\ne\n", b"a\nc\ne\n")


def rendered(ticket: Ticket) -> bytes:
    return codec.render(ticket)


@settings(max_examples=100)
@given(BASES, WAYS, WAYS)
@example(START, [123], [171])
@example(START, [160], [256])
def test_the_file_holds_what_the_merge_came_to(base: Ticket, our: list[int], their: list[int]) -> None:
    ours, theirs = gone(base, our), gone(base, their)
    started, mine, yours = map(rendered, (base, ours, theirs))
    one, other = join(PATH, started, mine, yours), join(PATH, started, yours, mine)
    assert one is not None
    assert other is not None
    if not one.open:
        assert one.data == other.data
        assert codec.read(PATH, one.data).findings == ()
    else:
        sides = sides_of(one.data)
        assert sides is not None
        for choose, data in ((always("ours"), sides.ours), (always("theirs"), sides.theirs)):
            chosen = join(PATH, started, mine, yours, lambda *_, choose=choose: choose)
            assert chosen is not None
            assert codec.read(PATH, data).ticket == codec.read(PATH, chosen.data).ticket


@settings(max_examples=50)
@given(tickets(), tickets())
def test_any_two_files_come_apart_again_as_they_were(one: Ticket, other: Ticket) -> None:
    data = marked(rendered(one), rendered(other))
    sides = sides_of(data)
    if not any(mark in text for text in map(rendered, (one, other)) for mark in (b"<<<<<<<", b">>>>>>>", b"=======")):
        assert sides is not None or rendered(one) == rendered(other)
        assert sides is None or (sides.ours, sides.theirs) == (rendered(one), rendered(other))


@settings(max_examples=50)
@given(tickets(), st.sampled_from(["owner: x\n", "priority: low\n"]))
def test_any_ticket_is_merged_with_a_change_of_it(ticket: Ticket, line: str) -> None:
    ours = rendered(ticket._replace(title="Ours"))
    theirs = rendered(ticket._replace(owner="x") if line.startswith("owner") else ticket._replace(priority="low"))
    found = join(PATH, rendered(ticket), ours, theirs)
    assert found is not None
    assert line.encode() in found.data
    assert b"title: Ours\n" in found.data
