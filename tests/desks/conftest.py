"""A desk of each preset, made once by `tk init` and copied for each test."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desks.office import Office
from tests.world import run_here, sealed_in

Open = Callable[[str, str, str], Office]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what makes the desk of a preset, once."""
    desks: dict[str, Path] = {}

    def make(preset: str) -> Path:
        if preset not in desks:
            root = tmp_path_factory.mktemp("preset") / preset
            with sealed_in(tmp_path_factory.mktemp("home")):
                begun = run_here("init", str(root), "--preset", preset, "--lang", "es", now="2026-01-01T00:00:00-05:00")
                assert begun.code == 0, begun
            desks[preset] = root
        return desks[preset]

    return make


@pytest.fixture
def opened(made: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return what opens a copy of a preset's desk at an instant, with somebody acting."""

    def make(preset: str, now: str, who: str) -> Office:
        root = tmp_path / preset
        shutil.copytree(made(preset), root)
        for name in ("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL", "GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
            monkeypatch.setenv(name, "")
        return Office(root, now, who)

    return make
