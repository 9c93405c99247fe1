"""Fixtures for every test: sealed off from the user's machine, a desk to work at, golden text."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.world import Desk, Golden, run_here, sealed_in

settings.register_profile("tk", deadline=None, database=None)
settings.load_profile("tk")


@pytest.fixture(scope="session", autouse=True)
def _sealed_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with sealed_in(tmp_path_factory.mktemp("session-home")):
        yield


@pytest.fixture(autouse=True)
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the test a home of its own, with María López as git's user; return the home, where it starts, no desk."""
    home = tmp_path_factory.mktemp("home")
    with sealed_in(home), pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        yield home


@pytest.fixture(scope="session")
def desk_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make, once a session, a desk from the preset `simple` with its first commit."""
    root = tmp_path_factory.mktemp("template") / "desk"
    result = run_here("init", str(root), "--preset", "simple")
    assert result.code == 0, result
    return root


@pytest.fixture
def desk(desk_template: Path, tmp_path: Path) -> Desk:
    """Return a fresh desk of the preset `simple` without tickets."""
    here = Desk(tmp_path / "desk")
    shutil.copytree(desk_template, here.root, symlinks=True)
    here.git("update-index", "-q", "--refresh")  # copies have other inodes than git remembers
    return here


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden anew from what is printed now")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Return what compares text with tests/golden."""
    return Golden(bool(request.config.getoption("--update-golden")))
