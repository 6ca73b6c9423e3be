"""The programmes that are delivered: each sound, each way through it ends, points and money as worked out by hand."""

import random
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from keshu.catalogue import definition_hash, describe, describe_text, load
from keshu.catalogue.hashing import definition_content
from keshu.catalogue.programme_drawing import ordered, stage_svg
from keshu.catalogue.programme_judging import (
    amount,
    check,
    estimate,
    facts_of,
    instalments,
    judge,
    mean_score,
    parameter_facts,
    score,
)
from keshu.catalogue.schema import Programme
from keshu.catalogue.schema.programme_stages import NEXT

D = Decimal
CATALOGUE = load()
PROGRAMMES = [one for one in CATALOGUE.programmes.values() if not one.abstract]
TODAY = date(2025, 6, 1)
each = pytest.mark.parametrize("programme", PROGRAMMES, ids=[one.code for one in PROGRAMMES])


def programme(code):
    return CATALOGUE.programmes[code]


def known(code, facts, on=TODAY):
    return facts_of(programme(code), facts, CATALOGUE.parameters, on=on)


def verdicts(code, facts, on=TODAY):
    found = judge(programme(code), facts, CATALOGUE.parameters, on=on)
    return {one.item.code: one.verdict.truth for one in found}


def test_there_is_one_for_every_line_of_the_bureau():
    assert len(PROGRAMMES) == 26
    assert {one.kind for one in PROGRAMMES} == {"project", "recognition", "subsidy", "award", "nomination"}


@each
def test_it_is_whole(programme):
    for part in ("conditions", "form", "slots", "checks", "path"):
        assert not [one for one in getattr(programme, part) if isinstance(one, str)]
    assert programme.requirements
    assert programme.formal_checks
    assert all(step.target != NEXT for step in programme.ladder.steps)


@each
def test_every_random_walk_ends(programme):
    """A walk that always takes any open way comes to an end, and never leaves the states of the ladder."""
    ladder, dice = programme.ladder, random.Random(programme.code)  # no secret
    for _ in range(60):
        here, steps = ladder.start, 0
        while ladder.states[here].end is None:
            here = dice.choice(ladder.out_of(here)).target
            steps += 1
            assert steps < 3000
        assert ladder.out_of(here) == ()


@each
def test_every_end_is_met_and_some_way_leads_to_a_good_one(programme):
    ladder = programme.ladder
    assert {ladder.states[step.target].end for step in ladder.steps} >= {"withdrawn", "rejected", "completed"}


@each
def test_nothing_is_known_of_nobody(programme):
    """Without facts no condition is met and none is failed: all ask for something."""
    for one in judge(programme, {}, CATALOGUE.parameters, on=TODAY):
        assert one.verdict.truth is None
        assert one.missing
        assert not set(one.missing) & set(CATALOGUE.parameters)


@each
def test_its_stages_are_drawn(programme):
    assert sorted(ordered(programme.ladder)) == sorted(programme.ladder.states)
    text = describe_text(programme)
    assert all(state.name in text for state in programme.ladder.states.values())
    drawn = ET.fromstring(stage_svg(programme.ladder))  # our own
    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}rect"))) == len(programme.ladder.states)
    edges = describe(programme)["ladder"]["edges"]
    assert len(edges) == len(programme.ladder.steps)


@each
def test_what_is_stored_of_it_is_the_same_definition(programme):
    again = Programme.model_validate(definition_content(programme))
    assert definition_hash(again) == definition_hash(programme)
    assert again.ladder == programme.ladder


@each
def test_the_hash_says_what_its_libraries_hold(programme):
    """A version is pinned with every shared part in it: a changed library is a changed definition."""
    first = programme.path[0]
    other = first.model_copy(update={"transitions": first.transitions[:-1]})
    changed = programme.model_copy(update={"path": (other, *programme.path[1:])})
    assert definition_hash(changed) != definition_hash(programme)


def test_rewording_a_state_changes_no_hash_and_renaming_a_fact_does():
    one = programme("title.tsme")
    first = one.path[0]
    state = first.states[0].model_copy(update={"name": "起草", "public": "起草中"})
    reworded = first.model_copy(update={"states": (state, *first.states[1:])})
    assert definition_hash(one.model_copy(update={"path": (reworded, *one.path[1:])})) == definition_hash(one)
    fact = one.computed[0].model_copy(update={"name": "另一个占比"})
    assert definition_hash(one.model_copy(update={"computed": (fact, *one.computed[1:])})) != definition_hash(one)


GROWTH = [
    ((1000, 1300, 1700), 8),
    ((2400, 3200, 4200), 8),
    ((0, 400, 500), 8),
    ((500, 0, 800), 0),
    ((1000, 900, 990), 0),
    ((100, 135, D("182.25")), 10),
    ((100, 105, D("110.25")), 4),
]


