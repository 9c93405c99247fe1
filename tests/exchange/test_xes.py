"""Event logs in XES: read as a table, and refused where XML could do harm."""

import pytest

from tk.errors import WrongUsage
from tk.exchange.xes import read_xes

LOG = b"""<?xml version="1.0"?>
<log xmlns="http://www.xes-standard.org/"><string key="of" value="the log"/>
<trace><string key="concept:name" value="A-1"/>
<event><string key="concept:name" value="opened"/><date key="time:timestamp" value="2026-01-05T09:00:00+01:00"/></event>
<event><string key="concept:name" value="done"/><int key="cost" value="3"/></event>
</trace></log>
"""


def test_events_are_rows_and_attributes_of_the_case_columns_of_each() -> None:
    read = read_xes("x.xes", LOG)
    assert read.columns == ("case:concept:name", "concept:name", "time:timestamp", "cost")
    assert [row.cells for row in read.rows] == [
        ["A-1", "opened", "2026-01-05T09:00:00+01:00", ""],
        ["A-1", "done", "", "3"],
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'<!DOCTYPE l [<!ENTITY a "aa">]><log/>', "declares a document type"),
        (b"<log>", "is no XML"),
        (b"", "is no XML"),
        (b"<log/>", "holds no events"),
    ],
)
def test_what_is_no_log_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(WrongUsage, match=why):
        read_xes("x.xes", data)
