"""A small county behind the API, and somebody who is signed in to it."""

import pytest
from tests.reports.conftest import add, bureau, firms

__all__ = ["add", "bureau", "firms"]


@pytest.fixture
def session(bureau, client_as):
    """The cookie of a county's clerk."""
    return client_as("county").cookies["sessionid"].value