@pytest.mark.parametrize(("years", "points"), GROWTH)
def test_growth_of_a_high_tech_firm(years, points):
    names = ("第一年净资产", "第二年净资产", "第三年净资产")
    facts = known("title.hte", {**dict(zip(names, years, strict=True)), "完整会计年度数": 3})
    assert facts["净资产增长得分"] == points


def test_growth_of_a_young_firm_is_one_year_and_of_a_new_one_nothing():
    facts = {"第二年净资产": 100, "第三年净资产": 130}
    assert known("title.hte", {**facts, "完整会计年度数": 2})["净资产增长得分"] == 8
    assert known("title.hte", {**facts, "完整会计年度数": 1})["净资产增长得分"] == 0


FIRM = {
    "申报日期": date(2025, 6, 1),
    "申报单位.注册日期": date(2024, 6, 1),
    "申报单位.重大事故": False,
    "技术领域": "material",
    "完整会计年度数": 3,
    "科技人员数": 18,
    "职工总数": 180,
    "第一年销售收入": 30_000_000,
    "第二年销售收入": 40_000_000,
    "第三年销售收入": 50_000_000,
    "第一年研发费用": 1_500_000,
    "第二年研发费用": 2_000_000,
    "第三年研发费用": 2_500_000,
    "境内研发费用合计": 3_600_000,
    "上年总收入": 50_000_000,
    "上年高新技术产品收入": 30_000_000,
    "第一年净资产": 100,
    "第二年净资产": 135,
    "第三年净资产": D("182.25"),
    "一类知识产权数": 0,
    "二类知识产权数": 5,
    "三年转化成果数": 15,
    "技术先进程度自评分": 7,
    "核心支持作用自评分": 7,
    "获得方式自评分": 5,
    "参与标准自评分": 0,
    "研发制度自评分": 5,
    "研发机构自评分": 4,
    "转化激励自评分": 2,
    "人才制度自评分": 2,
}


def test_a_firm_exactly_at_every_bound_is_a_high_tech_firm():
    """365 days, 18 of 180, 5 % at 50 million, 60 % and 60 %: every lower bound belongs to it."""
    assert set(verdicts("title.hte", FIRM).values()) == {True}


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        ({"申报单位.注册日期": date(2024, 6, 2)}, {"age"}),
        ({"科技人员数": 17}, {"staff"}),
        ({"第三年研发费用": 2_499_999}, {"rd"}),
        ({"第三年销售收入": 50_000_001, "第一年研发费用": 1_000_000, "第三年研发费用": 2_000_000}, set()),
        ({"境内研发费用合计": 3_599_999}, {"domestic"}),
        ({"上年高新技术产品收入": 29_999_999}, {"income"}),
        ({"申报单位.重大事故": True}, {"accident"}),
        ({"技术领域": "none"}, {"field"}),
        ({"二类知识产权数": 0}, {"ip", "score"}),
    ],
)
def test_a_yuan_or_a_day_less_is_told_apart(change, failing):
    low_score = {**FIRM, **change}
    failed = {code for code, truth in verdicts("title.hte", low_score).items() if truth is False}
    assert failed - {"score"} == failing - {"score"}


def test_the_reason_names_the_values():
    found = judge(programme("title.hte"), {**FIRM, "科技人员数": 17}, CATALOGUE.parameters, on=TODAY)
    (staff,) = [one for one in found if one.item.code == "staff"]
    assert staff.verdict.reasons == ("科技人员占比 9.44% < hte.staff_share 10%",)


def test_older_years_are_judged_by_their_own_bounds():
    assert verdicts("title.hte", FIRM, on=date(2014, 6, 1))["staff"] is False


def test_the_whole_point_table_of_a_high_tech_firm():
    facts = known("title.hte", FIRM)
    assert facts["知识产权自评得分"] == 7 + 7 + 6 + 5
    assert (facts["成果转化得分"], facts["组织管理自评得分"], facts["净资产增长得分"]) == (30, 13, 10)
    assert facts["销售收入增长得分"] == 8
    assert facts["自评总分"] == 25 + 30 + 13 + 18


def test_what_experts_may_still_give_and_what_they_gave():
    sheet, facts = programme("title.hte").scoring, known("title.hte", FIRM)
    low, high = estimate(sheet, facts)
    assert (low, high) == (5 + 25 + 0 + 9 + 7, 8 + 8 + 6 + 6 + 2 + 30 + 20 + 10 + 8)
    points = {"advanced": D(8), "core": D(8), "number": D(8), "way": D(6), "standards": D(2), "transfer": D(26),
              "system": D(5), "organ": D(5), "incentive": D(3), "talents": D(3), "assets": D(9), "sales": D(7)}  # fmt: skip
    assert score(sheet, points, facts) == 30 + 26 + 16 + 16, "the first group is capped at thirty"
    assert score(sheet, {**points, "core": None}, facts) is None


