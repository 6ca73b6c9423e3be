"""科技特派员 and their logs, visits, platform services, counters of outside platforms, meetings."""

from collections.abc import Iterator
from datetime import date, timedelta

from keshu.site.demo import city, numbers
from keshu.site.demo.world import LAST_DAY, Row, World, day_in, generates, known, yuan

_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹喻柏窦章苏潘葛范彭郎"
_GIVEN = (
    "志远",
    "建国",
    "秀英",
    "文斌",
    "丽华",
    "晓东",
    "国强",
    "雪梅",
    "海燕",
    "家兴",
    "成林",
    "春生",
    "思远",
    "立新",
    "明德",
    "雨桐",
)
_CROPS = ("茶叶", "食用菌", "水稻", "柑橘", "生猪养殖", "水产", "中药材", "蔬菜", "毛竹", "花卉")


_HELP = ("驻村指导{crop}标准化生产，带动周边农户抱团发展", "引进{crop}优良品种，手把手传授栽培管理技术", "为{crop}种养大户现场诊断病虫害，帮助挽回损失",
         "组织{crop}产业带头人到示范基地观摩学习")  # fmt: skip


def specialists(world: World) -> list[tuple[str, str, str, str]]:
    """(name, town, crop, ID number); the small county has four of them."""
    draw = world.draw("specialists")
    people = []
    for n in range(118):
        county = city.COUNTY if n < 3 else draw.choice(("990122", "990123", "990122", "990102", "990103"))
        name = draw.choice(_FAMILY) + draw.choice(_GIVEN)
        people.append(
            (
                f"{name}" if n < 60 else f"{name[0]}{draw.choice(_GIVEN)}",
                draw.choice(city.town_codes(county)),
                draw.choice(_CROPS),
                numbers.id_number(draw, county),
            )
        )
    unique: dict[str, tuple[str, str, str, str]] = {}
    for person in people:
        unique.setdefault(person[0], person)
    return list(unique.values())


