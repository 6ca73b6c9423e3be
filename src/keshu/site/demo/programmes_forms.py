"""What the enterprises write into their forms: texts by path, made from the definition and from what the firm is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_form import FormField, Table
from keshu.kernel.workdays import add_months
from keshu.site.demo import city, numbers
from keshu.site.demo.programmes_people import person_of, place_name
from keshu.site.demo.topics import topic
from keshu.site.demo.world import Firm, World

ACTS = ("关键技术研究与应用", "绿色制造工艺开发", "中试与产业化", "在线检测方法研究", "性能提升与示范")
FIELDS = {"农业": "agriculture", "生物": "health", "医药": "health", "环保": "society"}
PARTNERS = ("云中理工大学", "云岭学院", "云中大学", "云岭市产业技术研究院")
TITLES = (("senior", "正高级"), ("associate", "副高级"), ("middle", "中级"))


@dataclass(frozen=True)
class Writer:
    """One firm before one call: everything that its form says is drawn from here."""

    world: World
    firm: Firm
    programme: Programme
    year: int
    start: date  # planned beginning
    months: int

    @property
    def draw(self) -> Random:
        return self.world.draw("form", self.programme.code, self.year, self.firm.index)

    @property
    def end(self) -> date:
        return add_months(self.start, self.months) - timedelta(days=1)


def texts_of(writer: Writer) -> dict[str, str]:
    """Path to text for everything that the form demands and some of what it likes to have."""
    known = {**_plain(writer), **_special(writer)}
    found: dict[str, str] = {}
    for section in writer.programme.sections:
        for field in section.fields:
            told = (field.prefill or "").startswith("party.")
            if field.computed or told:
                continue
            if field.code in known:
                found[field.code] = known[field.code]
            elif field.required:
                found[field.code] = _any(field, writer)
        for table in section.tables:
            found.update(_rows(table, writer, known))
    return {path: text for path, text in found.items() if text}


def _rows(table: Table, writer: Writer, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    mine = {path: text for path, text in known.items() if path.startswith(f"{table.code}:")}
    if mine:
        yield from mine.items()
        return
    rows = [str(n) for n in range(1, len(table.rows) + 1)] or [f"r{n}" for n in range(1, table.least + 1)]
    for row in rows:
        for column in table.columns:
            if column.required:
                yield f"{table.code}:{row}:{column.code}", _any(column, writer)


def _any(field: FormField, writer: Writer) -> str:
    """A text that a field takes, where nothing better is known."""
    if field.type == "code":
        return next(iter(field.codes.values())).name
    by_type = {
        "bool": "否", "money": "100000", "quantity": "300", "integer": "3", "number": "6", "year": str(writer.year),
        "date": f"{writer.year - 2}-03-01", "month": f"{writer.year}-03", "place": place_name(writer.firm.place),
        "party": writer.firm.name, "parties": writer.firm.name, "phone": numbers.phone(writer.draw),
        "idcard": _idcard(writer), "url": "https://example.cn", "person": person_of(writer.world, writer.firm, "leader"),
    }  # fmt: skip
    return by_type.get(field.type, f"{name_of(writer)}的{field.name}")


def _idcard(writer: Writer) -> str:
    return numbers.id_number(writer.world.draw("leader-id", writer.firm.index), city.CITY)


@lru_cache(maxsize=4096)
def _name(seed: int, firm: Firm, code: str, year: int) -> str:
    draw = Random(f"{seed}:name:{firm.index}:{code}:{year}")
    return f"{topic(draw, firm.sector)}{draw.choice(ACTS)}"


def name_of(writer: Writer) -> str:
    """What the project, the platform or the achievement is called."""
    if writer.programme.code == "plan.soft":
        return writer.draw.choice(SOFT)
    return _name(writer.world.seed, writer.firm, writer.programme.code, writer.year)


SOFT = (
    "云岭市科技型企业梯度培育路径研究", "云岭市县域创新能力评价与提升对策", "云岭市科技成果转化堵点调查与对策",
    "云岭市产学研合作绩效评价研究", "云岭市财政科技投入使用效益研究", "云岭市创新平台布局优化研究",
    "云岭市新型研发机构运行机制研究", "云岭市科技金融服务模式研究",
)  # fmt: skip


def _plain(writer: Writer) -> dict[str, str]:
    """What most forms ask for."""
    draw, firm = writer.draw, writer.firm
    revenue = firm.size * firm.growth ** (writer.year - 1 - 2023)
    staff = max(12, int(revenue / draw.uniform(45, 90)))
    name = name_of(writer)
    leader = person_of(writer.world, firm, "leader")
    texts = {
        "contact": person_of(writer.world, firm, "contact"), "contact_phone": numbers.phone(draw),
        "revenue": _yuan(revenue), "rd_expense": _yuan(revenue * firm.intensity), "profit": _yuan(revenue * 0.07),
        "tax": _yuan(revenue * 0.03), "assets": _yuan(revenue * 1.2), "staff": str(staff),
        "rd_staff": str(max(3, int(staff * draw.uniform(0.14, 0.35)))), "main_product": topic(draw, firm.sector),
        "project_name": name, "project_field": _field(writer), "plan_start": f"{writer.start}",
        "plan_end": f"{writer.end}", "keywords": f"{firm.sector}；{name[:6]}；产业化",
        "partners": draw.choice(PARTNERS) if draw.random() < 0.4 or writer.programme.code == "plan.major" else "",
        "summary": f"围绕{name}，突破核心工艺，形成可批量生产的产品和企业标准，带动本地配套企业。",
        "leader_name": leader, "leader_idcard": _idcard(writer), "leader_degree": draw.choice(("博士", "硕士", "本科")),
        "leader_title": draw.choice(TITLES)[1], "leader_speciality": firm.sector, "leader_months": "8",
        "leader_phone": numbers.phone(draw), "truthful": "是", "integrity": "是", "no_accident": "是",
        "new_sales": _yuan(draw.randint(200, 2000)), "new_inventions": str(draw.randint(1, 4)), "bank": "云岭市商业银行高新支行",
        "account": f"6217{draw.randint(10**14, 10**15 - 1)}",
    }  # fmt: skip
    return {**texts, **_members(writer, leader), **_targets(writer), **_schedule(writer), **_budget(writer)}


def _yuan(ten_thousands: float) -> str:
    return str(int(ten_thousands * 10000 // 100 * 100))


def _field(writer: Writer) -> str:
    labels = {"agriculture": "农业", "health": "医疗卫生", "society": "社会发展", "soft": "软科学"}
    if writer.programme.code == "plan.soft":
        return labels["soft"]
    return labels.get(FIELDS.get(writer.firm.sector, ""), "工业")


def _members(writer: Writer, leader: str) -> dict[str, str]:
    names = [leader, *(person_of(writer.world, writer.firm, f"member{n}") for n in range(3))]
    rows: dict[str, str] = {}
    for n, name in enumerate(dict.fromkeys(names), 1):
        row = f"members:r{n}"
        rows |= {
            f"{row}:name": name,
            f"{row}:unit": writer.firm.name,
            f"{row}:task": "总体设计" if n == 1 else "试验与检测",
        }
        rows |= {f"{row}:months": "8" if n == 1 else "6", f"{row}:title": TITLES[n % 3][1]}
    return rows


def _targets(writer: Writer) -> dict[str, str]:
    draw = writer.draw
    wanted = (
        ("主要性能指标", "技术指标", f"不低于{draw.randint(85, 98)}%", "第三方检测报告"),
        ("申请发明专利", "成果指标", f"{draw.randint(1, 3)}件", "受理通知书"),
        ("新增销售收入", "经济指标", f"{draw.randint(300, 1500)}万元", "专项审计报告"),
    )
    columns = ("name", "kind", "value", "proof")
    return {
        f"targets:r{n}:{code}": text for n, row in enumerate(wanted, 1) for code, text in zip(columns, row, strict=True)
    }


def _schedule(writer: Writer) -> dict[str, str]:
    marks = ("完成方案设计和小试", "完成中试和样品检测", "完成产业化并具备验收条件")
    third = max(writer.months // 3, 1)
    rows = {}
    for n, mark in enumerate(marks, 1):
        begins = add_months(writer.start, third * (n - 1))
        ends = writer.end if n == 3 else add_months(writer.start, third * n) - timedelta(days=1)
        rows |= {f"schedule:r{n}:start": f"{begins}", f"schedule:r{n}:end": f"{ends}"}
        rows |= {f"schedule:r{n}:work": mark.removeprefix("完成"), f"schedule:r{n}:mark": mark}
    return rows


#: what is asked for in 万元, by programme
ASKS = {
    "plan.key_rd": (20, 50),
    "plan.agri": (8, 20),
    "plan.social": (6, 20),
    "plan.soft": (3, 5),
    "plan.major": (120, 300),
}


def asked_for(writer: Writer) -> int:
    """The grant that the form asks for, in 元."""
    low, high = ASKS.get(writer.programme.code, (5, 10))
    return writer.world.draw("asks", writer.programme.code, writer.year, writer.firm.index).randint(low, high) * 10000


def _budget(writer: Writer) -> dict[str, str]:
    """Four rows that add up; little indirect cost, and more of its own money than of the grant."""
    grant = asked_for(writer)
    parts = [grant * 3 // 10, grant * 4 // 10, grant * 22 // 100]
    parts.append(grant - sum(parts))
    share = 12 if writer.programme.code == "plan.major" else 6  # a major one bears most of its cost itself
    own = [grant * share // 10, grant * (share - 1) // 10, grant * (share - 2) // 10, 0]
    rows = {}
    for n, (granted, mine) in enumerate(zip(parts, own, strict=True), 1):
        rows |= {f"budget:{n}:grant": str(granted), f"budget:{n}:own": str(mine)}
    return rows


def _special(writer: Writer) -> dict[str, str]:
    """What one programme alone asks for."""
    from keshu.site.demo import programmes_special

    make = programmes_special.SPECIAL.get(writer.programme.code)
    return make(writer) if make else {}
