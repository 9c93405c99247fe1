"""Registers as they lie in a desk: CSV in UTF-8, its first line naming the columns, and what is wrong with one."""

import csv
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from io import StringIO

from tk.core.finding import Finding
from tk.core.instant import parse_date
from tk.core.names import nearest
from tk.core.policy import Policy
from tk.core.register import Row
from tk.core.rules import Register
from tk.errors import Message, Refused, TkError, say

_LARGEST = 64 << 20
"""How many bytes a register may have; a larger one is a mistake."""

Content = Callable[[str], bytes | None]
"""What stands in a file of the desk, None where there is none."""


class Shelf:
    """The registers of a desk, each read when it is first asked for."""

    def __init__(self, policy: Policy, content: Content) -> None:
        self._policy = policy
        self._content = content
        self._read: dict[str, Table] = {}

    def entry(self, register: str, key: str) -> Row | None:
        """Return the row of `register` that `key` tells apart, in any case where none is written just so."""
        table = self.table(register)
        return table.keyed.get(key) or table.folded.get(key.casefold())

    def rows(self, register: str) -> Sequence[Row]:
        """Return all rows of `register`, none where it cannot be read."""
        return self.table(register).rows

    def table(self, register: str) -> "Table":
        """Return the table of `register`, empty where there is none."""
        if register not in self._read:
            entry = self._policy.registers.entries.get(register)
            self._read[register] = Table() if entry is None else read(entry, self._content)
        return self._read[register]


class Table:
    """A register as read: its rows, and what is wrong with it."""

    def __init__(self, rows: Sequence[Row] = (), key: str = "", findings: Sequence[Finding] = ()) -> None:
        self.rows = rows
        self.findings = findings
        self._key = key

    @cached_property
    def keyed(self) -> Mapping[str, Row]:
        """The rows by what tells them apart; of two that bear the same, the first."""
        return {row[self._key]: row for row in reversed(self.rows)}

    @cached_property
    def folded(self) -> Mapping[str, Row]:
        """The rows by what tells them apart, in any case."""
        return {row[self._key].casefold(): row for row in reversed(self.rows)}


def read(register: Register, content: Content) -> Table:
    """Return the table that a register is, as far as it can be read, with what is wrong with it."""
    try:
        data = content(register.file)
    except (Refused, TkError) as error:
        return _unreadable(register, "bad-register", error.message)
    if data is None:
        message = say("{file} is not there, though tk.toml:{line} names it", file=register.file, line=register.line)
        return _unreadable(register, "missing-register", message)
    if len(data) > _LARGEST:
        return _unreadable(register, "bad-register", say("{file} is too large for a register", file=register.file))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = say("this file is not UTF-8 text; save it as UTF-8")
        return Table((), register.column, [Finding(register.file, line, 1, "encoding", "error", message)])
    return _parsed(register, text)


def _unreadable(register: Register, code: str, message: Message) -> Table:
    return Table((), register.column, [Finding(register.file, 0, 0, code, "error", message)])


def _parsed(register: Register, text: str) -> Table:
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    sheet = _Sheet(register)
    try:
        if sheet.has_columns([name.strip() for name in next(reader, [])]):
            for cells in reader:
                sheet.add(reader.line_num, list(map(str.strip, cells)))
    except csv.Error as error:
        sheet.note(reader.line_num, "bad-row", say("this is not CSV: {why}", why=error))
    return Table(sheet.rows, register.column, sheet.findings)


class _Sheet:
    """A register while it is being read, line by line."""

    def __init__(self, register: Register) -> None:
        self.rows: list[Row] = []
        self.findings: list[Finding] = []
        self._register = register
        self._header: list[str] = []
        self._seen: dict[str, int] = {}

    def note(self, line: int, code: str, message: Message, severity: str = "error") -> None:
        self.findings.append(Finding(self._register.file, line, 1, code, severity, message))

    def has_columns(self, header: list[str]) -> bool:
        """Take the first line; return whether every column is there that must be."""
        self._header = header
        for name in (self._register.column, *self._register.columns):
            if name not in header:
                self.note(1, "missing-column", _no_column(name, header))
        is_whole = not self.findings
        for name in sorted({name for name in header if header.count(name) > 1}):
            self.note(1, "double-column", say('the column "{name}" is there twice', name=name))
        return is_whole

    def add(self, line: int, cells: list[str]) -> None:
        """Take a further line."""
        if not any(cells):
            return
        if len(cells) != len(self._header):
            message = say("this row has {found} cells, the first {wanted}", found=len(cells), wanted=len(self._header))
            self.note(line, "bad-row", message)
            return
        row = dict(zip(self._header, cells, strict=True))
        key = row[self._register.column]
        if not key:
            self.note(line, "bad-row", say('this row has nothing under "{name}"', name=self._register.column))
            return
        if key in self._seen:
            message = say('"{key}" stands in line {line} already; the first one counts', key=key, line=self._seen[key])
            self.note(line, "double-key", message, "warning")
        self._seen.setdefault(key, line)
        for day in _bad_days(self._register, row):
            self.note(line, "bad-date", say('"{day}" is no day; write it as 2026-08-12', day=day))
        self.rows.append(row)


def _no_column(name: str, header: Sequence[str]) -> Message:
    near = nearest(name, header)
    if near is None:
        return say('there is no column "{name}"; the first line names: {header}', name=name, header=", ".join(header))
    return say('there is no column "{name}"; did you mean "{near}"?', name=name, near=near)


def _bad_days(register: Register, row: Row) -> list[str]:
    """Return what stands in the columns of terms and of holidays and is no day."""
    sides = (side for cover in register.covers.values() for side in cover if side is not None)
    columns = dict.fromkeys((*register.days, *sides))
    bad = []
    for text in filter(None, (row.get(column) for column in columns)):
        try:
            parse_date(text)
        except ValueError:
            bad.append(text)
    return bad
