"""A map laid over a table for one desk: what each row says, in the desk's own words, or why it says nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tk.core.finding import Finding
from tk.core.names import nearest
from tk.core.policy import Policy
from tk.core.text import shown
from tk.core.values import SETTABLE
from tk.errors import Message, WrongUsage, say
from tk.exchange.mapping import Map
from tk.exchange.table import Row, Table
from tk.exchange.words import PLACE, Unreadable, Words

_LINES = 10

ACTED = ("status", "owner", "team")
"""Keys of a ticket that a column may give though they are acted on, not set."""


def require(wrong: Sequence[Message]) -> None:
    """Raise WrongUsage where something is wrong, and name all of it."""
    if wrong:
        more = [str(each) for each in wrong[1:_LINES]]
        if len(wrong) > _LINES:
            more.append(str(say("and {count} more", count=len(wrong) - _LINES)))
        raise WrongUsage(wrong[0], say("{lines}", lines="\n".join(more)) if more else None)


class Lens:
    """The map and the policy that a table is read by; `own` are words for columns that are no fields of a ticket."""

    def __init__(self, table: Table, held: Map, policy: Policy, own: Iterable[str], *, needs: Iterable[str]) -> None:
        """Look whether map, table and desk fit together.

        Raises:
            WrongUsage: they do not; the sentence says each way in which.
        """
        self.map = held
        self.policy = policy
        self.words = Words(held, policy)
        self._table = table
        self._places = {name: place for place, name in enumerate(table.columns)}
        self._own = tuple(own)
        self._values: dict[tuple[str, str], object] = {}
        self._unknown: dict[tuple[str, str], list[int]] = {}
        wrong = [*self._wrong_columns(needs), *self._wrong_places(), *self.words.wrong()]
        require(wrong)
        self.fields = {key: names for key in held.columns if key not in self._own for names in [self.columns(key)]}

    def columns(self, key: str) -> list[str]:
        """Return the columns that the map names for a key."""
        names = self.map.columns.get(key, [])
        return [names] if isinstance(names, str) else names

    def cell(self, row: Row, key: str) -> str:
        """Return what a row has for a key: "" where no column is named; raise Unreadable where two columns disagree."""
        found = {row.cells[self._places[name]].strip(): name for name in self.columns(key)}
        if len(found) > 1:
            names = " and ".join(found.values())
            raise Unreadable("bad-row", say("the columns {names} say different things of {key}", names=names, key=key))
        return next(iter(found), "")

    def column(self, row: Row, name: str) -> str:
        """Return the cell of a column."""
        return row.cells[self._places[name]].strip()

    def filled(self, row: Row, template: str) -> str:
        """Return a text of the map with the cells of a row for the {columns} or {keys} in it."""

        def word(found: re.Match[str]) -> str:
            name = found[1]
            return self.cell(row, name) if name in self.map.columns else self.column(row, name)

        return PLACE.sub(word, template)

    def values(self, row: Row) -> dict[str, object]:
        """Return what a row says of each field of the ticket, None for a field that it leaves empty.

        Raises:
            Unreadable: the desk does not know a word.
        """
        found = {}
        for key in self.fields:
            text = self.cell(row, key)
            if (key, text) not in self._values:
                self._values[key, text] = self._value(key, text)
            value = self._values[key, text]
            if value is ...:
                self._unknown.setdefault((key, text), []).append(row.line)
            else:
                found[key] = value
        return found

    def left_out(self) -> Iterator[Finding]:
        """Yield the words of fields that were left out, each once, where it stood first."""
        for (key, text), lines in self._unknown.items():
            message = say(
                '{key} "{text}" is unknown here and left out; rows: {count}',
                key=key,
                text=shown(text),
                count=len(lines),
            )
            yield self._table.finding(lines[0], "unknown-value", "warning", message)

    def _value(self, key: str, text: str) -> object:
        word = self.map.values.get(key, {}).get(text, text)
        try:
            return self.words.value_of(key, word)
        except WrongUsage as error:
            if self.map.unnamed.values == "leave-out":
                return ...
            raise Unreadable("unknown-value", error.message) from None

    def finding(self, row: Row, error: Unreadable) -> Finding:
        """Return the finding that a row cannot be understood."""
        code, message = error.args
        return self._table.finding(row.line, code, "error", message)

    def _wrong_columns(self, needs: Iterable[str]) -> Iterator[Message]:
        held, file = self.map, self._table.name
        for key in needs:
            if key not in held.columns:
                yield say("[columns] in the map must say which column is the {key}", key=key)
        known = (*self._own, *ACTED, *SETTABLE, "description", *self.policy.fields.entries)
        for key in held.columns:
            if key not in known:
                yield _no_such(say("[columns] in the map: a ticket of this desk has no {key}", key=key), key, known)
        named = [(name, key) for key in held.columns for name in self.columns(key)]
        named += [(name, key) for key, name in (*held.facts.items(), *held.links.items())] + [
            (name, "ignore") for name in held.ignore
        ]
        for name, key in named:
            if name not in self._places:
                message = say(
                    '{file} has no column "{column}", which the map names for {key}', file=file, column=name, key=key
                )
                yield _no_such(message, name, self._places)
        if held.unnamed.columns == "refuse":
            used = {name for name, _ in named} | set(_names([*held.ticket.values(), *_texts(held)]))
            for name in self._places:
                if name not in used:
                    yield say(
                        '{file}: the map names the column "{column}" nowhere: give it a key under [columns], or '
                        "add it to ignore",
                        file=file,
                        column=name,
                    )

    def _wrong_places(self) -> Iterator[Message]:
        held = self.map
        for name in _names([*held.ticket.values(), *_texts(held)]):
            if name not in self._places and name not in held.columns:
                message = say("{{{name}}} in the map is no column of {file}", name=name, file=self._table.name)
                yield _no_such(message, name, (*self._places, *held.columns))


def _texts(held: Map) -> list[str]:
    """Return the texts of the map that activities log."""
    return [found.text for word in held.activities if (found := held.activity(word)) and found.text]


def _names(templates: Iterable[str]) -> Iterator[str]:
    for template in templates:
        yield from PLACE.findall(template)


def _no_such(message: Message, name: str, known: Iterable[str] | Mapping[str, int]) -> Message:
    near = nearest(name, known)
    return message if near is None else say('{sentence}; did you mean "{near}"?', sentence=message, near=near)
