"""Where the table is and which column is what: the shapes in which people lay out a sheet."""

from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.models import Revision, StagedRow
from tests.ledgers.conftest import rows_of, said
from tests.ledgers.workbooks import Sheet, code, csv_bytes, xlsx

PROJECTS = ["项目名称", "承担单位", "计划类别", "级别", "资助金额", "立项日期"]


def project(n, **changes):
    row = {"name": f"第{n}号工艺研究", "holder": f"云岭第{n}号化工有限公司", "plan": "重点研发", "level": "市级",
           "grant": 20 + n, "approved": date(2025, 4, 1 + n)}  # fmt: skip
    return list((row | changes).values())


def grants(batch):
    return [row.values.get("grant") for row in StagedRow.objects.filter(batch=batch).order_by("pk")]


@pytest.mark.django_db
def test_the_same_heading_again_on_the_next_page_is_no_row(stage):
    title = ["2025年立项项目表"]
    rows = [title, PROJECTS, project(1), project(2), title, PROJECTS, project(3)]
    batch = stage("project", xlsx(Sheet("表", rows)))
    assert (said(batch), rows_of(batch)) == (set(), {"new": 3})


@pytest.mark.django_db
def test_notes_below_the_table_are_no_rows(stage):
    tail = [["注:1.资助金额以下达文件为准;"], ["2.其余见附件。"], ["填表人:周某", "", "审核人:吴某"]]
    batch = stage("project", xlsx(Sheet("表", [PROJECTS, project(1), project(2), [], *tail])))
    assert (said(batch), rows_of(batch)) == (set(), {"new": 2})


@pytest.mark.django_db
def test_a_line_of_column_numbers_under_the_heading_is_no_row(stage):
    batch = stage("project", xlsx(Sheet("表", [PROJECTS, [1, 2, 3, 4, 5, 6], project(1)])))
    assert (said(batch), rows_of(batch)) == (set(), {"new": 1})


@pytest.mark.django_db
def test_rows_that_only_carry_a_serial_number_are_blank(stage):
    rows = [["序号", *PROJECTS], [1, *project(1)], [2], [3]]
    batch = stage("project", xlsx(Sheet("表", rows)))
    assert (said(batch), rows_of(batch)) == (set(), {"new": 1})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("above", "heading", "cell", "expected"),
    [
        pytest.param([], "资助金额(万元)", 20, "200000", id="unit in the heading"),
        pytest.param([], "资助金额（万元）", 20, "200000", id="unit in full-width brackets"),
        pytest.param([], "资助金额/万元", 20, "200000", id="unit behind a stroke"),
        pytest.param([["单位:万元"]], "资助金额", 20, "200000", id="unit in a note above"),
        pytest.param([["填报单位:青岩县科技局", "", "", "金额单位:万元"]], "资助金额", 20, "200000", id="a note beside the reporter"),
        pytest.param([["单位:万元"]], "资助金额(元)", 20, "20", id="the heading goes before the note"),
        pytest.param([["单位:万元"]], "资助金额", "20元", "20", id="the cell goes before both"),
        pytest.param([], "资助金额", "0.5亿元", "50000000", id="unit in the cell"),
        pytest.param([], "资助金额(万元)", "1,234.56", "12345600", id="thousands separated"),
        pytest.param([], "资助金额(万元)", "１２．５", "125000", id="full-width digits"),
    ],
)  # fmt: skip
def test_units_of_money(stage, above, heading, cell, expected):
    heads = [heading if text == "资助金额" else text for text in PROJECTS]
    batch = stage("project", xlsx(Sheet("表", [*above, heads, project(1, grant=cell), project(2)])))
    assert said(batch) - {(4, "unit-suspected")} == set()
    assert grants(batch)[0] == expected


@pytest.mark.django_db
def test_a_second_line_of_headings_without_merged_cells(stage):
    rows = [
        ["项目名称", "承担单位", "类别", "", "经费(万元)", "", "立项日期"],
        ["", "", "计划类别", "级别", "资助金额", "总投资", ""],
    ]
    rows += [["第1号工艺研究", "云岭甲有限公司", "重点研发", "市级", 20, 100, date(2025, 4, 2)]]
    batch = stage("project", csv_bytes([[str(v) for v in row] for row in rows]), "表.csv")
    staged = batch.rows.get().values
    assert (said(batch), staged["grant"], staged["budget"], staged["level"]) == (
        set(),
        "200000",
        "1000000",
        "municipal",
    )


@pytest.mark.django_db
def test_a_line_of_units_under_the_heading(stage):
    rows = [PROJECTS, ["", "", "", "", "(万元)", ""], project(1)]
    batch = stage("project", xlsx(Sheet("表", rows)))
    assert (said(batch), grants(batch)) == (set(), ["210000"])


