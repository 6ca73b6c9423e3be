"""Walking the whole site: every page's address, who asks, what an answer says, and whether anything was written."""

import io
import re
import zipfile
from urllib.parse import quote

from django.db import connection, transaction
from django.test import Client

from keshu.bureau.records.models import Act
from tests.architecture.routes import routes

BACKEND = "django.contrib.auth.backends.ModelBackend"
LEAVES = {"accounts:sign-out", "accounts:sign-in", "set-language"}  # ways out and the door itself


def pages():
    return [route for route in routes() if not route.operations and "(?P" not in route.pattern]


def address(route, side):
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: quote(str(side(route.name, found.group(1)))), route.pattern)


def rights_of(route):
    return set((route.access()[0] or "").split())


def signed_in(user, **options):
    client = Client(raise_request_exception=False, **options)
    client.force_login(user, backend=BACKEND)
    return client


def read(answer):
    """Everything that an answer says, also inside a workbook or a document."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] != b"PK":
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def nothing(found):
    """Fails with one line for each thing found."""
    assert not found, "\n" + "\n".join(str(one) for one in found)


class Untouched:
    """Inside, nothing may be written: neither an act nor a row beside the acts. What was written is taken back."""

    def __init__(self, allowed=()):
        self.allowed = allowed

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.acts, self.written = Act.objects.count(), []
        self.hook = connection.execute_wrapper(self._note)
        self.hook.__enter__()
        return self

    def _note(self, execute, sql, params, many, context):
        if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql, re.IGNORECASE) and "django_session" not in sql:
            self.written.append(sql[:120])
        return execute(sql, params, many, context)

    def __exit__(self, *error):
        self.hook.__exit__(*error)
        if self.written and "records_act" in self.written[0] and Act.objects.count() == self.acts:
            self.written = []  # a service began its act and took it back
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
