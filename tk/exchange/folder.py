"""Folders of Markdown with front matter, as other trackers keep their tickets: each file a row of a table.

Every scalar is read as text, as a ticket's own are: `no` stays a word and `0123` no number.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from frontmatter import loads
from frontmatter.default_handlers import YAMLHandler
from yaml import BaseLoader, MarkedYAMLError, YAMLError

from tk.core.finding import Finding
from tk.errors import Message, say
from tk.exchange.mapping import Map
from tk.exchange.table import Row, Table

TITLE, BODY, PATH = "title", "body", "path"
"""The columns that a file's first heading, its text and its path are, beside the keys of its front matter."""

_LARGEST = 1 << 20
_MOST = 500
"""How many words front matter may hold: an alias of YAML can stand for more than any memory has."""

_FIRST = 1
"""The line of the file on which YAML begins to count: it is handed the line end behind the fence."""

_HEADING = re.compile(r"\A\s*# +(?P<title>[^\n]+?)[ #]*(?:\n|\Z)")


class _Text(YAMLHandler):
    """Reads front matter as text alone, by a loader that makes nothing else of it."""

    def load(self, fm: str, **kwargs: object) -> Any:
        return super().load(fm, **{**kwargs, "Loader": BaseLoader})


def read_folder(name: str, files: Iterable[tuple[str, bytes]]) -> Table:
    """Return the table of the files of a folder, each given by its path and its bytes; the line of a row is its place.

    A file without front matter is none of a tracker's tickets and left out.
    """
    found: list[tuple[int, dict[str, str]]] = []
    faults: list[Finding] = []
    paths = []
    for number, (path, data) in enumerate(files, 1):
        paths.append(f"{name.rstrip('/')}/{path}")
        try:
            cells = _cells(path, data)
        except _Unfit as error:
            faults.append(Finding(paths[-1], error.line, 0, "unreadable", "error", error.message))
        else:
            found.extend([(number, cells)] if cells else [])
    columns = tuple(dict.fromkeys(key for _, cells in found for key in cells))
    rows = [Row(number, [cells.get(key, "") for key in columns]) for number, cells in found]
    return Table(name, columns, rows, faults, paths)


def completed(table: Table, held: Map) -> Table:
    """Return the table with empty columns for those that the map names and no file has."""
    wanted = [one for names in held.columns.values() for one in ([names] if isinstance(names, str) else names)]
    missing = [
        name for name in dict.fromkeys((*wanted, *held.ignore, *held.links.values())) if name not in table.columns
    ]
    rows = [row._replace(cells=[*row.cells, *("" for _ in missing)]) for row in table.rows]
    return table._replace(columns=(*table.columns, *missing), rows=rows)


class _Unfit(Exception):
    def __init__(self, message: Message, line: int = 0) -> None:
        super().__init__(str(message))
        self.message = message
        self.line = line


def _cells(path: str, data: bytes) -> dict[str, str]:
    if len(data) > _LARGEST:
        raise _Unfit(say("the file holds more than {limit} KiB", limit=_LARGEST >> 10))
    try:
        post = loads(data.decode("utf-8-sig"), handler=_Text())
    except UnicodeDecodeError:
        raise _Unfit(say("this file is not UTF-8 text; save it as UTF-8")) from None
    except RecursionError:
        raise _Unfit(say("the front matter is nested too deep to be read")) from None
    except MarkedYAMLError as error:
        line = 0 if error.problem_mark is None else error.problem_mark.line + _FIRST
        raise _Unfit(say("the front matter is no YAML: {why}", why=error.problem), line) from None
    except (YAMLError, ValueError) as error:
        raise _Unfit(say("the front matter is no YAML: {why}", why=" ".join(str(error).split()))) from None
    if not post.metadata:
        return {}
    cells: dict[str, str] = {}
    for key, text in _flat(post.metadata, ""):
        if len(cells) >= _MOST:
            raise _Unfit(say("the front matter holds more than a ticket has"))
        cells[key] = text
    heading = _HEADING.match(post.content)
    body = post.content
    if heading is not None and TITLE not in cells:
        body = post.content[heading.end() :]
        cells[TITLE] = heading["title"]
    return {**cells, BODY: body, PATH: path}


def _flat(value: object, way: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and depth < 3:
        for key, inner in value.items():
            yield from _flat(inner, f"{way}.{key}" if way else str(key), depth + 1)
    elif isinstance(value, list):
        yield way, ",".join(item for item in value if isinstance(item, str))
    elif isinstance(value, str):
        yield way, value
