"""Projects with their whole funnel, the money that follows them, achievements and awards."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from keshu.site.demo import city
from keshu.site.demo.topics import topic
from keshu.site.demo.world import Firm, Row, World, day_in, generates, known, yuan

#: plan, level, applications a year, share recommended, share approved of those, grant range in 万元
_PLANS = (
    ("key_rd", "provincial", 34, 0.7, 0.45, (40, 150)), ("major", "provincial", 8, 0.7, 0.4, (200, 500)),
    ("natural", "provincial", 18, 0.8, 0.4, (5, 10)), ("spark", "provincial", 20, 0.75, 0.5, (15, 40)),
    ("transfer", "provincial", 10, 0.8, 0.4, (80, 300)), ("key_rd", "national", 5, 0.6, 0.34, (200, 800)),
    ("research", "municipal", 70, 1.0, 0.55, (8, 30)), ("agri", "municipal", 36, 1.0, 0.55, (5, 20)),
    ("social", "municipal", 30, 1.0, 0.5, (5, 15)), ("soft", "municipal", 16, 1.0, 0.5, (2, 5)),
    ("new_product", "municipal", 24, 1.0, 0.6, (0, 0)), ("innovation_fund", "provincial", 12, 0.8, 0.45, (20, 60)),
)  # fmt: skip
#: applications a year that came as cases since 2024: their rows are written by the cases themselves
_AS_CASES = {"research": 26, "agri": 11, "social": 9, "soft": 6}
_FIELD = {"agri": "agriculture", "spark": "agriculture", "social": "society", "soft": "soft", "natural": "basic"}
_ACTS = ("关键技术研发", "产业化", "工艺优化", "示范推广", "质量提升", "性能检测方法研究")


@generates("project")
def projects(world: World, year: int) -> Iterator[Row]:
    for plan, level, n, recommended, approved, grant in _PLANS:
        draw = world.draw("project", plan, level, year)
        growing = int(n * {2023: 0.9, 2024: 0.95, 2025: 1.0, 2026: 1.08}[year])
        if level == "municipal" and year >= 2024:
            growing -= _AS_CASES.get(plan, 0)
        for serial in range(growing):
            firm = _holder(world, draw, serial, plan)
            applied = day_in(draw, year, 2, 5)
            if applied:
                yield _project(draw, firm, plan, level, serial, applied, recommended, approved, grant)


def _holder(world: World, draw: Random, serial: int, plan: str) -> Firm:
    if serial == 4 and plan in ("agri", "spark", "research"):
        return draw.choice(world.firms_of(city.COUNTY))
    farming = plan in ("agri", "spark")
    return world.some_firms(
        draw, 1, where=lambda f: f.intensity > 0.03 and (f.sector == "农业") == farming and f.place != city.COUNTY
    )[0]


def _project(
    draw: Random,
    firm: Firm,
    plan: str,
    level: str,
    serial: int,
    applied: date,
    p_rec: float,
    p_app: float,
    money: tuple,
) -> Row:
    recommended = known(applied + timedelta(days=draw.randint(15, 40))) if draw.random() < p_rec else None
    approved = (
        known(recommended + timedelta(days=draw.randint(60, 160))) if recommended and draw.random() < p_app else None
    )
    accepted = known(approved + timedelta(days=draw.randint(500, 800))) if approved and draw.random() < 0.85 else None
    grant = draw.randint(*money)
    name = f"{topic(draw, firm.sector)}{draw.choice(_ACTS)}{'' if serial % 3 else '与应用示范'}"
    status = "accepted" if accepted else "approved" if approved else "recommended" if recommended else "applied"
    if not approved and applied.year < 2026:
        status = "rejected"
    star = approved is not None and level != "municipal" and grant >= 120
    prefix = {"national": "G", "provincial": "S", "municipal": "Y"}[level]
    return Row(
        {
            "number": f"{prefix}{applied.year}{plan[:3].upper()}{serial:04d}", "name": name, "holder": firm.index, "plan": plan,
            "level": level, "field": _FIELD.get(plan, "industry"), "status": status, "support": "directive" if grant else "guiding",
            "applied": applied, "recommended": recommended, "approved": approved, "accepted": accepted,
            "grant": yuan(grant) if approved and grant else None, "paid": yuan(grant * 0.6) if approved and grant else None,
            "budget": yuan(grant * draw.uniform(2.5, 6) + 30), "document": f"云科计〔{approved.year}〕{serial + 1}号" if approved else None,
            "highlight": star,
        },
        firm.place,
    )  # fmt: skip


@generates("funding")
def funding(world: World, year: int) -> Iterator[Row]:
    """Money from above, one line for each approved project with a grant, and a few lump sums."""
    for cohort in (year - 1, year):
        for row in projects(world, cohort) if cohort >= 2023 else ():
            values = row.values
            if values["level"] == "municipal" or not values["grant"] or values["approved"].year != year:
                continue
            issued = known(values["approved"] + timedelta(days=20))
            if issued:
                yield _money(values, issued, row.place)
    draw = world.draw("funding", year)
    for firm in world.some_firms(draw, 12, where=lambda f: f.place != city.COUNTY):
        issued = day_in(draw, year, 3, 10)
        if issued:
            amount = yuan(draw.randint(10, 90))
            values = {"item": f"{firm.sector}企业研发投入分段补助", "holder": firm.index, "kind": "rd_subsidy", "source": "provincial",
                      "direction": "upper", "status": "paid", "document": f"云中财教〔{year}〕{draw.randint(10, 60)}号", "issued": issued,
                      "paid_on": known(issued + timedelta(days=20)), "issued_amount": amount, "paid_amount": amount}  # fmt: skip
            yield Row(values, firm.place)


def _money(values: dict, issued: date, place: str) -> Row:
    paid = known(issued + timedelta(days=40))
    return Row(
        {
            "item": values["name"], "holder": values["holder"], "kind": "agri" if values["field"] == "agriculture" else "project",
            "source": values["level"], "direction": "upper", "status": "paid" if paid else "issued",
            "document": f"云中财教〔{issued.year}〕{values['number'][-3:]}号", "issued": issued, "paid_on": paid,
            "issued_amount": values["grant"], "paid_amount": values["paid"] if paid else None, "project_number": values["number"],
            "leverage": values["budget"],
        },
        place,
    )  # fmt: skip


_PAYOUTS = (("hte_award", 20, (10, 30), "高新技术企业认定奖励"), ("rd_subsidy", 48, (3, 80), "研发投入补助"), ("voucher", 58, (1, 10), "科技创新券兑付"),
            ("patent_award", 40, (0.2, 3), "发明专利授权奖励"), ("tsme_award", 30, (1, 2), "科技型中小企业入库奖励"), ("platform_award", 8, (10, 50), "研发平台认定奖励"),
            ("contract", 24, (1, 15), "技术合同交易补助"), ("incubator_subsidy", 5, (10, 40), "孵化载体运行补助"))  # fmt: skip


@generates("payout")
def payouts(world: World, year: int) -> Iterator[Row]:
    for kind, n, money, item in _PAYOUTS:
        draw = world.draw("payout", kind, year)
        for serial, firm in enumerate(
            world.some_firms(draw, n, where=lambda f: f.intensity > 0.03 and f.place != city.COUNTY)
        ):
            paid = day_in(draw, year, 4, 11)
            amount = yuan(draw.uniform(*money) * (1 + (year - 2023) * 0.06))
            if paid is None:
                continue
            values = {
                "holder": firm.index, "kind": kind, "level": draw.choice(("municipal", "municipal", "county")), "status": "paid", "item": item,
                "policy": "云岭市支持科技创新若干措施", "document": f"云科〔{year}〕{serial % 20 + 20}号", "applied": paid - timedelta(days=90),
                "approved": paid - timedelta(days=30), "paid_on": paid, "claimed_amount": amount, "approved_amount": amount, "paid_amount": amount,
            }  # fmt: skip
            yield Row(values, firm.place)
    draw = world.draw("payout-county", year)
    for firm in world.firms_of(city.COUNTY)[:1]:
        paid = day_in(draw, year, 5, 10)
        if paid:
            amount = yuan(draw.randint(5, 12))
            values = {"holder": firm.index, "kind": "hte_award", "level": "county", "status": "paid", "item": "高新技术企业认定奖励", "paid_on": paid,
                      "document": f"青科〔{year}〕{firm.index + 3}号", "paid_amount": amount, "approved_amount": amount, "claimed_amount": amount}  # fmt: skip
            yield Row(values, firm.place)


@generates("achievement")
def achievements(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("achievement", year)
    for serial, firm in enumerate(
        world.some_firms(draw, 96 + (year - 2023) * 9, where=lambda f: f.intensity > 0.03 and f.index > 6)
    ):
        registered = day_in(draw, year)
        if registered is None:
            continue
        converted = known(registered + timedelta(days=draw.randint(30, 200))) if draw.random() < 0.4 else None
        values = {
            "number": f"99{year}Y{serial:05d}", "name": f"{topic(draw, firm.sector)}{draw.choice(_ACTS)}", "holders": [firm.index], "kind": "applied",
            "source": "registered", "mode": "own", "status": "converted" if converted else "registered", "registered": registered,
            "converted": converted, "output": yuan(draw.randint(50, 900)) if converted else None, "people": draw.randint(4, 12),
        }  # fmt: skip
        yield Row(values, firm.place)
    for serial in range(30):
        collected = day_in(draw, year)
        if collected:
            who = world.other(draw.choice(world.others[:10]))
            values = {"number": f"ZJ{year}{serial:04d}", "name": f"{topic(draw, draw.choice(('新材料', '生物', '智能装备')))}{draw.choice(_ACTS)}成果", "holders": [who],
                      "source": "collected", "status": "collected", "collected": collected}  # fmt: skip
            yield Row(values, city.CITY)


@generates("award")
def awards(world: World, year: int) -> Iterator[Row]:
    for level, grades in (
        ("provincial", (("second", 3), ("third", 6))),
        ("municipal", (("first", 3), ("second", 8), ("third", 14))),
    ):
        for grade, n in grades:
            draw = world.draw("award", level, grade, year)
            for firm in world.some_firms(draw, n, where=lambda f: f.intensity > 0.035 and f.place != city.COUNTY):
                awarded = day_in(draw, year, 4, 9)
                name = f"{topic(draw, firm.sector)}{draw.choice(_ACTS)}"
                if awarded:
                    star = level == "provincial" and grade == "second"
                    values = {"name": name, "holders": [firm.index], "kind": "progress", "grade": grade, "level": level, "status": "awarded",
                              "year": year - 1, "applied": date(year - 1, 6, 20), "awarded": awarded, "bonus": yuan({"first": 10, "second": 5, "third": 2}[grade]),
                              "highlight": star}  # fmt: skip
                    yield Row(values, firm.place)
