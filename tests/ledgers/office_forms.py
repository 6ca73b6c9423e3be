"""Forms that bureaus send up: their title, their columns, what stands in row n of each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.ledgers.workbooks import code

COUNTIES = [("江川区", "990102"), ("临湖区", "990103"), ("青岩县", "990121"), ("石门县", "990122")]


@dataclass(frozen=True)
class Col:
    """A column: its heading, what stands in it, the group over it; `make(n, year)` is the value of row n."""

    head: str
    kind: str
    make: Callable[[int, int], Any]
    group: str = ""


@dataclass(frozen=True)
class Form:
    ledger: str
    title: str
    cols: tuple[Col, ...]
    places: bool = True  # the form has a column for the county


def firm(n: int) -> str:
    return f"云岭{['宏远', '恒达', '泰安', '华新', '金桥'][n % 5]}{chr(0x4E00 + n * 37 % 3000)}材料有限公司"


def region(n: int) -> str:
    return COUNTIES[n % len(COUNTIES)][1]


def day(n: int, year: int, shift: int = 0) -> date:
    return date(year, 1, 10) + timedelta(days=(n * 17 + shift) % 330)


def _money(base: int, step: int) -> Callable[[int, int], Decimal]:
    return lambda n, year: Decimal(base + step * n)


FIRM = Col("企业名称", "firm", lambda n, year: firm(n), "企业基本情况")
USCC = Col("统一社会信用代码", "uscc", lambda n, year: code(region(n), n), "企业基本情况")
PLACE = Col("所属县区", "place", lambda n, year: COUNTIES[n % len(COUNTIES)][0], "企业基本情况")

FORMS = {
    "tsme": Form("title", "云岭市{year}年科技型中小企业名单", (
        FIRM, USCC, PLACE,
        Col("入库登记编号", "text", lambda n, year: f"{year}990102{'0123456789'[n % 10]}{n:07d}", "入库情况"),
        Col("入库日期", "date", day, "入库情况"),
        Col("联系人", "text", lambda n, year: "周吴郑王"[n % 4] + "经理", ""),
        Col("联系电话", "text", lambda n, year: f"138{n:08d}", ""),
    )),
    "profile": Form("profile", "{year}年度规上企业研发投入情况表", (
        FIRM, USCC, PLACE,
        Col("是否规上", "text", lambda n, year: "是否"[n % 2], ""),
        Col("营业收入", "money", _money(52_000_000, 1_310_000), "主要指标"),
        Col("研发费用", "money", _money(2_100_000, 53_000), "主要指标"),
        Col("从业人员", "count", lambda n, year: 80 + n * 3, "人员情况"),
        Col("研发人员", "count", lambda n, year: 10 + n, "人员情况"),
    )),
    "platform": Form("platform", "云岭市科技创新平台一览表（截至{year}年12月31日）", (
        Col("平台名称", "text", lambda n, year: f"云岭市{firm(n)[2:5]}工程技术研究中心", ""),
        replace(FIRM, head="依托单位"), PLACE,
        Col("级别", "text", lambda n, year: ["国家级", "省级", "市级"][n % 3], "认定情况"),
        Col("认定日期", "date", lambda n, year: day(n, year - n % 3), "认定情况"),
        Col("认定文号", "text", lambda n, year: f"云科〔{year - n % 3}〕{n + 1}号", "认定情况"),
        Col("研发人员数", "count", lambda n, year: 20 + n, "运行情况"),
        Col("高级职称人数", "count", lambda n, year: 3 + n % 5, "运行情况"),
        Col("仪器设备原值", "money", _money(3_000_000, 210_000), "运行情况"),
    )),
    "project": Form("project", "云岭市{year}年度科技计划项目立项一览表", (
        Col("项目编号", "text", lambda n, year: f"{year}YLKJ{n:04d}", "项目基本信息"),
        Col("项目名称", "text", lambda n, year: f"{firm(n)[2:5]}关键技术研究与示范", "项目基本信息"),
        replace(FIRM, head="承担单位", group="项目基本信息"), replace(PLACE, group="项目基本信息"),
        Col("计划类别", "text", lambda n, year: ["重点研发计划", "科技重大专项", "软科学"][n % 3], ""),
        Col("项目级别", "text", lambda n, year: ["省级", "市级"][n % 2], ""),
        Col("立项日期", "date", day, ""),
        Col("总投资", "money", _money(1_200_000, 90_000), "经费情况"),
        Col("财政资助", "money", _money(200_000, 10_000), "经费情况"),
        Col("已拨金额", "money", _money(100_000, 5_000), "经费情况"),
    )),
    "patent": Form("patent", "{year}年云岭市授权专利明细表", (
        Col("专利号", "patent", lambda n, year: (year - 2, 1 + n % 3, 20_000 + n), ""),
        Col("专利名称", "text", lambda n, year: f"一种{firm(n)[2:5]}装置", ""),
        Col("专利类型", "text", lambda n, year: ["发明", "实用新型", "外观设计"][n % 3], ""),
        Col("专利权人", "firms", lambda n, year: [firm(n), *(["云岭学院"] if n % 3 == 0 else [])], ""),
        PLACE,
        Col("申请日", "date", lambda n, year: day(n, year - 2), "日期"),
        Col("授权公告日", "date", lambda n, year: day(n, year, 40), "日期"),
    )),
    "tech_contract": Form("tech_contract", "云岭市{year}年技术合同认定登记汇总表", (
        Col("合同登记号", "text", lambda n, year: f"{year}990100{n:06d}", "合同情况"),
        Col("合同名称", "text", lambda n, year: f"{firm(n)[2:5]}检测技术服务", "合同情况"),
        Col("合同类别", "text", lambda n, year: ["技术开发", "技术转让", "技术服务", "技术咨询"][n % 4], "合同情况"),
        Col("卖方名称", "firm", lambda n, year: firm(n), "交易双方"),
        Col("买方名称", "firm", lambda n, year: firm(n + 100), "交易双方"),
        Col("合同成交额", "money", _money(900_000, 31_000), "金额"),
        Col("技术交易额", "money", _money(800_000, 29_000), "金额"),
        Col("签订日期", "date", day, "日期"),
        Col("登记日期", "date", lambda n, year: day(n, year) + timedelta(days=9), "日期"),
    ), places=False),
    "tepaiyuan": Form("tepaiyuan", "{year}年度科技特派员选派名单", (
        Col("姓名", "text", lambda n, year: "赵钱孙李周吴"[n % 6] + chr(0x4E8C + n * 13 % 900), "基本情况"),
        Col("工作单位", "firm", lambda n, year: firm(n), "基本情况"),
        Col("特派员类型", "text", lambda n, year: "个人", ""),
        Col("级别", "text", lambda n, year: ["省级", "市级"][n % 2], ""),
        Col("服务地区", "place", lambda n, year: COUNTIES[n % len(COUNTIES)][0], "选派情况"),
        Col("选派年度", "year", lambda n, year: year, "选派情况"),
        Col("选派日期", "date", day, "选派情况"),
        Col("工作经费", "money", _money(20_000, 1_000), ""),
    ), places=False),
    "rd_deduction": Form("rd_deduction", "{year}年度企业研发费用加计扣除情况统计表", (
        FIRM, USCC, PLACE,
        Col("所属年度", "year", lambda n, year: year, ""),
        Col("研发项目数", "count", lambda n, year: 2 + n % 9, ""),
        Col("研发费用", "money", _money(1_500_000, 70_000), "加计扣除"),
        Col("加计扣除额", "money", _money(1_200_000, 60_000), "加计扣除"),
        Col("加计比例", "percent", lambda n, year: Decimal(100) if n % 2 else Decimal(75), "加计扣除"),
    )),
    "payout": Form("payout", "{year}年科技创新政策兑现明细表", (
        replace(FIRM, head="受惠单位"), USCC, PLACE,
        Col("奖补类别", "text", lambda n, year: ["高新技术企业奖励", "研发费用补助"][n % 2], ""),
        Col("兑现事项", "text", lambda n, year: f"{year}年第{n + 1}批次奖补", ""),
        Col("申报金额", "money", _money(300_000, 10_000), "资金"),
        Col("核定金额", "money", _money(250_000, 9_000), "资金"),
        Col("拨付金额", "money", _money(200_000, 8_000), "资金"),
        Col("拨付日期", "date", day, ""),
    )),
    "ip_pledge": Form("ip_pledge", "{year}年知识产权质押融资登记台账", (
        Col("登记号", "text", lambda n, year: f"Y{year}99000{n:04d}", ""),
        replace(FIRM, head="出质人"), USCC, PLACE,
        Col("贷款银行", "text", lambda n, year: ["云岭农村商业银行", "云岭建设支行"][n % 2], "贷款情况"),
        Col("贷款金额", "money", _money(5_000_000, 300_000), "贷款情况"),
        Col("年利率", "percent", lambda n, year: Decimal("3.65") + Decimal(n % 5) / 10, "贷款情况"),
        Col("登记日期", "date", day, "日期"),
        Col("放款日期", "date", lambda n, year: day(n, year) + timedelta(days=5), "日期"),
        Col("贷款到期日", "date", lambda n, year: day(n, year) + timedelta(days=365), "日期"),
        Col("质押件数", "count", lambda n, year: 1 + n % 4, ""),
    )),
    "award": Form("award", "{year}年度云岭市获科学技术奖励项目名单", (
        Col("项目名称", "text", lambda n, year: f"{firm(n)[2:5]}绿色制造技术及应用", ""),
        Col("主要完成单位", "firms", lambda n, year: [firm(n), firm(n + 50)][: 1 + n % 2], ""),
        Col("完成人", "text", lambda n, year: "张某、李某、王某", ""),
        PLACE,
        Col("奖种", "text", lambda n, year: ["科技进步奖", "技术发明奖"][n % 2], "获奖情况"),
        Col("等级", "text", lambda n, year: ["一等奖", "二等奖", "三等奖"][n % 3], "获奖情况"),
        Col("授奖级别", "text", lambda n, year: ["省级", "市级"][n % 2], "获奖情况"),
        Col("获奖年度", "year", lambda n, year: year, "获奖情况"),
        Col("奖金", "money", _money(50_000, 10_000), ""),
    )),
    "cooperation": Form("cooperation", "{year}年产学研合作协议签约情况表", (
        Col("协议名称", "text", lambda n, year: f"{firm(n)[2:5]}联合研发协议", ""),
        replace(FIRM, head="签约企业", group="合作双方"),
        Col("合作高校", "firm", lambda n, year: ["沪江大学", "云岭学院", "江南理工大学"][n % 3], "合作双方"),
        PLACE,
        Col("签约日期", "date", day, "签约情况"),
        Col("签约金额", "money", _money(600_000, 50_000), "签约情况"),
        Col("到位资金", "money", _money(200_000, 20_000), "签约情况"),
    )),
}  # fmt: skip
