"""Targets: set once, adjusted with a reason, broken down, withdrawn; read as they were known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, end_of
from keshu.bureau.statistics.forms import formed_many
from keshu.bureau.targets import services
from keshu.bureau.targets.models import Target, TargetRevision
from keshu.bureau.targets.queries import codes_with_targets, history_of, rows_of, targets_of
from keshu.bureau.targets.services import Share, StaleTarget, TargetProblem, TargetSpec
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.reference import Reference

OFFICE = Actor("office", "苏文")
CITY, RIVER, ROCK = "990100", "990102", "990121"
OCTOBER = Period.parse("2025-01..2025-10")


@pytest.fixture
def put(places, small):
    def make(code="award.given", place=CITY, kind="at_least", low="10", **more):
        values = {"year": 2025, "issuer": "市政府", "document": "云政〔2025〕1号"} | more
        low = None if low is None else Decimal(low)
        spec = TargetSpec(indicator=code, place=place, kind=kind, low=low, **values)
        return services.set_target(spec, by=OFFICE, catalogue=small)

    return make


def test_setting_leaves_exactly_one_act_and_one_revision(put):
    row = put(kind="range", low="3", high=Decimal(5), promised_in="2025年工作计划", weight=Decimal("2.5"))
    act = Act.objects.get(verb="target.set")
    assert (act.by, act.subject, act.place) == ("office", "targets:2025", CITY)
    found = TargetRevision.objects.values(
        "indicator", "kind", "low", "high", "issuer", "weight", "number", "voided", "act"
    )
    assert list(found) == [
        {"indicator": "award.given", "kind": "range", "low": Decimal(3), "high": Decimal(5), "issuer": "市政府",
         "weight": Decimal("2.5"), "number": 1, "voided": False, "act": act.pk}
    ]  # fmt: skip
    assert [one.pk for one in rows_of(CITY, 2025)] == [row.pk]
    assert list(faults()) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        pytest.param({"low": None}, "没有数值", id="no value"),
        pytest.param({"kind": "range", "low": "5"}, "区间目标须填下限和上限", id="half a range"),
        pytest.param({"kind": "rank", "low": "0"}, "位次", id="rank zero"),
        pytest.param({"kind": "rank", "low": "1.5"}, "位次", id="half a rank"),
        pytest.param({"kind": "share", "low": "101"}, "百分数", id="more than all"),
        pytest.param({"issuer": " "}, "下达单位", id="nobody set it"),
        pytest.param({"document": ""}, "文件", id="written nowhere"),
        pytest.param({"place": "123"}, "区划", id="no such place"),
        pytest.param({"code": "no.such"}, "指标库", id="no such indicator"),
        pytest.param({"scope": "nothing"}, "口径", id="no such scope"),
        pytest.param({"year": 1900}, "年度", id="long ago"),
        pytest.param({"weight": Decimal(101)}, "权重", id="too heavy"),
        pytest.param({"parent": 99999}, "上级目标", id="no such parent"),
    ],
)
def test_unfit_targets_are_refused_with_a_sentence(put, wrong, words):
    with pytest.raises(TargetProblem, match=words):
        put(**wrong)
    assert TargetRevision.objects.count() == Act.objects.filter(verb="target.set").count() == 0


def test_the_same_target_twice_is_refused_another_issuer_is_not(put):
    put()
    with pytest.raises(TargetProblem, match="已下达"):
        put(low="12")
    put(low="12", issuer="省科技厅")
    assert [one.low for one in targets_of(CITY, 2025)] == [10, 12]


def test_what_is_striven_for_is_better_than_what_is_ensured(put):
    put(tier="ensure", low="10")
    with pytest.raises(TargetProblem, match="争取目标须优于确保目标"):
        put(tier="strive", low="9")
    put(tier="strive", low="12")
    assert [one.tier for one in targets_of(CITY, 2025)] == ["ensure", "strive"]


def test_a_documents_targets_are_one_act_or_none(places, small):
    good = TargetSpec("award.given", CITY, 2025, "exact", Decimal(1), issuer="市", document="文")
    with pytest.raises(TargetProblem):
        services.set_targets([good, replace(good, place="0")], by=OFFICE, catalogue=small)
    assert TargetRevision.objects.count() == 0
    services.set_targets([good, replace(good, place=RIVER)], by=OFFICE, catalogue=small)
    assert TargetRevision.objects.count() == 2
    assert Act.objects.filter(verb="target.set").count() == 1


def test_adjusting_wants_a_reason_and_the_newest_state(put, small, later):
    row = put()
    before, spec = later(), services.spec_of(row)
    more = {"by": OFFICE, "catalogue": small}
    with pytest.raises(TargetProblem, match="依据"):
        services.revise_target(row.target_id, replace(spec, low=Decimal(12)), seen=1, reason=" ", **more)
    services.revise_target(row.target_id, spec, seen=1, reason="没有改动", **more)
    assert TargetRevision.objects.count() == 1
    assert not Act.objects.filter(verb="target.revise").exists()
    services.revise_target(row.target_id, replace(spec, low=Decimal(12)), seen=1, reason="云政〔2025〕9号", **more)
    with pytest.raises(StaleTarget, match="苏文"):
        services.revise_target(row.target_id, replace(spec, low=Decimal(13)), seen=1, reason="云政〔2025〕9号", **more)
    with pytest.raises(TargetProblem, match="不能改动"):
        services.revise_target(row.target_id, replace(spec, place=ROCK), seen=2, reason="云政〔2025〕9号", **more)
    assert [one.low for one in targets_of(CITY, 2025)] == [12]
    assert [one.low for one in targets_of(CITY, 2025, known_at=before)] == [10]
    assert [(one.number, one.low) for one in history_of(row.target_id)] == [(2, 12), (1, 10)]
    assert list(faults()) == []


def test_withdrawing_keeps_what_was_known_and_makes_room(put, later):
    row = put()
    before = later()
    with pytest.raises(TargetProblem, match="原因"):
        services.withdraw_target(row.target_id, seen=1, by=OFFICE, reason="")
    services.withdraw_target(row.target_id, seen=1, by=OFFICE, reason="上级取消")
    with pytest.raises(TargetProblem, match="已经撤回"):
        services.withdraw_target(row.target_id, seen=2, by=OFFICE, reason="上级取消")
    assert targets_of(CITY, 2025) == []
    assert [one.low for one in targets_of(CITY, 2025, known_at=before)] == [10]
    put(low="11")
    assert [one.low for one in targets_of(CITY, 2025)] == [11]
    assert list(faults()) == []


def test_breaking_down_sets_and_revises_the_shares(put, small):
    row = put(kind="range", low="8", high=Decimal(10))
    more = {"by": OFFICE, "issuer": "市科技局", "document": "云科〔2025〕3号", "catalogue": small}
    services.break_down(row.target_id, [Share(RIVER, Decimal(4)), Share(ROCK, Decimal(3))], **more)
    assert services.break_down(row.target_id, [Share(RIVER, Decimal(4))], **more) == []
    written = services.break_down(row.target_id, [Share(RIVER, Decimal(6)), Share(ROCK, Decimal(3))], **more)
    assert [(one.place.code, one.low, one.number) for one in written] == [(RIVER, 6, 2)]
    parts = TargetRevision.objects.filter(parent_id=row.target_id, known_to__isnull=True)
    assert {(one.place.code, one.low, one.kind, one.issuer) for one in parts} == {
        (RIVER, 6, "about", "市科技局"), (ROCK, 3, "about", "市科技局"),
    }  # fmt: skip
    assert Act.objects.filter(verb="target.break-down").count() == 2
    with pytest.raises(TargetProblem, match="先撤回下级"):
        services.withdraw_target(row.target_id, seen=1, by=OFFICE, reason="上级取消")
    assert list(faults()) == []


def test_shares_go_downwards_only(put, small):
    row = put(place=ROCK)
    more = {"by": OFFICE, "issuer": "局", "document": "文", "catalogue": small}
    with pytest.raises(TargetProblem, match="之下"):
        services.break_down(row.target_id, [Share(RIVER, Decimal(4))], **more)
    services.break_down(row.target_id, [Share(ROCK, Decimal(4), "高新科")], **more)
    assert [(one.section, one.low) for one in rows_of(ROCK, 2025)] == [("", 10), ("高新科", 4)]


def test_known_on_is_when_the_target_was_known(put, places, small):
    spec = TargetSpec("award.given", CITY, 2024, "exact", Decimal(5), issuer="市", document="文")
    services.set_target(spec, by=OFFICE, known_on=date(2024, 1, 15), catalogue=small)
    assert targets_of(CITY, 2024, known_at=end_of(date(2024, 1, 14))) == []
    assert [one.low for one in targets_of(CITY, 2024, known_at=end_of(date(2024, 1, 15)))] == [5]


def test_references_find_their_targets_without_those_of_sections(put, add, small, later):
    put(low="4")
    put(low="1", section="高新科")
    add("award", ROCK, given=date(2025, 5, 1))
    one = Reference.parse("{award.given:completion}")
    told = formed_many([one], place=CITY, period=OCTOBER, known_at=later(), catalogue=small)[one]
    assert (told.value, told.target.issuer, told.target.document) == (25, "市政府", "云政〔2025〕1号")
    assert [found.section for found in told.targets] == [""]


def test_the_indicators_with_targets(places):
    spec = TargetSpec("hte.valid", CITY, 2025, "exact", Decimal(90), issuer="市", document="文")
    services.set_targets(
        [spec, replace(spec, year=2026), replace(spec, indicator="patent.filed", section="科")], by=OFFICE
    )
    assert codes_with_targets(CITY, (2025, 2026)) == ["hte.valid"]
    assert codes_with_targets(ROCK, (2025, 2026)) == []


def test_the_database_refuses_what_must_never_be(put):
    row = put()
    same = {"indicator": "award.given", "place": row.place, "year": 2025, "known_from": row.known_from, "act": row.act}
    for wrong in ({"kind": "exact"}, {"kind": "range", "low": 1}, {"kind": "exact", "low": 1, "high": 2},
                  {"kind": "exact", "low": 1, "issuer": "市政府"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            TargetRevision.objects.create(target=Target.objects.create(act=row.act), **same, **wrong)
    for change in (
        lambda: TargetRevision.objects.filter(pk=row.pk).update(low=Decimal(1)),
        lambda: TargetRevision.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
