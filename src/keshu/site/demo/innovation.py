"""Patents, technology contracts, activities."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from keshu.site.demo import city, numbers
from keshu.site.demo.topics import topic
from keshu.site.demo.world import LAST_DAY, Firm, Row, World, day_in, generates, known, yuan

_FILINGS = {2023: 980, 2024: 1010, 2025: 1085, 2026: 1130}  # whole years; the last one ends with October
_GRANT_LAG = {"invention": (420, 980), "utility": (150, 330), "design": (90, 240)}
_THINGS = ("制备装置", "控制系统", "制备方法", "检测装置", "组合结构", "控制方法", "安装结构", "加工工艺")


@generates("patent")
def patents(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("patent", year)
    if year == 2023:
        for earlier in (2018, 2019, 2020, 2021, 2022):
            yield from _patents_of(world, world.draw("patent", earlier), earlier, 330)
    yield from _patents_of(world, draw, year, _FILINGS[year])


def _patents_of(world: World, draw: Random, filed_year: int, n: int) -> Iterator[Row]:
    owners = sorted(world.firms, key=lambda f: -f.size * f.intensity * world.draw("owner", f.index).uniform(0.2, 1))[
        :420
    ]
    owners = [f for f in owners if f.place != city.COUNTY]
    county = world.firms_of(city.COUNTY)
    for serial in range(n):
        owner = county[serial % len(county)] if serial % 190 == 7 else _skewed(draw, owners)
        kind = draw.choices(("invention", "utility", "design"), (30, 54, 16))[0]
        filed = day_in(draw, filed_year)
        if filed is not None:
            yield _patent(world, draw, owner, kind, filed)


def _skewed(draw: Random, owners: list[Firm]) -> Firm:
    return owners[min(int(draw.expovariate(1 / 60)), len(owners) - 1)]


def _patent(world: World, draw: Random, owner: Firm, kind: str, filed: date) -> Row:
    lag = timedelta(days=draw.randint(*_GRANT_LAG[kind]))
    grant = known(filed + lag) if draw.random() < (0.62 if kind == "invention" else 0.86) else None
    holders = [owner.index]
    if draw.random() < 0.08:
        holders.append(world.other(draw.choice(("云中大学", "云岭学院", "云中理工大学", "云岭市农业科学研究所"))))
    lapsed = known(grant + timedelta(days=draw.randint(700, 1900))) if grant and draw.random() < 0.16 else None
    star = kind == "invention" and grant is not None and draw.random() < 0.02
    name = f"一种{topic(draw, owner.sector)}的{draw.choice(_THINGS)}"
    return Row(
        {
            "number": numbers.patent_number(draw, filed.year, kind), "name": name, "kind": kind, "holders": holders,
            "filed": filed, "granted": grant, "ended": lapsed, "electronic": draw.random() < 0.95,
            "status": "lapsed" if lapsed else "valid" if grant else "pending",
            "high_value": kind == "invention" and owner.sector in ("新材料", "生物", "光电", "新能源") and draw.random() < 0.5,
            "implemented": draw.random() < 0.4, "claims": draw.randint(3, 12),
            "highlight": star, "story": f"{owner.short}发明专利“{name}”实现产业化应用" if star else "",
        },
        owner.place,
    )  # fmt: skip


_CONTRACTS = {2023: 470, 2024: 640, 2025: 810, 2026: 1010}
_CONTRACT_KINDS = ("development", "transfer", "licence", "consulting", "service")


@generates("tech_contract")
def contracts(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("contract", year)
    sellers = [f for f in world.firms if f.intensity > 0.035 and f.place != city.COUNTY]
    county = world.firms_of(city.COUNTY)
    for serial in range(_CONTRACTS[year]):
        seller = county[serial % 4] if serial % 130 == 3 else draw.choice(sellers)
        registered = day_in(draw, year, 1, 12)
        if registered is not None:
            yield _contract(world, draw, seller, registered, serial)


def _contract(world: World, draw: Random, seller: Firm, registered: date, serial: int) -> Row:
    total = min(draw.lognormvariate(3.6, 1.15), 4200)
    kind = draw.choices(_CONTRACT_KINDS, (34, 12, 5, 14, 35))[0]
    buyer = world.other(draw.choice(world.others[:6])) if draw.random() < 0.12 else draw.choice(world.firms).index
    signed = registered - timedelta(days=draw.randint(5, 70))
    subject = f"{topic(draw, seller.sector)}{draw.choice(('检测', '工艺优化', '装备改进', '数据分析', '新产品'))}技术{'开发' if kind == 'development' else '服务'}"
    star = total > 1500 and draw.random() < 0.3
    return Row(
        {
            "number": f"{registered.year % 100}990101{serial:06d}", "name": subject, "kind": kind, "seller": seller.index, "buyer": buyer,
            "flow": "output", "seller_kind": "enterprise", "total": yuan(total), "traded": yuan(total * draw.uniform(0.6, 1.0)),
            "paid": yuan(total * draw.uniform(0.1, 0.5)), "signed": signed, "registered": registered, "status": "registered",
            "field": seller.sector, "highlight": star,
        },
        seller.place,
    )  # fmt: skip


_EVENTS = (("policy_training", 34, (1, 2), (40, 160)), ("agri_training", 46, (1, 3), (30, 120)), ("lecture", 40, (1, 2), (50, 260)),
           ("exhibition", 12, (1, 2), (200, 1500)), ("consultation", 22, (1, 2), (60, 400)), ("caravan", 14, (1, 3), (150, 700)),
           ("campus", 30, (1, 2), (120, 600)), ("community", 22, (1, 2), (60, 300)), ("countryside", 26, (1, 2), (80, 400)),
           ("matching", 9, (1, 1), (40, 150)), ("competition", 3, (1, 1), (60, 200)), ("roadshow", 5, (1, 1), (30, 90)),
           ("main_event", 3, (1, 1), (600, 3000)), ("ip_publicity", 6, (1, 3), (100, 600)))  # fmt: skip
_EVENT_NAMES = {"policy_training": "科技政策培训班", "agri_training": "农村实用技术培训班", "lecture": "科普讲座", "exhibition": "科技成果展览",
                "consultation": "科技咨询会", "caravan": "科普大篷车巡展", "campus": "科普进校园", "community": "科技进社区",
                "countryside": "科技下乡", "matching": "产学研对接会", "competition": "创新创业大赛", "roadshow": "科技金融路演",
                "main_event": "科技活动周主场活动", "ip_publicity": "知识产权宣传活动"}  # fmt: skip
_TOPICS = (
    "高企申报",
    "研发费用加计扣除",
    "科技型中小企业评价",
    "技术合同登记",
    "知识产权保护",
    "茶叶种植",
    "果树修剪",
    "水产养殖",
    "食用菌栽培",
    "节能降碳",
    "防灾减灾",
    "人工智能",
)


_MAIN_EVENTS = ("科技活动周主场活动", "全国科普日主场活动", "科技工作者日慰问活动")
_ACTED = (
    "市政府分管副市长出席并宣布活动启动，云岭电视台予以报道",
    "市科协、市教育局负责同志参加并为科普教师颁发聘书",
    "市科技局主要负责同志走访慰问一线科技工作者",
)


def _told(kind: str, serial: int, day: date, name: str) -> str:
    """The clerk's line: an event with who came; a meeting with what it was for."""
    if kind == "main_event":
        return f"{day.month}月{day.day}日，{name}在云岭市举行，{_ACTED[serial % len(_ACTED)]}"
    if kind == "matching":
        return f"{day.month}月{day.day}日，产学研对接会在云岭高新区举行，高校院所专家现场解答企业技术难题"
    return f"{day.month}月{day.day}日，云岭市创新创业大赛决赛举行，评委现场点评参赛项目"


