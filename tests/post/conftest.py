"""The fixtures of the letters' tests: those of the services', and an office that writes letters."""

import pytest

from tests.post.desk import write_letters
from tests.services.conftest import office, office_template
from tests.services.office import Office

__all__ = ["office", "office_template"]


@pytest.fixture
def mailroom(office: Office) -> Office:
    """Return an office that writes letters."""
    return write_letters(office)
