"""What a ticket holds, in words: labels and relative times for people, keys and RFC 3339 for programs."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from tk.cli.app import App
from tk.cli.output.times import day, is_far, moment, relative
from tk.cli.terminal.safe import cell
from tk.core.instant import format_instant, in_zone
from tk.core.names import fold
from tk.core.policy import Branch, Policy, Vocabulary
from tk.core.ticket import KEYS, Attachment, Link
from tk.core.values import vocabulary_of
from tk.errors import say, translation
from tk.store.desk import Desk

NOTHING = "-"
"""What stands for no value."""

_OF_A_DEED = {"by": say("by"), "at": say("at"), "value": say("value")}


class Voice(NamedTuple):
    """How the values of one desk are worded at one instant, `for_people` or for programs; all of it on one line."""

    policy: Policy
    now: datetime
    for_people: bool

    def name(self, key: str) -> str:
        """Return what a key is called: for people a custom field by its label, tk's own in their language."""
        if self.for_people and key in KEYS:
            return translation()(key)
        return cell(self.policy.fields.label(key, self.policy.desk.language) if self.for_people else key)

    def value(self, key: str, value: object) -> str:
        """Return what a ticket holds under `key`."""
        if value in (None, (), {}, ""):
            return NOTHING
        return cell(self._words(key, value))

    def value_and_key(self, key: str, value: object) -> str:
        """Return a value as `value` does, with its key where people could not tell it from the label."""
        words = self.value(key, value)
        if isinstance(value, str) and self._named(key) is not None and fold(words) != fold(value):
            return f"{words} ({cell(value)})"
        return words

    def steps_of(self, key: str, path: str) -> str | None:
        """Return a path of a tree in words, its steps joined by "/"; None where the key's values are no tree."""
        field = self.policy.fields.entries.get(key)
        tree = self.policy.categories if key == "category" else None if field is None else field.tree
        return None if tree is None else cell("/".join(self._steps(tree, tuple(path.split("/")))))

    def change(self, key: str, before: object, after: object) -> str:
        """Return what became of the value under `key`; a description is not repeated."""
        if key == "description":
            return str(say("description changed") if before else say("description written"))
        words = self.value(key, after)
        return f"{self.name(key)}: {f'{self.value(key, before)} → {words}' if before else words}"

    def event_type(self, key: str) -> str:
        """Return what an event type is called."""
        return cell(self.policy.events.label(key, self.policy.desk.language) if self.for_people else key)

    def time(self, at: datetime) -> str:
        """Return an instant: for people in the desk's zone, with how far away it is unless it is far."""
        if not self.for_people:
            return format_instant(at)
        if self.now.tzinfo is not None:
            at = in_zone(at, self.now.tzinfo)
        return moment(at) + ("" if is_far(at, self.now) else f" ({relative(at, self.now)})")

    def _words(self, key: str, value: object) -> str:
        match value:
            case datetime():
                return self.time(value)
            case date():
                return self._day(value)
            case Link() | Attachment():
                return self._beside(value)
            case Mapping():
                names = {name: self._entry(key, name) for name, part in value.items() if part is not None}
                return ", ".join(f"{called} {self._words('', value[name])}" for name, called in names.items())
            case tuple() if hasattr(value, "_asdict"):
                return self._deed(value._asdict())
            case tuple() if all(isinstance(part, str) for part in value):
                vocabulary = self._named(key)
                return ", ".join(value) if vocabulary is None else "/".join(self._steps(vocabulary, value))
            case tuple():
                return "; ".join(self._words(key, part) for part in value)
        vocabulary = self._named(key)
        return str(value) if vocabulary is None else self._label(vocabulary, str(value))

    def _deed(self, held: Mapping[str, object]) -> str:
        """Return a request, an approval or a rating in words: `by María López, at 2026-08-12 12:00`."""
        told = {name: self._words("creator" if name == "by" else "", part) for name, part in held.items() if part}
        return ", ".join(f"{_OF_A_DEED.get(name, name) if self.for_people else name} {told[name]}" for name in told)

    def _beside(self, held: Link | Attachment) -> str:
        """Return a link or a document in words: `Follows TK-260701-0B2M4`, `note.pdf (Invoice, 2026-08-10)`."""
        if isinstance(held, Link):
            return f"{self._label(self.policy.links, held.kind)} {held.id}"
        told = [self._label(self.policy.attachments.kinds, held.kind)] if held.kind else []
        told += [self._day(held.date)] if held.date else []
        return f"{held.file} ({', '.join(told)})" if told else held.file

    def _day(self, at: date) -> str:
        return day(at) if self.for_people else at.isoformat()

    def _entry(self, key: str, name: str) -> str:
        """Return what an entry of a map is called: a request or an approval by its label."""
        named: dict[str, Vocabulary[Any]] = {"requests": self.policy.requests, "approvals": self.policy.approvals}
        return self._label(named[key], name) if key in named else name

    def _steps(self, tree: Vocabulary[Branch], path: tuple[str, ...]) -> Iterator[str]:
        """Yield what each step of a path in a tree is called, the step itself where the desk does not know it."""
        for end, step in enumerate(path, 1):
            whole = "/".join(path[:end])
            label = self._label(tree, whole)
            yield step if label == whole else label

    def _label(self, vocabulary: Vocabulary[Any], key: str) -> str:
        return vocabulary.label(key, self.policy.desk.language) if self.for_people else key

    def _named(self, key: str) -> Vocabulary[Any] | None:
        """Return the vocabulary that the values of a key come from; None where they are any text."""
        field = self.policy.fields.entries.get(key)
        if key == "creator" or (field is not None and field.type == "person"):
            return self.policy.people
        return vocabulary_of(self.policy, key) if field is None else field.choices or field.tree


def voice_of(app: App, desk: Desk) -> Voice:
    """Return the voice for whoever reads stdout."""
    return Voice(desk.policy, desk.now, app.is_terminal)
