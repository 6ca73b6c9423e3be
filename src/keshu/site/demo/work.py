"""What the bureau did: tasks, notes of work, honours, construction, parks, reserves, phrases."""

from collections.abc import Iterator
from datetime import date, timedelta

from keshu.site.demo import city, notes, tasks
from keshu.site.demo.topics import TOPICS
from keshu.site.demo.world import LAST_DAY, Row, World, day_in, generates, known, yuan


@generates("task")
def task_rows(world: World, year: int) -> Iterator[Row]:
    """The year's tasks with what is done of them; in the last year also those that the plan for the next one brings."""
    draw = world.draw("task", year)
    for n, (theme, section, name, progress) in enumerate(tasks.city_tasks(year)):
        source = "letter" if n % 3 == 0 else "plan"
        yield _task(year, theme, section, name, progress, source, city.CITY, draw.randint(0, 4))
    for theme, name, progress in tasks.county_tasks(year):
        yield _task(year, theme, "", name, progress, "plan", city.COUNTY, 1)
    if year == LAST_DAY.year:
        for n, (theme, section, name, _progress) in enumerate(tasks.city_tasks(year + 1)):
            yield _planned(year + 1, theme, section, name, city.CITY, n)
        for n, (theme, name, _progress) in enumerate(tasks.county_tasks(year + 1)):
            yield _planned(year + 1, theme, "", name, city.COUNTY, n)


def _planned(year: int, theme: str, section: str, name: str, place: str, n: int) -> Row:
    """A task that is only promised so far."""
    return Row(
        {
            "name": name, "source": "plan", "theme": theme, "level": "municipal" if place == city.CITY else "county", "status": "planned",
            "year": year, "due": date(year, (6, 9, 11, 12)[n % 4], 20), "section": section, "document": f"{year - 1}年工作总结和{year}年工作计划", "progress": 0,
        },
        place,
    )  # fmt: skip


def _task(year: int, theme: str, section: str, name: str, progress: int, source: str, place: str, late: int) -> Row:
    done = date(year, 12, 20) if year < LAST_DAY.year else known(date(year, 9, 15)) if progress == 100 else None
    noted = min(date(year, 12, 25), LAST_DAY - timedelta(days=late * 9))
    full = 100 if year < LAST_DAY.year else progress
    return Row(
        {
            "name": name, "source": source, "theme": theme, "level": "municipal" if place == city.CITY else "county", "status": "done" if full == 100 else "running",
            "year": year, "started": date(year, 2, 10), "due": date(year, 12, 25), "done_on": done, "section": section,
            "document": f"云科〔{year}〕1号" if place == city.CITY else f"青科〔{year}〕1号", "progress": full, "note": f"{name}按计划推进",
            "noted_on": noted,
        },
        place,
    )  # fmt: skip


