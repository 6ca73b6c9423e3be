"""What stands around the rows of a table: sums, signatures, notes, groups, pages, titles. None of it is a row or a slip."""

import pytest

from tests.ledgers.conftest import rows_of, said
from tests.ledgers.test_importing_shapes import PROJECTS as P
from tests.ledgers.test_importing_shapes import project
from tests.ledgers.workbooks import Formula, Sheet, xlsx

EDGES = {
 "tail1":[P,*map(project,range(1,5)),[],["","","","制表：周某","","2025年12月31日"]],
 "tail2":[P,*map(project,range(1,5)),["单位负责人：张某","","统计负责人：李某","","填表人：王某","报出日期：2025年12月31日"]],
 "tail3":[P,*map(project,range(1,5)),["审核人（签字）：","","","填表人（签字）：","",""]],
 "tail4":[P,*map(project,range(1,5)),["（盖章）"],["二〇二五年十二月三十一日"]],
 "tail5":[P,*map(project,range(1,5)),["备注","以上项目均已下达"]],
 "tail6":[P,*map(project,range(1,5)),["说明：","1.本表不含省级项目。"],["","2.资助金额为市级财政资金。"]],
 "tail7":[P,*map(project,range(1,5)),["联系人：王某","","电话：0990-8123456"]],
 "tail8":[P,*map(project,range(1,5)),["填报人:周某   审核人:吴某   填报日期:2025-12-31"]],
 "total1":[P,*map(project,range(1,5)),["","合计","","",90]],
 "total2":[P,*map(project,range(1,5)),["合计（4项）","","","",90]],
 "total3":[P,*map(project,range(1,5)),["总计：","","","",90]],
 "total4":[P,["合计","","","",90],*map(project,range(1,5))],
 "total5":[P,*map(project,range(1,5)),["全市合计","","","",90]],
 "total6":[P,*map(project,range(1,5)),["合计金额","","","",90]],
 "total7":[P,*map(project,range(1,5)),["共4项","","","",90]],
 "total8":[P,*map(project,range(1,5)),["合计",Formula("=COUNTA(A2:A5)",4),"","",Formula("=SUM(E2:E5)",90)]],
 "group1":[P,["江川区"],project(1),project(2),["江川区小计","","","",43],["青岩县"],project(3),project(4),["青岩县小计","","","",47],["合计","","","",90]],
 "group2":[P,["（一）重点研发计划（2项）"],project(1),project(2),["（二）科技重大专项"],project(3),project(4)],
 "serial":[["序号",*P],[1,*project(1)],[2,*project(2)],[4,*project(3)],[4,*project(4)]],
 "serial2":[["编号/序号",*P],[1,*project(1)],[2,*project(2)],[3,*project(3)]],
 "blankcol":[["",*P],["",*project(1)],["",*project(2)]],
 "blankmid":[[*P[:3],"",*P[3:]],*[[*project(n)[:3],"",*project(n)[3:]] for n in range(1,5)]],
 "title3":[["附件2"],["云岭市科学技术局文件"],["2025年度科技计划项目一览表"],["填报单位（盖章）：云岭市科学技术局","","","填报时间：2025年12月31日","单位：元",""],P,*map(project,range(1,5))],
 "title4":[["附件2：2025年度立项项目"],[],P,*map(project,range(1,5))],
 "page":[["2025年表（续）"],P,project(1),["第1页 共2页"],["2025年表（续）"],P,project(2),["第2页，共2页"]],
 "units":[[*P[:4],"资助金额（单位：万元）",P[5]],*map(project,range(1,5))],
 "units2":[[*P[:4],"资助金额\n(万元)",P[5]],*map(project,range(1,5))],
 "units3":[[*P[:4],"资助金额【万元】",P[5]],*map(project,range(1,5))],
 "nofirst":[["","","","","",""],["","","","","",""],P,*map(project,range(1,5))],
 "total9":[P,["江川区"],project(1),project(2),["江川区小计","","","",43],["青岩县"],project(3),project(4),["青岩县小计","","","",47],["全市合计","","","",90]],
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", EDGES)
def test_only_the_rows_of_the_table_are_rows(stage, name):
    rows = EDGES[name]
    batch = stage("project", xlsx(Sheet("表", rows)))
    sound = sum("号工艺研究" in str(cell) for row in rows for cell in row)
    assert (said(batch), rows_of(batch)) == (set(), {"new": sound})


@pytest.mark.django_db
def test_a_holder_merged_over_several_rows_holds_for_each(stage):
    rows = [["县区", "承担单位", *[head for head in P if head != "承担单位"]]]
    for n in range(1, 7):
        name, _, *rest = project(n)
        first = {1: ["江川区", "云岭甲有限公司"], 4: ["青岩县", "云岭乙有限公司"]}.get(n, ["", ""])
        rows.append([*first, name, *rest])
    batch = stage("project", xlsx(Sheet("表", rows, merge=["A2:A4", "B2:B4", "A5:A7", "B5:B7"])))
    assert (said(batch), rows_of(batch)) == (set(), {"new": 6})
    holders = list(batch.rows.order_by("pk").values_list("values__holder", flat=True))
    assert holders[0] == holders[2] != holders[3] == holders[5]


@pytest.mark.django_db
def test_a_sheet_that_only_sums_up_the_others_is_no_slip(stage):
    sums = Sheet("汇总", [["县区", "项目数", "资助金额"], ["江川区", 1, 21], ["青岩县", 1, 22], ["合计", 2, 43]])
    batch = stage("project", xlsx(Sheet("江川区", [P, project(1)]), Sheet("青岩县", [P, project(2)]), sums))
    assert (said(batch), rows_of(batch)) == (set(), {"new": 2})


@pytest.mark.django_db
def test_hidden_columns_and_rows_are_read_like_others(stage):
    sheet = Sheet("表", [P, *map(project, range(1, 5))], hidden_columns=[2], hidden_rows=[3])
    batch = stage("project", xlsx(sheet))
    assert (said(batch), rows_of(batch)) == (set(), {"new": 4})
