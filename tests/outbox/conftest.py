"""A bureau with its mail on, and somebody to write to."""

from datetime import UTC, datetime

import pytest


class Clock:
    """An instant that a test moves on."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    """Stands still; later than every act of the test."""
    return Clock(datetime(2030, 1, 1, tzinfo=UTC))


@pytest.fixture
def mail_on(settings, users):
    settings.EMAIL_ON = True
    for name in ("clerk", "head", "county"):
        users[name].email = f"{name}@example.gov.cn"
        users[name].save()
    return users
