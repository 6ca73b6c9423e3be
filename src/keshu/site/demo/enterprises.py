"""Titles, yearly profiles, platforms."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from keshu.site.demo import city, numbers
from keshu.site.demo.topics import TOPICS
from keshu.site.demo.world import LAST_DAY, Firm, Row, World, day_in, generates, known, yuan

#: new 高企 certificates each year; the stock stands at some fifty when the records begin
_NEW_HTE = {2020: 12, 2021: 11, 2022: 13, 2023: 15, 2024: 17, 2025: 20, 2026: 23}
_FIELDS = {"新材料": "material", "智能装备": "manufacturing", "电子": "it", "软件": "it", "光电": "it", "生物": "bio",
           "医药": "bio", "环保": "environment", "新能源": "energy", "农业": "bio"}  # fmt: skip


def hte_order(world: World) -> list[Firm]:
    """Firms in the order in which they became 高企; the larger and more research-minded come first."""
    draw = world.draw("hte")
    ranked = sorted(world.firms, key=lambda f: -(f.size**0.5) * f.intensity * draw.uniform(0.5, 1.5))
    first = [f for f in ranked if f.place == city.COUNTY][:7]
    rest = [f for f in ranked if f not in first]
    merged = rest[: sum(_NEW_HTE.values())]
    for n, firm in enumerate(first):  # the small county has its share in every cohort
        merged.insert(5 + n * 15, firm)
    return merged


def _cohort(year: int) -> tuple[int, int]:
    start = sum(n for y, n in _NEW_HTE.items() if y < year)
    return start, start + _NEW_HTE[year]


@generates("title")
def titles(world: World, year: int) -> Iterator[Row]:
    order = hte_order(world)
    for cohort in range(2020, year + 1):
        if (year - cohort) % 3 and not (year == 2023 and cohort < 2023):
            continue
        first, last = _cohort(cohort)
        for firm in order[first:last]:
            yield from _hte(world, firm, cohort, year)
    if year == 2023:
        yield from _lapsed(world, order)
    yield from _applications(world, order, year)
    yield from _sme(world, year)
    yield from _lesser(world, year)


def _hte(world: World, firm: Firm, cohort: int, year: int) -> Iterator[Row]:
    """The certificate that a firm of this cohort gets in this year; before 2023 the records start with what was valid."""
    draw = world.draw("hte", firm.index, year)
    issued_year = cohort if year == 2023 and cohort < 2023 and cohort != 2020 else year
    renewal = issued_year != cohort
    if renewal and draw.random() < 0.22:
        return
    issued = _issue_day(draw, issued_year)
    if issued is None:
        return
    yield Row(
        {
            "holder": firm.index, "kind": "hte", "level": "national", "action": "renewal" if renewal else "initial",
            "number": f"GR{issued_year}999{firm.index:05d}", "status": "valid", "applied": issued - timedelta(days=140),
            "announced": issued + timedelta(days=12), "issued": issued, "ended": date(issued.year + 3, issued.month, issued.day),
            "tech_field": _FIELDS.get(firm.sector, "manufacturing"), "issuer": "全国高新技术企业认定管理工作领导小组办公室",
            "highlight": not renewal and firm.size > 9000,
        },
        firm.place,
    )  # fmt: skip


def _lapsed(world: World, order: list[Firm]) -> Iterator[Row]:
    """Certificates that had ended when the records begin: the five-year review looks back on them."""
    first, last = _cohort(2020)
    later = [firm for firm in order[_cohort(2025)[0] :] if firm.place != city.COUNTY][:15]
    for issued_year, firms in ((2019, later), (2020, order[first:last])):
        for firm in firms:
            draw = world.draw("hte-lapsed", firm.index)
            issued = day_in(draw, issued_year, 10, 12)
            if issued:
                values = {
                    "holder": firm.index, "kind": "hte", "level": "national", "action": "initial", "number": f"GR{issued_year}999{firm.index:05d}",
                    "status": "expired", "applied": issued - timedelta(days=140), "issued": issued, "ended": date(issued.year + 3, issued.month, issued.day),
                    "tech_field": _FIELDS.get(firm.sector, "manufacturing"),
                }  # fmt: skip
                yield Row(values, firm.place)


def _issue_day(draw: Random, year: int) -> date | None:
    """Certificates of the last year of the records came early: its batches were announced before the end of October."""
    first, last = (6, 10) if year == LAST_DAY.year else (10, 12)
    return day_in(draw, year, first, last)


def _applications(world: World, order: list[Firm], year: int) -> Iterator[Row]:
    """Firms that applied this year without success, or are waiting for the result."""
    draw = world.draw("hte-applied", year)
    later = order[_cohort(2026)[1] :] or world.firms
    for firm in world.some_firms(draw, 9, where=lambda f: f not in order):
        applied = day_in(draw, year, 5, 8)
        status = "publicity" if year == LAST_DAY.year and draw.random() < 0.4 else "rejected"
        if applied and later is not None:
            values = {
                "holder": firm.index,
                "kind": "hte",
                "level": "national",
                "action": "initial",
                "status": status,
                "applied": applied,
            }
            yield Row(values, firm.place)


def _sme(world: World, year: int) -> Iterator[Row]:
    """科技型中小企业: numbers are valid to the end of their year."""
    draw = world.draw("tsme", year)
    share = {2023: 0.125, 2024: 0.145, 2025: 0.165, 2026: 0.187}[year]
    for firm in world.firms:
        if firm.size > 40000 or world.draw("tsme-firm", firm.index).random() > share * (
            2.4 if firm.place == city.COUNTY else 1
        ):
            continue
        issued = day_in(draw, year, 3, 10)
        if issued:
            number = f"{year}9901{firm.place[4:]}{draw.randint(0, 9)}8{firm.index:06d}"[:18]
            values = {
                "holder": firm.index, "kind": "tsme", "level": "national", "action": "record", "number": number,
                "status": "valid", "applied": issued - timedelta(days=25), "announced": issued, "issued": issued,
                "ended": date(year, 12, 31),
            }  # fmt: skip
            yield Row(values, firm.place)


_LESSER = (("giant", "provincial", 4, 3), ("innovative", "provincial", 5, 0), ("ptech", "provincial", 26, 0),
           ("ip_adv", "national", 3, 3), ("ip_demo", "national", 1, 3), ("phte", "provincial", 14, 3),
           ("product", "provincial", 22, 3))  # fmt: skip


def _lesser(world: World, year: int) -> Iterator[Row]:
    for kind, level, n, validity in _LESSER:
        draw = world.draw(kind, year)
        count = n * (3 if year == 2023 else 1)
        for firm in world.some_firms(draw, count, where=lambda f: f.size > 1500 and f.place != city.COUNTY):
            issued = day_in(draw, year, 4, 11)
            if issued is None:
                continue
            ended = date(issued.year + validity, issued.month, min(issued.day, 28)) if validity else None
            values = {
                "holder": firm.index, "kind": kind, "level": level, "status": "valid",
                "number": f"{kind.upper()[:2]}{year}{firm.index:05d}", "applied": issued - timedelta(days=90),
                "announced": issued, "issued": issued, "ended": ended,
            }  # fmt: skip
            if kind in ("giant", "ip_demo"):
                values |= {
                    "action": "initial",
                    "highlight": True,
                    "story": f"{firm.short}获评{'科技小巨人企业' if kind == 'giant' else '国家知识产权示范企业'}",
                }
            if kind == "product":
                values["product"] = (
                    f"{firm.sector}用{draw.choice(('高性能', '低功耗', '智能', '绿色'))}{draw.choice(('组件', '系统', '装置', '材料'))}"
                )
            yield Row(values, firm.place)


@generates("profile")
def profiles(world: World, year: int) -> Iterator[Row]:
    """What firms report about the year before, filed in the spring; and this year's list of firms above scale."""
    yield from _above_scale(world, year)
    for firm in world.firms:
        draw = world.draw("profile", firm.index, year)
        about = year - 1
        if about < firm.since or (firm.size < 500 and draw.random() < 0.25):
            continue
        revenue = firm.size * firm.growth ** (about - 2023) * draw.uniform(0.95, 1.05)
        rd = revenue * firm.intensity * draw.uniform(0.92, 1.1) if firm.intensity > 0.03 else 0
        staff = max(6, int(revenue / draw.uniform(45, 90)))
        yield Row(
            {
                "holder": firm.index, "year": about, "above_scale": firm.above_scale, "rd_active": rd > 0,
                "rd_org": rd > 150, "status": "audited", "revenue": yuan(revenue), "rd_expense": yuan(rd),
                "hightech_income": yuan(revenue * draw.uniform(0.4, 0.85)) if firm.intensity > 0.05 else yuan(0),
                "staff": staff, "rd_staff": max(1, int(staff * firm.intensity * 2.2)), "output": yuan(revenue * 1.04),
                "rd_projects": int(rd / 120) + (1 if rd else 0), "tax": yuan(revenue * draw.uniform(0.02, 0.06)),
            },
            firm.place,
        )  # fmt: skip


