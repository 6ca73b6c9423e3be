"""Last year's text taken over: references, received values, standing words, what is stale, what was promised."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.parties.services import PartySpec, add_parties
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, writing
from keshu.bureau.reports.build import build_text, wish_for
from keshu.bureau.reports.compose import definition_of
from keshu.bureau.statistics.models import ReceivedValue
from keshu.bureau.texts.adopting import NothingToAdopt, adopt, plan
from keshu.bureau.texts.services import TextSpec, keep_text, read_text
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.reading import read

CLERK = Actor("office", "王主任")
COUNTY = "990121"
TEXT = """青岩县科学技术局2025年工作总结

一、主要工作
（一）培育技术市场
2025年，全县登记技术合同12项，技术合同成交额148.08万元。健全技术经理人队伍，做好合同登记的上门服务。
8月15日，召开全县科技成果对接会。
（二）加强知识产权
2025年，全县专利申请量258件，专利授权量126件。
培训乡土人才1200人次。
二、2026年工作打算
2026年，力争登记技术合同20项。
"""


@pytest.fixture
def contracts(places):
    """12 contracts of 2025 and 15 of 2026."""
    with writing(verb="test.firms", by=CLERK) as under_way:
        firm = add_parties([PartySpec("青岩茶业有限公司", place_id=places[COUNTY].pk)], within=under_way)[0]
    days = [date(2025, 1 + number % 9, 10) for number in range(12)] + [
        date(2026, 2, 1 + number) for number in range(15)
    ]
    for number, day in enumerate(days):
        values = {
            "number": f"A{number}", "name": f"{number}号技术开发", "kind": "development", "seller": firm.pk,
            "flow": "output", "total": Decimal(123400), "traded": Decimal(123400), "registered": day, "signed": day,
            "status": "registered",
        }  # fmt: skip
        create_entry("tech_contract", values, place_id=places[COUNTY].pk, by=CLERK)


def planned(text=TEXT):
    return plan(text, read(text, 2025), title="2025年工作总结", place=COUNTY, year=2025, known_at=datetime.now(UTC))


def test_what_taking_over_would_bring(contracts):
    found = planned()
    received = {(one.indicator, one.value) for one in found.received}
    assert ("patent.filed", Decimal(258)) in received
    assert ("patent.granted", Decimal(126)) in received
    assert not any(one.indicator == "contract.count" for one in found.received)  # the rows say it themselves
    stale = {one.sentence: one.reason for one in found.skeleton.stale}
    assert "8月15日" in stale["8月15日，召开全县科技成果对接会。"]
    assert any("1200人次" in reason for reason in stale.values())


def test_a_promise_is_held_against_this_years_rows(contracts):
    promise = next(one for one in planned().promises if one.indicator == "contract.count")
    assert (promise.figure.value, promise.actual, promise.kept) == (Decimal(20), Decimal(15), False)


def test_the_text_rolls_forward_in_new_words(contracts):
    done = adopt(planned(), by=CLERK, today=date(2026, 11, 21))
    assert done.kind == f"own_{COUNTY}"
    built = build_text(wish_for(COUNTY, Period.parse("2026-01..2026-10"), done.kind, datetime.now(UTC)))
    text = "\n".join(block.words for part in built.draft.included for block in part.blocks)
    assert "登记技术合同15项" in text
    assert "185.1万元" in text
    assert "健全技术经理人队伍" in text
    assert "148.08" not in text
    assert "对接会" not in text
    assert built.loose == ()


def test_received_values_carry_the_document_and_its_growth_starts_at_once(contracts):
    done = adopt(planned(), by=CLERK, today=date(2026, 11, 21))
    row = ReceivedValue.objects.get(indicator="patent.filed")
    assert row.source_id == done.source
    assert row.value == Decimal(258)
    assert Act.objects.filter(verb="summary.adopt").count() == 1


def test_taking_over_again_makes_the_next_version(contracts):
    adopt(planned(), by=CLERK, today=date(2026, 11, 21))
    second = adopt(planned(), by=CLERK, today=date(2026, 11, 21))
    assert second.version == 2
    assert definition_of(second.kind).version == 2


def test_a_text_without_figures_is_refused_with_a_sentence(places):
    with pytest.raises(NothingToAdopt, match="没有读到数字"):
        planned("坚持党建引领。")


def test_the_page_shows_first_and_writes_on_confirmation(contracts, client_as):
    spec = TextSpec(place=COUNTY, year=2025, kind="final", title="2025年工作总结", file_name="总结.txt")
    client = client_as("office")
    kept = keep_text(spec, TEXT.encode(), by=CLERK)
    read_text(kept.pk)
    page = client.get(f"/texts/{kept.pk}/adopt/")
    assert "专利申请" in page.content.decode()
    assert not Act.objects.filter(verb="summary.adopt").exists()
    assert client.post(f"/texts/{kept.pk}/adopt/").status_code == 302
    assert Act.objects.filter(verb="summary.adopt").exists()
    assert definition_of(f"own_{COUNTY}").name.startswith("青岩县")
