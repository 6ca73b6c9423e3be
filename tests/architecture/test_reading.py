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
    client = client_as(role)
    with read_only() as tried:
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code < 500, (role, address, answer.status_code)
            b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert tried == [], (role, address)


@pytest.fixture
def addresses(examples):
    """One address for each route; where a route takes arguments, `examples` has a value for each name."""
    return [address for route in routes() if (address := _address(route, examples))]


def _address(route, examples):
    values = {name: examples(route.name, name, converter) for name, converter in route.converters.items()}
    filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found.group(1)]), route.pattern)
    return "" if "(?P" in filled else f"/{filled}"


@pytest.fixture
def examples(users, acts):
    """A value for an argument: an existing one where we have it, so that the page shows something."""
    known = {
        "user_id": users["clerk"].pk,
        "membership_id": users["clerk"].memberships.get().pk,
        "act_id": acts[0].pk,
    }

    def value(_route, name, converter):
        if name in known:
            return known[name]
        return "1" if converter.regex == "[0-9]+" else "title"

    return value


@pytest.fixture
def acts(users):
    from keshu.bureau.records.models import Act

    return list(Act.objects.order_by("pk"))
