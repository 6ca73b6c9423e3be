"""What a composed text has to stand: no praise without a row, no fall dropped, nothing unpublished in public, themes that come and go."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.services import void_entry
from keshu.bureau.reports.build import build_text, wish_for
from keshu.bureau.reports.checks import names_in
from keshu.bureau.reports.composing.text import plain_text, shown_of
from keshu.bureau.statistics.services import SourceSpec, ValueSpec, add_source
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.gates import gated_words
from keshu.kernel.prose.machine import betrayals
from keshu.kernel.prose.profile import profile
from tests.reports.conftest import CLERK, COUNTY, PERIOD, contract

pytestmark = pytest.mark.django_db


def built(*, public=False, place=COUNTY, period=PERIOD, kind="county"):
    return build_text(wish_for(place, period, kind, datetime.now(UTC), public=public))


def bulletin(places, release, *, value="1.36", year=2025):
    """R&D of the year before as the statistics bureau told it."""
    source = SourceSpec(
        issuer="云岭市统计局", title=f"{year}年科技统计反馈表", number=f"云统〔{year + 1}〕5号", cut_off=date(year, 12, 31),
        obtained_on=date(year + 1, 9, 20), status="annual", release=release,
    )  # fmt: skip
    spec = ValueSpec(
        indicator="rd.expenditure",
        place=COUNTY,
        period=Period.of_year(year),
        value=Decimal(value) * 10**8,
        cell="表2!C7",
    )
    add_source(source, values=[spec], by=CLERK)


def without(ledger):
    """Void every row of a ledger: the theme has nothing this year."""
    for row in Revision.objects.filter(ledger=ledger, known_to__isnull=True, voided=False):
        void_entry(row.entry_id, seen=row.number_in_entry, by=CLERK, reason="演练")


@pytest.mark.parametrize(("release", "told"), [("public", True), ("internal", False), ("unpublished", False)])
def test_what_is_not_published_never_reaches_a_public_text(bureau, places, release, told):
    bulletin(places, release)
    public, internal = built(public=True), built()
    assert "1.36亿元" in plain_text(internal.draft)
    assert ("1.36亿元" in plain_text(public.draft)) is told
    assert ("1.36亿元" in "".join(row.actual for row in public.draft.annex)) is told


def test_a_figure_of_another_year_carries_its_year(bureau, places):
    bulletin(places, "internal")
    assert "2025年，全社会R&D经费支出1.36亿元" in plain_text(built().draft)


def test_a_theme_whose_rows_are_gone_is_gone_and_the_rest_is_numbered_anew(bureau):
    before = [part.heading for part in built().draft.included if part.chapter.code == "work"]
    assert any("成果" in heading for heading in before)
    without("tech_contract")
    text = built()
    after = [part.heading for part in text.draft.included if part.chapter.code == "work"]
    assert not any("成果" in heading for heading in after)
    assert "技术合同" not in plain_text(text.draft).split("工作打算")[0]
    numbered = [line[1] for line in plain_text(text.draft).split("\n") if line.startswith("（")][: len(after)]
    assert numbered == list("一二三四五六七八九十"[: len(after)])


def test_all_rates_negative_yields_no_praise_and_a_filled_list_of_falls(bureau, add, firms):
    for index in range(14):
        contract(add, firms[0], f"2025D{index}", date(2025, 4, 1), 900000)
        add("patent", number=f"ZL20251000{index}", name=f"旧装置{index}", kind="invention", holders=[firms[0].pk], filed=date(2023, 2, 1),
            granted=date(2025, 4, 1), ended=date(2026, 3, 1), status="granted")  # fmt: skip
        add(
            "activity",
            name=f"科普赶集{index}",
            kind="fair",
            start=date(2025, 5, 20),
            sessions=1,
            people=900,
            materials=9000,
            status="held",
        )
        add("project", number=f"2025N{index}", name=f"旧项目{index}", holder=firms[0].pk, plan="spark", level="provincial", status="approved",
            applied=date(2025, 2, 1), approved=date(2025, 6, 5), grant=Decimal(300000), budget=Decimal(500000))  # fmt: skip
    text = built()
    achieved = plain_text(text.draft).split("存在问题")[0]
    praise = [one.word for one in gated_words(achieved)]
    assert praise == []
    assert "增长" not in achieved
    unwritten = {fall.told.code for fall in text.draft.falls}
    written = plain_text(text.draft).split("存在问题")[1]
    for code, name in (
        ("contract.total", "技术合同成交额"),
        ("popular.people", "科普活动"),
        ("patent.granted", "专利授权"),
    ):
        assert code in unwritten or (name in written and "下降" in written), code
    assert unwritten


def test_a_small_bureau_has_a_plan_of_a_quarter_and_no_loose_end(bureau):
    text = built()
    parts = [shown_of(part) for part in text.draft.included]
    measured = profile(text.draft.title + "\n\n" + plain_text(text.draft), names=names_in(parts))
    assert measured.plan_share >= 25
    assert text.loose == ()
    assert betrayals(text.draft.title + "\n\n" + plain_text(text.draft)) == []


def test_every_name_in_the_text_is_among_the_rows_counted(bureau, firms):
    text = built()
    for name in names_in([shown_of(part) for part in text.draft.included]):
        bare = name.strip("“”《》")
        assert any(bare in firm.name for firm in firms) or Revision.objects.filter(title__contains=bare).exists(), name
