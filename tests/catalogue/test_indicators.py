"""The indicators of the package: enough of them, each resolvable, owned, and told apart by its names."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from keshu.catalogue import Catalogue, load, validate
from keshu.catalogue.headers import normalise
from keshu.catalogue.proving.indicators import formula_names
from keshu.catalogue.reading import read_documents
from keshu.catalogue.schema import Facts, Indicator, Ledger

COMPUTED = {"flow", "stock", "ratio", "formula"}
FIXTURES = Path(__file__).parents[1] / "statistics" / "fixtures" / "indicators.yaml"
CASES = Path(__file__).parents[1] / "programmes" / "known_cases.yaml"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def every(catalogue: Catalogue, *kinds: str) -> Iterator[Indicator]:
    return (one for one in catalogue.indicators.values() if not kinds or one.kind in kinds)


def counted(catalogue: Catalogue) -> Iterator[tuple[Indicator, Facts, Ledger]]:
    for one in every(catalogue, "flow", "stock"):
        assert one.facts is not None
        yield one, one.facts, catalogue.countable[one.facts.ledger]


def test_the_catalogue_is_whole() -> None:
    assert validate() == []


def test_there_are_enough_indicators(catalogue: Catalogue) -> None:
    assert len(catalogue.indicators) >= 140
    assert len(list(every(catalogue, *COMPUTED))) >= 100
    assert len(list(every(catalogue, "received"))) >= 20


def test_the_rows_of_each_computed_indicator_can_be_asked_of_the_database(catalogue: Catalogue) -> None:
    for one, facts, ledger in counted(catalogue):
        used = [*facts.where, *([facts.on] if facts.on else []), *([facts.summed] if facts.summed else [])]
        for code in [*used, *(code for scope in one.scopes.values() for code in scope.where)]:
            assert ledger.column(code) is not None, (one.code, code)
        assert facts.count != "party" or ledger.mapped("party") is not None, one.code
        assert one.kind != "stock" or ledger.mapped("started_on") is not None, one.code
        for join in (*one.also, *(join for scope in one.scopes.values() for join in scope.also)):
            assert catalogue.ledgers[join.ledger].mapped("party") is not None, one.code


def test_sums_carry_the_unit_of_what_is_summed(catalogue: Catalogue) -> None:
    """Money is added in yuan; whoever sums money under another unit has the wrong field."""
    for one, facts, ledger in counted(catalogue):
        if facts.summed is None:
            assert one.unit != "元", one.code
            continue
        field = ledger.field(facts.summed)
        assert field is not None
        assert (field.type == "money") == (one.unit == "元"), one.code


def test_ratios_and_formulas_end_in_rows_or_in_received_values(catalogue: Catalogue) -> None:
    for one in every(catalogue, "ratio", "formula"):
        frontier, depth = [one.code], 0
        while frontier:
            depth += 1
            assert depth < 6, one.code
            frontier = [part for code in frontier for part in parts(catalogue.indicators[code])]


def parts(one: Indicator) -> tuple[str, ...]:
    if one.formula:
        names = formula_names(one.formula)
        assert names, one.code
        return names
    return tuple(code for code in (one.numerator, one.denominator) if code)


def test_ratios_print_a_unit_that_fits_their_scale(catalogue: Catalogue) -> None:
    for one in every(catalogue, "ratio"):
        assert (one.scale == "percent") == (one.unit == "%"), one.code
        assert (one.scale == "per_ten_thousand") == one.unit.endswith("/万人"), one.code


def test_each_answers_for_itself(catalogue: Catalogue) -> None:
    themes = {one.theme for one in catalogue.ledgers.values()} | {one.theme for one in every(catalogue)}
    sections = {ledger.owner for ledger in catalogue.ledgers.values()}
    for one in every(catalogue):
        assert one.theme in themes
        assert one.owner in sections, (one.code, one.owner)
        assert one.basis, one.code
        assert one.valid_from is not None, one.code
        assert one.available.from_, one.code
    assert len(themes) <= 20


def test_received_values_say_from_whom(catalogue: Catalogue) -> None:
    for one in every(catalogue, "received"):
        assert one.issuer, one.code
        assert one.issuer == one.available.from_, one.code


def test_children_are_added_only_where_a_sum_means_something(catalogue: Catalogue) -> None:
    for one in every(catalogue):
        if one.over_place == "sum":
            assert one.kind == "received", one.code
            assert one.unit not in {"%", "位", "分"}, one.code


def test_money_is_printed_in_a_larger_unit(catalogue: Catalogue) -> None:
    for one in every(catalogue):
        if one.unit == "元":
            assert one.print_unit in {"万元", "亿元"}, one.code
        else:
            assert one.print_unit in {None, f"万{one.unit}"}, one.code


def test_names_are_unique(catalogue: Catalogue) -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    for one in every(catalogue):
        owners[normalise(one.name)].append(one.code)
    assert {name: codes for name, codes in owners.items() if len(codes) > 1} == {}


def test_one_spelling_means_one_indicator(catalogue: Catalogue) -> None:
    """Spellings may repeat only where the unit tells the two apart."""
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in every(catalogue):
        for text in (one.name, *one.aliases):
            owners[normalise(text), one.unit].add(one.code)
    assert {key: codes for key, codes in owners.items() if len(codes) > 1} == {}


def test_scopes_of_one_indicator_print_different_words(catalogue: Catalogue) -> None:
    for one in every(catalogue):
        said = [scope.says for scope in one.scopes.values()]
        assert len(said) == len(set(said)), one.code


def test_the_ledgers_are_used(catalogue: Catalogue) -> None:
    """A ledger that no indicator counts would be typed for nothing; those that only carry text are named here."""
    used = {facts.ledger for _, facts, _ in counted(catalogue)}
    assert set(catalogue.ledgers) - used <= {"phrase", "snapshot"}


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    (document,) = read_documents(FIXTURES)
    return document


@pytest.fixture(scope="module")
def of_cases() -> list[dict[str, Any]]:
    """Known values of what is counted from programmes' cases, which no ledger holds."""
    (document,) = read_documents(CASES)
    return document


