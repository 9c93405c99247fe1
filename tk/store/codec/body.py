"""The body of a ticket's file: what the requester said, and the log.

Structure is the first line `## Log` and the lines that begin with `### ` after it, nothing else. Text that holds such a
line gets one backslash before it on the way in and loses it on the way out (design, section 2).
"""

import re
from collections.abc import Sequence

from tk.core.instant import format_instant, parse_instant
from tk.core.text import normalise, without_outer_blank_lines
from tk.core.ticket import Event
from tk.errors import Message, say
from tk.store.codec.scalar import QUOTED, is_strange, quoted, unquoted
from tk.store.document import Body, Flaw

LOG = "## Log"
"""The line after which the events stand."""

_LOG = re.compile(r"^## Log[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
_HEADING = re.compile(r"^### [^\n]*(?:\n|\Z)", re.MULTILINE)
_LOG_LINE = re.compile(r"^(?=\\*## Log[ \t]*$)", re.MULTILINE)
_HEADING_LINE = re.compile(r"^(?=\\*### )", re.MULTILINE)
_ESCAPED_LOG = re.compile(r"^\\(?=\\*## Log[ \t]*$)", re.MULTILINE)
_ESCAPED_HEADING = re.compile(r"^\\(?=\\*### )", re.MULTILINE)
_BARE = r"[\w.:+@/-]+"
_FACT = rf"([A-Za-z][\w-]*)=({_BARE}|{QUOTED})"
_FACTS = re.compile(_FACT)
_EVENT = re.compile(rf"### (\S+) (\S+) (\S.*) \{{#([\w-]+)((?: {_FACT})*)\}}[ \t]*")
_WHOLE_BARE = re.compile(_BARE)


def parse_body(text: str) -> Body:
    """Return what the text below the front matter holds."""
    log = _LOG.search(text)
    if log is None:
        return Body(_out(text, _ESCAPED_LOG), (), len(text), (), ())
    flaws: list[Flaw] = []
    found: list[tuple[re.Match[str], Event]] = []
    line, counted = 0, 0
    for heading in _HEADING.finditer(text, log.end()):
        event = _event(heading[0])
        if event is not None:
            found.append((heading, event))
            continue
        line, counted = line + text.count("\n", counted, heading.start()), heading.start()
        flaws.append(Flaw(line, "bad-event", "error", _bad_heading()))
    starts = tuple(heading.start() for heading, _ in found)
    ends = (*starts[1:], len(text))
    events = tuple(
        event._replace(text=_out(text[heading.end() : end], _ESCAPED_HEADING))
        for (heading, event), end in zip(found, ends, strict=False)
    )
    if text[log.end() : starts[0] if starts else len(text)].strip():
        flaws.append(Flaw(text.count("\n", 0, log.start()), "bad-event", "warning", _before_first()))
    description = _out(text[: log.start()], _ESCAPED_LOG)
    return Body(description, events, log.start(), starts, (*flaws, *_duplicates(text, events, starts)))


def texts_of(text: str) -> tuple[str, str]:
    """Return the description and what the log says between the headings of its events."""
    log = _LOG.search(text)
    if log is None:
        return _bare(text, _ESCAPED_LOG), ""
    said = _HEADING.sub(lambda heading: "\n" if _event(heading[0]) else heading[0], text[log.end() :])
    return _bare(text[: log.start()], _ESCAPED_LOG), _bare(said, _ESCAPED_HEADING)


def _bare(text: str, escaped: re.Pattern[str]) -> str:
    return escaped.sub("", text) if "\\" in text else text


def _bad_heading() -> Message:
    return say(
        "this heading is no event; write `### INSTANT TYPE WHO {{#e-xxxx}}`, or a backslash before it if it is text"
    )


def _before_first() -> Message:
    return say("text stands between `## Log` and the first event; move it above `## Log` or give it a heading")


def _duplicates(text: str, events: Sequence[Event], starts: Sequence[int]) -> list[Flaw]:
    seen: set[str] = set()
    flaws = []
    line, counted = 0, 0
    for event, start in zip(events, starts, strict=True):
        line, counted = line + text.count("\n", counted, start), start
        if event.id in seen:
            message = say("the event id {id} stands in this log already; give one of the two another", id=event.id)
            flaws.append(Flaw(line, "duplicate-event", "error", message))
        seen.add(event.id)
    return flaws


def _out(text: str, escaped: re.Pattern[str]) -> str:
    """Return a text of the file as people meant it."""
    return escaped.sub("", without_outer_blank_lines(text.replace("\r\n", "\n")))


def _event(heading: str) -> Event | None:
    """Return the event that a heading begins, its text still empty; None where it is malformed."""
    match = _EVENT.fullmatch(heading.rstrip("\r\n"))
    if match is None or is_strange(match[5]):
        return None
    try:
        at = parse_instant(match[1])
    except ValueError:
        return None
    pairs = _FACTS.findall(match[5])
    facts = {key: unquoted(value) if value.startswith('"') else value for key, value in pairs}
    return Event(at, match[2], match[3], match[4], "", facts) if len(facts) == len(pairs) else None


def heading_of(event: Event) -> str:
    """Return the heading line of an event, without its end."""
    facts = "".join(
        f" {key}={value if _WHOLE_BARE.fullmatch(value) else quoted(value)}" for key, value in event.facts.items()
    )
    return f"### {format_instant(event.at)} {event.type} {event.by} {{#{event.id}{facts}}}"


def _event_chunk(event: Event) -> str:
    text = _HEADING_LINE.sub(r"\\", normalise(event.text))
    return f"{heading_of(event)}\n\n{text}\n" if text else f"{heading_of(event)}\n"


def _description_chunk(description: str) -> str:
    text = _LOG_LINE.sub(r"\\", normalise(description))
    return f"{text}\n" if text else ""


def render_body(description: str, events: Sequence[Event]) -> str:
    """Return the canonical body, with LF line ends."""
    chunk = _description_chunk(description)
    if not events:
        return chunk
    return "\n".join(([chunk] if chunk else []) + [f"{LOG}\n", *map(_event_chunk, events)])


def edit_body(text: str, body: Body, description: str, events: Sequence[Event], eol: str) -> str:
    """Return the body with another description and other events; what they share with `body` stays byte for byte."""
    opening = text[: body.log]
    if description != body.description and normalise(description) != body.description:
        opening = _reopened(opening, description, eol, has_log=body.log < len(text))
    if tuple(events) == body.events:
        return opening + text[body.log :]
    log = text[body.log : body.starts[0] if body.starts else len(text)]
    if not events:
        is_bare = not log.partition("\n")[2].strip()
        return _ended(opening, eol) if is_bare else _ended(opening + log, eol)
    parts = [opening + log if log else opening + _gap(opening, eol) + LOG + eol]
    previous = -1 if log else None
    ends = (*body.starts[1:], len(text))
    for event, place in _kept(body.events, events):
        if place is None:
            parts += [_gap(parts[-1], eol), _event_chunk(event).replace("\n", eol)]
        else:
            is_next = previous is not None and place == previous + 1
            parts += ["" if is_next else _gap(parts[-1], eol), text[body.starts[place] : ends[place]]]
        previous = place
    is_end_old = previous is not None and previous == len(body.events) - 1
    return "".join(parts) if is_end_old else _ended("".join(parts), eol)


def _kept(before: Sequence[Event], after: Sequence[Event]) -> list[tuple[Event, int | None]]:
    """Return each event of `after` with its place in `before`, None where it is new or changed."""
    places: dict[str, list[int]] = {}
    for place, event in enumerate(before):
        places.setdefault(event.id, []).append(place)
    kept: list[tuple[Event, int | None]] = []
    for event in after:
        clean = event._replace(text=normalise(event.text))
        same = [place for place in places.get(event.id, ()) if before[place] in (event, clean)]
        if same:
            places[event.id].remove(same[0])
        kept.append((event, same[0] if same else None))
    return kept


def _reopened(opening: str, description: str, eol: str, *, has_log: bool) -> str:
    """Return what stands before the log with another description, its outer blank lines as they were."""
    text = _description_chunk(description).removesuffix("\n").replace("\n", eol)
    stripped = opening.rstrip(" \t\r\n")
    lead = opening[: opening.rfind("\n", 0, len(opening) - len(opening.lstrip(" \t\r\n"))) + 1] if stripped else opening
    if not text:
        return lead
    if stripped:
        return lead + text + (opening[len(stripped) :].lstrip(" \t") or eol)
    return lead + text + (eol + eol if has_log else eol)


def _gap(text: str, eol: str) -> str:
    """Return what makes a blank line behind `text`: nothing where there is one, or where it is empty."""
    if not text or text.endswith(("\n\n", "\n\r\n")):
        return ""
    return eol if text.endswith("\n") else eol + eol


def _ended(text: str, eol: str) -> str:
    """Return `text` without blank lines at its end, its last line ended."""
    stripped = text.rstrip(" \t\r\n")
    end = text.find("\n", len(stripped)) + 1
    return (text[:end] or text + eol) if stripped else ""