@generates("activity")
def activities(world: World, year: int) -> Iterator[Row]:
    for kind, n, sessions, people in _EVENTS:
        draw = world.draw("activity", kind, year)
        for serial in range(n):
            place = draw.choices([*city.district_codes(), city.CITY], (20, 14, 1, 10, 8, 12, 35))[0]
            months = (5, 9, 5)[serial % 3] if kind == "main_event" else None
            day = day_in(draw, year, months, months) if months else day_in(draw, year)
            if day is not None:
                yield _activity(world, draw, kind, serial, place, day, sessions, people)


def _activity(
    world: World, draw: Random, kind: str, serial: int, place: str, day: date, sessions: tuple, people: tuple
) -> Row:
    n = draw.randint(*sessions)
    star = kind in ("main_event", "matching", "competition") and day.year >= 2025
    name = f"{day.year}年{draw.choice(_TOPICS) if kind not in ('main_event', 'matching') else ''}{_EVENT_NAMES[kind]}（第{serial + 1}期）"
    if kind == "main_event":
        name = f"{day.year}年云岭市{_MAIN_EVENTS[serial % len(_MAIN_EVENTS)]}"
    training = kind.endswith("training") or kind in ("matching", "roadshow", "competition")
    return Row(
        {
            "name": name, "kind": kind, "level": "municipal" if place == city.CITY else "county", "status": "held", "start": day,
            "end": day + timedelta(days=draw.choice((0, 0, 1, 2))) if n > 1 else day, "venue": draw.choice(("会展中心", "文化广场", "科技馆", "乡村礼堂", "园区会议室")),
            "host": world.other("云岭市科学技术局"), "sessions": n, "people": n * draw.randint(*people),
            "firms": draw.randint(15, 70) if training and kind != "agri_training" else None,
            "materials": draw.randint(1, 12) * 100, "campaign": "tech_week" if kind == "main_event" else None,
            "cost": yuan(draw.uniform(0.3, 9)), "highlight": star,
            "story": _told(kind, serial, day, name) if star else "",
        },
        place,
    )  # fmt: skip


__all__ = ["LAST_DAY"]
