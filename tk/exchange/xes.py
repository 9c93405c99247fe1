"""Event logs in XES (IEEE 1849), read as the table that they are: an event a row, its attributes the columns."""

from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, iterparse

from tk.errors import WrongUsage, say
from tk.exchange.table import Row, Table

OF_CASE = "case:"
"""What begins the name of a column that holds an attribute of the case."""

_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})


def read_xes(name: str, data: bytes) -> Table:
    """Return the events of an XES file; an attribute of a trace is the column `case:KEY` of each of its events.

    The line of a row is the number of the event.

    Raises:
        WrongUsage: it is no XML, or has a document type, by which XML can be made to swell without end.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise WrongUsage(say("{file} declares a document type, which no event log needs", file=name))
    try:
        found = list(_events(data))
    except ParseError as error:
        raise WrongUsage(say("{file} is no XML: {why}", file=name, why=error)) from None
    columns = tuple(dict.fromkeys(key for cells in found for key in cells))
    if not found:
        raise WrongUsage(say("{file} holds no events", file=name))
    rows = [Row(number, [cells.get(key, "") for key in columns]) for number, cells in enumerate(found, 1)]
    return Table(name, columns, rows, [])


def _events(data: bytes) -> Iterator[dict[str, str]]:
    for _, element in iterparse(BytesIO(data)):
        if _tag(element) == "trace":
            case = {f"{OF_CASE}{key}": value for key, value in _attributes(element)}
            for event in element:
                if _tag(event) == "event":
                    yield {**case, **dict(_attributes(event))}
            element.clear()


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    for inner in element:
        if _tag(inner) in _VALUES and "key" in inner.attrib:
            yield inner.attrib["key"], inner.attrib.get("value", "")


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]
