"""The demo city's targets: what the province, the city and its county asked for each year, and the plan for 2027.

Values are set around what the generated ledgers come to, so that most targets are reached and a few are not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.records.services import Actor, now
from keshu.bureau.statistics.queries import Ask, figures
from keshu.bureau.targets.models import TargetRevision
from keshu.bureau.targets.services import Share, TargetSpec, break_down, set_targets
from keshu.kernel.measure.period import Period
from keshu.site.demo import city
from keshu.site.demo.world import LAST_DAY

BY = Actor("demo", "演示数据")
YEARS = (2023, 2024, 2025, 2026)
PLAN = 2027
RUNNING = Period.until(LAST_DAY)
DISTRICTS = city.district_codes()


@dataclass(frozen=True)
class Paper:
    """Who sets targets in which document; the plan of the bureau itself has no document number yet."""

    issuer: str
    document: str
    day: tuple[int, int]

    def known_on(self, year: int) -> date:
        return min(date(year, *self.day), LAST_DAY)


PROVINCE = Paper("云中省科学技术厅", "{year}年度科技创新工作目标责任书（云中科函〔{year}〕6号）", (1, 12))
LETTER = Paper("中共云岭市委 云岭市人民政府", "{year}年度目标管理责任状（云委〔{year}〕3号）", (1, 20))
BUREAU = Paper("云岭市科学技术局", "{year}年度全市科技工作目标任务分解（云科〔{year}〕2号）", (1, 28))
COUNTY_LETTER = Paper("中共青岩县委 青岩县人民政府", "{year}年度目标管理责任状（青委〔{year}〕2号）", (1, 30))
CITY_PLAN = Paper("云岭市科学技术局", "", (10, 31))
COUNTY_PLAN = Paper("青岩县科学技术局", "", (10, 31))


@dataclass(frozen=True)
class Line:
    """One indicator: completion in percent by year (2026: so far), next year's target in percent of this year's pace.

    `strive`: by how many percent the second level lies above; `spread`: by how many the upper end of a range.
    """

    code: str
    paper: Paper
    done: tuple[int, int, int, int]
    plan: int
    kind: str = "at_least"
    strive: int = 0
    spread: int = 0
    weight: int | None = None


@dataclass(frozen=True)
class Rate:
    """A target that is no amount: its number for 2023 to 2027, None where nothing was set that year."""

    code: str
    paper: Paper
    kind: str
    by_year: tuple[str | None, str | None, str | None, str | None, str | None]


CITY_LINES = (
    Line("hte.valid", PROVINCE, (102, 100, 104, 98), 112, strive=7, weight=10),
    Line("hte.new", LETTER, (105, 96, 103, 102), 100, weight=6),
    Line("tsme.valid", PROVINCE, (103, 106, 101, 107), 97, weight=6),
    Line("reserve.new", BUREAU, (100, 100, 100, 92), 100, "exact"),
    Line("contract.total", PROVINCE, (101, 104, 98, 95), 108, strive=6, weight=10),
    Line("contract.count", LETTER, (104, 101, 107, 88), 104, "about", weight=4),
    Line("patent.filed", LETTER, (100, 97, 105, 86), 105, weight=5),
    Line("patent.invention.valid", LETTER, (101, 103, 104, 100), 110, weight=5),
    Line("platform.count", LETTER, (104, 105, 102, 103), 98, weight=6),
    Line("platform.new", PROVINCE, (96, 104, 101, 95), 100, "range", spread=20),
    Line("funds.upper", LETTER, (109, 78, 112, 88), 103, weight=6),
    Line("project.approved", BUREAU, (101, 95, 103, 99), 98, "about"),
    Line("coop.agreements", LETTER, (105, 102, 109, 81), 104, weight=4),
    Line("need.collected", BUREAU, (100, 104, 106, 91), 100, "range", spread=12),
    Line("achievement.count", BUREAU, (102, 98, 101, 93), 103),
    Line("popular.count", LETTER, (104, 102, 97, 66), 110, weight=3),
    Line("training.count", BUREAU, (103, 99, 107, 84), 100),
    Line("tepaiyuan.all", PROVINCE, (100, 101, 103, 101), 100),
    Line("incubatee.current", BUREAU, (96, 104, 100, 101), 108, "about"),
)
CITY_RATES = (
    Rate("rd.expenditure", PROVINCE, "growth", ("12", "11", "11", "11", "11")),
    Rate("rd.gdp_ratio", LETTER, "at_least", ("1.85", "1.95", "2.05", "2.15", "2.25")),
    Rate("hitech.added_value_share", LETTER, "share", ("23.5", "24.5", "25", "25.2", "26")),
    Rate("hitech.output", PROVINCE, "growth", (None, "9", "8", "8", "8")),
    Rate("rd.above_scale_expense", PROVINCE, "rank", ("6", "6", "6", "6", "5")),
    Rate("tepaiyuan.coverage", PROVINCE, "coverage", ("80", "80", "80", "81", "85")),
    Rate("incubator.new", LETTER, "at_least", (None, None, None, "1", "1")),
    Rate("tepaiyuan.new", PROVINCE, "as_handed_down", (None, None, None, "", "")),
)
COUNTY_LINES = (
    Line("hte.new", COUNTY_LETTER, (100, 100, 100, 100), 100, "exact"),
    Line("tsme.valid", COUNTY_LETTER, (100, 100, 100, 100), 150),
    Line("contract.count", COUNTY_LETTER, (100, 83, 117, 86), 100),
    Line("project.approved", COUNTY_LETTER, (50, 100, 100, 50), 150, "range", spread=50),
    Line("training.count", COUNTY_LETTER, (100, 100, 100, 100), 100),
    Line("popular.count", COUNTY_LETTER, (50, 100, 133, 33), 250),
    Line("tepaiyuan.all", COUNTY_LETTER, (100, 100, 100, 100), 100, "exact"),
    Line("patent.invention.valid", COUNTY_LETTER, (100, 100, 100, 117), 86),
)
COUNTY_RATES = (
    Rate("rd.expenditure", COUNTY_LETTER, "growth", ("12", "11", "11", "11", "11")),
    Rate("hitech.output", COUNTY_LETTER, "growth", (None, "9", "8", "8", "8")),
    Rate("honour.count", COUNTY_LETTER, "zero_break", (None, None, "", None, None)),
)
#: the five-year plan's values for its last year, known to the bureau before the plan was issued
FIVE_YEARS = Paper("云岭市人民政府", "云岭市“十五五”科技创新规划（征求意见稿）", (12, 20))
FIVE_YEARS_END = 2030
LONG_RANGE = (
    (city.CITY, "hte.valid", "200"), (city.CITY, "rd.gdp_ratio", "2.6"), (city.CITY, "contract.total", "1200000000"),
    (city.CITY, "patent.invention.per_10k", "5"), (city.COUNTY, "hte.valid", "15"), (city.COUNTY, "contract.total", "12000000"),
)  # fmt: skip
#: what the city hands on to its districts, and how much of 2026's it left with nobody
HANDED_ON = {"hte.valid": 0, "contract.total": 0, "patent.filed": 20}


def load_targets() -> int:
    """All targets, each as known in its January; the plan for 2027 as known on the last day. Returns how many."""
    n = 0
    for place, lines, rates, plan in (
        (city.CITY, CITY_LINES, CITY_RATES, CITY_PLAN), (city.COUNTY, COUNTY_LINES, COUNTY_RATES, COUNTY_PLAN),
    ):  # fmt: skip
        actual = _actuals(place, [line.code for line in lines])
        for year in (*YEARS, PLAN):
            specs = [*_amounts(lines, place, year, actual), *_rates(rates, place, year)]
            n += _hand_in(specs, year, plan, handing_on=place == city.CITY)
    specs = [
        TargetSpec(indicator=code, place=place, year=FIVE_YEARS_END, kind="at_least", low=Decimal(low), tier="", weight=None,
                   issuer=FIVE_YEARS.issuer, document=FIVE_YEARS.document)
        for place, code, low in LONG_RANGE
    ]  # fmt: skip
    return n + len(set_targets(specs, by=BY, reason="演示数据", known_on=FIVE_YEARS.known_on(2025)))


def _actuals(place: str, codes: Iterable[str]) -> dict[tuple[str, int], Decimal]:
    """The value of every indicator by year, for 2026 so far; without those that have none."""
    known = catalogue().indicators
    asks = {(code, year): Ask(code, place, _period(year)) for code in codes if code in known for year in YEARS}
    found = figures(asks.values(), known_at=now())
    return {key: value for key, ask in asks.items() if (value := found[ask].value)}


def _period(year: int) -> Period:
    return RUNNING if year == RUNNING.year else Period.of_year(year)


def _amounts(
    lines: Iterable[Line], place: str, year: int, actual: dict[tuple[str, int], Decimal]
) -> Iterator[tuple[Paper, TargetSpec]]:
    for line in lines:
        wanted = _wanted(line, year, actual)
        if wanted is None:
            continue
        step = _step(wanted, catalogue().indicators[line.code].unit)
        low = max(_round(wanted, step), step)
        high = max(_round(low * (100 + line.spread) / 100, step), low + step) if line.kind == "range" else None
        spec = TargetSpec(
            indicator=line.code, place=place, year=year, kind=line.kind, low=low, high=high,
            tier="ensure" if line.strive else "", weight=None if line.weight is None else Decimal(line.weight),
        )  # fmt: skip
        yield line.paper, spec
        if line.strive:
            beyond = max(_round(low * (100 + line.strive) / 100, step), low + step)
            yield line.paper, replace(spec, tier="strive", low=beyond, weight=None)


def _wanted(line: Line, year: int, actual: dict[tuple[str, int], Decimal]) -> Decimal | None:
    """The target before rounding: the value over its completion; the plan goes on from this year's pace."""
    value = actual.get((line.code, min(year, RUNNING.year)))
    if value is None:
        return None
    if year < PLAN:
        return value * 100 / line.done[YEARS.index(year)]
    flows = catalogue().indicators[line.code].kind == "flow"
    return value * line.plan / 100 / (RUNNING.elapsed() if flows else 1)


