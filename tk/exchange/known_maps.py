"""Maps that come with tk: of trackers that it knows by their folders, and of the log that `tk demo --real` shows."""

from pathlib import Path

from tk.exchange.mapping import Map, read_map
from tk.exchange.table import Table

_SAMPLES = Path(__file__).with_name("samples")

_MARKS = {"backlog": {"id", "created_date"}, "ticket": {"id", "status", "created"}}
"""By which keys of front matter a tracker is known, the most telling first."""


def sample(name: str) -> bytes:
    """Return the file `name` of those that come with tk."""
    return (_SAMPLES / name).read_bytes()


def map_of(table: Table) -> Map | None:
    """Return the map of the tracker whose tickets a folder holds; None where tk knows none."""
    for tracker, keys in _MARKS.items():
        if keys <= set(table.columns):
            return read_map(f"{tracker}.map.toml", sample(f"{tracker}.map.toml"))
    return None
