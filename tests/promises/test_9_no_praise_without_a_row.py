"""Promise 9: no praise without a row, no fall dropped silently, nothing unpublished in a public text.

A bureau whose every rate is negative is composed in every skeleton; then documents of each release level are received and
the numbers of those that are not public are looked for in the public text, its annex and its lists.
"""

import json
from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.records.services import now
from keshu.bureau.reports.build import wish_for
from keshu.bureau.reports.compose import compose
from keshu.bureau.reports.composing.text import plain_text
from keshu.bureau.reports.stored import lists_of
from keshu.bureau.statistics.queries import Ask, figures
from keshu.bureau.statistics.services import SourceSpec, ValueSpec, add_source
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.gates import gated_words
from tests.reports.conftest import CLERK, COUNTY, PERIOD, contract, hte

pytestmark = pytest.mark.django_db
CITY = "990100"
KINDS = sorted(code for code, one in catalogue().summaries.items() if not one.abstract)


@pytest.fixture
def falling(add, firms):
    """Fifteen of everything last year, six this year."""
    for year, count in ((2025, 15), (2026, 6)):
        for n in range(count):
            day, firm = date(year, 1 + n % 9, 6 + n), firms[n % len(firms)]
            contract(add, firm, f"{year}A{n}", day, 900000 if year == 2025 else 400000)
            add("patent", number=f"ZL{year}1000{n:03d}", name=f"装置{year}{n}", kind="invention", holders=[firm.pk],
                filed=day, granted=day, status="granted")  # fmt: skip
            add(
                "activity",
                name=f"科普活动{year}{n}",
                kind="fair",
                start=day,
                sessions=1,
                people=200 if year == 2025 else 90,
            )
            add("project", number=f"{year}N{n:04d}", name=f"项目{year}{n}", holder=firm.pk, plan="spark", level="provincial",
                field="agriculture", status="approved", applied=day, approved=day, grant=Decimal(200000), budget=Decimal(500000))  # fmt: skip
    for n in range(6):
        hte(add, firms[n], f"GR20220000{n}", date(2022, 11, 1) if n < 4 else date(2024, 11, 1))
    return firms


def draft_of(kind, place, *, public=False):
    return compose(wish_for(place, PERIOD, kind, now(), public=public))


def test_a_year_of_falls_is_praised_nowhere(falling):
    """In no skeleton, neither for the county nor for the city above it."""
    claims = []
    for kind in KINDS:
        for place in (COUNTY, CITY):
            text = plain_text(draft_of(kind, place))
            claims += [
                (kind, place, claim.word, text[max(0, claim.start - 15) : claim.end + 15])
                for claim in gated_words(text)
            ]
    assert len(KINDS) >= 4
    assert claims == []


@pytest.mark.parametrize("place", [COUNTY, CITY])
@pytest.mark.parametrize("kind", ["county", "city"])
def test_every_fall_is_said_or_listed_for_the_leader(falling, kind, place):
    """Recomputed here: whatever the text prints of an indicator that fell, the fall stands in the text or on the list."""
    draft = draft_of(kind, place)
    listed = {fall.told.code for fall in draft.falls}
    printed, said = set(), set()
    for part in draft.included:
        for block in part.blocks:
            for node in (node for sentence in block.sentences for node in sentence.nodes if hasattr(node, "reference")):
                code, _colon, form = node.reference.partition(":")
                code = code.partition("/")[0].partition("@")[0]
                printed.add(code)
                said |= {code} if form in ("growth", "points", "difference", "net") else set()
    fell = {code for code in printed & set(catalogue().indicators) if _fell(code, place)}
    assert {"contract.total"} <= fell
    assert fell - listed - said == set()


