"""What the bureau did: tasks, notes of work, honours, construction, parks, reserves, phrases."""

from collections.abc import Iterator
from datetime import date, timedelta

from keshu.site.demo import city
from keshu.site.demo.world import LAST_DAY, Row, World, day_in, generates, known, yuan

#: theme, section, task, done share by autumn
_TASKS = (
    ("subjects", "高新科", "建立科技型企业梯次培育库并实行一企一策辅导", 95), ("subjects", "高新科", "举办高新技术企业申报专题辅导", 100),
    ("rd", "计财科", "开展规上工业企业研发活动扫零行动", 85), ("rd", "计财科", "推动研发费用加计扣除应享尽享", 90),
    ("platforms", "计财科", "推进云岭市概念验证中心建设", 70), ("platforms", "高新科", "组织省级工程技术研究中心申报", 100),
    ("projects", "计财科", "组织实施市级重点研发计划", 90), ("projects", "计财科", "开展市级科技计划项目中期检查", 80),
    ("transfer", "成果科", "建设云岭科技大市场线上平台", 75), ("transfer", "成果科", "举办高校院所云岭行产学研对接活动", 100),
    ("finance", "计财科", "推广科技信贷风险补偿机制", 80), ("talent", "计财科", "实施科技人才团队引育计划", 85),
    ("agriculture", "农社科", "选派科技特派员服务乡村产业", 100), ("agriculture", "农社科", "建设农业科技示范基地", 75),
    ("science", "农社科", "举办科技活动周系列活动", 100), ("party", "办公室", "开展机关作风建设提升年活动", 90),
    ("party", "办公室", "落实党风廉政建设责任制", 90), ("other", "办公室", "做好人大建议和政协提案办理", 100),
)  # fmt: skip
_COUNTY_TASKS = (("subjects", "遴选培育库企业开展一对一上门辅导", 100), ("agriculture", "组织科技特派员服务茶产业", 95), ("projects", "谋划储备省级星火计划项目", 80),
                 ("science", "开展科技活动周和科普赶集活动", 100), ("rd", "开展企业研发投入统计业务培训", 100))  # fmt: skip


