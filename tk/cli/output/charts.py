"""Plain charts on a terminal: bars of blocks, a line of them for what changes over time."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from tk.cli.output.reports import line, words
from tk.cli.output.voice import Voice
from tk.cli.terminal.widths import cut, padded, width
from tk.core.reports.values import Cell, Report, plain

_EIGHTHS = " ▏▎▍▌▋▊▉"
_MOST = 20
"""How many rows of a report are drawn."""

_LABEL = 28


def chart(report: Report, voice: Voice, wide: int) -> str:
    """Return a picture of a report at most so many columns wide; "" where there is nothing to draw."""
    if report.chart is None or not drawn(report):
        return ""
    return "\n".join(_over_time(report, wide) if report.chart.kind == "lines" else _bars(report, voice, wide))


def drawn(report: Report) -> list[tuple[Cell, ...]]:
    """Return the rows that a picture of the report shows: those of which there is something to be seen."""
    if report.chart is None:
        return []
    only, places = report.chart.only, [report.place(name) for name in report.chart.values]
    rows = (row for row in report.rows if not only or plain(row[0]) == only)
    return [row for row in rows if any(number_of(row[place]) for place in places)]


def label_of(report: Report, row: Sequence[Cell], voice: Voice) -> str:
    """Return what a row is called beside its bar: its words before the first number."""
    texts = []
    for column, value in zip(report.columns, row, strict=True):
        if column.kind not in {"text", "way", "instant"}:
            break
        if report.chart is None or not report.chart.only or column.name != report.columns[0].name:
            texts.append(words(value, voice))
    return " ".join(filter(None, texts))


def number_of(value: Cell) -> float:
    """Return how long the bar of a cell is: its number, or its days."""
    if isinstance(value, timedelta):
        return value.total_seconds() / 86400
    return float(value) if isinstance(value, int | float) else 0.0


def _bars(report: Report, voice: Voice, wide: int) -> Iterator[str]:
    assert report.chart is not None
    rows = drawn(report)[:_MOST]
    titles = {held.name: str(held.title) for held in report.columns}
    several = len(report.chart.values) > 1
    told = []
    for row in rows:
        for place, name in enumerate(report.chart.values):
            label = label_of(report, row, voice) if place == 0 else ""
            value = row[report.place(name)]
            told.append((cut(label, _LABEL), titles[name] if several else "", number_of(value), words(value, voice)))
    room = max((width(label) for label, *_ in told), default=0)
    second = max((width(title) for _, title, *_ in told), default=0)
    most = max((value for _, _, value, _ in told), default=0.0)
    for label, title, value, text in told:
        head = padded(label, room, width(label)) + (f" {padded(title, second, width(title))}" if second else "")
        space = max(8, wide - width(head) - width(text) - 3)
        yield f"{head}  {bar(value, most, space)} {text}".rstrip()


def bar(value: float, most: float, space: int) -> str:
    """Return a bar whose length is to `space` columns as `value` is to `most`, to an eighth of a column."""
    eighths = round(value / most * space * 8) if most > 0 else 0
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


def _over_time(report: Report, wide: int) -> Iterator[str]:
    """Yield a line for each value, the latest periods to the right; groups are added up."""
    assert report.chart is not None
    titles = {held.name: str(held.title) for held in report.columns}
    names = list(dict.fromkeys(str(row[0]) for row in report.rows))
    room = max(width(titles[name]) for name in report.chart.values)
    shown = names[-max(1, wide - room - 12) :]
    for name in report.chart.values:
        place = report.place(name)
        sums = [sum(int(number_of(row[place])) for row in report.rows if row[0] == period) for period in shown]
        title = padded(titles[name], room, width(titles[name]))
        yield f"{title}  {line(sums)} {max(sums)}"
    yield f"{' ' * room}  {shown[0]} … {shown[-1]}"
