"""The YAML road: front matter that people wrote, read by libyaml's parser event by event.

The tree is built here and not by PyYAML, so that every scalar stays text, a key that stands twice is seen, nothing is
resolved, multiplied or executed, and a nest 50,000 deep ends at the thirty-third level, not in a crash.
"""

import re
from collections.abc import Mapping
from typing import Protocol

import yaml

from tk.core.reasons import of_yaml
from tk.errors import Message, say
from tk.store.codec.node import Field, Node, Trouble
from tk.store.codec.scalar import NULLS

DEPTH = 32
"""Levels of lists and maps within each other beyond which front matter is not read."""


class _Mark(Protocol):
    """A place in the text, as both of PyYAML's parsers have it."""

    line: int
    column: int


_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # without libyaml slower, and the same
_FENCES = 2  # the opening fence is line 1, so the first line of front matter is line 2
_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Nest:
    """A list or map whose end has not come yet."""

    def __init__(self, event: yaml.CollectionStartEvent) -> None:
        self.line, self.column = _place(event.start_mark)
        self.is_block = not event.flow_style
        self.items: list[Node] | None = None if isinstance(event, yaml.MappingStartEvent) else []
        self.fields: dict[str, Field] = {}
        self.key: Node | None = None
        self.end = (self.line, self.column)

    def add(self, node: Node) -> Trouble | None:
        """Take the next node; return what is wrong with it."""
        self.end = (node.end_line, node.end_column)
        if self.items is not None:
            self.items.append(node)
        elif self.key is None:
            self.key = node
            return self._wrong_key(node)
        else:
            self.fields[str(self.key.value)] = Field(self.key.line, self.key.column, node)
            self.key = None
        return None

    def _wrong_key(self, node: Node) -> Trouble | None:
        line, column = node.line + _FENCES, node.column + 1
        if not isinstance(node.value, str) or node.is_null:
            return Trouble("yaml", line, column, say("a key must be one plain word before its colon"))
        if node.value == "<<":
            return Trouble(
                "yaml-feature", line, column, say("`<<` (a merge key) is not read; write the keys themselves")
            )
        if node.value in self.fields:
            first = self.fields[node.value].line + _FENCES
            message = say("`{key}` already stands on line {first}; delete one of the two", key=node.value, first=first)
            return Trouble("duplicate-key", line, column, message)
        return None

    def closed(self, event: yaml.Event) -> Node:
        """Return the node that the nest has become."""
        if not self.is_block:
            self.end = _place(event.end_mark)
        value = self.fields if self.items is None else tuple(self.items)
        return Node(value, self.line, self.column, *self.end, is_block=self.is_block)


def compose(head: str) -> Node | Trouble:
    """Return what the text between the fences holds, or why it cannot be read; line ends are LF."""
    forbidden = _FORBIDDEN.search(head)
    if forbidden is not None:
        start = forbidden.start()
        return Trouble(
            "yaml",
            head.count("\n", 0, start) + _FENCES,
            start - head.rfind("\n", 0, start),
            say("the character U+{code} cannot stand in front matter; delete it", code=f"{ord(forbidden[0]):04X}"),
        )
    try:
        return _build(head)
    except yaml.MarkedYAMLError as error:
        line, column = _place(error.problem_mark or error.context_mark)
        return Trouble("yaml", line + _FENCES, column + 1, _because(error.problem))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Trouble("yaml", _FENCES, 1, _because(str(error)))


def _because(problem: str | None) -> Message:
    reason = of_yaml(problem or "?")
    return say("this is not YAML ({problem}); put text with special characters in quotes", problem=reason)


def _build(head: str) -> Node | Trouble:
    lines = head.split("\n")
    root = Node({}, 0, 0, 0, 0, is_block=True)
    stack: list[_Nest] = []
    for event in yaml.parse(head, Loader=_LOADER):
        trouble = _feature(event)
        if trouble is not None:
            return trouble
        if isinstance(event, yaml.CollectionStartEvent):
            stack.append(_Nest(event))
            if len(stack) > DEPTH:
                return _trouble(
                    "too-deep", event, say("lists and maps nest too deep here; keep to {n} levels", n=DEPTH)
                )
            continue
        if isinstance(event, yaml.ScalarEvent):
            node = _scalar(event, lines)
        elif isinstance(event, yaml.CollectionEndEvent):
            node = stack.pop().closed(event)
        else:
            continue
        if stack:
            trouble = stack[-1].add(node)
        elif isinstance(node.value, Mapping):
            root = node
        else:
            trouble = _trouble(
                "yaml", event, say("front matter must be keys with values, such as `title: Boiler cold`")
            )
        if trouble is not None:
            return trouble
    return root


def _feature(event: yaml.Event) -> Trouble | None:
    """Return the trouble of what YAML has and front matter has not."""
    if isinstance(event, yaml.AliasEvent):
        return _trouble(
            "yaml-feature", event, say("`*{name}` (an alias) is not read; write its value", name=event.anchor)
        )
    if isinstance(event, yaml.DocumentStartEvent) and event.explicit:
        return _trouble("yaml", event, say("a second document begins here; a ticket has one front matter"))
    if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
        return None
    if event.anchor is not None:
        return _trouble("yaml-feature", event, say("`&{name}` (an anchor) is not read; delete it", name=event.anchor))
    if event.tag is not None:
        return _trouble("yaml-feature", event, say("`{tag}` (a tag) is not read; delete it", tag=event.tag))
    return None


def _scalar(event: yaml.ScalarEvent, lines: list[str]) -> Node:
    (line, column), (end_line, end_column) = _place(event.start_mark), _place(event.end_mark)
    if event.style in ("|", ">"):  # its mark stands after the blank lines that follow
        end_line -= end_column == 0
        while end_line > line and not lines[end_line].strip():
            end_line -= 1
        end_column = len(lines[end_line])
    is_null = event.style in (None, "") and event.value in NULLS
    return Node(event.value, line, column, end_line, end_column, is_null=is_null)


def _trouble(code: str, event: yaml.Event, message: Message) -> Trouble:
    line, column = _place(event.start_mark)
    return Trouble(code, line + _FENCES, column + 1, message)


def _place(mark: _Mark | None) -> tuple[int, int]:
    return (mark.line, mark.column) if mark is not None else (0, 0)
