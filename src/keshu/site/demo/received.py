"""What others tell the bureau: the statistics, tax and finance bureaus, and the superior's bulletins with ranks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from keshu.bureau.records.services import Actor
from keshu.bureau.statistics.queries import Ask, by_place, figures
from keshu.bureau.statistics.services import SourceSpec, ValueSpec, add_source
from keshu.kernel.measure.period import Period
from keshu.site.demo import city
from keshu.site.demo.world import World

BY = Actor("demo", "演示数据")
SHARES = {"990102": 27, "990103": 21, "990121": 4, "990122": 12, "990123": 9, "990171": 27}


@dataclass(frozen=True)
class Line:
    """One received indicator: the city's value in 2021 in the printed unit, its yearly growth in percent, its province rank."""

    code: str
    start: str
    growth: float
    scale: int = 1
    rank: int | None = None
    by_county: bool = True
    until_october: bool = False
    fluctuates: bool = True


#: where a place's share is not that of the rest: the small county spends more on research than its size
_OWN_SHARES: dict[str, dict[str, Decimal | int]] = {
    "rd.expenditure": {"990121": Decimal("4.3"), "990122": Decimal("11.7")}
}

YI = 10**8
WAN = 10**4
STATISTICS = (
    Line("econ.gdp", "1286.4", 6.4, YI, 6), Line("econ.population", "213.6", 0.3, WAN, fluctuates=False), Line("econ.employed", "118.2", 0.4, WAN),
    Line("rd.expenditure", "21.9", 11.6, YI, 7), Line("rd.fte", "6420", 8.1), Line("rd.above_scale_expense", "24.2", 12.4, YI, 6, until_october=True),
    Line("hitech.output", "402.5", 10.2, YI, 6, until_october=True), Line("industry.output", "1318.0", 6.9, YI, until_october=True),
    Line("hitech.added_value", "96.3", 9.1, YI, 7, until_october=True), Line("industry.added_value", "418.5", 6.8, YI, until_october=True),
    Line("hitech.investment", "38.4", 13.2, YI, 5, until_october=True), Line("industry.revenue", "1260.2", 6.6, YI, until_october=True),
    Line("hitech.product_sales", "388.0", 9.8, YI, until_october=True), Line("industry.product_sales", "1242.0", 6.5, YI, until_october=True),
)  # fmt: skip
FINANCE = (Line("fiscal.tech", "4.62", 9.4, YI), Line("fiscal.total", "206.8", 4.9, YI))
TAX = (Line("tax.deduction", "16.4", 12.1, YI), Line("tax.hte_relief", "1.31", 10.5, YI))


#: what the civil affairs bureau and the province tell: the same every year, or the province's own count
_VILLAGES = {"990102": 62, "990103": 48, "990121": 54, "990122": 71, "990123": 43, "990171": 9}
_PROVINCE = {
    2021: ("5820", "9.8"),
    2022: ("6710", "10.6"),
    2023: ("7690", "11.3"),
    2024: ("8640", "12.1"),
    2025: ("9580", "13.0"),
}


#: the technology market before the bureau's own register begins: amount in 万元, contracts
_MARKET = {2021: (18640, 286), 2022: (24130, 371)}


def _market(year: int, total: int, contracts: int, indicators: set[str]) -> int:
    period, day = Period.of_year(year), date(year + 1, 2, 10)
    told = (("contract.total", Decimal(total * WAN)), ("contract.count", Decimal(contracts)))
    values = [
        ValueSpec(indicator=code, place=city.CITY, period=period, value=value)
        for code, value in told
        if code in indicators
    ]
    spec = SourceSpec(issuer="云中省科学技术厅", title=f"{year}年全省技术市场统计年度报告", number=f"云中科函〔{year + 1}〕21号",
                      cut_off=date(year, 12, 31), obtained_on=day, status="annual", release="public")  # fmt: skip
    return _add(spec, values, day)


