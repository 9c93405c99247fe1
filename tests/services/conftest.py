"""The fixtures of the services' tests."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.services.office import AGENT, Office
from tests.services.pair import Pair
from tests.world import NOW


@pytest.fixture(scope="session")
def office_template(desk_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make, once a session, an office without tickets."""
    office = Office(tmp_path_factory.mktemp("office") / "desk")
    shutil.copytree(desk_template, office.root, symlinks=True)
    office.git("update-index", "-q", "--refresh")
    office.limit()
    return office.root


@pytest.fixture
def office(office_template: Path, tmp_path: Path) -> Office:
    """Return a desk with limited roles, the supervisor María and the agents Ana and Raúl, and no ticket."""
    here = Office(tmp_path / "desk")
    shutil.copytree(office_template, here.root, symlinks=True)
    here.git("update-index", "-q", "--refresh")
    assert here.now == NOW
    here.wait()
    return here


@pytest.fixture
def pair(desk_template: Path, tmp_path: Path) -> Pair:
    office = Office(tmp_path / "here")
    shutil.copytree(desk_template, office.root, symlinks=True)
    office.git("update-index", "-q", "--refresh")
    office.wait()
    hub = tmp_path / "hub.git"
    subprocess.run(["git", "clone", "-q", "--bare", office.root.as_uri(), str(hub)], check=True)
    office.git("remote", "add", "origin", hub.as_uri())
    subprocess.run(["git", "clone", "-q", hub.as_uri(), str(tmp_path / "there")], check=True)
    there = Office(tmp_path / "there", office.now)
    there.who = AGENT
    return Pair(office, there, hub)
