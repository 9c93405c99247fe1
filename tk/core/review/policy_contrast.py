"""What two texts of tk.toml have different, key by key, whatever their comments and their order."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple, TypeAlias

from tk.core.review.contrast import beyond
from tk.core.written.toml import loads

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"


class PolicyChange(NamedTuple):
    """A key of tk.toml, dotted, and its value before and after, None where it was not there.

    Of lists that only hold words the two are what was taken away and what was added; the whole lists where only the
    order changed.
    """

    key: str
    before: Value
    after: Value


def policy_contrast(before: bytes | None, after: bytes | None) -> list[PolicyChange] | None:
    """Return what changed, in the order of the keys; None where one of the two cannot be read as TOML."""
    try:
        sides = [loads((data or b"").decode()) for data in (before, after)]
    except ValueError:
        return None
    return list(_of_tables("", *sides))


def _of_tables(above: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[PolicyChange]:
    for key in dict.fromkeys((*before, *after)):
        yield from _of(f"{above}.{key}" if above else key, before.get(key), after.get(key))


def _of(key: str, before: Any, after: Any) -> Iterator[PolicyChange]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_tables(key, before, after)
    elif repr(before) == repr(after):  # not by value, where false is 0
        return
    elif _are_named(before) and _are_named(after) and (before or after):
        yield from _of_tables(key, *({str(table["name"]): table for table in side or ()} for side in (before, after)))
    elif _are_words(before) and _are_words(after):
        gone, come = list(beyond(before, after)), list(beyond(after, before))
        yield PolicyChange(key, gone or None, come or None) if gone or come else PolicyChange(key, before, after)
    else:
        yield PolicyChange(key, _plain(before), _plain(after))


def _are_named(value: Any) -> bool:
    """Return whether a value is a list of tables each of which has a name, or nothing."""
    if value is None:
        return True
    return isinstance(value, list) and all(isinstance(table, dict) and "name" in table for table in value)


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(part) for part in value]
    return value
