"""What properties are tried on: tickets, events, and front matter as people write it by hand."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from tk.core import ids
from tk.core.text import normalise, one_line
from tk.core.ticket import Approval, Attachment, Event, Link, Plain, Rating, Request, Ticket

TRAPS = (
    "no",
    "on",
    "Yes",
    "y",
    "null",
    "~",
    "08",
    "0o17",
    "0x1f",
    "1e3",
    "12:30",
    "1_000",
    ".5",
    "-7",
    ".inf",
    "2026-08-12",
    "2026-08-12T09:14:03-05:00",
    "a: b",
    "a #b",
    "#x",
    "- x",
    "? x",
    "---",
    "...",
    "<<",
    "=",
    "&a",
    "*a",
    "!t",
    "[x",
    "{x}",
    "a, b",
    "x:",
    "'q'",
    'a "b"',
    "\\n",
    " lead",
    "trail ",
    "tab\there",
    "two\nlines",
    "\u2028",
    "\x00",
    "\ufeffbom",
    "\u202eevil",
    "café",
    "cafe\u0301",
    "😀",
    "@ana",
    "`x`",
    "%x",
    "|",
    ">",
    "",
    "C:\\dir",
    "\x85",
    "\x7f",
)
"""Texts that YAML would take for something else."""

WORDS = st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,5})?", fullmatch=True)
TEXTS = st.one_of(st.sampled_from(TRAPS), st.text(st.characters(codec="utf-8"), max_size=30))
LINES = TEXTS.map(one_line).filter(bool)
ADDRESSES = st.builds("{}@example.com".format, WORDS)
WHO = st.one_of(WORDS, ADDRESSES)
MARKDOWN = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.lists(
        st.sampled_from(
            [
                "## Log",
                "\\## Log",
                "## Log ",
                "### x",
                "\\### x",
                "\\\\### x",
                "###",
                "---",
                "```",
                "",
                "  x",
                "\tx",
                "=======",
                "<<<<<<< HEAD",
                ">>>>>>> b",
                "### 2026-08-12T11:02:40-05:00 note ana {#e-aaaa}",
                "plain words",
            ]
        ),
        max_size=6,
    ).map("\n".join),
).map(normalise)
"""Text for a body, structure-like lines among it."""


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    """Instants in whole seconds at any offset of whole minutes that a desk may have."""
    at = draw(st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC)))
    offset = timezone(timedelta(minutes=draw(st.sampled_from([0, -300, -180, 60, 330, 765]))))
    return at.replace(microsecond=0).astimezone(offset)


@st.composite
def ticket_ids(draw: st.DrawFn, prefix: str = "TK") -> str:
    """Whole ids."""
    day = draw(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
    return ids.make(prefix, day, ids.tail_from(draw(st.integers(0, ids.TAILS - 1))))


@st.composite
def events(draw: st.DrawFn) -> tuple[Event, ...]:
    """Logs: events with ids that differ."""
    numbers = draw(st.lists(st.integers(0, 32**4 - 1), max_size=3, unique=True))
    facts = st.dictionaries(WORDS, st.one_of(WORDS, LINES, TEXTS), max_size=2)
    return tuple(
        Event(draw(instants()), draw(WORDS), draw(WHO), ids.event_id(number), draw(MARKDOWN), draw(facts))
        for number in numbers
    )


def _some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


def _map(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Mapping[str, Any]]:
    return st.dictionaries(WORDS, values, max_size=2)


def _tuple(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=2).map(tuple)


DURATIONS = st.builds(
    "{}{}".format, st.integers(0, 999), st.sampled_from(["s", "m", "h", "d", "w", "bs", "bm", "bh", "bd"])
)
KEYS_WITHIN = TEXTS.filter(lambda text: text not in ("", "<<"))
PLAINS: st.SearchStrategy[Plain] = st.recursive(
    TEXTS,
    lambda inner: st.one_of(st.lists(inner, max_size=3).map(tuple), st.dictionaries(KEYS_WITHIN, inner, max_size=2)),
    max_leaves=4,
)
"""Values of custom and unknown keys."""


@st.composite
def tickets(draw: st.DrawFn) -> Ticket:
    """Whole tickets, every key filled or not, values that YAML would misread among them."""
    values: dict[str, Any] = {name: draw(strategy) for name, strategy in _OPTIONAL.items() if draw(st.booleans())}
    return Ticket(
        id=draw(ticket_ids()),
        title=draw(LINES),
        status=draw(WORDS),
        created=draw(instants()),
        fields=draw(st.dictionaries(WORDS.map("x-{}".format), PLAINS, max_size=2)),
        description=draw(MARKDOWN),
        events=draw(events()),
        **values,
    )


_OPTIONAL: Mapping[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("priority", "type", "channel", "creator", "owner", "team"), WORDS),
    **dict.fromkeys(("customer", "unit"), LINES),
    **dict.fromkeys(("status_since", "updated", "activity", "follow_up"), instants()),
    **dict.fromkeys(("due", "breached", "fired"), _map(instants())),
    **dict.fromkeys(("target", "paused"), _map(DURATIONS)),
    **dict.fromkeys(("category", "tags"), _tuple(LINES)),
    "requester": WHO,
    "aliases": _tuple(ticket_ids()),
    "links": _tuple(st.builds(Link, WORDS, ticket_ids())),
    "attachments": _tuple(st.builds(Attachment, LINES, _some(WORDS), _some(st.dates()))),
    "requests": _map(st.builds(Request, WHO, instants(), _some(LINES))),
    "approvals": _map(st.builds(Approval, WHO, instants())),
    "rating": st.builds(Rating, st.sampled_from(["good", "bad"]), WHO, instants()),
}


HAND_VALUES = (
    "plain words",
    "'single ''quoted'''",
    '"double \\"quoted\\" \\u00e9"',
    "open   # a remark",
    "[a, b]",
    "[a,  'b, c',\n    d]",
    "{by: ana, at: x}",
    "{a: 1,\n  b: 2}",
    ">-\n  folded\n  text",
    "|\n  kept\n\n  text\n",
    "|+\n  kept\n\n",
    "two\n  lines",
    "",
    "~",
    "null # none",
    "\n  on the next line",
    "\n  - one\n  # between\n  - two",
    "\n- one\n- two",
    "\n  a: b\n  c: d  # x",
    "no",
    "08",
    "12:30",
    "2026-13-45",
    "\ttabbed",
    "[]",
    "{}",
    '""',
    "[a, [b, {c: d}]]",
)
"""Values as people write them by hand."""


@st.composite
def hand_written(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A ticket's file as people write it, and its unknown keys: comments, odd quoting, CRLF, BOM, no final newline."""
    names = draw(st.lists(WORDS.map("x-{}".format), max_size=5, unique=True))
    entries = [
        "id: TK-260812-7K3QX",
        "title: 'Boiler  cold' # as told",
        "status: open",
        "created: 2026-08-12T09:14:03-05:00",
    ]
    entries += [
        f"{name}:{value if value.startswith(chr(10)) else ' ' + value}".rstrip(" ")
        for name, value in ((name, draw(st.sampled_from(HAND_VALUES))) for name in names)
    ]
    lines = ["---"]
    for entry in draw(st.permutations(entries)):
        lines += draw(st.lists(st.sampled_from(["# a comment", "", "  # indented comment"]), max_size=1))
        lines.append(entry)
    body = draw(st.sampled_from(["", "Words.", "\nWords.\n", "Words.\n\n## Log\n"]))
    text = "\n".join((*lines, "---", body))
    text = text.removesuffix("\n") if draw(st.booleans()) else text
    text = text.replace("\n", "\r\n") if draw(st.booleans()) else text
    return ("\ufeff" if draw(st.booleans()) else "") + text, names
