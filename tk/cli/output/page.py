"""Reports as pages: HTML by Jinja2, which escapes whatever comes out of a ticket; without scripts, ready to be printed.

Bars and lines are drawn by the page itself, so that a page needs nothing else and looks the same wherever it is opened.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from tk.cli.output.charts import drawn, label_of, number_of
from tk.cli.output.reports import table_of, total_names, words
from tk.cli.output.times import moment
from tk.cli.output.voice import Voice
from tk.cli.terminal.safe import safe
from tk.core.reports.values import Report
from tk.errors import say

_COLORS = ("bar", "two", "three")
_MOST = 40
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 710, 16, 210


def page(report: Report, voice: Voice) -> str:
    """Return a report as an HTML page."""
    table = table_of(report, voice)
    return rendered(
        "report.html",
        voice,
        {
            "title": str(report.title),
            "bounds": bounds(report),
            "totals": total_names(report, voice),
            "columns": [{"title": column.title, "kind": column.kind} for column in table.columns],
            "rows": table.rows,
            "bars": _bars(report, voice),
            "lines": _lines(report),
            "legend": _legend(report),
            "nothing": str(say("nothing to report")),
        },
    )


def rendered(name: str, voice: Voice, values: Mapping[str, object]) -> str:
    """Return one of the pages beside this module, filled with `values`, safe to open."""
    here = Path(__file__).parent
    pages = {file.name: file.read_text(encoding="utf-8") for file in here.glob("*.html")}
    environment = Environment(loader=DictLoader(pages), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    told = say("told at {when}", when=moment(voice.now))
    common: dict[str, Any] = {"desk": voice.policy.desk.name, "language": voice.policy.desk.language, "told": str(told)}
    return safe(environment.get_template(name).render(common | dict(values)))


def bounds(report: Report) -> str:
    """Return in words which time a report is about; "" where it has no bounds."""
    since = "" if report.since is None else moment(report.since)
    until = "" if report.until is None else moment(report.until)
    if since and until:
        return str(say("from {since} to {until}", since=since, until=until))
    if since:
        return str(say("from {since} on", since=since))
    return str(say("to {until}", until=until)) if until else ""


def _legend(report: Report) -> list[tuple[str, str]]:
    if report.chart is None or not drawn(report):
        return []
    titles = (str(report.columns[report.place(name)].title) for name in report.chart.values)
    return list(zip(titles, _COLORS, strict=False))


def _bars(report: Report, voice: Voice) -> list[dict[str, object]]:
    if report.chart is None or report.chart.kind != "bars":
        return []
    rows = drawn(report)[:_MOST]
    places = [report.place(name) for name in report.chart.values]
    most = max((number_of(row[place]) for row in rows for place in places), default=0.0)
    return [
        {
            "label": label_of(report, row, voice) if number == 0 else "",
            "color": _COLORS[number],
            "percent": f"{number_of(row[place]) / most * 100:.1f}" if most else "0",
            "text": words(row[place], voice),
        }
        for row in rows
        for number, place in enumerate(places)
    ]


def _lines(report: Report) -> dict[str, object] | None:
    """Return the points of each line; groups are added up."""
    if report.chart is None or report.chart.kind != "lines" or not drawn(report):
        return None
    names = list(dict.fromkeys(str(row[0]) for row in report.rows))
    series: list[list[float]] = []
    for name in report.chart.values:
        sums = dict.fromkeys(names, 0.0)
        for row in report.rows:
            sums[str(row[0])] += number_of(row[report.place(name)])
        series.append(list(sums.values()))
    most = max(max(numbers) for numbers in series) or 1.0
    step = (_RIGHT - _LEFT) / max(1, len(names) - 1)
    height = (_BOTTOM - _TOP) / most
    points = [" ".join(f"{_LEFT + at * step:.1f},{_BOTTOM - n * height:.1f}" for at, n in enumerate(s)) for s in series]
    held = [{"points": each, "color": color} for each, color in zip(points, _COLORS, strict=False)]
    return {"series": held, "most": f"{most:.0f}", "first": names[0], "last": names[-1]}
