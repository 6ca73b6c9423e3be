"""The firms, institutes and calendars of the demo city, drawn once from a seed; all generators read from here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from keshu.bureau.parties.services import PartySpec
from keshu.site.demo import city, numbers

LAST_DAY = date(2026, 10, 31)
YEARS = (2023, 2024, 2025, 2026)
_WEIGHTS = {"990102": 30, "990103": 19, "990121": 0, "990122": 9, "990123": 6, "990171": 35}
_PREFIXES = {"990121": "青岩", "990122": "石门", "990123": "白沙"}
_FIRST = "云江湖岭青石白沙禾瑞恒博科智联创华鼎泰嘉宏远信达安康百川启明天成新益德昌盛金玉永顺航宇海诚"
SECTORS = ("新材料", "智能装备", "电子", "生物", "医药", "软件", "环保", "光电", "仪表", "农业", "包装", "新能源")
_UNIVERSITIES = ("云中大学", "云中理工大学", "沪江大学", "云岭学院", "东川农林大学", "江海科技大学")
_INSTITUTES = ("云岭市农业科学研究所", "云中省机械研究院", "云岭市产业技术研究院", "云中省林业科学院")
_BODIES = ("云岭市科学技术局", "云岭市科学技术协会", "云岭市生产力促进中心", "云岭市科技情报研究所")


@dataclass(frozen=True)
class Firm:
    """An invented enterprise; `size` is its revenue in 2023 in 万元, `growth` its usual yearly factor."""

    index: int
    name: str
    code: str
    place: str
    town: str
    sector: str
    size: int
    growth: float
    intensity: float
    since: int

    @property
    def short(self) -> str:
        """青岩云华新材料: what a text calls it."""
        return self.name[:4] + self.sector

    @property
    def above_scale(self) -> bool:
        return self.size >= 2000


@dataclass(frozen=True)
class Row:
    """One ledger row: values by field code (parties as indexes into `World.names`), and where it belongs."""

    values: dict[str, Any]
    place: str


@dataclass
class World:
    seed: int
    firms: list[Firm] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def draw(self, *salt: object) -> Random:
        """A generator of its own for each purpose, so that adding one ledger leaves the others as they were."""
        return Random(f"{self.seed}:{':'.join(map(str, salt))}")

    def other(self, name: str) -> int:
        """The index of an institute, university or body, after the firms."""
        return len(self.firms) + self.others.index(name)

    def specs(self, place_ids: dict[str, int]) -> list[PartySpec]:
        draw = self.draw("codes")
        firms = [PartySpec(f.name, f.code, place_ids[f.place], short=f.short) for f in self.firms]
        return firms + [
            PartySpec(name, numbers.credit_code(draw, city.CITY, "12"), place_ids[city.CITY]) for name in self.others
        ]

    def some_firms(self, draw: Random, n: int, *, where: Callable[[Firm], bool] = lambda f: True) -> list[Firm]:
        pool = [firm for firm in self.firms if where(firm)]
        return draw.sample(pool, min(n, len(pool)))

    def firms_of(self, place: str) -> list[Firm]:
        return [firm for firm in self.firms if firm.place == place]


def build(seed: int = 2026, firms: int = 1150) -> World:
    world = World(seed, others=[*_UNIVERSITIES, *_INSTITUTES, *_BODIES])
    draw = world.draw("firms")
    names: set[str] = set()
    places = draw.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=firms)
    places[:9] = [city.COUNTY] * 9
    for index, place in enumerate(places):
        world.firms.append(_firm(draw, index, place, names))
    return world


def _firm(draw: Random, index: int, place: str, names: set[str]) -> Firm:
    sector = draw.choices(SECTORS, (9, 12, 9, 7, 8, 9, 7, 6, 6, 9, 5, 6))[0]
    while True:
        stem = "".join(draw.sample(_FIRST, 2))
        short = f"{_PREFIXES.get(place, '云岭')}{stem}{sector}"
        name = f"{short}{draw.choice(('科技有限公司', '技术有限公司', '科技股份有限公司', '股份有限公司'))}"
        if short not in names:
            names.add(short)
            break
    size = int(draw.lognormvariate(7.6, 1.1)) + 120
    return Firm(
        index=index, name=name, code=numbers.credit_code(draw, place), place=place,
        town=draw.choice(city.town_codes(place)), sector=sector, size=size, growth=draw.uniform(0.97, 1.17),
        intensity=draw.uniform(0.018, 0.095), since=draw.choice((2005, 2010, 2014, 2017, 2019, 2021, 2022)),
    )  # fmt: skip


def day_in(draw: Random, year: int, first_month: int = 1, last_month: int = 12) -> date | None:
    """A working-looking day of the year; None when it lies after the last day that the demo knows."""
    start = date(year, first_month, 1)
    end = date(year, 12, 31) if last_month == 12 else date(year, last_month + 1, 1) - timedelta(days=1)
    day = start + timedelta(days=draw.randint(0, (end - start).days))
    day -= timedelta(days=max(0, day.weekday() - 4))
    return max(day, start) if day <= LAST_DAY else None


def known(day: date | None) -> date | None:
    """The day if the demo has reached it."""
    return day if day is not None and day <= LAST_DAY else None


def yuan(ten_thousands: float) -> Decimal:
    """万元 to 元, whole hundreds."""
    return (Decimal(str(round(ten_thousands, 2))) * 10000).quantize(Decimal(1))


Generator = Callable[[World, int], Iterator[Row]]
GENERATORS: dict[str, Generator] = {}


def generates(ledger: str) -> Callable[[Generator], Generator]:
    """Register the generator of a ledger: from the world and a year to that year's rows."""

    def register(generator: Generator) -> Generator:
        GENERATORS[ledger] = generator
        return generator

    return register
