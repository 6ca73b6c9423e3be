"""The parts of forms that one programme alone asks for: points, services, platforms, achievements, 特派员."""

from collections.abc import Callable

from keshu.site.demo import city, numbers
from keshu.site.demo.people import _CROPS
from keshu.site.demo.programmes_forms import TITLES, Writer, _yuan, name_of
from keshu.site.demo.programmes_people import person_of, place_name
from keshu.site.demo.topics import topic

TECH = {"新材料": "新材料", "电子": "电子信息", "软件": "电子信息", "光电": "电子信息", "生物": "生物与新医药",
        "医药": "生物与新医药", "环保": "资源与环境", "新能源": "新能源与节能", "农业": "生物与新医药"}  # fmt: skip


def _revenue(writer: Writer, back: int) -> float:
    return writer.firm.size * writer.firm.growth ** (writer.year - back - 2023)


def _hte(writer: Writer) -> dict[str, str]:
    """国家高企: three years of figures that agree with each other."""
    draw, rd = writer.draw, writer.firm.intensity
    sales = [_revenue(writer, back) for back in (3, 2, 1)]
    spent = [_yuan(one * rd) for one in sales]
    income = _yuan(sales[2] * 0.78)
    texts = {
        "action": "首次认定", "tech_field": TECH.get(writer.firm.sector, "先进制造与自动化"), "full_years": "3",
        "products": topic(draw, writer.firm.sector), "rd_domestic": str(sum(map(int, spent))),
        "income": _yuan(sales[2]), "hightech_income": income, "class_one": str(draw.randint(0, 2)),
        "class_two": str(draw.randint(5, 12)), "transfers": str(draw.randint(9, 16)), "advanced": "7", "core": "7",
        "way": "6", "standards": "1", "system": "5", "organ": "5", "incentive": "3", "talents": "3",
        "rd:r1:code": "RD01", "rd:r1:name": f"{name_of(writer)}", "rd:r1:start": f"{writer.year - 3}-01-05",
        "rd:r1:end": f"{writer.year - 1}-12-20", "rd:r1:year_1": spent[0], "rd:r1:year_2": spent[1],
        "rd:r1:year_3": spent[2], "products:r1:name": topic(draw, writer.firm.sector), "products:r1:sales": income,
        "products:r1:rights": "发明专利1件、实用新型5件",
    }  # fmt: skip
    for n, (one, cost) in enumerate(zip(sales, spent, strict=True), 1):
        texts |= {f"sales_{n}": _yuan(one), f"rd_{n}": cost, f"net_{n}": _yuan(one * (0.45 + n / 20))}
    return texts


def _phte(writer: Writer) -> dict[str, str]:
    return {
        "tech_field": TECH.get(writer.firm.sector, "先进制造与自动化"), "rights": str(writer.draw.randint(2, 9)),
        "plan_year": str(writer.year + 1), "gap": "科技人员占比和研发费用归集还需规范",
    }  # fmt: skip


def _tsme(writer: Writer) -> dict[str, str]:
    two = writer.draw.randint(3, 5)
    texts = {"costs": _yuan(_revenue(writer, 1) * 0.9), "class_one": "0", "class_two": str(two), "banned": "否"}
    for n in range(1, two + 1):
        texts |= {
            f"list:r{n}:number": numbers.patent_number(writer.draw, writer.year - 1, "utility"),
            f"list:r{n}:class": "二类",
        }
        texts |= {f"list:r{n}:name": f"一种{topic(writer.draw, writer.firm.sector)}结构{n}"}
    return texts


def _centre(writer: Writer) -> dict[str, str]:
    people = [person_of(writer.world, writer.firm, f"staff{n}") for n in range(12)]
    texts = {
        "platform_name": f"云岭市{writer.firm.short[2:]}工程技术研究中心", "direction": topic(writer.draw, writer.firm.sector),
        "director": person_of(writer.world, writer.firm, "leader"), "founded": f"{writer.year - 2}-06-01",
        "area": str(writer.draw.randint(400, 1500)), "fixed_staff": str(len(people)), "senior_staff": "3",
        "equipment_value": "5200000", "rd_spending": _yuan(_revenue(writer, 1) * writer.firm.intensity * 0.6),
        "running_projects": "4", "inventions": "3", "small_rights": "8", "services": "为本地配套企业提供检测和试制服务",
        "equipment:r1:name": "综合性能试验台", "equipment:r1:number": "2", "equipment:r1:price": "2600000",
        "equipment:r2:name": "环境试验箱", "equipment:r2:number": "3", "equipment:r2:price": "900000",
    }  # fmt: skip
    return texts | {f"staff:r{n:02d}:name": name for n, name in enumerate(people, 1)}


