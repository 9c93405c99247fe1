"""What a process costs is asked of the system, by a process that holds nothing itself."""

import os
import sys
from pathlib import Path

import pytest

from tests.bench.process import runner

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # as `make bench` is


def test_its_memory_is_its_own_and_not_that_of_who_measures(tmp_path: Path) -> None:
    held = bytearray(100_000_000)
    hundred = "held = b'x' * 100_000_000"
    with runner() as run:
        little = run([sys.executable, "-c", "pass"], tmp_path, os.environ)
        much = run([sys.executable, "-c", hundred], tmp_path, os.environ)
    assert little.peak < 60
    assert much.peak > 95
    assert len(held) == 100_000_000


def test_a_terminal_is_a_terminal_and_the_folder_and_environment_are_as_told(tmp_path: Path) -> None:
    told = "import os, sys; assert sys.stdout.isatty(); assert (os.environ['WORD'], os.getcwd()) == ('ñ', sys.argv[1])"
    with runner() as run:
        run([sys.executable, "-c", told, str(tmp_path)], tmp_path, {**os.environ, "WORD": "ñ"}, terminal=True)


def test_one_that_fails_is_no_measurement(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with runner() as run, pytest.raises(RuntimeError, match="has failed"):
        run([sys.executable, "-c", "import sys; sys.exit('no such thing')"], tmp_path, os.environ)
    assert "no such thing" in capfd.readouterr().err
