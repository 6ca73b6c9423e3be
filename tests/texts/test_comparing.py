"""A text's figures against the records: agrees, differs, agrees of another day, several, not in the records."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.parties.services import PartySpec, add_parties
from keshu.bureau.records.services import Actor, writing
from keshu.bureau.texts.comparing import Standing, compare
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.reading import read

CLERK = Actor("clerk", "周经办")
COUNTY, CITY = "990121", "990100"
PERIOD = Period.parse("2026-01..2026-10")


@pytest.fixture
def rows(places):
    """青岩县: 12 contracts of 2025 and 15 of 2026 until October, 11 until August; one in 江川区."""
    with writing(verb="test.firms", by=CLERK) as under_way:
        firm = add_parties([PartySpec("青岩茶业有限公司", place_id=places[COUNTY].pk)], within=under_way)[0]
    days = [date(2025, 1 + number % 9, 10) for number in range(12)]
    days += [date(2026, 1 + number % 8, 10) for number in range(11)] + [
        date(2026, 9, 1 + number) for number in range(4)
    ]
    for number, day in enumerate(days):
        contract(places[COUNTY], firm, f"A{number}", day, 123400)
    contract(places["990102"], firm, "B1", date(2026, 5, 5), 1000000)


def contract(place, firm, number, day, total):
    values = {
        "number": number, "name": f"{number}号技术开发", "kind": "development", "seller": firm.pk, "flow": "output",
        "total": Decimal(total), "traded": Decimal(total), "registered": day, "signed": day, "status": "registered",
    }  # fmt: skip
    create_entry("tech_contract", values, place_id=place.pk, by=CLERK)


def verdicts(text, *, place=COUNTY, period=PERIOD):
    figures = read(text, period.year)
    found = compare(text, figures, place=place, period=period, known_at=datetime.now(UTC))
    return {figure.text: verdict for figure, verdict in zip(figures, found, strict=True)}


def test_what_the_records_say_too(rows):
    found = verdicts("1—10月，全县登记技术合同15项，同比增长25.0%，技术合同成交额185.1万元。")
    assert {words: one.verdict for words, one in found.items()} == dict.fromkeys(
        ("15项", "25.0%", "185.1万元"), Standing.AGREES
    )
    assert found["15项"].indicator == "contract.count"
    assert found["15项"].reference == "{contract.count@990121/2026-01..2026-10}"


def test_a_difference_names_ours_and_how_far_it_is(rows):
    found = verdicts("1—10月，全县登记技术合同18项，同比增长25.0%。")["18项"]
    assert found.verdict is Standing.DIFFERS
    assert (found.ours, found.difference) == (Decimal(15), Decimal(3))


def test_a_figure_of_august_in_a_text_of_october(rows):
    found = verdicts("1—10月，全县登记技术合同11项。")["11项"]
    assert found.verdict is Standing.OTHER_DATE
    assert found.as_of == "2026-01..2026-08"


def test_another_place_that_the_text_names(rows):
    found = verdicts("江川区登记技术合同1项，青岩县登记技术合同15项。", place=CITY)
    assert found["1项"].verdict is Standing.AGREES
    assert found["1项"].place == "990102"
    assert found["15项"].place == COUNTY


def test_a_fall_that_is_told_as_a_rise_differs(rows):
    found = verdicts("1—10月，全县登记技术合同15项，同比下降25.0%。")["25.0%"]
    assert found.verdict is Standing.DIFFERS


def test_a_part_of_something_is_never_accused(rows):
    found = verdicts("1—10月，茶产业领域登记技术合同3项，培育示范户12户。")
    assert found["3项"].verdict is not Standing.DIFFERS
    assert found["12户"].verdict in (Standing.UNKNOWN, Standing.SEVERAL)


def test_what_the_whole_country_has_is_not_ours(rows):
    assert verdicts("全国登记技术合同95万项。")["95万项"].verdict is Standing.UNKNOWN


def test_the_answer_as_json(rows):
    found = verdicts("1—10月，全县登记技术合同18项。")["18项"].as_json()
    assert found["verdict"] == "differs"
    assert (found["ours"], found["difference"]) == ("15", "3")