def test_the_mean_leaves_out_the_highest_and_the_lowest():
    sheet = programme("plan.key_rd").scoring
    assert mean_score(sheet, [D(60), D(80), D(81), D(82), D(100)]) == 81
    assert mean_score(sheet, [D(60), D(80)]) is None


TSME = {"一类知识产权数": 0, "二类知识产权数": 0, "五年内国家科技奖前三名": False, "有省部级以上研发机构": False,
        "五年内主导制定标准": False, "申报单位.有效高企": False}  # fmt: skip


@pytest.mark.parametrize(
    ("staff", "money", "rights", "total", "passes"),
    [
        ((24, 80), (300, 4200, 3360), {"一类知识产权数": 2}, 100, True),
        ((6, 50), (60, 1500, 1300), {"二类知识产权数": 3}, 52, False),
        ((4, 50), (200, 1500, 1300), {"一类知识产权数": 1}, 80, False),
    ],
)
def test_points_of_a_small_technology_firm(staff, money, rights, total, passes):
    facts = {**TSME, **rights, "科技人员数": staff[0], "职工总数": staff[1]}
    facts |= dict(zip(("上年研发费用", "上年营业收入", "上年成本费用"), money, strict=True))
    assert known("title.tsme", facts)["综合得分"] == total
    assert verdicts("title.tsme", facts)["score"] is passes
    assert verdicts("title.tsme", {**facts, "申报单位.有效高企": True})["score"] is True
    assert score(programme("title.tsme").scoring, {}, known("title.tsme", facts)) == total


@pytest.mark.parametrize(("spent", "before", "due"), [(800, 600, 52), (1000, 1000, 50), (1500, 1200, 88), (2000, 1800, 102), (5000, 4000, 210)])  # fmt: skip
def test_research_subsidy(spent, before, due):
    facts = known("payout.rd_segment", {"享受加计扣除的研发费用": spent * 10_000, "前年研发费用": before * 10_000})
    assert amount(programme("payout.rd_segment"), facts) == due * 10_000
    assert facts["测算补助金额"] == due * 10_000


@pytest.mark.parametrize(("cost", "used", "due"), [(10, 0, 5), (40, 0, 20), (60, 0, 20), (40, 15, 5)])
def test_vouchers(cost, used, due):
    facts = {"服务明细.支付金额": (D(cost * 10_000),), "申报单位.本年同类兑现额": used * 10_000}
    assert amount(programme("payout.voucher"), known("payout.voucher", facts)) == due * 10_000


def test_interest_on_a_pledged_loan():
    facts = {"质押贷款本金": 3_000_000, "贷款年利率": D("4.35"), "放款日期": date(2023, 1, 1), "申报单位.本年同类兑现额": 0,
             "结清日期": date(2023, 12, 27), "有保险或担保的小微企业": True}  # fmt: skip
    due = amount(programme("payout.pledge"), known("payout.pledge", facts, on=date(2024, 6, 1)))
    assert due == D("51750.00")


def test_the_aid_for_patents_has_ended():
    patent = programme("payout.patent")
    assert patent.open_on(date(2024, 12, 31))
    assert not patent.open_on(date(2025, 1, 1))
    fees = {"专利明细.已缴官费": (D(3000), D("2500.50"))}
    assert amount(patent, known("payout.patent", fees, on=date(2024, 6, 1))) == D("2750.25")
    assert amount(patent, known("payout.patent", fees, on=date(2025, 6, 1))) == 0


def test_indirect_costs_of_a_budget():
    budget = {"预算.专项经费": (D(2_000_000), D(5_000_000), D(3_000_000), D(1_500_000)),
              "预算.自筹经费": (D(0), D(0), D(0), D(0)), "预算.间接费用.专项经费": D(1_500_000),
              "预算.设备费.专项经费": D(2_000_000)}  # fmt: skip
    new = known("plan.key_rd", budget)
    assert (new["申请专项经费"], new["间接费用上限"]) == (11_500_000, 2_250_000)
    assert known("plan.key_rd", budget, on=date(2020, 1, 1))["间接费用上限"] == 1_450_000


def test_instalments_add_up_to_the_total():
    facts = parameter_facts(CATALOGUE.parameters, TODAY)
    assert instalments(programme("plan.key_rd"), D("333333.33"), facts) == [
        ("first", D("200000.00")),
        ("last", D("133333.33")),
    ]
    assert instalments(programme("plan.major"), D(1_000_000), facts) == [
        ("first", D(600_000)),
        ("middle", D(200_000)),
        ("last", D(200_000)),
    ]


def test_formal_checks_are_judged_by_their_rules():
    facts = {"研发活动.第三年支出": (D(100), D(150)), "第三年研发费用": D(250), "完整会计年度数": 4}
    found = {
        one.item.code: one.verdict.truth for one in check(programme("title.hte"), facts, CATALOGUE.parameters, on=TODAY)
    }
    assert (found["rd_sum"], found["years"], found["people"]) == (True, False, None)
    assert "agency" not in found, "what a person has to look at is not judged by rule"
