"""Each kind of slip, put into one row of a messy workbook: named at its sheet and row, and every other row in peace."""

from random import Random

import pytest

from keshu.bureau.ledgers.importing import staging
from tests.ledgers.messy import Raw, build, dress_of
from tests.ledgers.office_forms import FORMS, firm
from tests.ledgers.workbooks import Formula, Styled, code, patent_number, xlsx

ROW = 6


def wrong(identifier):
    """With another check character."""
    return identifier[:-1] + ("0" if identifier[-1] != "0" else "1")


u = code("990121", ROW)

#: form, column, what is typed there, what has to be said of it
SLIPS = [
 ("tsme","统一社会信用代码",wrong(u),{"uscc-check"}),
 ("tsme","统一社会信用代码",u[:-1],{"uscc-length"}),
 ("tsme","统一社会信用代码",u+"0",{"uscc-length"}),
 ("tsme","统一社会信用代码",u.replace("0","O",1),{"uscc-character"}),
 ("tsme","统一社会信用代码",u.replace("0","Ｏ",1),{"uscc-character"}),
 ("tsme","统一社会信用代码",9.1990121E17,{"lost-digits"}),
 ("tsme","企业名称","",{"required"}),
 ("tsme","企业名称","#REF!",{"formula-failed"}),
 ("tsme","企业名称",u,{"party-name"}),
 ("tsme","所属县区","清岩县",{"place-unknown"}),
 ("tsme","所属县区","云岭",set()),
 ("tsme","入库日期","2025-02-30",{"date-impossible"}),
 ("tsme","入库日期","2025-13-01",{"date-impossible"}),
 ("tsme","入库日期","2026-12-30",{"date-future"}),
 ("tsme","入库日期","2052-03-03",{"date-future"}),
 ("tsme","入库日期","2015-03-03",{"date-other-year", "certificate-year"}),
 ("tsme","入库日期","25.3.5",{"date-ambiguous"}),
 ("tsme","入库日期","3月5日",set()),
 ("tsme","入库日期","2025年3月",set()),
 ("tsme","入库日期","2025年3月初",set()),
 ("tsme","入库日期","2025年上半年",{"date-shape"}),
 ("tsme","入库日期","二〇二五年三月五日",set()),
 ("tsme","入库日期",Formula("=C1+1",None),{"uncalculated"}),
 ("tsme","入库日期",Formula("=DATE(2025,3,5)",45721),set()),
 ("tsme","入库日期","#VALUE!",{"formula-failed"}),
 ("tsme","入库登记编号","20259901020000006",{"sme-shape"}),
 ("tsme","入库登记编号","202499010260000006",{"certificate-year"}),
 ("tsme","联系电话","1381234567",{"phone-mobile"}),
 ("tsme","联系电话","13812345678、13912345678",set()),
 ("tsme","联系电话","0990-8123456",set()),
 ("tsme","联系电话","0990-8123456-801",set()),
 ("tsme","联系电话","8123456",set()),
 ("tsme","联系电话","/",set()),
 ("profile","营业收入",-500,{"negative"}),
 ("profile","营业收入","(500)",{"negative"}),
 ("profile","营业收入","5O00",{"lookalike"}),
 ("profile","营业收入","12,34",{"number-separator"}),
 ("profile","营业收入","约6000万",set()),
 ("profile","营业收入","6000余万元",set()),
 ("profile","营业收入","保密",{"number-shape"}),
 ("profile","营业收入","/",set()),
 ("profile","营业收入","100元",{"rd-within-revenue"}),
 ("profile","从业人员","九十",set()),
 ("profile","从业人员","300余",set()),
 ("profile","从业人员","120.5",{"not-whole"}),
 ("profile","从业人员","5",{"rd-staff-within-staff"}),
 ("profile","研发人员","2000",{"rd-staff-within-staff"}),
 ("profile","研发费用",Formula("=A1",None),{"uncalculated"}),
 ("profile","研发费用","#REF!",{"formula-failed"}),
 ("profile","研发费用","#DIV/0!",{"formula-failed"}),
 ("profile","研发费用","#N/A",set()),
 ("profile","是否规上","也许",{"bool"}),
 ("platform","级别","区级",set()),
 ("platform","级别","国家",set()),
 ("platform","级别","国家極",{"choice"}),
 ("platform","级别","",{"required"}),
 ("platform","认定日期","2024年",{"date-year-only"}),
 ("platform","认定日期","2026-03-05",{"date-after-cut-off"}),
 ("platform","高级职称人数","300",{"senior-within-staff"}),
 ("platform","平台名称","云岭市某某平台",{"required"}),
 ("project","财政资助","99999万元",{"grant-within-budget", "unit-suspected"}),
 ("project","已拨金额","60万元",{"paid-within-grant"}),
 ("project","计划类别","重点研发计化",{"choice"}),
 ("project","立项日期","2025/6/31",{"date-impossible"}),
 ("project","立项日期","/",set()),
 ("project","承担单位","云岭A有限公司、云岭B有限公司",{"several-parties"}),
 ("patent","专利号",wrong(patent_number(2023, 1, 20006)),{"patent-check"}),
 ("patent","专利号",patent_number(2023,1,20006)[:-3],{"patent-shape"}),
 ("patent","专利号",2.0231002e12,{"patent-check"}),
 ("patent","专利号","",{"required"}),
 ("patent","专利类型","外观设计",{"kind-agrees"}),
 ("patent","申请日","2021-03-05",{"filing-year"}),
 ("patent","授权公告日","2022-03-05",{"grant-after-filing"}),
 ("patent","专利权人","",{"required"}),
 ("patent","专利权人","云岭甲有限公司、云岭甲有限公司",set()),
 ("patent","专利权人","云岭甲有限公司等3家",{"assumed"}),
 ("tech_contract","技术交易额","99999万元",{"traded-within-total","unit-suspected"}),
 ("tech_contract","登记日期","2025-01-01",{"registered-after-signing"}),
 ("tech_contract","买方名称",firm(6),{"two-parties"}),
 ("tech_contract","合同类别","技术顾问",{"choice"}),
 ("tech_contract","合同登记号","202599010000006",{"number-odd"}),
 ("tech_contract","合同登记号","2025990100O00006",{"number-odd"}),
 ("tech_contract","合同登记号",2.02599e15,{"lost-digits"}),
 ("tech_contract","合同成交额","",{"required"}),
 ("tech_contract","登记日期","",{"required"}),
 ("tepaiyuan","选派年度","25",{"year"}),
 ("tepaiyuan","选派年度","2205",{"year-range"}),
 ("tepaiyuan","服务地区","城关镇",{"place-ambiguous"}),
 ("tepaiyuan","服务地区","青岩县城关镇",set()),
 ("tepaiyuan","级别","市",set()),
 ("rd_deduction","加计比例","1000%",set()),
 ("rd_deduction","加计扣除额","99999万元",set()),
 ("rd_deduction","所属年度","2026",{"date-other-year"}),
 ("payout","拨付金额","99999万元",{"paid-within-approval","unit-suspected"}),
 ("payout","拨付日期","2025-12-32",{"date-impossible"}),
 ("payout","奖补类别","高企奖",{"choice"}),
 ("ip_pledge","年利率","365%",{"percent-suspected"}),
 ("ip_pledge","年利率",Styled(0.0365,"0.00%"),set()),
 ("ip_pledge","放款日期","2027-01-01",{"period","date-future"}),
 ("ip_pledge","贷款到期日","2024-01-01",{"period"}),
 ("award","等级","四等奖",{"choice"}),
 ("award","获奖年度","2025-2026",{"year"}),
 ("cooperation","签约日期","2025-03-05至2026-03-04",set()),
 ("cooperation","合作高校","",{"required"}),
 ("cooperation","到位资金","99999万元",{"arrived-within-amount","unit-suspected"}),
 ("ip_pledge","年利率",0.0365,{"percent-suspected"}),
 ("tech_contract","技术交易额",0.0086,{"unit-suspected"}),
 ("profile","营业收入",Formula("=A1/0","#DIV/0!"),{"formula-failed"}),
 ("profile","企业名称",Formula("=VLOOKUP(1,A:B,2)","#N/A"),{"required"}),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "column", "cell", "expected"), SLIPS)
def test_a_slip_is_named_where_it_stands_and_nothing_else(stage, name, column, cell, expected):
    form, draw = FORMS[name], Random(f"{name}:{column}:{cell}")
    dress = dress_of(draw)
    dress.unit, dress.magnitude, dress.totals, dress.per_county = "head", "万元", "", False
    index = [col.head for col in form.cols].index(column)

    def change(n, values):
        return [Raw(cell) if at == index else value for at, value in enumerate(values)] if n == ROW else values

    made = build(form, dress, draw, change=change)
    batch = stage(form.ledger, xlsx(*made.sheets), "上报表.xlsx")
    found = {(problem["sheet"], problem["row"], problem["code"]) for problem in staging.problems_of(batch)}
    assert found == {(*made.at[ROW], code) for code in expected}
