"""Promise 3, side by side: while a large import is being taken in, other writers wait, and lose nothing by it."""

import time

import pytest

from tests.promises.conftest import _base

pytestmark = pytest.mark.skipif(bool(_base()), reason="PostgreSQL lets several writers in at once")

HOLDING = """
import sys, time
from keshu.bureau.records.services import Actor, writing
with writing(verb="test.long", by=Actor("t")):
    print("holds", flush=True)
    time.sleep(float(sys.argv[1]))
print("done", flush=True)
"""
WRITING = """
import sys, time
from tests.promises.small_bureau import one_contract, CLERK, COUNTY
from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.places.models import Place
home = Place.objects.get(code=COUNTY).pk
print("ready", flush=True)
sys.stdin.readline()
began = time.monotonic()
create_entry("tech_contract", one_contract("2026A9", 1000), place_id=home, by=CLERK)
print(time.monotonic() - began, flush=True)
"""
VISITING = """
import json
from django.db import connection
from django.test import Client, RequestFactory
from keshu.site.errors import waiting
connection.cursor().execute("PRAGMA busy_timeout = 100")
client = Client(raise_request_exception=False, HTTP_HOST="localhost")
page = client.post("/accounts/sign-in/", {"username": "nobody", "password": "wrong"})
api = waiting(RequestFactory().post("/api/v1/entries"))
print(api.status_code, json.loads(api.content)["detail"])
print(page.status_code, page.headers.get("Retry-After"), "正在入库另一批数据，请稍候" in page.content.decode(), "后退" in page.content.decode())
"""


def test_a_second_writer_waits_for_the_first_and_then_writes(installation):
    installation.run("from tests.promises.small_bureau import plant; plant()")
    second = installation.start(WRITING)
    assert second.stdout.readline().strip() == "ready"
    first = installation.start(HOLDING, "2")
    assert first.stdout.readline().strip() == "holds"
    waited = float(second.communicate("go\n").splitlines()[-1])
    assert 1 < waited < 30
    assert first.communicate("").strip() == "done"
    assert "2026A9" in installation.run(
        "from keshu.bureau.ledgers.models import Revision; print(*Revision.objects.values_list('number', flat=True))"
    )


def test_a_page_that_waited_in_vain_asks_for_patience(installation):
    installation.run("from tests.promises.small_bureau import plant; plant()")
    first = installation.start(HOLDING, "6")
    assert first.stdout.readline().strip() == "holds"
    began = time.monotonic()
    api, page = installation.run(VISITING).splitlines()[-2:]
    assert page == "503 5 True True"
    assert api == "503 正在入库另一批数据，请稍候再试；本次请求没有写入任何数据"
    assert time.monotonic() - began < 6
    first.kill()
    first.wait()
