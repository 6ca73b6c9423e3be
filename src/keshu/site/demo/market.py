"""Cooperation, needs, finance, pledges, media, policy documents, incubation."""

from collections.abc import Iterator
from datetime import date, timedelta

from keshu.site.demo import city
from keshu.site.demo.topics import topic
from keshu.site.demo.world import Row, World, day_in, generates, known, yuan

_TOPICS = ("检测技术", "生产线智能化改造", "新工艺", "节能改造", "关键部件", "配方优化", "数据平台")


@generates("cooperation")
def cooperation(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("cooperation", year)
    for serial, firm in enumerate(
        world.some_firms(draw, 64 + (year - 2023) * 6, where=lambda f: f.above_scale and f.index > 5)
    ):
        signed = day_in(draw, year)
        if signed is None:
            continue
        partner = draw.choice(world.others[:10])
        amount = draw.randint(10, 300)
        star = amount > 260
        values = {
            "number": f"HZ{year}{serial:04d}", "name": f"{topic(draw, firm.sector)}{draw.choice(_TOPICS)}", "holder": firm.index, "partner": world.other(partner),
            "partner_kind": "university" if "大学" in partner or "学院" in partner else "institute", "kind": draw.choice(("agreement", "commission", "lab", "fair")),
            "status": "signed", "talked": signed - timedelta(days=45), "signed": signed, "amount": yuan(amount), "arrived": yuan(amount * draw.uniform(0.3, 0.9)),
            "event": draw.choice(("云岭市产学研对接会", "高校院所云岭行", None)), "highlight": star,
        }  # fmt: skip
        yield Row(values, firm.place)


@generates("need")
def needs(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("need", year)
    for serial, firm in enumerate(
        world.some_firms(draw, 150 + (year - 2023) * 12, where=lambda f: f.place != city.COUNTY)
    ):
        collected = day_in(draw, year)
        if collected is None:
            continue
        published = known(collected + timedelta(days=12))
        signed = known(collected + timedelta(days=draw.randint(40, 160))) if draw.random() < 0.28 else None
        values = {
            "number": f"XQ{year}{serial:04d}", "name": f"{topic(draw, firm.sector)}{draw.choice(_TOPICS)}需求", "holder": firm.index, "kind": "technology",
            "status": "signed" if signed else "published" if published else "collected", "collected": collected, "published": published, "signed": signed,
            "budget": yuan(draw.randint(10, 200)), "deal": yuan(draw.randint(8, 150)) if signed else None, "meetings": draw.randint(0, 4),
        }  # fmt: skip
        yield Row(values, firm.place)


@generates("tech_finance")
def finance(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("finance", year)
    for serial, firm in enumerate(
        world.some_firms(draw, 90 + (year - 2023) * 14, where=lambda f: f.intensity > 0.03 and f.place != city.COUNTY)
    ):
        signed = day_in(draw, year)
        if signed is None:
            continue
        amount = draw.randint(80, 1200)
        kind = draw.choices(("credit", "guarantee", "pooled", "equity", "insurance"), (50, 22, 12, 6, 10))[0]
        paid = known(signed + timedelta(days=15))
        values = {
            "number": f"KJ{year}{serial:04d}", "holder": firm.index, "provider": draw.choice(("云岭农商银行", "云中银行云岭分行", "云岭科技担保公司", "云岭创投基金")),
            "kind": kind, "renewed": draw.random() < 0.3, "status": "paid" if paid else "signed", "applied": signed - timedelta(days=20), "signed": signed,
            "paid_on": paid, "amount": yuan(amount), "arrived": yuan(amount * draw.uniform(0.7, 1)) if paid else None, "subsidy": yuan(draw.randint(0, 12)),
        }  # fmt: skip
        yield Row(values, firm.place)


@generates("ip_pledge")
def pledges(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("pledge", year)
    for serial, firm in enumerate(
        world.some_firms(draw, 26 + (year - 2023) * 7, where=lambda f: f.intensity > 0.035 and f.place != city.COUNTY)
    ):
        registered = day_in(draw, year)
        if registered:
            values = {
                "number": f"ZY{year}{serial:04d}", "holder": firm.index, "bank": draw.choice(("云岭农商银行", "云中银行云岭分行")), "kind": "patent",
                "status": "lent", "signed": registered - timedelta(days=10), "registered": registered, "lent_on": known(registered + timedelta(days=6)),
                "ended": date(registered.year + 1, registered.month, min(registered.day, 28)), "loan": yuan(draw.randint(100, 1000)), "rights": draw.randint(1, 6),
                "interest": yuan(draw.randint(1, 12)),
            }  # fmt: skip
            yield Row(values, firm.place)


_OUTLETS = (
    ("科技日报", "national"),
    ("云中日报", "provincial"),
    ("云中省科技厅网站", "provincial"),
    ("云岭日报", "municipal"),
    ("云岭电视台", "municipal"),
    ("学习平台云岭号", "municipal"),
)


@generates("media")
def media(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("media", year)
    for serial in range(150):
        published = day_in(draw, year)
        outlet, level = draw.choices(_OUTLETS, (3, 12, 20, 40, 15, 10))[0]
        if published is None:
            continue
        topic = draw.choice(("高企培育", "科技特派员", "产学研对接", "科技活动周", "成果转化", "研发平台"))
        values = {
            "name": f"云岭：{topic}工作见闻（{serial + 1}）", "outlet": outlet, "holder": world.other("云岭市科学技术局"), "level": level,
            "kind": draw.choice(("news", "brief", "website")), "status": "adopted" if level != "municipal" and draw.random() < 0.5 else "published",
            "published": published, "reads": draw.randint(100, 9000), "highlight": level == "national",
            "story": f"{outlet}报道云岭市{topic}做法" if level == "national" else "",
        }  # fmt: skip
        yield Row(values, city.COUNTY if serial % 75 == 9 else city.CITY)


_POLICIES = {
    2023: (("云岭市科技创新券管理办法", "fund"), ("云岭市科技特派员管理办法", "rule")),
    2024: (("云岭市企业研发投入补助实施细则", "fund"), ("云岭市新型研发机构备案办法", "rule"), ("云岭市技术转移体系建设方案", "scheme")),
    2025: (("云岭市支持科技创新若干措施", "policy"), ("云岭市科技计划项目管理办法", "rule"), ("云岭市科技成果转化行动方案", "scheme")),
    2026: (("云岭市高新技术企业梯次培育行动方案", "scheme"), ("云岭市科技创新“十五五”规划", "plan"), ("云岭市概念验证中心建设指引", "guide")),
}  # fmt: skip


@generates("policy_doc")
def policies(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("policy", year)
    for serial, (name, kind) in enumerate(_POLICIES[year]):
        issued = day_in(draw, year, 2, 9)
        if issued:
            values = {"number": f"云科〔{year}〕{serial * 7 + 5}号", "name": name, "issuer": world.other("云岭市科学技术局"), "kind": kind,
                      "action": "revised" if "项目管理办法" in name else "issued", "level": "municipal", "status": "valid", "issued": issued,
                      "effective": issued, "sessions": draw.randint(1, 5), "highlight": True, "story": f"印发《{name}》"}  # fmt: skip
            yield Row(values, city.CITY)
    issued = day_in(draw, year, 3, 8)
    if issued:
        name = f"青岩县{year}年科技创新工作要点"
        values = {"number": f"青科〔{year}〕4号", "name": name, "issuer": world.other("云岭市科学技术局"), "kind": "plan", "action": "issued", "level": "county",
                  "issued": issued, "highlight": True, "story": f"印发《{name}》"}  # fmt: skip
        yield Row(values, city.COUNTY)


_CARRIERS = (("云岭高新区科技企业孵化器", "incubator", "national", "990171", 26000, 2016), ("江川创业园孵化器", "incubator", "provincial", "990102", 14000, 2018),
             ("临湖智谷孵化器", "incubator", "municipal", "990103", 9000, 2021), ("云岭学院众创空间", "maker", "provincial", "990102", 4200, 2019),
             ("湖畔创客空间", "maker", "municipal", "990103", 2600, 2022), ("石门电商孵化器", "incubator", "municipal", "990122", 5200, 2023),
             ("白沙星创天地", "star", "provincial", "990123", 1800, 2024), ("高新区加速器", "accelerator", "municipal", "990171", 18000, 2025),
             ("云岭生物医药孵化器", "incubator", "municipal", "990171", 8800, 2026))  # fmt: skip


@generates("incubator")
def incubators(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("incubator", year)
    for n, (name, kind, level, place, area, since) in enumerate(_CARRIERS):
        if since != year and not (year == 2023 and since < 2023):
            continue
        approved = date(since, 6, 10 + n)
        values = {
            "name": name, "holder": world.firms_of(place)[n].index, "kind": kind, "level": level, "status": "valid", "applied": approved - timedelta(days=90),
            "built": approved - timedelta(days=60), "approved": approved, "document": f"云科〔{since}〕{30 + n}号", "area": area, "firms": draw.randint(15, 80),
            "teams": draw.randint(4, 30), "talents": draw.randint(30, 300), "mentors": draw.randint(5, 30), "highlight": since == year and year > 2023,
            "story": f"{name}建成投用并通过认定" if since == year and year > 2023 else "",
        }  # fmt: skip
        yield Row(values, place)


@generates("incubatee")
def incubatees(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("incubatee", year)
    small = [f for f in world.firms if f.size < 1800 and f.place != city.COUNTY]
    for name, _, _, place, _, since in _CARRIERS:
        if since > year:
            continue
        for firm in draw.sample([f for f in small if f.place == place] or small, 4 if year > 2023 else 8):
            entered = day_in(draw, year)
            if entered:
                left = known(entered + timedelta(days=draw.randint(500, 900))) if draw.random() < 0.5 else None
                values = {"holder": firm.index, "incubator": name, "kind": "firm", "status": "graduated" if left else "inside", "entered": entered, "ended": left,
                          "income": yuan(firm.size * 0.8), "staff": draw.randint(4, 40), "patents": draw.randint(0, 12)}  # fmt: skip
                yield Row(values, place)


@generates("talent")
def talents(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("talent", year)
    for n, firm in enumerate(world.some_firms(draw, 34, where=lambda f: f.intensity > 0.03 and f.place != city.COUNTY)):
        applied = day_in(draw, year, 2, 6)
        selected = known(applied + timedelta(days=100)) if applied and draw.random() < 0.5 else None
        if applied:
            values = {
                "name": f"{firm.name[2:4]}{draw.choice(('创新团队', '创业团队', '领军人才'))}{n}", "holder": firm.index,
                "plan": draw.choice(("introduction", "leading", "team", "cultivation")), "class": "team", "level": draw.choice(("provincial", "municipal", "municipal")),
                "status": "selected" if selected else "applied", "year": year, "applied": applied, "recommended": known(applied + timedelta(days=30)),
                "selected": selected, "grant": yuan(draw.randint(10, 100)) if selected else None, "members": draw.randint(3, 12),
            }  # fmt: skip
            if selected and values["level"] == "provincial":
                values |= {
                    "highlight": True,
                    "story": f"{firm.short}引进的{firm.sector}领域创新团队入选省高层次人才计划",
                }
            yield Row(values, firm.place)


@generates("rd_deduction")
def deductions(world: World, year: int) -> Iterator[Row]:
    """Settled each spring for the year before."""
    for firm in world.firms:
        draw = world.draw("deduction", firm.index, year)
        if (
            firm.intensity < 0.035
            or firm.size < 900
            or draw.random() < 0.35
            or (firm.place == city.COUNTY and firm.index % 4)
        ):
            continue
        expense = firm.size * firm.growth ** (year - 1 - 2023) * firm.intensity
        values = {
            "holder": firm.index, "year": year - 1, "kind": "declared", "firm_kind": "other", "confirmed": date(year, 5, 20), "projects": int(expense / 150) + 1,
            "expense": yuan(expense), "deduction": yuan(expense), "rate": 100,
        }  # fmt: skip
        yield Row(values, firm.place)


@generates("trademark")
def trademarks(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("trademark", year)
    for serial in range(330):
        firm = draw.choice(world.firms[14:])
        filed = day_in(draw, year)
        if filed:
            registered = known(filed + timedelta(days=draw.randint(240, 330)))
            values = {"number": f"{year - 1960}{serial:06d}", "name": f"{firm.name[2:4]}{draw.choice('优品源创美鲜')}", "holder": firm.index, "kind": "ordinary", "class_n": draw.randint(1, 45),
                      "status": "valid" if registered else "pending", "filed": filed, "registered": registered, "ended": date(registered.year + 10, registered.month, min(registered.day, 28)) if registered else None}  # fmt: skip
            yield Row(values, firm.place)


_GI = (
    ("青岩岩茶", "product", "990121", 2012),
    ("石门香菇", "agricultural", "990122", 2016),
    ("白沙海带", "trademark", "990123", 2019),
    ("临湖菱角", "product", "990103", 2025),
)


@generates("geo_indication")
def indications(world: World, year: int) -> Iterator[Row]:
    for n, (name, kind, place, since) in enumerate(_GI):
        if since == year or (year == 2023 and since < 2023):
            values = {"name": name, "kind": kind, "number": f"GI{since}{n:03d}", "status": "valid", "filed": date(since - 1, 4, 8), "approved": date(since, 3, 18),
                      "users": 6 + n * 3, "area": 1200 + n * 800, "households": 900 + n * 300, "output": yuan(5200 + n * 3100)}  # fmt: skip
            yield Row(values, place)


@generates("ip_standard")
def standards(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("standard", year)
    for firm in world.some_firms(draw, 12, where=lambda f: f.intensity > 0.04 and f.place != city.COUNTY):
        certified = day_in(draw, year, 3, 10)
        if certified:
            values = {"holder": firm.index, "number": f"IPC{year}{firm.index:05d}", "standard": "enterprise", "edition": "GB/T 29490-2023" if year >= 2024 else "GB/T 29490-2013",
                      "stage": "certified", "started": certified - timedelta(days=200), "certified": certified,
                      "ended": date(certified.year + 3, certified.month, min(certified.day, 28)), "subsidy": yuan(draw.randint(2, 5))}  # fmt: skip
            yield Row(values, firm.place)