def _fixed(year: int, indicators: set[str]) -> int:
    period = Period.parse(str(year))
    towns = {place: len(city.town_codes(place)) for place in SHARES}
    values = []
    for code, parts in (
        ("place.towns", towns),
        ("place.villages", _VILLAGES),
        ("place.counties", dict.fromkeys(SHARES, 1)),
    ):
        if code in indicators:
            values.append(ValueSpec(indicator=code, place=city.CITY, period=period, value=Decimal(sum(parts.values()))))
            values += [ValueSpec(indicator=code, place=p, period=period, value=Decimal(n)) for p, n in parts.items()]
    spec = SourceSpec(
        issuer="云岭市民政局",
        title=f"{year}年行政区划统计表",
        cut_off=date(year, 12, 31),
        obtained_on=date(year, 12, 31),
        status="annual",
        release="public",
    )
    n = _add(spec, values, date(year, 12, 31))
    htes, literacy = _PROVINCE[year]
    told = [ValueSpec(indicator=code, place=city.CITY, period=period, value=Decimal(value)) for code, value in
            (("hte.upper_valid", htes), ("econ.science_literacy", literacy)) if code in indicators]  # fmt: skip
    spec = SourceSpec(issuer="云中省科学技术厅", title=f"{year}年全省科技创新统计公报", number=f"云中科规〔{year + 1}〕12号", cut_off=date(year, 12, 31),
                      obtained_on=date(year + 1, 2, 20), status="annual", release="public")  # fmt: skip
    return n + _add(spec, told, date(year + 1, 2, 20))


def load_received(world: World, indicators: set[str]) -> int:
    """All documents of the years 2021 to 2026; returns how many values they held."""
    n = 0
    for year, (total, contracts) in _MARKET.items():
        n += _market(year, total, contracts, indicators)
    for year in range(2021, 2026):
        n += _yearbook(world, year, indicators) + _fixed(year, indicators)
    for year in (2024, 2025, 2026):
        n += _october(world, year, indicators)
    return n


def _yearbook(world: World, year: int, indicators: set[str]) -> int:
    groups = (("云岭市统计局", f"{year}年科技统计年报反馈表", f"云统函〔{year + 1}〕31号", STATISTICS, date(year + 1, 10, 20)),
              ("云岭市财政局", f"{year}年财政科学技术支出情况表", f"云财函〔{year + 1}〕18号", FINANCE, date(year + 1, 3, 12)),
              ("国家税务总局云岭市税务局", f"{year}年度科技税收优惠落实情况", f"云税函〔{year + 1}〕27号", TAX, date(year + 1, 7, 8)))  # fmt: skip
    n = 0
    for issuer, title, number, lines, obtained in groups:
        values = [
            v for line in lines if line.code in indicators for v in _values(world, line, year, str(year), Decimal(1))
        ]
        spec = SourceSpec(
            issuer=issuer,
            title=title,
            number=number,
            cut_off=date(year, 12, 31),
            obtained_on=obtained,
            status="annual",
            release="public",
        )
        n += _add(spec, values, obtained)
    return n


def _october(world: World, year: int, indicators: set[str]) -> int:
    lines = [line for line in STATISTICS if line.until_october and line.code in indicators]
    values = [v for line in lines for v in _values(world, line, year, f"{year}-01..{year}-10", Decimal("0.829"))]
    spec = SourceSpec(
        issuer="云岭市统计局", title=f"{year}年1—10月高新技术产业统计快报", number=f"云统〔{year}〕10期", cut_off=date(year, 10, 31),
        obtained_on=min(date(year, 11, 12), date(2026, 10, 31)), status="flash", release="public",
    )  # fmt: skip
    return _add(spec, values, date(year, 10, 31))


def _add(spec: SourceSpec, values: list[ValueSpec], known_on: date) -> int:
    if values:
        add_source(spec, by=BY, values=values, known_on=min(known_on, date(2026, 10, 31)), reason="演示数据")
    return len(values)


