"""Received values: the newest known one, beside what was counted, and what their acts leave behind."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from keshu.bureau.records.audit import faults
from keshu.bureau.records.services import Actor
from keshu.bureau.statistics import services
from keshu.bureau.statistics.forms import formed_many
from keshu.bureau.statistics.lineage import recompute
from keshu.bureau.statistics.models import Heading, ReceivedValue
from keshu.bureau.statistics.queries import Ask, figures, lineage
from keshu.bureau.statistics.services import SourceProblem, SourceSpec, StaleSource, Upload, ValueSpec
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.presence import Presence, Status
from keshu.kernel.prose.reference import Reference

CLERK = Actor("clerk", "周经办")
CITY, RIVER, ROCK = "990100", "990102", "990121"
Y2025 = Period.parse("2025")


def spec(**more):
    values = {"issuer": "市统计局", "title": "统计月报", "number": "云统〔2026〕1号", "cut_off": date(2025, 12, 31)}
    return SourceSpec(**values | {"obtained_on": date(2026, 2, 1)} | more)


@pytest.fixture
def source(places, small):
    def make(*values, upload=None, **more):
        return services.add_source(spec(**more), by=CLERK, values=values, upload=upload, catalogue=small)

    return make


@pytest.fixture
def figure(small, later):
    def ask(code, place=CITY, period="2025", at=None):
        one, known_at = Ask(code, place, Period.parse(period)), at or later()
        found = figures([one], known_at=known_at, catalogue=small)[one]
        assert recompute(lineage(one, known_at=known_at, catalogue=small)) == found.value
        return found

    return ask


def test_a_received_figure_stands_on_its_document_and_cell(source, figure):
    source(
        ValueSpec("rd.share", CITY, Y2025, Decimal("2.31"), rank=3, rank_of=9, average=Decimal("2.05"), cell="表1!B5")
    )
    found = figure("rd.share")
    assert (found.value, found.status, found.presence) == (Decimal("2.31"), Status.FLASH, Presence.VALUE)
    assert (found.received.document, found.received.cell) == ("《统计月报》(云统〔2026〕1号)", "表1!B5")
    assert figure("rd.share", period="2024").presence is Presence.MISSING


def test_a_correction_is_not_known_before_it_was_made(source, figure, small, later):
    made = source(ValueSpec("rd.share", CITY, Y2025, Decimal("2.31")))
    first = later()
    again = services.record_values(
        made.source, [ValueSpec("rd.share", CITY, Y2025, Decimal("2.35"))], by=CLERK, catalogue=small
    )
    assert (again.new, again.changed, again.unchanged) == (0, 1, 0)
    assert figure("rd.share").value == Decimal("2.35")
    assert figure("rd.share", at=first).value == Decimal("2.31")
    same = services.record_values(
        made.source, [ValueSpec("rd.share", CITY, Y2025, Decimal("2.350"))], by=CLERK, catalogue=small
    )
    assert (same.new, same.changed, same.unchanged) == (0, 0, 1)


def test_a_later_document_goes_before_an_earlier_one_and_a_bulletin_of_ranks_leaves_the_value(source, figure):
    source(ValueSpec("rd.share", CITY, Y2025, Decimal("2.31")), status="flash")
    source(ValueSpec("rd.share", CITY, Y2025, Decimal("2.40")), title="统计年报", status="annual")
    source(ValueSpec("rd.share", CITY, Y2025, None, rank=2, rank_of=9), title="位次通报")
    found = figure("rd.share")
    assert (found.value, found.status, found.received.rank) == (Decimal("2.40"), Status.ANNUAL, 2)
    assert found.received.title == "统计年报"
    assert found.received.ranked_by.title == "位次通报"


def test_counted_and_received_stand_beside_each_other_only_where_they_differ(source, figure, add):
    add("award", ROCK, given=date(2025, 3, 1))
    source(ValueSpec("award.given", ROCK, Y2025, Decimal(1)), ValueSpec("award.given", CITY, Y2025, Decimal(2)))
    agreed, differing = figure("award.given", ROCK), figure("award.given", CITY)
    assert (agreed.value, agreed.counted, agreed.differs) == (1, None, False)
    assert (differing.value, differing.counted, differing.received.value) == (1, 1, 2)


def test_values_of_places_are_added_only_where_the_definition_says_so_and_gaps_make_them_partial(source, figure):
    source(ValueSpec("people", RIVER, Y2025, Decimal(300_000)))
    partial = figure("people")
    assert (partial.value, partial.presence) == (300_000, Presence.PARTIAL)
    source(ValueSpec("people", ROCK, Y2025, Decimal(200_000)), ValueSpec("rd.share", ROCK, Y2025, Decimal(1)))
    assert (figure("people").value, figure("people").presence) == (500_000, Presence.VALUE)
    assert figure("rd.share").presence is Presence.MISSING


def test_a_ratio_to_a_population_takes_last_years_and_says_so(source, figure, add, party):
    add("award", ROCK, kind="a", holder=party("甲公司"), start=date(2024, 1, 1))
    source(ValueSpec("people", ROCK, Y2025, Decimal(200_000)))
    found = figure("award.dense", ROCK, period="2026-01..2026-10")
    assert (found.value, found.denominator_period) == (Decimal("0.05"), Y2025)
    assert figure("award.dense", ROCK).denominator_period is None
    assert figure("award.dense", ROCK, period="2030").presence is Presence.MISSING


def test_reported_ranks_averages_and_growth_go_before_computed_ones(source, add, small, later):
    add("award", ROCK, given=date(2025, 3, 1))
    source(
        ValueSpec("award.given", ROCK, Y2025, Decimal(1), rank=4, rank_of=6),
        ValueSpec("rd.share", ROCK, Y2025, Decimal("2.3"), average=Decimal("2.1"), growth=Decimal("8.8")),
    )
    texts = {name: Reference.parse("{" + name + "}") for name in (
        "award.given:rank", "rd.share:against_average", "rd.share:growth", "rd.share:rank",
    )}  # fmt: skip
    told = formed_many(texts.values(), place=ROCK, period=Y2025, known_at=later(), catalogue=small)
    rank = told[texts["award.given:rank"]]
    assert (rank.rank, rank.of, rank.rank_computed, rank.ranks_differ) == (4, 6, 1, True)
    average = told[texts["rd.share:against_average"]]
    assert (average.value, average.unit) == (Decimal("0.2"), "个百分点")
    assert told[texts["rd.share:growth"]].value == Decimal("8.8")
    assert told[texts["rd.share:rank"]].value is None


def test_undo_brings_back_what_was_there_and_lists_what_somebody_changed_since(source, figure, small):
    made = source(ValueSpec("rd.share", CITY, Y2025, Decimal("2.31")))
    act = services.record_values(
        made.source,
        [ValueSpec("rd.share", CITY, Y2025, Decimal(9)), ValueSpec("rd.share", ROCK, Y2025, Decimal(8))],
        by=CLERK, catalogue=small,
    ).act  # fmt: skip
    changed = services.record_values(
        made.source, [ValueSpec("rd.share", ROCK, Y2025, Decimal(7))], by=CLERK, catalogue=small
    )
    undone = services.undo_received(act.pk, by=CLERK)
    assert (undone.restored, len(undone.left)) == (1, 1)
    assert (figure("rd.share").value, figure("rd.share", ROCK).value) == (Decimal("2.31"), 7)
    with pytest.raises(SourceProblem, match="已经撤销过"):
        services.undo_received(act.pk, by=CLERK)
    assert changed.changed == 1


def test_withdrawing_a_source_takes_its_values_away_from_now_on(source, figure, later):
    made = source(
        ValueSpec("rd.share", CITY, Y2025, Decimal("2.31")), upload=Upload(b"scan", "通报.pdf", "application/pdf")
    )
    before = later()
    with pytest.raises(SourceProblem, match="原因"):
        services.withdraw_source(made.source, seen=1, by=CLERK, reason=" ")
    services.withdraw_source(made.source, seen=1, by=CLERK, reason="发文单位收回")
    assert figure("rd.share").presence is Presence.MISSING
    assert figure("rd.share", at=before).value == Decimal("2.31")
    with pytest.raises(StaleSource):
        services.revise_source(made.source, spec(), seen=1, by=CLERK)


def test_strange_values_are_refused_with_a_remedy(source, small):
    for value, words in (
        (ValueSpec("no.such", CITY, Y2025, Decimal(1)), "指标库中没有"),
        (ValueSpec("rd.share", "123", Y2025, Decimal(1)), "没有代码为"),
        (ValueSpec("rd.share", CITY, Y2025, Decimal(1), rank=10, rank_of=9), "请核对通报"),
    ):
        with pytest.raises(SourceProblem, match=words):
            source(value)
    with pytest.raises(SourceProblem, match="出现两次"):
        source(*[ValueSpec("rd.share", CITY, Y2025, Decimal(1))] * 2)
    assert Heading.objects.count() == 0


def test_the_past_cannot_be_rewritten_and_the_audit_finds_it_whole(source):
    made = source(ValueSpec("rd.share", CITY, Y2025, Decimal("2.31")))
    for change in (
        lambda: ReceivedValue.objects.filter(source=made.source).update(value=Decimal(9)),
        lambda: ReceivedValue.objects.filter(source=made.source).delete(),
        lambda: Heading.objects.filter(source=made.source).update(title="别的"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert list(faults()) == []
