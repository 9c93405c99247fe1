"""The fixtures of the letters' tests are those of the services'."""

from tests.services.conftest import office, office_template

__all__ = ["office", "office_template"]
