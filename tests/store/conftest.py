"""The fixtures of the store's tests: the office of the services' tests, where git is made to do odd things."""

from tests.services.conftest import office, office_template

__all__ = ["office", "office_template"]
