"""Front matter as YAML has it: values with their places in the text, or the trouble that keeps it from being read."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from tk.core.ticket import Plain
from tk.errors import Message

Step: TypeAlias = "str | int"
"""One step of the way into a tree: a key of a map, a place in a list."""


class Trouble(NamedTuple):
    """Why front matter cannot be read: a finding's code, place (counted from 1 in the file) and sentence."""

    code: str
    line: int
    column: int
    message: Message


class Field(NamedTuple):
    """A value of a map, and where its key begins."""

    line: int
    column: int
    node: "Node"


class Node(NamedTuple):
    """A value and its place: lines and columns count from 0 in the front matter; the end is where its text ends.

    `is_block`: a list or map written over several lines, an item or key a line. `is_null`: no value (nothing, `~`,
    `null`).
    """

    value: "str | tuple[Node, ...] | Mapping[str, Field]"
    line: int
    column: int
    end_line: int
    end_column: int
    is_block: bool = False
    is_null: bool = False


def plain_of(node: Node) -> Plain:
    """Return what the node holds without places; what has no value is left out of lists and maps."""
    if isinstance(node.value, str):
        return node.value
    if isinstance(node.value, tuple):
        return tuple(plain_of(item) for item in node.value if not item.is_null)
    return {key: plain_of(field.node) for key, field in node.value.items() if not field.node.is_null}


def place_of(root: Node, way: tuple[Step, ...]) -> tuple[int, int]:
    """Return line and column, counted from 0, of what stands at the end of `way`: as far along it as there is."""
    node, line, column = root, root.line, root.column
    for step in way:
        if isinstance(node.value, Mapping) and step in node.value:
            field = node.value[str(step)]
            node = field.node
            line, column = (field.line, field.column) if node.is_null else (node.line, node.column)
        elif isinstance(node.value, tuple) and isinstance(step, int):
            node = [item for item in node.value if not item.is_null][step]
            line, column = node.line, node.column
        else:
            break
    return line, column