@generates("tepaiyuan")
def tepaiyuan(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("tepaiyuan", year)
    for n, (name, town, crop, identity) in enumerate(specialists(world)):
        if n > 3 and ((n + year) % 9 == 0 or n > 84 + 8 * (year - 2023)):
            continue
        started = date(year, 3, 1)
        level = "provincial" if n % 3 == 0 else "municipal" if n % 3 == 1 else "county"
        kind = "team" if n % 23 == 5 else "legal" if n % 41 == 9 else "three_areas" if n % 17 == 3 else "individual"
        values = {
            "name": f"{name}团队" if kind == "team" else name, "idcard": identity, "holder": world.other(draw.choice(world.others[:10])), "kind": kind,
            "level": level, "grade": draw.choice(("excellent", "good", "good", "qualified")) if year < 2026 else None, "status": "serving", "year": year,
            "town": town, "applied": date(year, 1, 15), "announced": date(year, 2, 22), "started": started, "ended": date(year + 1, 2, 28),
            "members": draw.randint(3, 7) if kind == "team" else 1, "villages": draw.randint(1, 4), "subsidy": yuan(2 if level == "provincial" else 1),
            "specialty": crop, "phone": numbers.phone(draw), "highlight": n % 29 == 1, "story": f"科技特派员{name}驻村指导{crop}生产，带动农户增收" if n % 29 == 1 else "",
        }  # fmt: skip
        yield Row(values, town[:6])


@generates("tepaiyuan_log")
def logs(world: World, year: int) -> Iterator[Row]:
    for n, (name, town, crop, _) in enumerate(specialists(world)):
        draw = world.draw("log", n, year)
        for visit in range(1 if town.startswith(city.COUNTY) else draw.randint(6, 13)):
            day = day_in(draw, year, 3, 12)
            if day is None:
                continue
            kind = draw.choices(("guidance", "training", "variety", "technology", "diagnosis"), (45, 20, 10, 12, 13))[0]
            star = draw.random() < (1 if town.startswith(city.COUNTY) and n == 0 else 0.01)
            values = {
                "person": name, "date": day, "ended": day, "town": town, "venue": f"{draw.choice('东西南北上下')}{draw.choice('坪岭溪坑湾洋')}村", "kind": kind,
                "days": draw.choice((1, 1, 2)), "people": draw.randint(12, 70) if kind == "training" else draw.randint(1, 8),
                "varieties": draw.randint(1, 2) if kind == "variety" else 0, "technologies": 1 if kind == "technology" else 0,
                "households": draw.randint(2, 25), "gain": yuan(draw.uniform(0.5, 6)), "content": f"{crop}生产现场指导", "highlight": star,
                "story": f"科技特派员{name}{_HELP[n % len(_HELP)].format(crop=crop)}" if star else "",
            }  # fmt: skip
            yield Row(values, town[:6])
            if visit > 20:
                return


@generates("visit")
def visits(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("visit", year)
    for firm in world.some_firms(draw, 210 + (year - 2023) * 15, where=lambda f: f.above_scale or f.intensity > 0.05):
        day = day_in(draw, year)
        if day is None or (firm.place == city.COUNTY and draw.random() < 0.4):
            continue
        problems = draw.choice((0, 0, 1, 1, 2))
        solved = min(problems, draw.choice((0, 1, 1, 2)))
        values = {
            "holder": firm.index, "date": day, "kind": "firm", "visitor": draw.choice(("高新科", "成果科", "局领导带队")),
            "list": draw.choice(("hte", "reserve", "above_scale")), "status": "none" if not problems else "solved" if solved == problems else "open",
            "solved_on": known(day + timedelta(days=30)) if problems and solved == problems else None, "problems": problems, "solved": solved,
            "people": draw.randint(2, 5), "problem": draw.choice(("研发费用归集不规范", "缺少检测平台", "融资成本较高", "人才引进困难")) if problems else None,
        }  # fmt: skip
        yield Row(values, firm.place)


@generates("service_log")
def services(world: World, year: int) -> Iterator[Row]:
    names = (
        "云岭市新材料公共检测平台",
        "云岭市智能装备技术服务中心",
        "云岭市生物医药中试平台",
        "云岭市科技大市场",
        "云岭市茶产业创新服务站",
    )
    for name in names:
        for month in range(1, 13):
            draw = world.draw("service", name, year, month)
            day = known(date(year, month, 25))
            if day:
                kind = draw.choice(("testing", "testing", "training", "matching", "talent", "seminar"))
                values = {"platform": name, "kind": kind, "level": "municipal", "date": day, "batches": draw.randint(40, 380), "people": draw.randint(10, 120) if kind == "training" else 0,
                          "talents": draw.randint(0, 4), "firms": draw.randint(8, 40), "sessions": 1 if kind == "seminar" else 0}  # fmt: skip
                yield Row(values, city.CITY)


@generates("snapshot")
def snapshots(world: World, year: int) -> Iterator[Row]:
    for metric, start, step in (("users", 21000, 5200), ("studios", 160, 48), ("science_workers", 1900, 420)):
        for quarter in (3, 6, 9, 12):
            day = known(date(year, quarter, 28))
            if day:
                draw = world.draw("snapshot", metric, year, quarter)
                value = start + step * (year - 2023) + step * quarter // 12 + draw.randint(0, step // 20)
                values = {"platform": "云中科技云", "metric": metric, "captured": day, "hour": "17:00", "value": value, "upper_rank": max(2, 7 - (year - 2023)),
                          "siblings": 12, "document": f"科技云通报{year}年第{quarter // 3}期"}  # fmt: skip
                yield Row(values, city.CITY)


@generates("meeting")
def meetings(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("meeting", year)
    kinds = (
        ("study", 12, "理论学习中心组集中学习"),
        ("committee", 18, "党组会研究科技创新工作"),
        ("bureau", 20, "局长办公会"),
        ("party_day", 12, "主题党日活动"),
        ("work", 6, "科技工作推进会"),
    )
    for kind, n, topic in kinds:
        for serial in range(n):
            day = day_in(draw, year)
            if day:
                values = {"topic": f"{topic}({serial + 1})", "kind": kind, "theme": "party" if kind in ("study", "party_day") else "other", "level": "municipal", "date": day,
                          "times": 1, "people": draw.randint(8, 60)}  # fmt: skip
                yield Row(values, city.CITY)
    day = day_in(draw, year, 2, 9)
    if day:
        yield Row(
            {
                "topic": "科技创新工作推进会",
                "kind": "work",
                "theme": "subjects",
                "level": "county",
                "date": day,
                "times": 1,
                "people": 60,
            },
            city.COUNTY,
        )


__all__ = ["LAST_DAY"]
