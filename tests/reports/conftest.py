"""A bureau of a small county: about thirty rows in two years, written through the same services as anybody's."""

from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.accounts.access import RIGHTS, Grant, Viewer
from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.parties.services import PartySpec, add_parties
from keshu.bureau.records.services import Actor, writing
from keshu.kernel.measure.period import Period

CLERK = Actor("clerk", "周经办")
COUNTY = "990121"
PERIOD = Period.parse("2026-01..2026-10")
FIRMS = (
    "青岩茶业有限公司",
    "岩前竹木制品有限公司",
    "青岩新材料股份有限公司",
    "城关机械制造有限公司",
    "青溪食品科技有限公司",
    "石林电子有限公司",
)


def viewer(role, *, place="990100", sections=()):
    """Somebody who holds one role at a place."""
    grant = Grant(role, RIGHTS[role], place, frozenset(sections))
    return Viewer(
        1,
        Actor(role, {"head": "林科长", "director": "陈局长", "office": "王主任", "deputy": "何副局长"}.get(role, role)),
        (grant,),
    )


@pytest.fixture
def firms(places):
    with writing(verb="test.firms", by=CLERK) as under_way:
        return add_parties([PartySpec(name, place_id=places[COUNTY].pk) for name in FIRMS], within=under_way)


@pytest.fixture
def add(places):
    """`add("title", holder=firm.pk, ...)` writes a row of 青岩县 (or of `at`)."""

    def write(ledger, *, at=COUNTY, **values):
        return create_entry(ledger, values, place_id=places[at].pk, by=CLERK)

    return write


def hte(add, firm, number, issued, **more):
    until = date(issued.year + 3, issued.month, issued.day)
    return add(
        "title",
        kind="hte",
        level="national",
        holder=firm.pk,
        number=number,
        issued=issued,
        ended=until,
        status="valid",
        **more,
    )


def contract(add, firm, number, registered, total, traded=None):
    return add(
        "tech_contract", number=number, name=f"{number}号技术开发", kind="development", seller=firm.pk, flow="output",
        total=Decimal(total), traded=Decimal(traded or total) * 9 / 10, registered=registered, signed=registered, status="registered",
    )  # fmt: skip


NOTES = (
    ("subjects", 3, "建立培育清单,逐户明确辅导专人"),
    ("science", 5, "利用圩日开展科普赶集,发放科普读物"),
    ("agriculture", 4, "组织科技特派员进茶山,开展绿色防控培训"),
    ("projects", 6, "建立项目储备库,提前组织论证"),
    ("transfer", 7, "会同高校院所梳理可转化成果,上门核实企业技术需求"),
)


@pytest.fixture
def bureau(add, firms):
    """Titles, contracts, patents, projects, events, notes and tasks of 2025 and of 2026 up to October."""
    for index, year in ((0, 2024), (1, 2025)):
        hte(add, firms[index], f"GR{year}0000{index}", date(year, 12, 1))
    for index in (2, 3):
        hte(add, firms[index], f"GR20260000{index}", date(2026, 9, 20), applied=date(2026, 6, 1))
    for index in range(3):
        contract(add, firms[index], f"2025A{index}", date(2025, 3 + index, 10), 300000 + index * 10000)
        contract(add, firms[index], f"2026A{index}", date(2026, 3 + index, 10), 500000 + index * 20000)
    for index in range(4):
        add("patent", number=f"ZL20261000{index}", name=f"一种茶叶加工装置{index}", kind="invention", holders=[firms[index].pk],
            filed=date(2024, 2, 1), granted=date(2026, 4, 1 + index), status="granted")  # fmt: skip
    add("project", number="2026N0001", name="高山茶绿色加工技术研究", holder=firms[0].pk, plan="spark", level="provincial", field="agriculture",
        status="approved", applied=date(2026, 2, 1), recommended=date(2026, 2, 20), approved=date(2026, 6, 5),
        grant=Decimal(200000), budget=Decimal(500000), highlight=True)  # fmt: skip
    add(
        "activity",
        name="科普赶集进岩前",
        kind="fair",
        start=date(2026, 5, 20),
        sessions=1,
        people=390,
        materials=1700,
        status="held",
    )
    add(
        "activity",
        name="高新技术企业申报培训",
        kind="policy_training",
        start=date(2026, 4, 2),
        sessions=2,
        people=86,
        firms=35,
        status="held",
    )
    for theme, month, text in NOTES:
        add("worklog", date=date(2026, month, 6), text=text, kind="work", theme=theme, highlight=True, story=text)
    add(
        "worklog",
        date=date(2026, 10, 12),
        text="专业技术人才引进难,企业研发团队力量薄弱",
        kind="problem",
        theme="talent",
    )
    for year in (2026, 2027):
        for theme, name in (("subjects", f"建立{year}年度培育库"), ("science", f"办好{year}年科技活动周")):
            add("task", name=name, source="plan", theme=theme, status="running", year=year, due=date(year, 12, 20))
    return firms