def _above_scale(world: World, year: int) -> Iterator[Row]:
    """The list as the statistics bureau keeps it through the year; amounts follow with next spring's report."""
    for firm in world.firms:
        if firm.above_scale and firm.since <= year:
            researching = firm.intensity > 0.03 - 0.002 * (year - 2023)
            values = {
                "holder": firm.index,
                "year": year,
                "above_scale": True,
                "rd_active": researching,
                "status": "estimated",
            }
            yield Row(values | {"rd_org": researching and firm.size * firm.intensity > 150}, firm.place)


_PLATFORMS = (("engineering_center", "provincial", 3), ("engineering_center", "municipal", 5), ("tech_center", "municipal", 4),
              ("key_lab", "municipal", 2), ("institute", "provincial", 2), ("new_rd", "provincial", 1), ("academician", "provincial", 1),
              ("joint_lab", "municipal", 3), ("postdoc", "national", 1), ("expert_yard", "municipal", 2))  # fmt: skip
_KIND_NAMES = {"engineering_center": "工程技术研究中心", "tech_center": "企业技术中心", "key_lab": "重点实验室", "institute": "企业研究院",
               "new_rd": "新型研发机构", "academician": "院士工作站", "joint_lab": "产学研联合实验室", "postdoc": "博士后科研工作站",
               "expert_yard": "农业科技专家大院"}  # fmt: skip


