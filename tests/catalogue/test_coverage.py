"""Every figure that the collected summaries name has an answer: an indicator and its form, or the rows that carry it."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import TypeAdapter

from keshu.catalogue import Catalogue, load
from keshu.catalogue.loader import ROOT
from keshu.catalogue.proving.where import where_flaws
from keshu.catalogue.reading import read_documents
from keshu.catalogue.schema import Indicator, SemiJoin
from keshu.catalogue.schema.where import Where
from keshu.kernel.prose.reference import Form

ROWS = 493
#: of the 493 names in order, joined by line feeds; the list itself lives in coverage.yaml
NAMES = "73be661423f3d9088bccca4e75f02d4e81ed9a7421e8f6efccc37ccd5535b3bb"
FORMS = {form.value for form in Form}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    (document,) = read_documents(ROOT / "coverage.yaml")
    return document["rows"]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def mapped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if "maps" in row]


def test_each_row_stands_once_and_in_order(rows: list[dict[str, Any]]) -> None:
    assert [row["row"] for row in rows] == list(range(1, ROWS + 1))


def test_the_names_are_those_of_the_inventory(rows: list[dict[str, Any]]) -> None:
    joined = "\n".join(row["name"] for row in rows)
    assert hashlib.sha256(joined.encode()).hexdigest() == NAMES


def test_each_row_has_exactly_one_answer(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert len({"maps", "ledger", "not"} & row.keys()) == 1, row
        allowed = {"maps": {"maps", "form", "scope", "where"}, "ledger": {"ledger", "field", "note"}, "not": {"not"}}
        answer = next(iter({"maps", "ledger", "not"} & row.keys()))
        assert row.keys() - {"row", "name"} <= allowed[answer], row


def test_mapped_rows_name_indicators_forms_and_scopes_that_exist(
    rows: list[dict[str, Any]], catalogue: Catalogue
) -> None:
    for row in mapped(rows):
        indicator = catalogue.indicators[row["maps"]]
        assert row["form"] in FORMS, row
        assert row.get("scope") is None or row["scope"] in indicator.scopes, row
        if "where" in row:
            assert not flaws(row["where"], indicator, catalogue), row


def flaws(where: Mapping[str, Any], indicator: Indicator, catalogue: Catalogue) -> list[Any]:
    """What the catalogue says against a further condition on the rows of this indicator."""
    assert indicator.facts is not None
    ledger = catalogue.ledgers[indicator.facts.ledger]
    return list(where_flaws(ledger, TypeAdapter(Where).validate_python(where), ("where",), mapped=True))


def test_forms_fit_the_kind_of_the_indicator(rows: list[dict[str, Any]], catalogue: Catalogue) -> None:
    """A sum over years of a stock, names of a received value, or a growth of a growth would say nothing."""
    for row in mapped(rows):
        indicator = catalogue.indicators[row["maps"]]
        if row["form"] == "sum":
            assert indicator.kind in {"flow", "received"}, row
        if row["form"] in {"names", "parts", "share"}:
            assert indicator.kind in {"flow", "stock"}, row
        if row["form"] == "growth":
            assert indicator.unit != "%", row
        if row["form"] == "net":
            assert indicator.kind == "stock", row


def test_rows_of_a_ledger_name_a_field_that_it_has(rows: list[dict[str, Any]], catalogue: Catalogue) -> None:
    for row in rows:
        if "ledger" in row:
            assert catalogue.ledgers[row["ledger"]].field(row["field"]) is not None, row
            assert row["note"], row


def test_at_least_nine_in_ten_are_answered_by_an_indicator(rows: list[dict[str, Any]]) -> None:
    assert len(mapped(rows)) / ROWS >= 0.9
    answered = [row for row in rows if "not" not in row]
    assert len(answered) / ROWS >= 0.95
    assert all(row["not"] for row in rows if "not" in row)


def test_one_figure_is_not_answered_under_two_codes(catalogue: Catalogue) -> None:
    """Two indicators with the same rows, condition and count would be one measure under two names."""
    made = Counter(
        (one.kind, one.facts.model_dump_json(), joins(one.also))
        for one in catalogue.indicators.values()
        if one.facts is not None
    )
    assert [key for key, count in made.items() if count > 1] == []


def joins(also: tuple[SemiJoin, ...]) -> str:
    return "|".join(join.model_dump_json() for join in also)
