"""The values a ticket's keys may hold: from people's words to what the file keeps, and what is wrong with a kept one.

`parse` serves the commands (labels, any case, accents optional), `fault` the law and the checks (keys, as stored).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tk.core.instant import parse_date
from tk.core.names import fold, nearest
from tk.core.policy import Branch, Field, Policy, Vocabulary
from tk.core.text import is_one_line, normalise, one_line, shown
from tk.core.ticket import INTERNAL, Event
from tk.errors import Message, WrongUsage, say

SETTABLE = ("title", "priority", "type", "category", "channel", "requester", "customer", "unit", "tags")
"""The built-in keys that `set` changes; the others have an action of their own or are stamps."""

OWN_ACTION: Mapping[str, str] = {
    "status": "tk advance ID STATUS",
    "owner": "tk assign ID PERSON",
    "team": "tk assign ID TEAM",
}
"""Keys that a command other than `set` changes, and which."""

_MANY = 20
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
_YES = frozenset({"yes", "true", "si", "y", "1", "on"})
_NO = frozenset({"no", "false", "n", "0", "off"})


_SIZE = re.compile(r"([1-9]\d{0,8}) ?(B|KB|MB|GB)", re.ASCII)
_UNITS = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}


def parse_size(text: str) -> int:
    """Return the bytes of a size such as `25MB`, each unit 1024 of the one below as in git; ValueError for no size."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(match[1]) * _UNITS[match[2]]


def format_size(size: int) -> str:
    """Return a number of bytes as `parse_size` reads it, in the largest unit that leaves no rest."""
    unit = next(unit for unit in ("GB", "MB", "KB", "B") if size % _UNITS[unit] == 0)
    return f"{size // _UNITS[unit]} {unit}"


class Fault(NamedTuple):
    """What is wrong with a value: a stable code, a sentence, and what would do instead."""

    code: str
    message: Message
    instead: Message | None = None


def branch_of(tree: Vocabulary[Branch], text: str) -> tuple[str, ...] | None:
    """Return the path in `tree` that "A/B/C" names by keys or labels, step by step; None where a step is not there."""
    so_far: tuple[str, ...] = ()
    for step in text.split("/"):
        wanted = fold(step)
        below = (b for b in tree.entries.values() if b.path[:-1] == so_far)
        found = next((b for b in below if wanted in {fold(b.path[-1]), *map(fold, b.labels.values())}), None)
        if found is None:
            return None
        so_far = found.path
    return so_far


def is_name(text: str) -> bool:
    """Return whether `text` can name a fact, a kind of link, a request or an approval: `purchase-note`."""
    return _NAME.fullmatch(text) is not None


def choose(vocabulary: Vocabulary[Any], text: str, what: Message | str) -> str:
    """Return the key that `text` names; raise WrongUsage with the nearest spelling or the whole choice where none.

    `what` is the key of a ticket that it is for, or what else such a name is called.
    """
    key = vocabulary.find(text)
    if key is None:
        raise WrongUsage(say('unknown {what} "{text}"', what=what, text=text), _or_else(vocabulary, text, what))
    return key


def _or_else(vocabulary: Vocabulary[Any], text: str, what: Message | str) -> Message:
    near = vocabulary.nearest(text)
    if near is not None:
        return say('did you mean "{near}"?', near=near)
    if not vocabulary.entries:
        return say("tk.toml of this desk names no {what}", what=what)
    keys = list(vocabulary.entries)
    return say("the choice is: {keys}", keys=", ".join(keys if len(keys) <= _MANY else [*keys[:_MANY], "…"]))


def vocabulary_of(policy: Policy, key: str) -> Vocabulary[Any] | None:
    """Return the vocabulary that a key's values come from; None where any text will do."""
    named: dict[str, Vocabulary[Any]] = {
        "status": policy.statuses,
        "priority": policy.priorities,
        "type": policy.types,
        "category": policy.categories,
        "channel": policy.channels,
        "owner": policy.people,
        "team": policy.teams,
    }
    return named.get(key)


def parse(policy: Policy, key: str, text: str) -> object:
    """Return what a ticket keeps under `key` for the words `text`; None where they are empty, which takes it away.

    Raises:
        WrongUsage: the desk has no such key, or the words do not name one of its values.
    """
    if key in OWN_ACTION:
        raise WrongUsage(say('"{key}" is not set but acted on', key=key), say("use: {how}", how=OWN_ACTION[key]))
    if key == "description":
        return normalise(text) or None
    field = policy.fields.entries.get(key)
    if field is None and key not in SETTABLE:
        message, hint = no_such_key(policy, key)
        keys = ", ".join(("description", *SETTABLE, *policy.fields.entries))
        raise WrongUsage(message, hint or say("the choice is: {keys}", keys=keys))
    if key == "tags":
        return tuple(dict.fromkeys(filter(None, map(one_line, text.split(","))))) or None
    bare = normalise(text) if field is not None and field.type == "text" else one_line(text)
    if not bare:
        return None
    if field is not None:
        return _field_value(policy, field, bare)
    vocabulary = vocabulary_of(policy, key)
    if vocabulary is None:
        return bare
    if key == "category":
        return _branch(policy.categories, bare, "category")
    return choose(vocabulary, bare, key)


def no_such_key(policy: Policy, key: str) -> tuple[Message, Message | None]:
    """Return the sentence that a ticket has no field `key` to be set, and which one may have been meant."""
    near = nearest(key, [*SETTABLE, *policy.fields.entries])
    message = say('a ticket of this desk has no field "{key}" that can be set', key=shown(key))
    return message, None if near is None else say('did you mean "{near}"?', near=near)


