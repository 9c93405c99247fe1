"""A progress bar: late, on a terminal, gone at the end."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.terminal import seen, spawn
from tests.world import Desk, Stream
from tk.cli.terminal import progress
from tk.cli.terminal.progress import bar
from tk.errors import say
from tk.store.progress import told, unseen


@contextmanager
def terminal(*, out: bool = True, err: bool = True) -> Iterator[Stream]:
    """Give the stderr of a terminal of 60 columns; pytest would take it back between a fixture and its test."""
    stream = Stream(terminal=err)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", Stream(terminal=out))
        patch.setattr(sys, "stderr", stream)
        patch.setenv("COLUMNS", "60")
        yield stream


def seconds(*instants: float) -> Iterator[float]:
    yield from instants


def shown(clock: Iterator[float], *reports: tuple[int, int]) -> str:
    """Return what a terminal shows of these reports."""
    with terminal() as err:
        tell = bar(say("reading"), lambda: next(clock))
        for done, total in reports:
            tell(done, total)
        return err.text()


def test_what_is_quick_shows_no_bar() -> None:
    assert shown(seconds(0.0, 0.0, 0.9), (0, 100), (50, 100), (100, 100)) == ""


def test_what_takes_over_a_second_shows_one_that_goes_in_the_end() -> None:
    lines = shown(seconds(0.0, 0.0, 1.1, 2.0), (0, 100), (50, 100), (75, 100), (100, 100)).split("\r")
    assert [line.strip() for line in lines if line.strip()] == [
        f"reading  [{'#' * 15}{'-' * 15}]  50%",
        f"reading  [{'#' * 22}{'-' * 8}]  75%",
    ]
    assert all(len(line) < 60 for line in lines)
    assert lines[-2].isspace()


def test_a_second_run_begins_anew() -> None:
    assert shown(seconds(0.0, 0.0, 5.0, 5.0), (0, 10), (10, 10), (0, 10), (10, 10)) == ""


def test_nothing_to_do_is_done() -> None:
    assert shown(seconds(0.0), (0, 0)) == ""


@pytest.mark.parametrize(("out", "err"), [(False, True), (True, False)])
def test_a_pipe_gets_none(out: bool, err: bool) -> None:
    with terminal(out=out, err=err):
        assert bar(say("reading")) is unseen


def test_items_come_as_they_are_and_some_are_told() -> None:
    reports: list[tuple[int, int]] = []
    items = list(range(130))
    assert list(told(items, lambda done, total: reports.append((done, total)))) == items
    assert reports == [(0, 130), (64, 130), (128, 130), (130, 130)]


@pytest.mark.parametrize("argv", [("list",), ("list", "--at", "HEAD"), ("check",), ("audit",), ("show", "TK")])
def test_what_reads_all_tickets_tells_how_far_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...]
) -> None:
    desk.ok("new", "One")
    desk.ok("new", "Two")
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    err = desk.run(*argv, terminal=True).err
    assert "reading  [" in err


def test_the_cursor_is_at_the_start_of_a_clean_line_afterwards(desk: Desk) -> None:
    desk.ok("new", "One")
    status, text = seen(spawn(desk, "check"))
    assert status == 0
    assert text == "1 ticket checked: 0 errors, 0 warnings\n"
