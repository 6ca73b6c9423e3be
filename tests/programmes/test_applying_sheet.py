"""What the form makes of its texts: values for rules, sums, what shows, everything that is wrong at once."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from keshu.bureau.forms.readers import Surroundings
from keshu.bureau.places.queries import Gazetteer
from keshu.bureau.programmes.applying.layout import layout_of, rows_of
from keshu.bureau.programmes.applying.reading import draft_of, values_of
from keshu.bureau.programmes.applying.sheet import Filled, words_in
from keshu.catalogue import load
from keshu.catalogue.programme_judging import parameter_facts
from tests.programmes.filling import fill

CATALOGUE = load()
TODAY = date(2026, 6, 1)


def form(texts, code="plan.key_rd", facts=None, papers=None):
    layout = layout_of(CATALOGUE.programmes[code])
    known = parameter_facts(CATALOGUE.parameters, TODAY) | {"申报单位.类型": "企业"} | (facts or {})
    return Filled(layout, texts, around=Surroundings(TODAY, Gazetteer({}), {}), facts=known, papers=papers)


BUDGET = {
    "budget:1:grant": "200万", "budget:2:grant": "500万元", "budget:3:grant": "3000000", "budget:4:grant": "150万元",
    "budget:1:own": "0", "budget:2:own": "0", "budget:3:own": "0", "budget:4:own": "0",
}  # fmt: skip


def test_a_budget_is_summed_and_its_indirect_costs_are_capped():
    """The same figures as the rule's own test: 11.5 million, of which 2.25 million at most may be indirect."""
    made = form({key: text.replace("200万", "200万元") for key, text in BUDGET.items()})
    computed = {code: made.computed(made.layout.fields[code][0]) for code in ("grant_total", "indirect_cap")}
    assert computed == {"grant_total": D("11500000.00"), "indirect_cap": D("2250000.00")}
    assert made.values["预算.间接费用.专项经费"] == 1500000
    assert made.values["预算.专项经费"] == (2000000, 5000000, 3000000, 1500000)
    assert made.sums(made.layout.tables["budget"][0]) == {"grant": 11500000, "own": 0}


def test_a_total_is_unknown_while_a_demanded_cell_is_empty_and_the_column_sums_what_is_there():
    made = form({"budget:1:grant": "100"})
    assert made.computed(made.layout.fields["grant_total"][0]) is None
    assert made.sums(made.layout.tables["budget"][0])["grant"] == 100


def test_rows_stand_in_their_order_and_removed_ones_never():
    table = form({}).layout.tables["members"][0]
    texts = {"members:b1:name": "甲", "members:a1:name": "乙", "members:c1:name": "丙", "members:": "c1 -a1"}
    assert rows_of(table, texts) == ["c1", "b1"]
    assert form(texts).values["成员.姓名"] == ("丙", "甲")


def test_a_row_without_any_text_is_no_row():
    made = form({"members:a1:name": " ", "members:": "a1"})
    assert made.values["成员"] == ()


def test_a_section_shows_by_its_rule():
    codes = {kind: [s.code for s in form({}, facts={"申报单位.类型": kind}).sections()] for kind in ("企业", "高校")}
    assert "firm" in codes["企业"]
    assert "firm" not in codes["高校"]
    assert not form({}, facts={"申报单位.类型": "高校"}).problems_of("firm")


def test_what_cannot_be_judged_yet_says_which_fact_is_missing():
    (remark,) = form({}, facts={"申报单位.类型": None}).problems_of("firm")
    assert "申报单位.类型" in remark.message
    assert remark.remedy


def test_a_hidden_field_counts_for_no_rule():
    made = form({"revenue": "1000000"}, facts={"申报单位.类型": "高校"})
    assert "上年营业收入" not in made.values


def test_no_partner_named_is_nobody_and_demands_no_agreement():
    assert form({}).values["合作单位"] == ()
    assert "cooperation" not in [slot.code for slot in form({}).slots()]
    assert "cooperation" in [slot.code for slot in form({"partners": "青岩县农业科学研究所"}).slots()]


@pytest.mark.parametrize(
    ("text", "counted"),
    [("测试仪器", 4), ("基于 LIBS 的在线测试，误差 0.5%。", 13), ("", 0), ("one two", 2), ("一。二", 3)],
)
def test_words_are_counted_as_office_programs_do(text, counted):
    assert words_in(text) == counted


def test_everything_wrong_is_said_at_once_with_its_place():
    made = form({"uscc": "123", "summary": "长" * 501, "plan_start": "明年", "members:a1:name": "林远"})
    said = {remark.path: remark for remark in made.problems}
    assert "18" in said["uscc"].message
    assert said["summary"].message == "项目摘要有 501 字，超过 500 字"
    assert said["plan_start"].section == "project"
    assert said["members:a1:unit"].where == "项目成员 · 成员 第 1 行 所在单位"
    assert said["targets:"].message == "“考核指标”至少填 1 行，现有 0 行"
    assert said["budget:2:own"].where == "经费预算 · 经费预算表 业务费 自筹经费"
    assert said["slot:licence"].section == "papers"
    assert "address" in said
    assert "tax" not in said


def test_too_many_rows_are_told():
    texts = {f"schedule:r{n:02}:work": "调研" for n in range(21)}
    assert any("最多填 20 行" in remark.message for remark in form(texts).problems)


@pytest.mark.django_db
def test_what_the_bureau_knows_is_there_and_what_was_typed_over_it_is_shown(application):
    from tests.programmes.filling import FormCell

    FormCell.objects.create(application=application, path="address", text="新址", by="x", at=datetime.now(UTC))
    draft = draft_of(application, at=datetime.now(UTC))
    assert draft.form.text("unit_name") == application.party.name
    assert draft.form.text("registered_on") == "2015-05-01"
    assert draft.form.text("unit_place") == "青岩县"
    assert draft.form.text("contact") == "applicant"
    assert {path: (one.text, one.source) for path, one in draft.differences.items()} == {
        "address": ("青岩县城关镇工业路 8 号", "单位资料")
    }


@pytest.mark.django_db
def test_figures_of_the_year_come_from_the_ledger(application):
    from keshu.bureau.ledgers.services import create_entry
    from tests.conftest import CLERK

    year = application.call.year
    for back, revenue in ((1, D(30_000_000)), (2, D(20_000_000))):
        row = {"holder": application.party_id, "year": year - back, "revenue": revenue, "profit": D("-5000.5")}
        create_entry("profile", row, place_id=application.place_id, by=CLERK)
    draft = draft_of(application, at=datetime.now(UTC))
    assert draft.form.values["上年营业收入"] == 30_000_000
    assert draft.known["revenue"].source == f"企业年度数据 {year - 1} 年"
    assert draft.form.text("profit") == "-5000.5"


@pytest.mark.django_db
def test_a_filled_form_has_no_problem_and_gives_typed_values(filled):
    draft = draft_of(filled, at=datetime.now(UTC))
    assert draft.form.problems == []
    values = values_of(filled, at=datetime.now(UTC))
    assert (values["计划完成日期"], values["涉及国家秘密"], values["总预算"]) == (date(2028, 11, 30), False, 1_610_000)


@pytest.mark.django_db
@pytest.mark.parametrize("code", [c for c, one in CATALOGUE.programmes.items() if not one.abstract])
def test_every_programme_can_be_filled_in(code, open_call, begun):
    """What each definition demands can be typed: a form that nobody could complete would be found here."""
    draft = draft_of(fill(begun(open_call(code))), at=datetime.now(UTC))
    assert [remark.text for remark in draft.form.problems] == []
