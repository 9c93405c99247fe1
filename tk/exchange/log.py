"""Event logs as process-mining tools read them: CSV, and XES (IEEE 1849), written line by line."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from tk.core.instant import format_instant
from tk.exchange.inert import inert, row

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_XES_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<classifier name="Activity" keys="concept:name"/>
"""


class Line(NamedTuple):
    """An event: its case, its activity, when, by whom, and its cells in the order of the log's columns."""

    case: str
    activity: str
    at: datetime
    who: str
    cells: tuple[str, ...]


class Log(NamedTuple):
    """A log of events: the names of its columns, and its events in time order."""

    columns: tuple[str, ...]
    lines: Iterable[Line]


def as_csv(log: Log) -> Iterator[str]:
    """Yield the log as CSV, a line at a time; no cell is a formula to a spreadsheet."""
    yield row(column.partition("#")[0] for column in log.columns)
    for line in log.lines:
        yield row(map(inert, line.cells))


def as_xes(log: Log) -> Iterator[str]:
    """Yield the log as XES, a case at a time, in the order in which cases begin."""
    traces: dict[str, list[Line]] = {}
    for line in log.lines:
        traces.setdefault(line.case, []).append(line)
    yield _XES_HEAD
    for case, lines in traces.items():
        yield "<trace>\n" + _attribute("string", "concept:name", case)
        for line in lines:
            yield "<event>\n" + "".join(_attributes(log.columns, line)) + "</event>\n"
        yield "</trace>\n"
    yield "</log>\n"


def _attributes(columns: tuple[str, ...], line: Line) -> Iterator[str]:
    yield _attribute("string", "concept:name", line.activity)
    yield _attribute("string", "org:resource", line.who)
    yield _attribute("date", "time:timestamp", format_instant(line.at))
    for column, cell in zip(columns, line.cells, strict=True):
        if cell:
            yield _attribute("string", column, cell)


def _attribute(kind: str, key: str, value: str) -> str:
    return f"<{kind} key={_quoted(key)} value={_quoted(value)}/>\n"


def _quoted(text: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", text))
