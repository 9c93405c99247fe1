"""Which reader a foreign file needs, told by its name, else by how it begins."""

from pathlib import PurePath

from tk.exchange.mapping import File
from tk.exchange.table import Table, read_csv, read_json
from tk.exchange.xes import read_xes

_BY_ENDING = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".json": "json", ".ndjson": "json", ".jsonl": "json"}
_BY_START = {b"<": "xes", b"{": "json", b"[": "json"}


def read_table(name: str, data: bytes, file: File) -> Table:
    """Return the table that a file holds as CSV, JSON, NDJSON or XES; `file` is what the map says of it.

    Raises:
        WrongUsage: it cannot be read.
    """
    ending = PurePath(name).suffix.lower()
    kind = "xes" if ending in {".xes", ".xml"} else _BY_ENDING.get(ending) or _BY_START.get(data.lstrip()[:1], "csv")
    if kind == "xes":
        return read_xes(name, data)
    if kind == "json":
        return read_json(name, data, file.encoding, file.records)
    return read_csv(name, data, file.encoding, _delimiter(file))


def _delimiter(file: File) -> str | None:
    return {"tab": "\t", "\\t": "\t"}.get(file.delimiter or "", file.delimiter)