def _branch(tree: Vocabulary[Branch], text: str, what: str) -> tuple[str, ...]:
    path = branch_of(tree, text)
    if path is None:
        raise WrongUsage(say('unknown {what} "{text}"', what=what, text=text), _or_else(tree, text, what))
    return path


def _field_value(policy: Policy, field: Field, text: str) -> object:
    if field.type == "choice" and field.choices is not None:
        return choose(field.choices, text, field.key)
    if field.type == "tree" and field.tree is not None:
        return _branch(field.tree, text, field.key)
    if field.type == "person":
        return choose(policy.people, text, say("person"))
    reader = _READERS.get(field.type)
    if reader is None:
        return text
    try:
        return reader(text)
    except ValueError:
        raise WrongUsage(_no_value(field, text), _like(field)) from None


def number(text: str) -> str:
    """Return a decimal number in its plain form; raise ValueError where it is none."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, part = digits.partition(".")
    if not (whole.isascii() and whole.isdigit()) or (point and not (part.isascii() and part.isdigit())):
        raise ValueError(text)
    return f"{sign}{whole.lstrip('0') or '0'}{point}{part}"


def _flag(text: str) -> str:
    folded = fold(text)
    if folded in _YES:
        return "true"
    if folded in _NO:
        return "false"
    raise ValueError(text)


def _date(text: str) -> str:
    return parse_date(text).isoformat()


_READERS: Mapping[str, Callable[[str], str]] = {"number": number, "date": _date, "flag": _flag}
_TYPES = {"number": say("number"), "date": say("date"), "flag": say("flag"), "text": say("text")}
_WANTED = {"number": say("12 or 3.5"), "date": "2026-08-12", "flag": say("yes or no")}


def is_empty(value: object) -> bool:
    """Return whether a value says nothing: none at all, empty text, an empty list or map."""
    return value is None or value in ("", (), {})


def fault(policy: Policy, key: str, value: object) -> Fault | None:
    """Return what is wrong with `value`, as a ticket keeps it under `key`, by this policy; None where nothing is."""
    if key == "title" and not str(value or "").strip():
        return Fault("missing-key", say("a ticket needs a title"))
    if is_empty(value):
        return None
    field = policy.fields.entries.get(key)
    if field is not None:
        return _field_fault(policy, field, value)
    if key == "category":
        return _branch_fault(policy.categories, value, key, "unknown-category")
    vocabulary = vocabulary_of(policy, key)
    if vocabulary is not None:
        return unknown(vocabulary, value, key, f"unknown-{key}")
    return _text_fault(key, value) if key in SETTABLE else None


def name_fault(policy: Policy, verb: str, name: str) -> Fault | None:
    """Return what is wrong with the name of what is attached, linked, requested or approved; None where nothing is."""
    named: Mapping[str, tuple[Vocabulary[Any], Message, str]] = {
        "attach": (policy.attachments.kinds, say("kind of document"), "unknown-document"),
        "link": (policy.links, say("kind of link"), "unknown-link"),
        "request": (policy.requests, say("request"), "unknown-request"),
        "approve": (policy.approvals, say("approval"), "unknown-approval"),
    }
    return unknown(named[verb][0], name, *named[verb][1:])


def event_fault(policy: Policy, event: Event) -> Fault | None:
    """Return what is wrong with an event by this policy, None where nothing is."""
    if event.visibility not in {"public", INTERNAL}:
        message = say('an event is public or internal, not "{visibility}"', visibility=event.visibility)
        return Fault("bad-event", message)
    return unknown(policy.events, event.type, say("event type"), "unknown-event")


def unknown(vocabulary: Vocabulary[Any], value: object, what: Message | str, code: str) -> Fault | None:
    """Return that `value` is no key of a vocabulary, with the nearest there is; None where it is one."""
    if isinstance(value, str) and value in vocabulary.entries:
        return None
    text = shown(str(value))
    message = say('"{text}" is no {what} of this desk', text=text, what=what)
    return Fault(code, message, _or_else(vocabulary, text, what))


def _branch_fault(tree: Vocabulary[Branch], value: object, key: str, code: str) -> Fault | None:
    path = "/".join(map(str, value)) if isinstance(value, tuple) else str(value)
    branch = tree.entries.get(path)
    if branch is None:
        return unknown(tree, path, key, code)
    if branch.path == value:
        return None
    return Fault(code, say("{key} is a list of steps: [{steps}]", key=key, steps=", ".join(branch.path)))


def _text_fault(key: str, value: object) -> Fault | None:
    lines = value if isinstance(value, tuple) else (value,)
    is_text = all(isinstance(line, str) and line.strip() and is_one_line(line) for line in lines)
    if is_text and isinstance(value, tuple) is (key == "tags"):
        return None
    return Fault("bad-value", say("{key} must be text on one line, without control characters", key=key))


def _field_fault(policy: Policy, field: Field, value: object) -> Fault | None:
    if field.tree is not None:
        return _branch_fault(field.tree, value, field.key, "bad-field")
    vocabulary: Vocabulary[Any] | None = policy.people if field.type == "person" else field.choices
    if vocabulary is not None:
        return unknown(vocabulary, value, field.key, "bad-field")
    reader = _READERS.get(field.type, str)
    try:
        if isinstance(value, str) and reader(value) == value:
            return None
    except ValueError:
        pass
    text = shown(str(value))
    return Fault("bad-field", _no_value(field, text), _like(field))


def _no_value(field: Field, text: str) -> Message:
    return say('"{text}" is no value for {key}, which is a {type}', text=text, key=field.key, type=_TYPES[field.type])


def _like(field: Field) -> Message | None:
    example = _WANTED.get(field.type)
    return None if example is None else say("write it like {example}", example=example)
