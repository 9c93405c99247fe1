"""Processes and what they cost: time by the clock, time of the processors, memory.

They are started by a process that holds nothing, `python -m tests.bench.process`: the system counts for a process what
the one that started it held in memory.
"""

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import NamedTuple

TK = str(Path(sys.executable).with_name("tk"))


class Sample(NamedTuple):
    """What one process has cost, its children among it: milliseconds, and the megabytes of the greatest of them."""

    wall: float
    cpu: float
    peak: float


class Cost(NamedTuple):
    """What a process costs as several runs have shown: the median of each, the least time, how many runs there were."""

    wall: float
    cpu: float
    peak: float
    least: float
    runs: int


def cost(samples: Sequence[Sample]) -> Cost:
    """Return what the samples come to."""
    walls, processors, peaks = zip(*samples, strict=True)
    return Cost(median(walls), median(processors), median(peaks), min(walls), len(samples))


Run = Callable[..., Sample]
"""What runs a process as `run` does."""


@contextmanager
def runner() -> Iterator[Run]:
    """Give what runs processes from a small process beside this one; raises RuntimeError when one has failed."""
    words = [sys.executable, "-m", "tests.bench.process"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as small:
        pipe, answers = small.stdin, small.stdout
        assert pipe is not None
        assert answers is not None

        def ask(argv: Sequence[str], folder: Path, env: Mapping[str, str], *, terminal: bool = False) -> Sample:
            pipe.write(json.dumps({"argv": argv, "folder": str(folder), "env": dict(env), "terminal": terminal}) + "\n")
            pipe.flush()
            answer = answers.readline()
            if not answer:
                raise RuntimeError(f"{' '.join(argv)} has failed")
            return Sample(*json.loads(answer))

        yield ask


def run(argv: Sequence[str], folder: str, env: Mapping[str, str], *, terminal: bool = False) -> Sample:
    """Run a process to its end and return what it has cost; its output goes into a pipe, or to a terminal.

    Raises:
        RuntimeError: it ended with another exit status than 0.
    """
    ours, theirs = pty.openpty() if terminal else os.pipe()
    begun = time.perf_counter()
    process = subprocess.Popen(
        argv, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=theirs, stderr=None if terminal else theirs
    )
    os.close(theirs)
    said = b""
    with suppress(OSError):  # a terminal ends so
        while piece := os.read(ours, 1 << 16):
            said = said[-2_000:] + piece
    os.close(ours)
    _, ended, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(ended)
    if process.returncode != 0:
        raise RuntimeError(f"{argv} ended with {process.returncode}: {said.decode(errors='replace')}")
    return Sample(wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    for asked in sys.stdin:
        sys.stdout.write(json.dumps(run(**json.loads(asked))) + "\n")
        sys.stdout.flush()
