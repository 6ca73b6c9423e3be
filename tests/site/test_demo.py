"""The demo city: every ledger is fed, the same seed gives the same city, and every identifier is valid."""

import pytest

from keshu.catalogue.loader import load
from keshu.kernel.ids import idcard, patent, uscc
from keshu.site.demo import loading  # noqa: F401  registers the generators
from keshu.site.demo.city import COUNTY, district_codes, places
from keshu.site.demo.world import GENERATORS, LAST_DAY, YEARS, build

CATALOGUE = load()


@pytest.fixture(scope="module")
def world():
    return build()


@pytest.fixture(scope="module")
def rows(world):
    return {code: [row for year in YEARS for row in generator(world, year)] for code, generator in GENERATORS.items()}


def test_every_ledger_of_the_catalogue_has_its_generator():
    assert sorted(GENERATORS) == sorted(CATALOGUE.ledgers)


@pytest.mark.parametrize("code", sorted(GENERATORS))
def test_its_rows_fill_only_fields_that_exist_and_all_that_are_required(rows, code):
    ledger = CATALOGUE.ledgers[code]
    known = {field.code for field in ledger.fields}
    required = {field.code for field in ledger.fields if field.required}
    assert rows[code], "no row in four years"
    for row in rows[code]:
        filled = {name for name, value in row.values.items() if value not in (None, "")}
        assert set(row.values) <= known
        assert required <= filled, row


@pytest.mark.parametrize("code", sorted(GENERATORS))
def test_code_fields_hold_codes(rows, code):
    choices = {f.code: set(f.codes) for f in CATALOGUE.ledgers[code].fields if f.type == "code"}
    for row in rows[code]:
        for name, allowed in choices.items():
            assert row.values.get(name) in {None, *allowed}


def test_the_same_seed_gives_the_same_city(rows):
    again = build()
    for code in ("title", "tech_contract", "tepaiyuan"):
        assert [row for year in YEARS for row in GENERATORS[code](again, year)] == rows[code]


def test_every_identifier_is_valid(world, rows):
    assert all(uscc.check(firm.code).ok for firm in world.firms)
    assert all(patent.check(row.values["number"]).ok for row in rows["patent"])
    assert all(idcard.check(row.values["idcard"]).ok for row in rows["tepaiyuan"])


def test_nothing_happens_after_the_last_day(rows):
    starts = [row.values[name] for row in rows["tech_contract"] for name in ("signed", "registered")]
    starts += [row.values["filed"] for row in rows["patent"]]
    assert max(starts) <= LAST_DAY


def test_the_city_has_about_thirty_thousand_rows_and_the_small_county_about_fifty_a_year(rows):
    every = [row for found in rows.values() for row in found]
    assert 28_000 <= len(every) <= 36_000
    county = [row for row in every if row.place == COUNTY]
    assert 30 * len(YEARS) <= len(county) <= 75 * len(YEARS)


def test_every_row_lies_in_a_place_of_the_city(rows):
    known = {spec.code for spec in places()}
    assert {row.place for found in rows.values() for row in found} <= known
    assert set(district_codes()) <= known
