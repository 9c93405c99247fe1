"""What a command may cost, told in floors that are measured beside it, and the table of what was reached."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from tests.bench.process import Cost

LARGE = 100_000
"""From so many tickets on the second factor of a goal counts."""


class Goal(NamedTuple):
    """So many times some floors (or other commands), added up or the greatest of them, and so many milliseconds more.

    `factors` are those for a desk below `LARGE` tickets and from there on; `peak` is how many megabytes it may take.
    """

    factors: tuple[float, float]
    floors: tuple[str, ...]
    greatest: bool = False
    beyond: float = 0.0
    peak: float | None = None

    def base(self, costs: Mapping[str, float]) -> float:
        """Return what the floors come to."""
        held = [costs[name] for name in self.floors]
        return max(held) if self.greatest else sum(held)

    def factor(self, tickets: int) -> float:
        """Return how many times the floors a desk of that size may take."""
        return self.factors[tickets >= LARGE]

    def words(self, tickets: int) -> str:
        """Return the goal as goals are written: `1.4 max(P, D)`, `P + R + 40 ms`."""
        joined = ", ".join(self.floors) if self.greatest else " + ".join(self.floors)
        factor, several = self.factor(tickets), len(self.floors) > 1
        told = f"max({joined})" if self.greatest else f"({joined})" if several and factor != 1 else joined
        told = told if factor == 1 else f"{factor:g} {told}"
        return told + (f" + {self.beyond:g} ms" if self.beyond else "")


def times(
    factor: float, *floors: str, large: float | None = None, beyond: float = 0, peak: float | None = None
) -> Goal:
    """Return the goal of so many times the sum of the floors; `large` is the factor for a large desk."""
    return Goal((factor, factor if large is None else large), floors, beyond=beyond, peak=peak)


def times_greatest(factor: float, *floors: str, large: float | None = None, peak: float | None = None) -> Goal:
    """Return the goal of so many times the greatest of the floors."""
    return Goal((factor, factor if large is None else large), floors, greatest=True, peak=peak)


class Line(NamedTuple):
    """A line of the table: what it is, what it cost, and its goal, None for a floor."""

    name: str
    cost: Cost
    goal: Goal | None = None


class Verdict(NamedTuple):
    """How a line stands to its goal.

    `ratio` is its time to the floors', `cpu` the same of processor time, `limit` the milliseconds that were allowed;
    `reached` says "yes", "at best" where only the quickest runs reach it, or "no".
    """

    ratio: float
    cpu: float
    limit: float
    reached: str


def verdict(line: Line, lines: Iterable[Line], tickets: int) -> Verdict | None:
    """Return how a line stands to its goal, by the other lines of the same run; None for a floor."""
    goal = line.goal
    if goal is None:
        return None

    def limit(of: Callable[[Cost], float]) -> tuple[float, float]:
        base = goal.base({other.name: of(other.cost) for other in lines})
        return of(line.cost) / base, goal.factor(tickets) * base + goal.beyond

    ratio, allowed = limit(lambda cost: cost.wall)
    _, allowed_at_best = limit(lambda cost: cost.least)
    processors, _ = limit(lambda cost: cost.cpu)
    fits = goal.peak is None or line.cost.peak <= goal.peak
    reached = "yes" if line.cost.wall <= allowed else "at best" if line.cost.least <= allowed_at_best else "no"
    return Verdict(ratio, processors, allowed, reached if fits else "no: memory")


HEADINGS = ("", "ms", "least", "CPU ms", "MB", "runs", "ratio", "of CPU", "goal", "goal ms", "reached")


def table(lines: Sequence[Line], tickets: int) -> str:
    """Return the table in Markdown."""
    rows = [HEADINGS, ("---", *["---:"] * 7, "---", "---:", "---"), *(_row(line, lines, tickets) for line in lines)]
    wide = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    return "\n".join("| " + " | ".join(map(str.ljust, row, wide)) + " |" for row in rows)


def _row(line: Line, lines: Sequence[Line], tickets: int) -> tuple[str, ...]:
    cost, judged = line.cost, verdict(line, lines, tickets)
    held = [f"{value:,.0f}" for value in (cost.wall, cost.least, cost.cpu, cost.peak, cost.runs)]
    if line.goal is None or judged is None:
        return (line.name, *held, *[""] * 5)
    goal = line.goal.words(tickets) + (f", {line.goal.peak:g} MB" if line.goal.peak else "")
    return (line.name, *held, f"{judged.ratio:.2f}", f"{judged.cpu:.2f}", goal, f"{judged.limit:,.0f}", judged.reached)


def as_json(lines: Sequence[Line], tickets: int, about: Mapping[str, object]) -> str:
    """Return the same for programs, with `about`: on what it was measured."""
    return json.dumps({**about, "tickets": tickets, "lines": [_told(line, lines, tickets) for line in lines]}, indent=1)


def _told(line: Line, lines: Sequence[Line], tickets: int) -> dict[str, object]:
    told = {"name": line.name, **line.cost._asdict()}
    judged = verdict(line, lines, tickets)
    if line.goal is not None and judged is not None:
        told |= {"goal": line.goal.words(tickets), "limit": judged.limit, "reached": judged.reached}
        told |= {"ratio": judged.ratio, "cpu_ratio": judged.cpu}
    return told
