"""Pictures of reports, drawn by matplotlib, which is an extra: who draws none does without it.

Words from tickets are drawn as they are: matplotlib would read a dollar sign as the beginning of a formula.
"""

import io
import warnings
from typing import TYPE_CHECKING, Any

from tk.cli.output.charts import drawn, label_of, number_of
from tk.cli.output.reports import words
from tk.cli.output.voice import Voice
from tk.cli.terminal.safe import cell
from tk.core.reports.values import Report
from tk.errors import TkError, WrongUsage, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMS = ("svg", "png")

_MOST = 30
_WIDE = 8.0
_COLORS = ("#2f6f8f", "#d98841", "#7a9a4f", "#8a6fa8")
_SETTINGS: Any = {
    "text.parse_math": False,
    "svg.hashsalt": "tk",
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


class NoPlots(TkError):
    """matplotlib, which draws, is not installed."""

    code = "no-plots"


def picture(report: Report, voice: Voice, form: str) -> bytes:
    """Return a report's picture as `svg` or `png`.

    Raises:
        NoPlots: matplotlib is not installed.
        WrongUsage: there is nothing in this report to draw.
    """
    if report.chart is None or not drawn(report):
        message = say("report {name} has nothing to draw here", name=report.name)
        raise WrongUsage(message, say("print it as a table, or choose other bounds"))
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError:
        raise NoPlots(
            say("pictures are drawn by matplotlib, which is not installed"),
            say("install it beside tk: pip install matplotlib; --format html draws without it"),
        ) from None
    with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a letter that its font lacks is drawn as a box
        is_lines = report.chart.kind == "lines"
        rows = min(len(drawn(report)), _MOST) * len(report.chart.values)
        figure = Figure(figsize=(_WIDE, 4.0 if is_lines else max(2.0, 0.9 + 0.24 * rows)), layout="constrained")
        axes = figure.subplots()
        (_lines if is_lines else _bars)(report, voice, axes)
        axes.set_title(str(report.title), loc="left", fontweight="bold")
        made = io.BytesIO()
        figure.savefig(made, format=form, dpi=150, metadata={"Date": None} if form == "svg" else {"Software": None})
    return made.getvalue()


def _bars(report: Report, voice: Voice, axes: "Axes") -> None:
    assert report.chart is not None
    rows = drawn(report)[:_MOST]
    names = report.chart.values
    for number, name in enumerate(names):
        place = report.place(name)
        at = [row * len(names) + number for row in range(len(rows))]
        drawn_bars = axes.barh(
            at,
            [number_of(row[place]) for row in rows],
            color=_COLORS[number % len(_COLORS)],
            label=str(report.columns[place].title),
        )
        axes.bar_label(drawn_bars, [f" {words(row[place], voice)}" for row in rows], fontsize=8)
    middle = (len(names) - 1) / 2
    axes.set_yticks([row * len(names) + middle for row in range(len(rows))])
    axes.set_yticklabels([cell(_short(label_of(report, row, voice))) for row in rows])
    axes.invert_yaxis()
    axes.margins(x=0.12)
    if any(report.columns[report.place(name)].kind == "length" for name in names):
        axes.set_xlabel(str(say("days")))
    else:
        axes.locator_params(axis="x", integer=True)
    if len(names) > 1:
        axes.legend(frameon=False)


def _short(label: str) -> str:
    return label if len(label) <= 60 else f"{label[:59]}…"


def _lines(report: Report, voice: Voice, axes: "Axes") -> None:
    assert report.chart is not None
    periods = list(dict.fromkeys(words(row[0], voice) for row in report.rows))
    for number, name in enumerate(report.chart.values):
        place = report.place(name)
        sums = dict.fromkeys(periods, 0.0)
        for row in report.rows:
            sums[words(row[0], voice)] += number_of(row[place])
        title = str(report.columns[place].title)
        axes.plot(periods, list(sums.values()), marker="o", markersize=3, color=_COLORS[number], label=title)
    step = max(1, len(periods) // 12)
    axes.set_xticks(range(0, len(periods), step))
    axes.tick_params(axis="x", rotation=30)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", alpha=0.3)
    axes.legend(frameon=False)