def _rates(rates: Iterable[Rate], place: str, year: int) -> Iterator[tuple[Paper, TargetSpec]]:
    for rate in rates:
        said = rate.by_year[year - YEARS[0]]
        if said is not None and rate.code in catalogue().indicators:
            low = Decimal(said) if said else None
            yield rate.paper, TargetSpec(indicator=rate.code, place=place, year=year, kind=rate.kind, low=low)


def _step(value: Decimal, unit: str) -> Decimal:
    """What officials round a target to: tens of thousands or millions of yuan, fives and tens of firms."""
    if unit == "元":
        return Decimal(10_000_000 if value >= 10**8 else 500_000 if value >= 10**7 else 100_000)
    return Decimal(1 if value < 40 else 5 if value < 400 else 10 if value < 2000 else 50)


def _round(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(rounding=ROUND_HALF_UP) * step


def _hand_in(specs: list[tuple[Paper, TargetSpec]], year: int, plan: Paper, *, handing_on: bool) -> int:
    """One act for each document; then the city's three headline targets go to the districts."""
    n = 0
    for paper in dict.fromkeys(paper for paper, _spec in specs):
        actual = plan if year == PLAN else paper
        mine = [_signed(spec, actual, year) for of, spec in specs if of is paper]
        rows = set_targets(mine, by=BY, reason="演示数据", known_on=_known_on(actual, year))
        n += len(rows)
        if handing_on:
            n += sum(_break_down(row, year) for row in rows if row.indicator in HANDED_ON and row.tier != "strive")
    return n


def _known_on(paper: Paper, year: int) -> date:
    return paper.known_on(year - 1 if year == PLAN else year)


def _signed(spec: TargetSpec, paper: Paper, year: int) -> TargetSpec:
    plan = f"{year - 1}年工作总结和{year}年工作计划" if year == PLAN else ""
    issuer = PROVINCE.issuer if spec.kind == "as_handed_down" else paper.issuer
    return replace(spec, issuer=issuer, document=paper.document.format(year=year), promised_in=plan)


def _break_down(row: TargetRevision, year: int) -> int:
    """Hand the target on by what each district has now, largest remainder first."""
    period = _period(min(year, RUNNING.year))
    asks = {place: Ask(row.indicator, place, period) for place in DISTRICTS}
    found = figures(asks.values(), known_at=now())
    has = {place: found[ask].value or Decimal(0) for place, ask in asks.items()}
    step = Decimal(100_000) if catalogue().indicators[row.indicator].unit == "元" else Decimal(1)
    kept = HANDED_ON[row.indicator] * step if year == RUNNING.year else Decimal(0)
    shares = _shared((row.low or Decimal(0)) - kept, has, step)
    written = break_down(
        row.target_id, [Share(place, low) for place, low in shares.items()], by=BY, reason="演示数据",
        issuer=BUREAU.issuer, document=_share_document(year), known_on=_known_on(CITY_PLAN if year == PLAN else BUREAU, year),
    )  # fmt: skip
    return len(written)


def _share_document(year: int) -> str:
    return f"{year}年度全市科技工作目标任务分解（征求意见稿）" if year == PLAN else BUREAU.document.format(year=year)


def _shared(total: Decimal, has: dict[str, Decimal], step: Decimal) -> dict[str, Decimal]:
    whole = sum(has.values(), Decimal(0)) or Decimal(1)
    exact = {place: total / step * value / whole for place, value in has.items()}
    shares = {place: max(value.to_integral_value(rounding="ROUND_FLOOR"), Decimal(1)) for place, value in exact.items()}
    left = int(total / step - sum(shares.values()))
    for place in sorted(exact, key=lambda place: shares[place] - exact[place])[: max(left, 0)]:
        shares[place] += 1
    return {place: value * step for place, value in shares.items()}
