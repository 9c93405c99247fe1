"""`make bench`: measures tk beside floors, on a desk of many tickets, and prints what was reached.

`make bench BENCH='--tickets 1000 --json'`; `--help` tells what else there is.
"""

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench import desk
from tests.bench.goals import Line, as_json, table
from tests.bench.place import Place
from tests.bench.process import TK, Run, Sample, cost, runner
from tests.bench.works import Work, works
from tests.bench.years import LEAST, MOST


def main() -> None:
    """Make the desk if need be, measure, print."""
    asked = _asked()
    cache = Path(asked.cache).expanduser()
    cache.mkdir(parents=True, exist_ok=True)
    kept = desk.kept(cache, asked.tickets, asked.commits)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        home = Path(folder, "home")
        home.mkdir()
        place = Place(desk.clone(kept, Path(folder, "desk")), home, asked.tk)
        before = os.getloadavg()
        with runner() as run:
            lines = measure(place, _wanted(works(place), asked.only), run, asked.runs, asked.patience)
        about = {**_machine(), "commits": asked.commits, "load before": before, "load after": os.getloadavg()}
    if asked.json:
        told = as_json(lines, asked.tickets, about)
    else:
        told = "\n".join([table(lines, asked.tickets), "", *(f"{key}: {value}" for key, value in about.items())])
    sys.stdout.write(f"{told}\n")


def measure(place: Place, wanted: Sequence[Work], run: Run, runs: int, patience: float) -> list[Line]:
    """Run all of it in turn, round after round, so that each floor is measured beside what is held against it.

    The first round warms up and does not count; what has taken `patience` seconds is left out of the rounds that
    follow, once it has counted three times.
    """
    samples: dict[str, list[Sample]] = {work.name: [] for work in wanted}
    spent = dict.fromkeys(samples, 0.0)
    for number in range(runs + 1):
        place.rest()
        for work in wanted:
            if number > 3 and spent[work.name] > patience:
                continue
            begun = time.perf_counter()
            samples[work.name].append(_sample(place, work, run))
            spent[work.name] += time.perf_counter() - begun
        sys.stderr.write(f"\rround {number} of {runs}" + "\n" * (number == runs))
    return [Line(work.name, cost(samples[work.name][1:]), work.goal) for work in wanted]


def _sample(place: Place, work: Work, run: Run) -> Sample:
    if work.before is not None:
        work.before()
    env: Mapping[str, str] = place.env if work.at is None else {**place.env, "TK_NOW": work.at}
    found = run(work.argv(), place.root, env, terminal=work.terminal)
    if work.after is not None:
        work.after()
    return found


def _wanted(all_of_it: Sequence[Work], only: str | None) -> list[Work]:
    """Return what one of the words `only` begins, and the floors, all where None is given."""
    if only is None:
        return list(all_of_it)
    chosen = {work.name for work in all_of_it if work.name.startswith(tuple(only.split(",")))}
    needed = {name for work in all_of_it if work.name in chosen and work.goal for name in work.goal.floors}
    return [work for work in all_of_it if work.name in chosen | needed]


def _machine() -> dict[str, object]:
    return {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "git": desk.git(Path(), "version").decode().split()[-1],
    }


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure tk beside floors.")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache", "tk-bench")
    parser.add_argument("--tickets", type=int, default=10_000, help="how many the desk has (default: %(default)s)")
    parser.add_argument("--commits", type=int, default=MOST, choices=range(LEAST, MOST + 1), help="how many each has")
    parser.add_argument("--runs", type=int, default=9, help="how many count, after one that warms up")
    parser.add_argument("--patience", type=float, default=120, help="seconds after which three runs are enough")
    parser.add_argument("--only", metavar="NAME,NAME", help="the lines that begin so, with their floors")
    parser.add_argument("--cache", default=str(cache), help="where desks are kept (default: %(default)s)")
    parser.add_argument("--tk", default=TK, help="the tk to measure, such as one of before a change")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser.parse_args()


if __name__ == "__main__":
    main()