@generates("worklog")
def worklog(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("worklog", year)
    for place, lines in ((city.CITY, notes.CITY), (city.COUNTY, notes.COUNTY)):
        for n, note in enumerate(lines):
            day = draw.randint(2, 26)
            if place == city.CITY or year > 2024 or n % 2:  # a small bureau wrote down less in its first years
                yield from _note(day, year, note, place)
    for place, lines in ((city.CITY, notes.CITY_PROBLEMS), (city.COUNTY, notes.COUNTY_PROBLEMS)):
        for note in lines:
            yield from _note(20, year, note, place)


def _note(day: int, year: int, note: notes.Note, place: str) -> Iterator[Row]:
    theme, section, kind, month, *_ = note
    when = known(date(year, month, day))
    if when:
        text = notes.wording(note, year)
        values = {"date": when, "text": text, "kind": kind, "theme": theme, "section": section, "level": "municipal" if place == city.CITY else "county",
                  "highlight": kind in ("method", "work"), "story": text if kind in ("method", "work") else ""}  # fmt: skip
        yield Row(values, place)


_HONOURS = {
    2023: (("全省科技工作先进集体", "provincial", "云中省科学技术厅", "honour", ""),),
    2024: (("省级科技成果转移转化示范区", "provincial", "云中省人民政府", "demo", "first"), ("全省技术合同登记工作先进单位", "provincial", "云中省科学技术厅", "honour", "")),
    2025: (("国家创新型城市建设试点", "national", "国家科技主管部门", "pilot", ""), ("全省科技工作先进集体", "provincial", "云中省科学技术厅", "honour", ""),
           ("全市综合绩效考核优秀单位", "municipal", "中共云岭市委", "appraisal", "")),
    2026: (("全省科技工作先进集体", "provincial", "云中省科学技术厅", "honour", ""), ("省级科技特派员工作优秀市", "provincial", "云中省科学技术厅", "honour", ""),
           ("全市综合绩效考核优秀单位", "municipal", "中共云岭市委", "appraisal", "")),
}  # fmt: skip


@generates("honour")
def honours(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("honour", year)
    for n, (name, level, issuer, kind, claim) in enumerate(_HONOURS[year]):
        named = day_in(draw, year, 3, 9)
        if named:
            values = {"name": name, "holder": world.other("云岭市科学技术局"), "kind": kind, "level": level, "claim": claim or None, "stage": "named", "named": named,
                      "issuer": issuer, "document": f"表彰〔{year}〕{n + 3}号", "evidence": "云中省科学技术厅通报" if claim else None, "highlight": True, "story": f"获评{name}"}  # fmt: skip
            yield Row(values, city.CITY)
    named = day_in(draw, year, 4, 8)
    if named and year in (2025, 2026):
        values = {"name": "全市科技特派员工作先进县", "holder": world.other("云岭市科学技术局"), "kind": "honour", "level": "municipal", "stage": "named", "named": named,
                  "issuer": "云岭市科学技术局", "document": f"云科〔{year}〕66号", "highlight": True, "story": "获评全市科技特派员工作先进县"}  # fmt: skip
        yield Row(values, city.COUNTY)


@generates("project_output")
def outputs(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("output", year)
    kinds = (
        ("variety", "新品种", "个"),
        ("standard", "地方标准", "项"),
        ("paper", "学术论文", "篇"),
        ("software", "软件著作权", "项"),
        ("area", "示范面积", "亩"),
        ("product", "新产品", "个"),
    )
    for n in range(64):
        firm = draw.choice(world.firms[14:])
        day = day_in(draw, year)
        kind, label, measure = kinds[n % len(kinds)]
        if day:
            values = {"name": f"{draw.choice(TOPICS[firm.sector])}{label}{n + 1}", "project": f"Y{year}OUT{n:04d}", "holder": firm.index, "kind": kind, "date": day, "amount": draw.randint(1, 4),
                      "measure": measure, "area": draw.randint(100, 3000) if kind == "area" else None, "households": draw.randint(20, 300) if kind in ("area", "variety") else None,
                      "status": "done"}  # fmt: skip
            yield Row(values, firm.place)


_PARKS = (("云岭国家高新技术产业开发区", "hightech_zone", "national", "990171", 128, 420), ("临湖光电产业基地", "torch_base", "national", "990103", 42, 96),
          ("石门农业科技园区", "agri_park", "provincial", "990122", 30, 14), ("白沙海洋生物产业基地", "industry_base", "provincial", "990123", 18, 11))  # fmt: skip


@generates("park")
def parks(world: World, year: int) -> Iterator[Row]:
    for n, (name, kind, level, place, firms, revenue) in enumerate(_PARKS):
        factor = 1.08 ** (year - 2023)
        values = {"name": name, "kind": kind, "level": level, "status": "valid", "year": year, "area": 800 + n * 300, "firms": int(firms * factor),
                  "htes": int(firms * factor * 0.28), "staff": int(firms * 60 * factor), "revenue": yuan(revenue * 10000 * factor), "tax": yuan(revenue * 700 * factor)}  # fmt: skip
        yield Row(values, place)


_WORKS = (
    ("云岭市概念验证中心", "institute", 2025, 8600, "主体结构封顶"),
    ("云岭科技大市场改造", "venue", 2024, 3200, "室内装修"),
    ("江川创业园二期", "incubator", 2026, 12000, "桩基施工"),
)


@generates("construction")
def works(world: World, year: int) -> Iterator[Row]:
    for n, (name, kind, since, total, node) in enumerate(_WORKS):
        if since != year:
            continue
        share = {2024: 0.92, 2025: 0.68, 2026: 0.31}[since]
        values = {"name": name, "holder": world.firms_of("990171")[n].index, "kind": kind, "level": "municipal", "status": "building", "started": date(since, 3, 18),
                  "reported": LAST_DAY, "due": date(since + 2, 6, 30), "total": yuan(total), "invested": yuan(total * share), "this_year": yuan(total * 0.3),
                  "progress": int(share * 100), "node": node, "highlight": True, "story": f"{name}完成{node}"}  # fmt: skip
        yield Row(values, city.CITY)


@generates("reserve")
def reserves(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("reserve", year)
    pool = lambda f: f.intensity > 0.03 and f.index % 4 == year % 4 and (f.place != city.COUNTY or f.index % 3 == 0)  # noqa: E731
    for firm in world.some_firms(draw, 60, where=pool):  # each firm enters once, so that the stages make up the whole
        since = day_in(draw, year, 1, 6)
        if since:
            left = known(since + timedelta(days=draw.randint(300, 500))) if draw.random() < 0.35 else None
            values = {"holder": firm.index, "kind": "hte", "stage": draw.choice(("mature", "growth", "start")), "level": "municipal", "status": "promoted" if left else "inside",
                      "since": since, "ended": left, "year": year, "patents": draw.randint(0, 12), "gap": draw.choice(("研发费用占比不足", "知识产权数量不足", "科技人员占比不足"))}  # fmt: skip
            yield Row(values, firm.place)


@generates("attraction")
def attraction(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("attraction", year)
    for n, firm in enumerate(world.some_firms(draw, 16, where=lambda f: f.since >= 2019 and f.place != city.COUNTY)):
        contacted = day_in(draw, year, 1, 8)
        if contacted:
            signed = known(contacted + timedelta(days=60)) if draw.random() < 0.6 else None
            landed = known(signed + timedelta(days=90)) if signed and draw.random() < 0.6 else None
            agreed = draw.randint(1000, 20000)
            values = {"name": f"{firm.sector}产业化项目{n + 1}", "holder": firm.index, "kind": "firm", "level": "municipal", "status": "landed" if landed else "signed" if signed else "talking",
                      "contacted": contacted, "signed": signed, "landed": landed, "agreed": yuan(agreed) if signed else None, "arrived": yuan(agreed * 0.3) if landed else None}  # fmt: skip
            yield Row(values, firm.place)


_PHRASES = (
    ("习近平新时代中国特色社会主义思想", "guide", 2017, "党的十九大报告"), ("党的二十大和二十届历次全会精神", "meeting", 2022, "党的二十大报告"),
    ("创新驱动发展战略", "strategy", 2012, "党的十八大报告"), ("科技强市建设", "strategy", 2021, "云岭市第八次党代会报告"),
    ("培育新质生产力", "line", 2023, "中央经济工作会议公报"), ("绿色崛起、创新图强", "slogan", 2021, "云岭市第八次党代会报告"),
)  # fmt: skip


@generates("phrase")
def phrases(world: World, year: int) -> Iterator[Row]:
    for text, slot, since, document in _PHRASES:
        if since == year or (year == 2023 and since < 2023):
            values = {
                "text": text,
                "slot": slot,
                "level": "national" if "云岭" not in document else "municipal",
                "started": date(since, 1, 1),
                "document": document,
                "status": "valid",
            }
            yield Row(values, city.CITY)


@generates("ip_enforcement")
def enforcement(world: World, year: int) -> Iterator[Row]:
    """The function went to another bureau in 2019; what is left is joint publicity on special days."""
    if year == 2023:
        values = {"number": "联合2023-1", "name": "知识产权联合检查（协助）", "kind": "joint", "outcome": "corrected", "status": "closed", "opened": date(2023, 4, 20),
                  "closed": date(2023, 4, 26), "officers": 6, "sites": 12, "goods": 300, "cases": 0, "partners": "市场监管局"}  # fmt: skip
        yield Row(values, "990102")


@generates("quake_terminal")
def terminals(world: World, year: int) -> Iterator[Row]:
    """Installed before the work was handed over; the rows stay, the yearly figures are received."""
    if year == 2023:
        for n, (place, school) in enumerate(
            (
                ("990121", "青岩县第一中学"),
                ("990121", "青岩县实验小学"),
                ("990122", "石门县第一中学"),
                ("990123", "白沙县渔港小学"),
            )
        ):
            values = {
                "name": school,
                "kind": "terminal",
                "site": "school",
                "status": "installed",
                "installed": date(2022, 9, 10 + n),
                "terminals": 1,
                "number": f"DZ{n:04d}",
            }
            yield Row(values, place)
