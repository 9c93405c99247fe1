"""Front matter: where it stands in a file, and which of two roads reads it.

What tk itself writes is read by a scanner of a few lines, many times faster than YAML; at the first sign of anything
else the YAML road takes over. The two agree on every text that both can read (design, section 2).
"""

import re
from typing import TypeAlias

from tk.core.ticket import Plain
from tk.errors import say
from tk.store.codec.node import Node, Trouble
from tk.store.codec.scalar import FLOW_PLAIN, KEY, PLAIN, QUOTED, is_strange, unquoted
from tk.store.document import Front

LIMIT = 256 * 1024
"""Characters of front matter beyond which no ticket is read."""

_NO_NULL = r"(?!(?:null|Null|NULL)(?:\n|,|\]|\}))"
_ITEM = rf"{_NO_NULL}{FLOW_PLAIN}"
_LINE = re.compile(
    rf'^(- |  |)({KEY}):(?: (?:({_NO_NULL}{PLAIN})|\[({_ITEM}(?:, {_ITEM})*+)\]|(["\[{{][^\n]*)))?\n', re.MULTILINE
)
_ITEMS = re.compile(rf"({QUOTED}|{_ITEM})(?:, (?=[^\]])|\]\Z)")
_PAIRS = re.compile(rf"({KEY}): ({QUOTED}|{_ITEM})(?:, (?=[^}}])|\}}\Z)")
_WHOLE_QUOTED = re.compile(QUOTED)
_FENCE = re.compile(r"---[ \t]*\r?(?:\n|\Z)")
_END = re.compile(r"^---[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)", re.MULTILINE)
_SIDES = tuple(re.compile(rf"^{mark}{{7}}(?: |\r?$)", re.MULTILINE) for mark in "<=>")


def split(text: str) -> Front | Trouble:
    """Return where the front matter of a file's `text` stands, or why it has none."""
    begin = 1 if text.startswith("\ufeff") else 0
    opening = _FENCE.match(text, begin)
    if opening is None:
        return _conflict(text) or Trouble(
            "no-front-matter", 1, 1, say("the file does not begin with front matter; make its first line `---`")
        )
    closing = _END.search(text, opening.end())
    if closing is None:
        return _conflict(text) or Trouble(
            "no-front-matter",
            1,
            1,
            say("the front matter that begins on line 1 never ends; put a line `---` after its last key"),
        )
    front = Front(opening.end(), closing.start(), closing.end())
    if front.end - front.start > LIMIT:
        return Trouble(
            "too-large",
            1,
            1,
            say("the front matter holds more than {limit} KiB; move long text below it", limit=LIMIT // 1024),
        )
    return front


def _conflict(text: str) -> Trouble | None:
    """Return the trouble of the first conflict marker that git left in `text`."""
    marker = _CONFLICT.search(text)
    if marker is None:
        return None
    message = say("a merge left its conflict here; tk resolve goes through it")
    return Trouble("conflict", text.count("\n", 0, marker.start()) + 1, 1, message)


def body_conflict(body: str) -> int | None:
    """Return where in a ticket's body a whole conflict of a merge begins; None where there is none."""
    start, position = None, 0
    for side in _SIDES:
        marker = side.search(body, position)
        if marker is None:
            return None
        start, position = marker.start() if start is None else start, marker.end()
    return start


def compose(head: str) -> Node | Trouble:
    """Return what front matter holds, with places, by the YAML road; only a text that needs it pays for PyYAML."""
    trouble = _conflict(head)
    if trouble is not None:
        return trouble._replace(line=trouble.line + 1)
    from tk.store.codec import yaml_road

    return yaml_road.compose(head.replace("\r\n", "\n"))


_Row: TypeAlias = "tuple[str, str, Plain]"


def scan(head: str) -> dict[str, Plain] | None:
    """Return what canonical front matter holds; None at the first sign of anything else."""
    rows = _LINE.findall(head)
    if len(rows) != head.count("\n") or is_strange(head):
        return None
    tree: dict[str, Plain] = {}
    blocks: dict[str, list[_Row]] = {}
    block: list[_Row] | None = None
    for indent, key, plain, items, other in rows:
        value = plain or (tuple(items.split(", ")) if items else _special(other))
        if indent:
            if block is None or value is None:
                return None
            block.append((indent, key, value))
        elif value is not None:
            tree[key] = value
            block = None
        elif other:
            return None
        else:
            tree[key] = ""
            blocks[key] = block = []
    if len(tree) + sum(map(len, blocks.values())) != len(rows):
        return None  # a key stands twice
    for key, held in blocks.items():
        folded = _fold(held)
        if folded is None:
            return None
        tree[key] = folded
    return tree


def _fold(rows: list[_Row]) -> "Plain | None":
    """Return the map or the list of maps that the indented lines under a key make; None where they make neither."""
    if not rows:
        return None
    if rows[0][0] == "  ":
        tree = {key: value for indent, key, value in rows if indent == "  "}
        return tree if len(tree) == len(rows) else None
    items: list[dict[str, Plain]] = []
    for indent, key, value in rows:
        if indent == "- ":
            items.append({})
        if key in items[-1]:
            return None
        items[-1][key] = value
    return tuple(items)


def _special(text: str) -> "Plain | None":
    """Return the value that begins with a quote, bracket or brace; None where it is not as tk writes it."""
    if text.startswith('"'):
        return unquoted(text) if _WHOLE_QUOTED.fullmatch(text) else None
    if text.startswith("["):
        return _flow_list(text)
    return _flow_map(text) if text else None


def _flow_list(text: str) -> tuple[str, ...] | None:
    items: list[str] = []
    position, end = 1, len(text)
    if text == "[]":
        return ()
    while position < end:
        match = _ITEMS.match(text, position)
        if match is None:
            return None
        items.append(_item(match[1]))
        position = match.end()
    return tuple(items) or None  # a bracket alone is open


def _flow_map(text: str) -> dict[str, Plain] | None:
    pairs: dict[str, Plain] = {}
    position, end = 1, len(text)
    if text == "{}":
        return pairs
    while position < end:
        match = _PAIRS.match(text, position)
        if match is None or match[1] in pairs:
            return None
        pairs[match[1]] = _item(match[2])
        position = match.end()
    return pairs or None  # a brace alone is open


def _item(text: str) -> str:
    return unquoted(text) if text.startswith('"') else text
