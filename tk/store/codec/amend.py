"""Changing front matter line by line: only the lines of the keys that change, every other byte as it was."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tk.errors import UnreadableTicket, say
from tk.store.codec.emit import Written, line_of, lines_of
from tk.store.codec.node import Field, Node


class Span(NamedTuple):
    """The lines of one key, counted from 0, `last` among them; the key begins at the column `margin`.

    `columns`: where its value stands, if all of it is on the line of the key. `block`: the spans of the keys of a map
    that is written as a block. `dash`: the column of the dashes of a list that is written as a block.
    """

    key: str
    first: int
    last: int
    margin: int
    columns: tuple[int, int] | None = None
    block: tuple["Span", ...] = ()
    dash: int | None = None


class Change(NamedTuple):
    """A key and its value as written before and after."""

    key: str
    before: Written
    after: Written


def canonical_spans(lines: Sequence[str]) -> list[Span]:
    """Return the spans of canonical front matter, each line a key at the margin or part of the one above it."""
    starts = [place for place, line in enumerate(lines) if line[0] not in " -"]
    return [_canonical(lines, start, end) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _canonical(lines: Sequence[str], start: int, end: int) -> Span:
    if end == start + 1:
        return _canonical_line(lines[start], start)
    key = lines[start].partition(":")[0]
    if lines[start + 1].startswith("-"):
        return Span(key, start, end - 1, 0, dash=0)
    block = tuple(_canonical_line(lines[place], place) for place in range(start + 1, end))
    return Span(key, start, end - 1, 0, block=block)


def _canonical_line(line: str, place: int) -> Span:
    key = line.partition(":")[0]
    name = key.lstrip(" ")
    return Span(name, place, place, len(key) - len(name), (len(key) + 2, len(line.rstrip("\r"))))


def spans_of(root: Node) -> list[Span]:
    """Return the spans of what people wrote, in the order of the file."""
    return [_span(key, field) for key, field in root.value.items()] if isinstance(root.value, Mapping) else []


def _span(key: str, field: Field) -> Span:
    node = field.node
    last = max(field.line, node.end_line)
    span = Span(key, field.line, last, field.column)
    if not node.is_block:
        is_on_line = field.line == node.line == last
        return span._replace(columns=(node.column, node.end_column) if is_on_line else None)
    if isinstance(node.value, Mapping):
        return span._replace(block=tuple(spans_of(node)))
    return span._replace(dash=node.column)


class Sheet:
    """The lines of front matter and what is to become of them."""

    def __init__(self, lines: Sequence[str], eol: str) -> None:
        self._lines = lines
        self._return = eol.removesuffix("\n")
        self._replaced: dict[int, list[str]] = {}
        self._inserted: dict[int, list[str]] = {}

    def text(self) -> str:
        """Return the lines as they have become."""
        out = list(self._inserted.get(-1, ()))
        for place, line in enumerate(self._lines):
            out += self._replaced.get(place, [line])
            out += self._inserted.get(place, ())
        return "".join(f"{line}\n" for line in out)

    def insert(self, after: int, lines: Sequence[str], margin: int) -> None:
        """Put `lines`, indented by `margin`, after the line `after`, which is -1 for the top."""
        self._inserted.setdefault(after, []).extend(self._indented(lines, margin))

    def replace(self, span: Span, lines: Sequence[str]) -> None:
        """Put `lines` in the place of all lines of `span`; where there are none, its own remarks go with it."""
        last = span.last if lines else self._end_of_remarks(span)
        self._replaced.update({place: [] for place in range(span.first, last + 1)})
        self._replaced[span.first] = self._indented(lines, span.margin)

    def replace_value(self, span: Span, start: int, end: int, text: str) -> None:
        """Put `text` in the place of a value on the line of its key; what stands behind it stays."""
        line = self._lines[span.first]
        space = " " if line[start - 1] == ":" else ""
        self._replaced[span.first] = [f"{line[:start]}{space}{text}{line[end:]}"]

    def _end_of_remarks(self, span: Span) -> int:
        """Return the last line of what goes with a key: comments below that are set deeper, empty lines below a block.

        Left behind, they would become part of a text in a block above.
        """
        above = self._lines[span.first - 1].rstrip("\r") if span.first else ""
        below_block = span.first > 0 and (not above or above.startswith(" "))
        last = span.last
        for place in range(span.last + 1, len(self._lines)):
            line = self._lines[place].rstrip("\r")
            bare = line.lstrip(" ")
            if bare and not (bare.startswith("#") and len(line) - len(bare) > span.margin):
                break
            last = place if bare or below_block else last
        return last

    def _indented(self, lines: Sequence[str], margin: int) -> list[str]:
        return [f"{' ' * margin}{line}{self._return}" for line in lines]


def amend(
    head: str, root: Node | None, changes: Sequence[Change], ranks: Mapping[str, int], damaged: frozenset[str]
) -> str:
    """Return front matter with the changes made.

    `root` is what the YAML road read, None where the text is canonical. `changes` come in the order of the keys that
    `ranks` tells; `damaged` names the keys of which only a part could be read.
    """
    lines = head.split("\n")[:-1]
    sheet = Sheet(lines, "\r\n" if "\r\n" in head else "\n")
    spans = canonical_spans(lines) if root is None else spans_of(root)
    by_key = {span.key: span for span in spans}
    for change in changes:
        span = by_key.get(change.key)
        if span is not None:
            _change(sheet, span, change, change.key in damaged)
        else:
            place = _place_for(change.key, spans, ranks)
            sheet.insert(place, lines_of(change.key, change.after), 0 if root is None else root.column)
    return sheet.text()


def _place_for(key: str, spans: Sequence[Span], ranks: Mapping[str, int]) -> int:
    """Return the line after which a new key belongs: behind the nearest of those that come before it."""
    rank = ranks.get(key)
    if rank is None:
        return max((span.last for span in spans), default=-1)
    earlier = [(ranks[span.key], span.last) for span in spans if span.key in ranks and ranks[span.key] < rank]
    return max(earlier, default=(0, -1))[1]


def _change(sheet: Sheet, span: Span, change: Change, is_damaged: bool) -> None:
    """Write one changed value over the old one, in as few lines as its form allows."""
    before, after = change.before, change.after
    if span.block and isinstance(before, Mapping | None) and isinstance(after, Mapping | None):
        _change_block(sheet, span, before or {}, after or {})
    elif span.dash is not None and isinstance(before, tuple) and isinstance(after, tuple) and _begins(after, before):
        added = [line for item in after[len(before) :] for line in item.split("\n")]
        sheet.insert(span.last, added, span.dash)
    elif is_damaged and (before is not None or span.columns is None or not isinstance(after, str)):
        raise UnreadableTicket(
            say(
                "`{key}` on line {line} cannot be read in full, so nothing was changed",
                key=span.key,
                line=span.first + 2,
            ),
            say("correct it by hand first; `tk check` says what is wrong with it"),
        )
    elif span.columns is not None and isinstance(after, str):
        sheet.replace_value(span, *span.columns, after)
    else:
        sheet.replace(span, lines_of(change.key, after))


def _begins(after: tuple[str, ...], before: tuple[str, ...]) -> bool:
    return after[: len(before)] == before


def _change_block(sheet: Sheet, span: Span, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Write the names of a map that differ; those that could not be read stay as they are."""
    held = {part.key: part for part in span.block}
    if not after and set(held) <= set(before):
        sheet.replace(span, [])
        return
    for name, part in held.items():
        if name in after and after[name] != before.get(name):
            _change(sheet, part, Change(name, before.get(name), after[name]), is_damaged=False)
        elif name in before and name not in after:
            sheet.replace(part, [])
    added = [line_of(name, text) for name, text in after.items() if name not in held]
    sheet.insert(span.last, added, span.block[0].margin)
