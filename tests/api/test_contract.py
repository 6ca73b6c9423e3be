"""The API against its own OpenAPI: whatever is asked, an answer of the shape that the manual gives, never a fault."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.site.api import api
from keshu.site.wsgi import application

pytestmark = pytest.mark.django_db
QUIET = settings(
    max_examples=60, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
OPERATIONS = ("figures_of", "lineage_of", "entries", "entry", "calls", "eligibility", "check")


@pytest.fixture(scope="module")
def schema():
    document = json.loads(json.dumps(api.get_openapi_schema()))
    made = schemathesis.openapi.from_dict(document)
    made.app = application
    return made


def operation(schema, name):
    found = [one.ok() for one in schema.get_all_operations()]
    return next(one for one in found if one.definition.raw["operationId"].endswith(f"_{name}"))


def is_a_sentence(text):
    return isinstance(text, str) and any("\u4e00" <= character <= "\u9fff" for character in text)


@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_asked_it_answers_in_its_own_terms(schema, session, name):
    """Arguments of every kind that the document allows, and of none: no fault, and JSON; what is wrong says so in Chinese."""
    asked, answered = operation(schema, name), {}

    @QUIET
    @given(case=asked.as_strategy())
    def ask(case):
        case.cookies = {"sessionid": session}
        response = case.call()
        case.validate_response(response, checks=[not_a_server_error, content_type_conformance])
        answered[response.status_code] = answered.get(response.status_code, 0) + 1
        assert response.status_code in (200, 400, 404), response.text[:200]
        if response.status_code != 200:
            assert is_a_sentence(response.json()["detail"]), response.text[:200]

    ask()
    assert sum(answered.values()) >= 40


STRANGE = st.sampled_from(
    ["", " ", "\x00", "%", "'", "990121", "990100", "none", "2026", "2026-01..2026-10", "9999", "0000", "2026-13", "1..2", "-1",
     "99999999999999999999", "hte.valid", "hte.valid.with_publicity", "title", "\U0001f434", "a" * 3000, "9999-12-31", "0001-01-01"]
)  # fmt: skip


@pytest.mark.parametrize(
    "address", ["/api/v1/figures", "/api/v1/figures/hte.valid/lineage", "/api/v1/entries", "/api/v1/entries/1"]
)
def test_strange_arguments_get_a_sentence(session, client_as, address):
    client = client_as("county")
    names = ("place", "period", "code", "as_of", "ledger", "year", "after", "limit")

    @QUIET
    @given(values=st.fixed_dictionaries({}, optional=dict.fromkeys(names, STRANGE)))
    def ask(values):
        answer = client.get(address, values)
        assert answer.status_code in (200, 400, 404), answer.content[:200]
        assert answer.status_code == 200 or is_a_sentence(answer.json()["detail"]), answer.content[:200]

    ask()


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "address", ["figures?place=990121&period=2026&code=hte.valid", "entries?ledger=title", "entries/1"]
)
def test_a_stranger_gets_401_and_nobody_can_write(client, users, method, address):
    answer = getattr(client, method)(f"/api/v1/{address}")
    assert answer.status_code in ({401} if method == "get" else {401, 405})
    client.force_login(users["county"], backend="django.contrib.auth.backends.ModelBackend")
    if method != "get":
        assert getattr(client, method)(f"/api/v1/{address}").status_code == 405


@pytest.mark.parametrize("role", ["system", "security", "audit"])
def test_an_administrator_of_the_system_reads_no_figures(client_as, role):
    client = client_as(role)
    for address in ("figures?place=990121&period=2026&code=hte.valid", "entries?ledger=title", "entries/1"):
        assert client.get(f"/api/v1/{address}").status_code == 403


def figures(client, **wish):
    return client.get("/api/v1/figures", {"place": "990121", "period": "2026-01..2026-10"} | wish)


def test_every_figure_has_the_documented_shape(bureau, client_as):
    """Numbers are text of a Decimal in the base unit; what is not there is null and `presence` says why."""
    client, codes = client_as("county"), list(catalogue().indicators)[:150]
    rows = figures(client, code=codes).json()
    assert [row["code"] for row in rows] == codes
    for row in rows:
        assert {
            "code",
            "name",
            "place",
            "period",
            "known_at",
            "value",
            "numerator",
            "denominator",
            "unit",
            "presence",
            "status",
        } <= set(row)
        numbers = [row[key] for key in ("value", "numerator", "denominator")]
        assert all(number is None or (isinstance(number, str) and Decimal(number).is_finite()) for number in numbers), (
            row
        )
        assert (row["value"] is None) == (row["presence"] in ("missing", "not_applicable")), row
        assert datetime.fromisoformat(row["known_at"]).tzinfo is not None
    assert len([row for row in rows if row["value"] not in (None, "0")]) > 3


def test_lineage_and_entries_belong_together(bureau, client_as):
    """The rows that a figure names can be fetched, and there are as many as it counted."""
    client = client_as("county")
    (row,) = figures(client, code="contract.total").json()
    found = client.get(
        "/api/v1/figures/contract.total/lineage", {"place": "990121", "period": "2026-01..2026-10"}
    ).json()
    total = Decimal(0)
    for line in found["lineage"]:
        entry = client.get(f"/api/v1/entries/{line['id']}").json()
        (revision,) = [one for one in entry["revisions"] if one["id"] == line["revision"]]
        total += Decimal(revision["values"]["total"])
    assert (len(found["lineage"]), total, found["hidden"]) == (row["rows"], Decimal(row["value"]), 0)


def test_pages_of_entries_are_whole_and_do_not_repeat(bureau, client_as):
    client, after, seen = client_as("county"), 0, []
    while after is not None:
        page = client.get("/api/v1/entries", {"ledger": "tech_contract", "after": after, "limit": 2}).json()
        seen += [row["id"] for row in page["rows"]]
        after = page["next"]
    whole = client.get("/api/v1/entries", {"ledger": "tech_contract", "limit": 500}).json()
    assert seen == [row["id"] for row in whole["rows"]] and len(set(seen)) == len(seen) > 3
    assert whole["next"] is None


def test_what_was_known_then_is_answered_as_of_then(bureau, client_as):
    client = client_as("county")
    before = figures(client, code="contract.total", as_of=date(2020, 1, 1).isoformat())
    assert before.status_code == 400 or before.json()[0]["value"] is None
    assert figures(client, code="contract.total", as_of="9999-12-31").json()[0]["value"] is not None


def test_the_document_names_every_operation_for_those_who_are_signed_in(client, client_as):
    assert client.get("/api/v1/openapi.json").status_code in (302, 401)
    document = client_as("county").get("/api/v1/openapi.json").json()
    assert len(document["paths"]) == len(OPERATIONS)
    assert status_code_conformance is not None
