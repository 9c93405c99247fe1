"""Whether the data of a tk.toml has the shape of `file`: finds every fault and goes on with what is right."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import reduce
from typing import Any, Final, TypeVar

from msgspec import inspect

from tk.core.condition_terms import Path
from tk.core.instant import parse_date
from tk.core.names import fold, nearest
from tk.core.written.faults import Faults, dotted
from tk.core.written.file import LATER, PolicyFile
from tk.errors import Message, say

S = TypeVar("S")

_DEEPEST = 20
"""How many keys deep anything in tk.toml may lie."""


class _Gone:
    """Stands for a value that was dropped because nothing could be made of it."""


_GONE: Final = _Gone()


def fit(data: Mapping[str, object], faults: Faults) -> PolicyFile | None:
    """Return what of `data` has the right shape, None when [desk] or [statuses] is missing or unusable."""
    return fit_as(PolicyFile, data, faults, "tk.toml")


def fit_as(shape: type[S], data: Mapping[str, object], faults: Faults, name: str) -> S | None:
    """Return what of `data`, as the file `name` holds it, has the shape of a struct; None where nothing has."""
    fitted = _Fitting(faults, name).fit(data, inspect.type_info(shape), ())
    return fitted if isinstance(fitted, shape) else None


class _Fitting:
    """One pass over the data along the types of `PolicyFile`; a method a type."""

    def __init__(self, faults: Faults, name: str) -> None:
        self._faults = faults
        self._name = name

    def _table(self, path: Path) -> str:
        """Return what sentences call the table at `path`: the whole file by its name."""
        return _table(path) if path else self._name

    def fit(self, value: object, kind: inspect.Type, path: Path) -> object:
        """Return `value` with what is wrong in it dropped, `_GONE` when that is all of it."""
        extra: Mapping[str, Any] = {}
        while isinstance(kind, inspect.Metadata):
            extra = {**(kind.extra or {}), **extra}
            kind = kind.type
        if len(path) > _DEEPEST:
            self._faults.add(path, "bad-value", say("{path} lies too deep", path=dotted(path[:3])))
            return _GONE
        if isinstance(kind, inspect.UnionType):
            return self._union(value, kind, path)
        if not _has_type(value, kind):
            return self._bad_type(value, [kind], path)
        fit_value = _FITS.get(type(kind))
        return value if fit_value is None else fit_value(self, value, kind, path, extra)

    def _bad_type(self, value: object, kinds: list[inspect.Type], path: Path) -> object:
        wanted: dict[str, Message] = {_EXPECTED[type(kind)].template: _EXPECTED[type(kind)] for kind in kinds}
        expected = reduce(lambda first, second: say("{first} or {second}", first=first, second=second), wanted.values())
        message = say("{key} must be {expected}, not {found}", key=dotted(path), expected=expected, found=_found(value))
        self._faults.add(path, "bad-type", message)
        return _GONE

    def _union(self, value: object, union: inspect.UnionType, path: Path) -> object:
        kinds = [kind for kind in union.types if not isinstance(kind, inspect.NoneType)]
        struct = next((kind for kind in kinds if isinstance(kind, inspect.StructType)), None)
        if struct is not None and "label" in {field.name for field in struct.fields} and _is_words(value):
            return self.fit({"label": value}, struct, path)
        for kind in kinds:
            if _has_type(value, kind):
                return self.fit(value, kind, path)
        return self._bad_type(value, [_bare(kind) for kind in kinds], path)

    def struct(self, value: Any, kind: inspect.StructType, path: Path, _: Mapping[str, Any]) -> object:
        fields = {field.encode_name: field for field in kind.fields}
        made: dict[str, object] = {}
        for key, inner in value.items():
            if key in fields:
                fitted = self.fit(inner, fields[key].type, (*path, key))
                if fitted is not _GONE:
                    made[key] = fitted
            else:
                self._unknown_key(key, list(fields), path)
        for key, field in fields.items():
            if field.required and key not in made:
                if key not in value:
                    needed = key if path else f"[{key}]"
                    self._faults.add_key(
                        path, "missing-key", say("{table} needs {key}", table=self._table(path), key=needed)
                    )
                instead = _instead(field.type)
                if instead is _GONE:
                    return _GONE
                made[key] = instead
        return kind.cls(**{fields[key].name: fitted for key, fitted in made.items()})

    def _unknown_key(self, key: str, known: list[str], path: Path) -> None:
        near = nearest(key, known)
        table = self._table(path)
        if not path and key in LATER:
            message = say("this version of tk does not know [{key}] yet; take it out", key=key)
        elif near is None:
            message = say(
                "unknown key `{key}` in {table}; it takes {known}", key=key, table=table, known=", ".join(known)
            )
        else:
            message = say("unknown key `{key}` in {table}; did you mean `{near}`?", key=key, table=table, near=near)
        self._faults.add_key((*path, key), "unknown-key", message)

    def table(self, value: Any, kind: inspect.DictType, path: Path, _: Mapping[str, Any]) -> object:
        made: dict[str, object] = {}
        for key, inner in value.items():
            here = (*path, key)
            if self._key_fits(key, kind.key_type, here):
                fitted = (
                    inner if isinstance(kind.value_type, inspect.AnyType) else self.fit(inner, kind.value_type, here)
                )
                if fitted is not _GONE:
                    made[key] = fitted
        if kind.min_length and not made:
            if not value:
                self._faults.add(path, "bad-value", say("{table} is empty", table=self._table(path)))
            return _GONE
        if isinstance(kind.value_type, inspect.AnyType) and _depth(value) > _DEEPEST:
            self._faults.add(path, "bad-condition", say("{key} is nested too deep", key=dotted(path)))
            return _GONE
        return made

    def _key_fits(self, key: str, kind: inspect.Type, path: Path) -> bool:
        extra: Mapping[str, Any] = {}
        if isinstance(kind, inspect.Metadata):
            extra, kind = kind.extra or {}, kind.type
        pattern = getattr(kind, "pattern", None)
        if pattern is None or re.fullmatch(pattern, key):
            return True
        self._faults.add_key(path, "bad-value", _misspelt(key, pattern, extra["rule"]))
        return False

    def items(self, value: Any, kind: inspect.ListType, path: Path, _: Mapping[str, Any]) -> object:
        fitted = [self.fit(item, kind.item_type, (*path, position)) for position, item in enumerate(value)]
        kept = [position for position, item in enumerate(fitted) if item is not _GONE]
        self._faults.keep(path, kept)
        return [fitted[position] for position in kept]

    def text(self, value: Any, kind: inspect.StrType, path: Path, extra: Mapping[str, Any]) -> object:
        if kind.pattern is None or re.fullmatch(kind.pattern, value):
            return value
        self._faults.add(path, "bad-value", _misspelt(value, kind.pattern, extra["rule"]))
        return _GONE

    def literal(self, value: Any, kind: inspect.LiteralType, path: Path, _: Mapping[str, Any]) -> object:
        choices = [str(choice) for choice in kind.values]
        if value in choices:
            return value
        near = nearest(value, choices)
        if near is None:
            template = '{key} cannot be "{value}"; it is one of {choices}'
            message = say(template, key=dotted(path), value=value, choices=", ".join(choices))
        else:
            message = say('{key} cannot be "{value}"; did you mean "{near}"?', key=dotted(path), value=value, near=near)
        self._faults.add(path, "bad-value", message)
        return _GONE

    def number(self, value: Any, kind: inspect.IntType, path: Path, _: Mapping[str, Any]) -> object:
        if kind.ge is None or kind.ge <= value < 2**63:
            return value
        self._faults.add(path, "bad-value", say("{key} must be at least {least}", key=dotted(path), least=kind.ge))
        return _GONE

    def day(self, value: Any, _: inspect.DateType, path: Path, __: Mapping[str, Any]) -> object:
        try:
            return parse_date(value) if isinstance(value, str) else value
        except ValueError:
            self._faults.add(path, "bad-value", say('{key}: there is no day "{value}"', key=dotted(path), value=value))
            return _GONE


def _table(path: Path) -> str:
    """Return what sentences call the table at `path`, which is not that of the whole file."""
    return dotted(path) if isinstance(path[-1], int) else f"[{dotted(path)}]"


def _instead(kind: inspect.Type) -> object:
    while isinstance(kind, inspect.Metadata):
        if kind.extra and "instead" in kind.extra:
            return kind.extra["instead"]
        kind = kind.type
    return _GONE


def _misspelt(value: str, pattern: str, rule: Message) -> Message:
    near = fold(value)
    if near != value and re.fullmatch(pattern, near):
        return say('"{value}" will not do: {rule}; did you mean "{near}"?', value=value, rule=rule, near=near)
    return say('"{value}" will not do: {rule}', value=value, rule=rule)


def _is_words(value: object) -> bool:
    """Return whether `value` is a label alone: text, or a table all of whose keys are languages."""
    if isinstance(value, dict):
        return bool(value) and all(re.fullmatch("[a-z]{2}", key) for key in value)
    return isinstance(value, str)


def _depth(value: object) -> int:
    """Return how deep tables and lists lie in one another, without recursion."""
    depth, level = 0, [value]
    while level and depth <= _DEEPEST:
        depth += 1
        inner = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)]
        level = [item for items in inner for item in items]
    return depth


def _bare(kind: inspect.Type) -> inspect.Type:
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    return kind


def _has_type(value: object, kind: inspect.Type) -> bool:
    bare = type(_bare(kind))
    if bare is inspect.DateType:
        return isinstance(value, str | date) and not isinstance(value, datetime)
    if bare is inspect.IntType:
        return isinstance(value, int) and not isinstance(value, bool)
    wanted = _PYTHON.get(bare)
    return wanted is None or isinstance(value, wanted)


def _found(value: object) -> Message:
    for kind, words in _FOUND:
        if isinstance(value, kind):
            return words
    return say("a time")


_FOUND: tuple[tuple[type, Message], ...] = (
    (bool, say("true or false")),
    (str, say("text")),
    (int, say("a number")),
    (float, say("a number")),
    (dict, say("a table")),
    (list, say("a list")),
    (datetime, say("an instant")),
    (date, say("a day")),
)

_PYTHON: Mapping[type, type] = {
    inspect.StrType: str,
    inspect.LiteralType: str,
    inspect.BoolType: bool,
    inspect.ListType: list,
    inspect.DictType: dict,
    inspect.StructType: dict,
}

_EXPECTED: Mapping[type, Message] = {
    inspect.StrType: say("text"),
    inspect.LiteralType: say("text"),
    inspect.BoolType: say("true or false"),
    inspect.IntType: say("a whole number"),
    inspect.DateType: say("a day such as 2026-08-12"),
    inspect.ListType: say("a list"),
    inspect.DictType: say("a table"),
    inspect.StructType: say("a table"),
}

_FITS: Mapping[type, Callable[[_Fitting, Any, Any, Path, Mapping[str, Any]], object]] = {
    inspect.StructType: _Fitting.struct,
    inspect.DictType: _Fitting.table,
    inspect.ListType: _Fitting.items,
    inspect.StrType: _Fitting.text,
    inspect.LiteralType: _Fitting.literal,
    inspect.IntType: _Fitting.number,
    inspect.DateType: _Fitting.day,
}