@generates("task")
def tasks(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("task", year)
    for n, (theme, section, name, progress) in enumerate(_TASKS):
        yield _task(
            year, theme, section, name, progress, "letter" if n % 3 == 0 else "plan", city.CITY, draw.randint(0, 4)
        )
    for theme, name, progress in _COUNTY_TASKS:
        yield _task(year, theme, "", name, progress, "plan", city.COUNTY, 1)


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


#: theme, section, kind, month, sentence: what the clerk noted; the composer prints it as it stands
_NOTES = (
    ("subjects", "高新科", "method", 3, "健全科技型中小企业、高新技术企业、科技领军企业梯次培育机制,分类建立培育清单"),
    ("subjects", "高新科", "work", 4, "组建由科技、税务、财务专家参加的辅导小分队,开展“一企一策”上门服务"),
    ("subjects", "高新科", "work", 6, "对证书即将到期的企业逐一提醒,提前介入重新认定辅导"),
    ("rd", "计财科", "method", 5, "会同统计、税务部门建立研发投入统计协调机制,按月会商企业填报情况"),
    ("rd", "计财科", "work", 7, "对研发投入空白的规上工业企业逐户走访,指导企业规范归集研发费用"),
    ("platforms", "计财科", "work", 5, "支持龙头企业牵头组建创新联合体,推动检测仪器设备向中小企业开放共享"),
    ("platforms", "计财科", "inspection", 9, "完成市级工程技术研究中心绩效考核,对考核不合格的予以摘牌"),
    ("projects", "计财科", "method", 3, "改革科技计划项目形成机制,围绕主导产业征集技术攻关需求"),
    ("projects", "计财科", "inspection", 8, "开展在研项目执行情况检查,督促承担单位按期验收"),
    ("transfer", "成果科", "work", 4, "组织技术经理人深入园区,面对面核实企业技术需求"),
    ("transfer", "成果科", "work", 9, "与云中大学共建技术转移工作站,常态化发布可转化成果"),
    ("finance", "计财科", "work", 6, "联合金融机构推出科技信用贷款产品,定期举办银企对接活动"),
    ("talent", "计财科", "work", 5, "柔性引进高校院所专家担任企业科技副总"),
    ("agriculture", "农社科", "work", 3, "按照产业需求双向选择科技特派员,签订三方服务协议"),
    ("agriculture", "农社科", "work", 8, "依托示范基地开展新品种、新技术集成推广"),
    ("science", "农社科", "work", 5, "联合教育、卫生等部门开展流动科技馆巡展,推动科普资源下沉"),
    ("ip", "成果科", "work", 4, "配合市场监管部门开展知识产权宣传周活动"),
    ("party", "办公室", "work", 2, "严格落实“第一议题”制度,将理论学习与业务工作一同部署、一同检查"),
    ("party", "办公室", "work", 7, "修订机关内部管理制度,压减会议和文件数量"),
    ("other", "办公室", "work", 10, "按时办结人大建议和政协提案,办理结果全部反馈"),
)  # fmt: skip
_PROBLEMS = (("platforms", "计财科", "高能级创新平台偏少,对产业链关键环节的支撑能力还不够强"), ("transfer", "成果科", "技术经理人队伍专业能力不足,科技成果就地转化的渠道还不够畅通"),
             ("talent", "计财科", "青年科技人才和复合型人才储备不足,引才留才的配套措施有待完善"))  # fmt: skip
_COUNTY_NOTES = (("subjects", "method", 3, "围绕茶叶、竹木加工等特色产业遴选培育对象,明确专人跟踪服务"), ("agriculture", "work", 4, "组织科技特派员进茶山、入农户,开展绿色防控和机采技术培训"),
                 ("rd", "work", 6, "邀请市局和税务部门业务骨干,为企业现场讲解研发费用归集要点"), ("platforms", "work", 5, "支持县内企业与省林业科学院共建竹材加工联合实验室"),
                 ("science", "work", 5, "利用圩日开展科普赶集,发放科普读物和农技资料"), ("party", "work", 2, "坚持集中学习与个人自学相结合,组织党员到岩前镇开展结对帮扶"))  # fmt: skip
_COUNTY_PROBLEMS = (
    ("subjects", "企业规模普遍偏小,自主研发能力还不够强,后备企业梯队尚未形成"),
    ("talent", "专业技术人才引进难、留住难,企业研发团队力量薄弱"),
)


@generates("worklog")
def worklog(world: World, year: int) -> Iterator[Row]:
    draw = world.draw("worklog", year)
    for theme, section, kind, month, text in _NOTES:
        yield from _note(draw.randint(2, 26), year, month, theme, section, kind, text, city.CITY)
    for theme, section, text in _PROBLEMS:
        yield from _note(20, year, 10, theme, section, "problem", text, city.CITY)
    for theme, kind, month, text in _COUNTY_NOTES:
        yield from _note(draw.randint(2, 26), year, month, theme, "", kind, text, city.COUNTY)
    for theme, text in _COUNTY_PROBLEMS:
        yield from _note(20, year, 10, theme, "", "problem", text, city.COUNTY)


def _note(day: int, year: int, month: int, theme: str, section: str, kind: str, text: str, place: str) -> Iterator[Row]:
    when = known(date(year, month, day))
    if when:
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
            values = {"name": f"{firm.sector}{label}{n + 1}", "project": f"Y{year}OUT{n:04d}", "holder": firm.index, "kind": kind, "date": day, "amount": draw.randint(1, 4),
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
    for firm in world.some_firms(
        draw, 60, where=lambda f: f.intensity > 0.03 and (f.place != city.COUNTY or f.index % 5 == 0)
    ):
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
        values = {"number": "联合2023-1", "name": "知识产权联合检查(协助)", "kind": "joint", "outcome": "corrected", "status": "closed", "opened": date(2023, 4, 20),
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
