"""Parameters and switches of the package: what is in force on a day, where, and by which document."""

from datetime import date
from decimal import Decimal

import pytest

from keshu.catalogue import load


@pytest.fixture(scope="module")
def catalogue():
    return load()


@pytest.mark.parametrize(
    ("code", "day", "value"),
    [
        pytest.param("hte.staff_share", date(2015, 12, 31), 30, id="last day of the old rule"),
        pytest.param("hte.staff_share", date(2016, 1, 1), 10, id="first day of the new one"),
        pytest.param("hte.staff_share", date(2007, 12, 31), None, id="before there was a rule"),
        pytest.param("deduction.rate", date(2017, 12, 31), 50, id="base rate"),
        pytest.param("deduction.rate", date(2022, 12, 31), 75, id="raised"),
        pytest.param("deduction.rate", date(2023, 1, 1), 100, id="raised again"),
        pytest.param("patent.term_design", date(2021, 5, 31), 10, id="design filed before June 2021"),
        pytest.param("patent.term_design", date(2021, 6, 1), 15, id="design filed after"),
        pytest.param("text.front_share", date(2026, 1, 1), Decimal("0.25"), id="a share is exact"),
        pytest.param("ip_standard.edition", date(2025, 1, 1), "GB/T 29490—2023", id="a text"),
    ],
)
def test_a_parameter_on_a_day(catalogue, code, day, value):
    assert catalogue.parameters[code].value_on(day) == value


def test_law_cannot_be_edited_and_names_its_document(catalogue):
    for parameter in catalogue.parameters.values():
        for value in parameter.values:
            if value.origin == "law":
                assert value.basis
                assert not parameter.editable
            elif len(parameter.values) == 1:
                assert parameter.editable or parameter.code in ("text.growth_double", "text.target_full")


def test_every_threshold_of_words_is_there(catalogue):
    codes = {code for code in catalogue.parameters if code.startswith("text.")}
    assert {
        "text.small_base",
        "text.flat_band",
        "text.target_over",
        "text.nearly_covered",
        "text.concentration",
    } <= codes
    assert all(catalogue.parameters[code].values[0].origin == "default" for code in codes)


def test_tiers_are_several_numbers(catalogue):
    tiers = catalogue.parameters["hte.sales_tiers"].value_on(date(2026, 1, 1))
    assert tiers == (Decimal(50_000_000), Decimal(200_000_000))


def test_a_function_that_left_is_off_since_that_day(catalogue):
    switch = catalogue.switches["ip_enforcement"]
    assert switch.state_on(date(2018, 12, 31))[0] is True
    on, reason = switch.state_on(date(2019, 1, 1), ["990121", "990100"])
    assert on is False
    assert "市场监管" in reason
    assert switch.ledgers == ("ip_enforcement",)


def test_other_functions_are_on_unless_a_site_says_otherwise(catalogue):
    off = {code for code, switch in catalogue.switches.items() if not switch.state_on(date(2026, 10, 31))[0]}
    assert off == {"ip_enforcement", "earthquake"}
    assert all(switch.receives_from for switch in catalogue.switches.values())


def test_a_place_may_keep_what_others_lost(tmp_path):
    (tmp_path / "switches.yaml").write_text(
        "code: earthquake\nname: 防震减灾\ntheme: 其他工作\ndefault: false\nledgers: [quake_terminal]\n"
        'periods: [{on: true, place: "990121", reason: 县里仍由科技局承担}]\n',
        encoding="utf-8",
    )
    switch = load(tmp_path).switches["earthquake"]
    assert switch.state_on(date(2026, 1, 1), ["990121", "990100"]) == (True, "县里仍由科技局承担")
    assert switch.state_on(date(2026, 1, 1), ["990102", "990100"]) == (False, "")