def _values(world: World, line: Line, year: int, period: str, part: Decimal) -> Iterator[ValueSpec]:
    """The city's value and, where places report, theirs: they add up to the city's exactly."""
    draw = world.draw("received", line.code, year)
    swing = Decimal(str(round(draw.uniform(-1.6, 1.6), 1))) if line.fluctuates else Decimal(0)
    factor = (1 + Decimal(str(line.growth)) / 100) ** (year - 2021) * (1 + swing / 100)
    whole = (Decimal(line.start) * factor * part * line.scale).quantize(
        Decimal(line.scale) / 100 if line.scale > 1 else Decimal(1)
    )
    growth = (Decimal(str(line.growth)) + swing).quantize(Decimal("0.1"))
    yield ValueSpec(
        indicator=line.code, place=city.CITY, period=Period.parse(period), value=whole, rank=line.rank, rank_of=12 if line.rank else None,
        growth=growth if line.rank else None, cell="合计",
    )  # fmt: skip
    if not line.by_county:
        return
    left = whole
    for n, (place, share) in enumerate((SHARES | _OWN_SHARES.get(line.code, {})).items()):
        value = (
            left
            if n == len(SHARES) - 1
            else (whole * share / 100).quantize(Decimal(line.scale) / 100 if line.scale > 1 else Decimal(1))
        )
        left -= value
        yield ValueSpec(indicator=line.code, place=place, period=Period.parse(period), value=value, cell=f"第{n + 2}行")


#: what the city's own bulletin ranks its districts by
RANKED = ("hte.valid", "tsme.valid", "contract.total", "patent.filed", "patent.invention.valid")


def load_bulletins(known_at: datetime) -> int:
    """The city's bulletin of October with every district's value, rank and the average, for three years."""
    n = 0
    for year in (2024, 2025, 2026):
        period = Period.parse(f"{year}-01..{year}-10")
        values = [value for code in RANKED for value in _ranking(code, period, known_at)]
        spec = SourceSpec(
            issuer="云岭市科学技术局", title=f"{year}年1—10月全市科技创新主要指标通报", number=f"云科通〔{year}〕10号", cut_off=period.end,
            obtained_on=min(date(year, 11, 15), date(2026, 10, 31)), status="flash", release="internal",
        )  # fmt: skip
        n += _add(spec, values, date(year, 10, 31))
    return n + sum(_province(year, known_at) for year in (2024, 2025))


#: what the province's bulletin tells of the city: how its own average compares
_AVERAGES = {"rd.gdp_ratio": Decimal("0.95"), "patent.invention.per_10k": Decimal("0.91")}


def _province(year: int, known_at: datetime) -> int:
    """The province's monitoring bulletin: the city's rates of the year beside the average of all cities."""
    period = Period.of_year(year)
    asks = {code: Ask(code, city.CITY, period) for code in _AVERAGES}
    found = figures(asks.values(), known_at=known_at)
    values = [
        ValueSpec(
            indicator=code, place=city.CITY, period=period, value=value.quantize(Decimal("0.01")),
            average=(value * _AVERAGES[code]).quantize(Decimal("0.01")), cell="表1第7行",
        )
        for code, ask in asks.items() if (value := found[ask].value) is not None
    ]  # fmt: skip
    spec = SourceSpec(
        issuer="云中省科学技术厅", title=f"{year}年全省科技创新主要指标监测通报", number=f"云中科规〔{year + 1}〕35号", cut_off=period.end,
        obtained_on=date(year + 1, 10, 26), status="annual", release="public",
    )  # fmt: skip
    return _add(spec, values, date(year + 1, 10, 26))


def _ranking(code: str, period: Period, known_at: datetime) -> Iterator[ValueSpec]:
    rows = [row for row in by_place(code, city.CITY, period, known_at=known_at) if row.place in SHARES]
    known = [row.figure.value for row in rows if row.figure.value is not None]
    if len(known) < len(SHARES):
        return
    average = (sum(known) / len(known)).quantize(Decimal("0.01"))
    for line, row in enumerate(rows, start=4):
        yield ValueSpec(
            indicator=code, place=row.place, period=period, value=row.figure.value, rank=1 + sum(v > row.figure.value for v in known),
            rank_of=len(SHARES), average=average, cell=f"通报表!C{line}",
        )  # fmt: skip