def _fell(code, place):
    """Less than in the same months of last year, or at last year's end, where more is better."""
    indicator = catalogue().indicators[code]
    if indicator.direction != "higher" or indicator.kind not in ("flow", "stock"):
        return False
    before = PERIOD.whole_year().last_year() if indicator.kind == "stock" else PERIOD.last_year()
    asks = [Ask(code, place, PERIOD), Ask(code, place, before)]
    present, past = (figures(asks, known_at=now())[ask].value for ask in asks)
    return present is not None and past is not None and present < past


SAID = {
    "rd.expenditure": ("7311111111", "6322222222"), "econ.gdp": ("311111111111", "299999999999"), "econ.population": ("1231234", "1230001"),
    "fiscal.tech": ("811111111", "722222222"), "fiscal.total": ("9311111111", "9222222222"), "rd.above_scale_expense": ("1711111111", "1622222222"),
    "industry.revenue": ("41111111111", "39999999999"), "hte.upper_valid": ("13131", "12121"), "hitech.output": ("5711111111", "5622222222"),
    "industry.output": ("17111111111", "16222222222"),
}  # fmt: skip


def received(release, codes, places):
    """The yearly values of two years, at every one of the places."""
    values = [
        ValueSpec(code, place, Period.of_year(year), Decimal(SAID[code][2025 - year]), cell="B2")
        for code in codes for place in places for year in (2025, 2024)
    ]  # fmt: skip
    add_source(
        SourceSpec("统计局", "年报", date(2025, 12, 31), date(2026, 5, 1), release=release), by=CLERK, values=values
    )


def told_by(draft):
    """References of everything that the draft prints: text, annex; and the lists as they are stored."""
    lists = lists_of(draft)
    marked = {
        node.reference
        for part in draft.included for block in part.blocks for sentence in block.sentences
        for node in sentence.nodes if hasattr(node, "reference")
    }  # fmt: skip
    return marked, plain_text(draft) + json.dumps(lists["annex"], ensure_ascii=False)


def stands_on(code):
    """The codes that an indicator is made of, itself among them."""
    one = catalogue().indicators.get(code)
    if one is None:
        return {code}
    parts = [part for part in (one.numerator, one.denominator) if part] + [c for c in SAID if c in (one.formula or "")]
    return {code}.union(*(stands_on(part) for part in parts))


@pytest.mark.parametrize("release", ["unpublished", "internal"])
@pytest.mark.parametrize("kind", ["county", "city"])
def test_what_is_not_public_never_reaches_a_public_text(bureau, kind, release):
    """Neither the value, nor a rate, a share, a growth or a value per head that is made of it."""
    received(release, SAID, [COUNTY])
    for place in (COUNTY, CITY):
        marked, _whole = told_by(draft_of(kind, place, public=True))
        leaked = {
            ref for ref in marked if stands_on(ref.partition(":")[0].partition("/")[0].partition("@")[0]) & set(SAID)
        }
        assert leaked == set(), place


@pytest.mark.parametrize("hidden", ["econ.gdp", "rd.expenditure", "fiscal.total", "econ.population"])
def test_one_unpublished_part_keeps_the_whole_rate_back(bureau, hidden):
    received("public", [code for code in SAID if code != hidden], [COUNTY])
    received("unpublished", [hidden], [COUNTY])
    for place in (COUNTY, CITY):
        draft = draft_of("city", place, public=True)
        marked, _whole = told_by(draft)
        leaked = {
            ref for ref in marked if hidden in stands_on(ref.partition(":")[0].partition("/")[0].partition("@")[0])
        }
        assert leaked == set(), place
        annex = {row.code for row in draft.annex if hidden in stands_on(row.code)}
        assert annex == set(), place


def test_the_same_values_are_told_once_they_are_public(bureau):
    """The tests above look for something that would be there."""
    received("public", SAID, [COUNTY])
    marked, whole = told_by(draft_of("city", COUNTY, public=True))
    codes = {ref.partition(":")[0].partition("/")[0] for ref in marked}
    assert {"rd.expenditure", "rd.gdp_ratio"} <= codes
    assert "73.11亿元" in whole
