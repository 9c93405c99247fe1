"""The fixtures of the services' tests."""

import shutil
from pathlib import Path

import pytest

from tests.services.office import Office
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