@generates("platform")
def platforms(world: World, year: int) -> Iterator[Row]:
    for kind, level, n in _PLATFORMS:
        draw = world.draw("platform", kind, level, year)
        for firm in world.some_firms(
            draw, n * (4 if year == 2023 else 1), where=lambda f: f.above_scale and f.place != city.COUNTY
        ):
            approved = day_in(draw, year if year > 2023 else draw.choice((2020, 2021, 2022, 2023)), 2, 10)
            if approved is None:
                continue
            name = f"云岭市{firm.name[2:4]}{firm.sector}{_KIND_NAMES[kind]}"
            star = draw.random() < 0.15
            focus = world.draw("platform-focus", kind, firm.index).choice(TOPICS[firm.sector])
            yield Row(
                {
                    "name": name, "host": firm.index, "kind": kind, "level": level, "status": "valid",
                    "applied": approved - timedelta(days=100), "approved": approved, "document": f"云科〔{approved.year}〕{draw.randint(8, 90)}号",
                    "area": draw.randint(3, 40) * 100, "staff": draw.randint(8, 60), "senior": draw.randint(1, 9),
                    "projects": draw.randint(0, 6), "equipment": yuan(draw.randint(120, 2600)), "rd_expense": yuan(draw.randint(150, 1900)),
                    "highlight": star, "direction": focus, "story": f"{firm.short}建设的{_KIND_NAMES[kind]}获批认定，面向{focus}领域开展共性技术研发" if star else "",
                },
                firm.place,
            )  # fmt: skip


__all__ = ["hte_order", "known", "numbers"]