@pytest.mark.django_db
def test_headings_among_the_rows_give_them_their_place(take):
    rows = [PROJECTS, ["一、江川区(2项)"], project(1), project(2), ["二、青岩县(1项)"], project(3)]
    batch, _ = take("project", xlsx(Sheet("表", rows)))
    assert said(batch) == set()
    places = {r.title: r.place.name for r in Revision.objects.select_related("place")}
    assert places == {"第1号工艺研究": "江川区", "第2号工艺研究": "江川区", "第3号工艺研究": "青岩县"}


@pytest.mark.django_db
def test_a_place_merged_over_several_rows_holds_for_each(take):
    rows = [["县区", *PROJECTS], ["江川区", *project(1)], ["", *project(2)], ["青岩县", *project(3)]]
    batch, _ = take("project", xlsx(Sheet("表", rows, merge=["A2:A3"])))
    assert said(batch) == set()
    assert sorted(r.place.name for r in Revision.objects.select_related("place")) == ["江川区", "江川区", "青岩县"]


@pytest.mark.django_db
def test_who_reports_says_where_the_rows_belong(take):
    rows = [["2025年科技项目表"], ["填报单位:青岩县科学技术局"], PROJECTS, project(1)]
    take("project", xlsx(Sheet("表", rows)))
    assert Revision.objects.get().place.name == "青岩县"


@pytest.mark.django_db
def test_two_tables_in_one_sheet(stage):
    rows = [
        ["一季度项目"],
        PROJECTS,
        project(1),
        ["合计", "", "", "", 21],
        [],
        ["二季度项目"],
        [*reversed(PROJECTS)],
        [*reversed(project(2))],
    ]
    batch = stage("project", xlsx(Sheet("表", rows)))
    assert (said(batch), rows_of(batch), grants(batch)) == (set(), {"new": 2}, ["21", "22"])


@pytest.mark.django_db
def test_a_sheet_of_another_kind_beside_the_list_only_warns(stage):
    other = Sheet("汇总", [["县区", "项目数", "金额"], ["江川区", 3, 60], ["青岩县", 2, 40]])
    batch = stage("project", xlsx(Sheet("表", [PROJECTS, project(1)]), other))
    findings = [(f["sheet"], f["severity"]) for f in batch.layout["findings"]]
    assert (rows_of(batch), findings) == ({"new": 1}, [("汇总", "warning")])


@pytest.mark.django_db
def test_columns_that_nobody_knows_are_reported_with_a_guess(stage):
    rows = [[*PROJECTS, "项目负责人姓名", "心得"], [*project(1), "陈某", "好"]]
    batch = stage("project", xlsx(Sheet("表", rows)))
    assert said(batch) == set()
    assert batch.layout["sheets"][0]["unknown"] == [
        {"column": 6, "heading": "项目负责人姓名", "like": "项目负责人"}, {"column": 7, "heading": "心得", "like": ""},
    ]  # fmt: skip


@pytest.mark.django_db
def test_columns_may_be_set_by_hand_and_the_file_read_again(stage):
    from keshu.bureau.ledgers.importing import services

    batch = stage("project", xlsx(Sheet("表", [["题目", "干的人", *PROJECTS[2:]], project(1)])))
    assert said(batch) == {(1, "columns-missing")}
    batch = services.read_again(batch.pk, today=date(2026, 11, 1), chosen={"表": {0: "name", 1: "holder"}})
    assert (said(batch), rows_of(batch)) == (set(), {"new": 1})


@pytest.mark.django_db
def test_a_town_is_looked_for_in_the_county_beside_it(take):
    rows = [
        ["姓名", "特派员类型", "县区", "服务乡镇", "年度", "级别"],
        ["张三", "个人", "石门县", "城关镇", "2025", "市级"],
    ]
    batch, _ = take("tepaiyuan", xlsx(Sheet("表", rows)))
    assert said(batch) == set()
    assert Revision.objects.get().place.code == "990122001"


@pytest.mark.django_db
def test_a_short_list_feeds_the_yearly_profile_with_the_year_before(take):
    rows = [
        ["2025年高企名单(单位:万元)"],
        ["企业名称", "统一社会信用代码", "证书编号", "发证日期", "上年营业收入", "从业人员"],
    ]
    rows += [["云岭甲有限公司", code("990121", 1), "GR202599000001", "2025-11-03", 8000, "58人"]]
    batch, _ = take("title", xlsx(Sheet("表", rows, merge=["A1:F1"])))
    assert said(batch) == set()
    fed = Revision.objects.get(ledger="profile")
    assert (fed.started_on.year, fed.amount_1, fed.quantity_1) == (2024, Decimal(80_000_000), Decimal(58))


@pytest.mark.django_db
def test_without_a_year_nothing_is_fed_and_that_is_said(take):
    rows = [
        ["企业名称", "证书编号", "资质类别", "发证日期", "上年营业收入"],
        ["云岭甲有限公司", "GR202599000001", "高企", "2025-11-03", 8000],
    ]
    batch, _ = take("title", xlsx(Sheet("表", rows)), "名单.xlsx")
    assert said(batch) == {(1, "feed-incomplete")}
    assert list(Revision.objects.values_list("ledger", flat=True)) == ["title"]
