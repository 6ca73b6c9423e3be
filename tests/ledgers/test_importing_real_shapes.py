"""Four workbooks in the shape that bureaus send, each with its defects: all of them named, and nothing else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.models import Revision
from tests.ledgers.conftest import rows_of, said
from tests.ledgers.workbooks import Sheet, code, csv_bytes, patent_number, xlsx

COUNTIES = [("江川", "990102"), ("临湖 区", "990103"), ("青岩县", "990121"), ("石门县", "990122"), ("高新区", "990171")]


def _spelt(day: date, style: int):
    return [
        day, f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}", f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}", (day - date(1899, 12, 30)).days,
    ][style % 7]  # fmt: skip


def certificates():
    """A list of certified firms: merged title, a note with the unit, two lines of headings, a blank row, a total."""
    head = [
        ["云岭市2025年度高新技术企业名单"],
        ["单位:万元                 截至2025年12月31日"],
        [
            "序号",
            "企业名称",
            "统一社会信用代码",
            "所属\n县区",
            "认定情况",
            "",
            "",
            "",
            "上年营业收入",
            "研发费用",
            "备注",
        ],
        ["", "", "", "", "证书编号", "发证日期", "有效期至", "认定类别"],
    ]
    merge = ["A1:K1", "A2:K2", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:H3", "I3:I4", "J3:J4", "K3:K4"]
    rows = []
    for n in range(24):
        place, region = COUNTIES[n % 5]
        issued = date(2024 + n % 2, 10 + n % 3, 1 + n)
        rows.append([
            n + 1, f"云岭第{n}号试验材料有限公司", code(region, n), place, f"GR{issued.year}99{n:06d}",
            _spelt(issued, n), _spelt(issued.replace(year=issued.year + 3), n + 2), ("认定", "重新认定")[n % 2],
            8000.56 + n * 517, 401.5 + n * 13, "",
        ])  # fmt: skip
    rows[3][8] = "1,988.28"
    rows[4][8] = "５４６６．７"
    rows[5][8] = "/"
    rows[6][8] = "2.3287亿元"
    rows[7][2] = f"  {rows[7][2].lower()} "
    rows[9][2] = rows[9][2][:-1] + ("A" if rows[9][2][-1] != "A" else "B")  # a wrong check character
    body = [*rows[:20], [], *rows[20:], list(rows[9]), ["合计", "24家"]]
    notes = Sheet("填表说明", [["1.证书编号以正式公告为准;2.营业收入为上一年度审计数。"]])
    return xlsx(Sheet("2025年高企名单", head + body, merge=merge), notes, Sheet("Sheet3", [], hidden=True))


@pytest.mark.django_db
def test_a_list_of_certified_firms(take):
    batch, _ = take("title", certificates(), "高企.xlsx")
    assert said(batch) == {(14, "uscc-check"), (30, "uscc-check"), (30, "duplicate")}
    assert rows_of(batch) == {"new": 23, "duplicate": 1, "wrong": 1}
    assert batch.counts["fed"] == {"profile": {"new": 23}}
    states = {sheet["sheet"]: sheet["state"] for sheet in batch.layout["sheets"]}
    assert states == {"2025年高企名单": "read", "填表说明": "notes", "Sheet3": "hidden"}
    profiles = {r.party.name: r for r in Revision.objects.filter(ledger="profile").select_related("party", "place")}
    revenue = {n: profiles[f"云岭第{n}号试验材料有限公司"].amount_1 for n in (0, 3, 4, 5, 6)}
    assert revenue == {
        0: Decimal(80005600), 3: Decimal(19882800), 4: Decimal(54667000), 5: None, 6: Decimal(232870000),
    }  # fmt: skip
    assert {r.started_on.year for r in profiles.values()} == {2024}
    title = Revision.objects.get(ledger="title", party__name="云岭第7号试验材料有限公司")
    assert (title.category, title.level, title.status, title.subcategory) == ("hte", "national", "valid", "renewal")
    assert (title.started_on, title.ended_on) == (date(2025, 11, 8), date(2028, 11, 8))
    assert title.party.uscc == code("990122" if 7 % 5 == 3 else COUNTIES[7 % 5][1], 7)
    assert title.place.name == "青岩县"


def patents():
    """Two sheets; numbers in five spellings, several owners in a cell, days in seven forms; one wrong check digit."""
    head = ["专利号", "专利名称", "专利类型", "专利权人", "申请日", "授权公告日", "法律状态"]
    styles = ["ZL{body}.{check}", "{body}.{check}", "{body}{check}", "CN{body}.{check}", "ZL{body}.{check}"]
    sheets = []
    for sheet, kinds in (("发明专利", [1]), ("实用新型、外观设计", [2, 3])):
        rows = []
        for n in range(20):
            kind, year = kinds[n % len(kinds)], 2021 + n % 4
            number = patent_number(year, kind, 4000 + n * 37, styles[n % 5])
            if n % 5 == 4:
                number = f"{number[:6]} {number[6]} {number[7:]}"
            owner = f"云岭第{n}号光电有限公司" + (";云岭学院", "、云岭市农业科学研究所", "")[n % 3]
            filed = date(year, 1 + n % 12, 2 + n)
            granted = date(2025, 1 + n % 12, 3 + n)
            rows.append([
                number, f"一种{n}号装置", {1: "发明", 2: "实用新型", 3: "外观设计"}[kind], owner,
                _spelt(filed, n), _spelt(granted, n + 3), ("有效", "授权", "专利权维持")[n % 3],
            ])  # fmt: skip
        sheets.append(Sheet(sheet, [head, *rows]))
    wrong = sheets[0].rows[9]
    wrong[0] = wrong[0][:-1] + ("0" if wrong[0][-1] != "0" else "1")
    return xlsx(*sheets)


@pytest.mark.django_db
def test_a_list_of_patents(take):
    batch, _ = take("patent", patents(), "专利.xlsx")
    assert said(batch) == {(10, "patent-check")}
    assert rows_of(batch) == {"new": 39, "wrong": 1}
    first = Revision.objects.get(ledger="patent", number=patent_number(2021, 1, 4000))
    assert (first.party.name, [o.party.name for o in first.others.all()]) == ("云岭第0号光电有限公司", ["云岭学院"])
    assert (first.category, first.status, first.filed_on) == ("invention", "valid", date(2021, 1, 2))


def contracts():
    head = [
        "合同编号",
        "合同名称",
        "合同类别",
        "卖方名称",
        "买方名称",
        "合同成交总额(元)",
        "其中:技术交易额(元)",
        "登记日期",
    ]
    rows = []
    for n in range(30):
        total = 70_000 + n * 290_000
        traded = f"{total * 9 // 10:,}" if n % 3 else f"{total * 9 / 10 / 10000:g}万元"
        kind = ["技术开发", "技术转让", "技术许可", "技术咨询", "技术服务"][n % 5]
        buyer = "沪江大学" if n % 5 == 0 else f"云岭第{n + 1}号机械有限公司"
        day = _spelt(date(2025, 1 + n % 12, 1 + n % 28), 1 + n % 5)
        rows.append(
            [f"2025990100{n:05d}", "技术服务", kind, f"云岭第{n}号机械有限公司", buyer, f"{total:,}", traded, day]
        )
    rows[12][6] = "370万元"  # of 3,550,000
    return csv_bytes([head, *rows])


@pytest.mark.django_db
@pytest.mark.parametrize("again", ["gbk", "utf-8", "utf-8-sig"])
def test_a_register_of_contracts(take, again):
    content = contracts().decode("gbk").encode(again)
    batch, _ = take("tech_contract", content, "技术合同登记.csv")
    assert said(batch) == {(14, "traded-within-total")}
    assert rows_of(batch) == {"new": 29, "wrong": 1}
    ninth = Revision.objects.get(ledger="tech_contract", number="202599010000009")
    assert (ninth.amount_1, ninth.amount_2) == (Decimal(2680000), Decimal(2412000))


def activities():
    rows = [["2025年科普活动统计表"], ["活动名称", "时间", "地点", "主办单位", "场次", "参与人次", "备注"]]
    people = ["", "900余", "约1.2万", 507, "300余", ""]
    for n in range(24):
        day = date(2025, 1 + n % 12, 3 + n % 20)
        when = f"{day:%Y年%m月%d日}至{(day + timedelta(days=n % 3)).day}日" if n % 4 == 0 else _spelt(day, n)
        venue = ("青岩县文化广场", "江川区文化广场")[n % 2]
        rows.append([f"科普进校园{n // 12 + 1}", when, venue, "市科技局", 1 + n % 3, people[n % 6], ""])
    return xlsx(Sheet("科普活动", rows, merge=["A1:G1"]))


@pytest.mark.django_db
def test_a_table_of_events(take):
    batch, _ = take("activity", activities(), "科普活动统计.xlsx")
    assert said(batch) == set()
    assert rows_of(batch) == {"new": 24}
    rows = {r.started_on: r for r in Revision.objects.filter(ledger="activity", title="科普进校园1")}
    spanning, about = rows[date(2025, 9, 11)], rows[date(2025, 3, 5)]
    assert (spanning.ended_on, spanning.quantity_2) == (date(2025, 9, 13), Decimal(12_000))
    assert about.data["_typed"] == {"people": "约1.2万"}
    assert rows[date(2025, 1, 3)].quantity_2 is None
