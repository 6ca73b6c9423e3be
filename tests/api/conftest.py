"""A small county behind the API, and somebody who is signed in to it."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from tests.reports.conftest import add, bureau, firms

__all__ = ["add", "bureau", "firms"]


@pytest.fixture
def session(bureau, client_as):
    """The cookie of a county's clerk. The test's one connection stays open between requests."""
    hooks = (request_started, request_finished)
    for hook in hooks:
        hook.disconnect(close_old_connections)
    yield client_as("county").cookies["sessionid"].value
    for hook in hooks:
        hook.connect(close_old_connections)
