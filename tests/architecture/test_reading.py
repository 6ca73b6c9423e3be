"""Reading writes nothing: every GET route as every role, with a database that refuses to be written."""

import re
from contextlib import contextmanager

import pytest
from django.db import connection
from routes import routes

from keshu.bureau.accounts.access import RIGHTS

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP)\b", re.IGNORECASE)
SESSION = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM) "django_session"', re.IGNORECASE)


class Wrote(AssertionError):
    """A reading request tried to write."""


@contextmanager
def read_only():
    """Refuse every writing statement except on the session; also remember it, should somebody swallow the refusal."""
    tried = []

    def refuse(execute, sql, params, many, context):
        if WRITES.match(sql) and not SESSION.match(sql):
            tried.append(sql)
            raise Wrote(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield tried


def test_the_guard_refuses_a_write(users):
    with read_only() as tried, pytest.raises(Wrote):
        users["clerk"].save()
    assert len(tried) == 1


@pytest.mark.parametrize("role", RIGHTS)
def test_reading_writes_nothing(client_as, role, addresses):
    """Of what the role may open, and it does open; what it may not is tried for every address by the tests of promise 4."""
    client = client_as(role)
    with read_only() as tried:
        for address, needed in addresses.items():
            if needed not in ({"public"}, {"signed-in"}) and not needed & RIGHTS[role]:
                continue
            answer = client.get(address)
            assert answer.status_code < 500, (role, address, answer.status_code)
            assert answer.status_code != 403 or re.search(r"\d|[.]", address), (role, address)
            b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert tried == [], (role, address)


@pytest.fixture
def addresses(example):
    """One address for each route that a GET may open, with existing values for its arguments, and the rights it asks."""
    found = [route for route in routes() if "(?P" not in route.pattern]
    return {f"/{_filled(route, example)}": set((route.access()[0] or "").split()) for route in found}


def _filled(route, example):
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(example(route.name, found.group(1))), route.pattern)


def test_the_walk_shows_real_pages(client_as, addresses):
    """Most addresses with arguments open something: the examples are not all invented."""
    client = client_as("office")
    opened = [address for address in addresses if client.get(address).status_code == 200]
    assert len([address for address in opened if re.search(r"\d|hte", address)]) > 25