def _voucher(writer: Writer) -> dict[str, str]:
    texts = {"number": f"{writer.year}990100{writer.firm.index:08d}", "related": "否", "twice": "否"}
    providers = ("云岭市产业技术研究院", "云中省机械研究院", "云岭市科技情报研究所")
    for n in (1, 2):
        paid = writer.world.draw("voucher", writer.year, writer.firm.index, n).randint(20, 120) * 1000
        row = f"services:r{n}"
        texts |= {
            f"{row}:provider": writer.draw.choice(providers), f"{row}:kind": "检验检测" if n == 1 else "研发设计",
            f"{row}:contract_no": f"FW{writer.year}{writer.firm.index:04d}{n}", f"{row}:contract": str(paid),
            f"{row}:paid": str(paid), f"{row}:paid_on": f"{writer.year - 1}-{9 + n:02d}-15",
            f"{row}:result": "检测报告" if n == 1 else "设计图纸",
        }  # fmt: skip
    return texts


def _segment(writer: Writer) -> dict[str, str]:
    spent = _revenue(writer, 1) * writer.firm.intensity
    return {
        "deducted": _yuan(max(spent * 0.9, 60)), "before": _yuan(_revenue(writer, 2) * writer.firm.intensity * 0.9),
        "special": "否", "account_book": "是", "statistics": "是",
    }  # fmt: skip


def _envoy(writer: Writer) -> dict[str, str]:
    """科技特派员: a person sent out by the enterprise to a town."""
    draw, county = writer.draw, writer.draw.choice(("990122", "990123", "990121"))
    crop = draw.choice(_CROPS)
    return {
        "name": person_of(writer.world, writer.firm, "envoy"), "kind": "个人",
        "idcard": numbers.id_number(writer.world.draw("envoy", writer.firm.index), city.CITY),
        "holder": writer.firm.name, "phone": numbers.phone(draw), "degree": "硕士", "title": TITLES[draw.randint(0, 2)][1],
        "master": "否", "specialty": crop, "members": "1", "last": "否", "last_grade": "上年未选派",
        "town": place_name(draw.choice(city.town_codes(county))), "object": f"{crop}种植专业合作社", "agreed": "是",
        "days": str(draw.randint(20, 40)), "villages": str(draw.randint(1, 4)), "task": f"指导{crop}标准化生产，开展技术培训",
    }  # fmt: skip


def _award(writer: Writer) -> dict[str, str]:
    draw, people = writer.draw, [person_of(writer.world, writer.firm, f"author{n}") for n in range(4)]
    texts = {
        "name": name_of(writer), "kind": draw.choice(("技术发明奖", "科学技术进步奖", "科学技术进步奖")),
        "grade": draw.choice(("一等奖", "二等奖", "三等奖")), "used_from": f"{writer.year - 4}-05-01", "dispute": "否",
        "rewarded": "否", "waiting": "否", "units:r1:name": writer.firm.name, "units:r1:part": "总体研发和产业化",
    }  # fmt: skip
    for n, name in enumerate(dict.fromkeys(people), 1):
        texts |= {
            f"persons:r{n}:name": name,
            f"persons:r{n}:unit": writer.firm.name,
            f"persons:r{n}:part": "核心技术攻关",
        }
    return texts


def _agri(writer: Writer) -> dict[str, str]:
    draw = writer.draw
    return {
        "base_place": place_name(writer.firm.town), "base_area": str(draw.randint(100, 1200)), "new_varieties": "2",
        "households": str(draw.randint(30, 200)), "trained": str(draw.randint(60, 400)), "envoy": "是",
    }  # fmt: skip


def _soft(writer: Writer) -> dict[str, str]:
    return {
        "topic_code": f"RK{writer.year}-{writer.draw.randint(1, 12):02d}",
        "users": "市科技局",
        "report_words": "30000",
    }


SPECIAL: dict[str, Callable[[Writer], dict[str, str]]] = {
    "title.hte": _hte, "title.phte": _phte, "title.tsme": _tsme, "platform.engineering_center": _centre,
    "payout.voucher": _voucher, "payout.rd_segment": _segment, "tepaiyuan.selection": _envoy, "award.science": _award,
    "plan.agri": _agri, "plan.soft": _soft,
}  # fmt: skip