def worlds(case: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The ledgers of a case with their rows."""
    if "ledger" in case:
        yield case["ledger"], case["rows"]
    for other in case.get("other", []):
        yield other["ledger"], other["rows"]


def test_each_computed_indicator_has_a_known_value(
    cases: list[dict[str, Any]], of_cases: list[dict[str, Any]], catalogue: Catalogue
) -> None:
    known = {expected["code"] for case in [*cases, *of_cases] for expected in case["expect"]}
    assert {one.code for one in every(catalogue, *COMPUTED)} - known == set()
    assert known - catalogue.indicators.keys() == set()


def test_known_values_name_scopes_and_parts_that_exist(cases: list[dict[str, Any]], catalogue: Catalogue) -> None:
    for expected in (expected for case in cases for expected in case["expect"]):
        one = catalogue.indicators[expected["code"]]
        assert "scope" not in expected or expected["scope"] in one.scopes, expected
        assert ("numerator" in expected) == (one.kind == "ratio"), expected
        assert Decimal(expected["value"]).is_finite()


def test_rows_with_known_values_fit_their_ledgers(cases: list[dict[str, Any]], catalogue: Catalogue) -> None:
    for code, rows in (world for case in cases for world in worlds(case)):
        ledger = catalogue.ledgers[code]
        place = ledger.mapped("place")
        assert place is not None
        for row in rows:
            assert row.get(place.code) in {"A", "B", "C", "D"}, (code, row["id"])
            for name, value in row.items():
                if name == "id":
                    continue
                field = ledger.field(name)
                assert field is not None, (code, row["id"], name)
                assert not field.codes or value in field.codes, (code, row["id"], name)


def test_each_case_holds_rows_that_must_not_count(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        if "ledger" in case:
            assert any("D" in {row.get("place"), row.get("town")} for row in case["rows"]), case["ledger"]
