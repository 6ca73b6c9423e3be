"""Words for change, share, completion, pace, rank and series: a Phrase each, or None where nothing may be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum

from keshu.kernel.measure.arithmetic import FirstOver, Rank, fold, growth, is_small_base, points, round_to
from keshu.kernel.measure.targets import Level
from keshu.kernel.prose.amounts import amount, number, percent, percentage_points, quantity, trimmed
from keshu.kernel.prose.rules import DEFAULT, Rules

Printer = Callable[[Decimal], str]


class Tone(StrEnum):
    """What a phrase says, so that a composer can choose frames, gates and the list of falls without reading text."""

    UP = "up"
    DOWN = "down"
    FLAT = "flat"
    FIRST = "first"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and what they say; `str()` is the words."""

    text: str
    tone: Tone = Tone.NEUTRAL

    def __str__(self) -> str:
        return self.text


class Versus(Enum):
    """What a change is measured against: (lead of a rate, lead of a difference, noun for 持平)."""

    YEAR_ON_YEAR = ("同比", "较上年同期", "上年同期")
    YEAR_END = ("较上年末", "较上年末", "上年末")
    LAST_YEAR = ("较上年", "较上年", "上年")
    PERIOD_ON_PERIOD = ("环比", "较上期", "上期")
    FIVE_YEARS = ("较上个五年", "较上个五年", "上个五年")

    @property
    def rate_lead(self) -> str:
        return self.value[0]

    @property
    def lead(self) -> str:
        return self.value[1]

    @property
    def noun(self) -> str:
        return self.value[2]


def printer(*, unit: str, precision: int = 0, rules: Rules = DEFAULT) -> Printer:
    """How values of one indicator print: money by the rules of amounts, everything else with its unit."""
    if unit == "元":
        return lambda value: amount(value, rules=rules)
    if unit in ("亿元", "万元"):
        return lambda value: amount(value, unit=unit, precision=precision, rules=rules)
    return lambda value: quantity(value, unit=unit, precision=precision)


def change(
    *,
    now: Decimal | None,
    before: Decimal | None,
    show: Printer,
    versus: Versus = Versus.YEAR_ON_YEAR,
    lead: bool = True,
    small_bases: bool = True,
    fall: str = "下降",
    rules: Rules = DEFAULT,
) -> Phrase | None:
    """Growth in words: 同比增长12.8%, 由2家增至5家, 实现零的突破, 与上年同期基本持平, 同比下降3.2%, 同比增长2.3倍.

    None where a side is missing or both are zero. `lead` false leaves out 同比 (it must not stand in three sentences
    running); `small_bases` false is for ratios and averages; `fall` may be 回落 or 减少.
    """
    if now is None or before is None or (now == 0 and before == 0) or before < 0:
        return None
    if before == 0:
        return Phrase("实现零的突破", Tone.FIRST)
    if now == before:
        return Phrase(f"与{versus.noun}持平", Tone.FLAT)
    if now == 0:
        return Phrase(f"{versus.lead}减少{show(before)}", Tone.DOWN)
    if show(now) == show(before):
        return Phrase(f"与{versus.noun}基本持平", Tone.FLAT)
    if small_bases and is_small_base(before=before, limit=rules.small_base):
        return from_to(now=now, before=before, show=show)
    rate = growth(now=now, before=before)
    return None if rate is None else rate_words(rate, versus=versus, lead=lead, fall=fall, rules=rules)


def rate_words(
    rate: Decimal,
    *,
    versus: Versus = Versus.YEAR_ON_YEAR,
    lead: bool = True,
    fall: str = "下降",
    rules: Rules = DEFAULT,
) -> Phrase:
    """A known growth rate in words (received rates have no base to look at)."""
    start = versus.rate_lead if lead else ""
    if abs(rate) < rules.flat_below:
        return Phrase(f"与{versus.noun}基本持平", Tone.FLAT)
    if rate < 0:
        return Phrase(f"{start}{fall}{percent(-rate, rules=rules)}", Tone.DOWN)
    if rate >= rules.fold_from:
        return Phrase(f"{start}增长{trimmed(rate / 100, precision=1)}倍", Tone.UP)
    return Phrase(f"{start}增长{percent(rate, rules=rules)}", Tone.UP)


def from_to(*, now: Decimal, before: Decimal, show: Printer) -> Phrase:
    """由2家增至5家, 由5家减至2家."""
    verb, tone = ("增至", Tone.UP) if now > before else ("减至", Tone.DOWN)
    return Phrase(f"由{show(before)}{verb}{show(now)}", tone)


def difference_words(
    *,
    now: Decimal | None,
    before: Decimal | None,
    show: Printer,
    versus: Versus = Versus.YEAR_END,
    verbs: tuple[str, str] = ("增加", "减少"),
) -> Phrase | None:
    """较上年末增加18家, 与上年末持平; with verbs ("净增", "净减") 较上年末净增18家."""
    if now is None or before is None:
        return None
    moved = now - before
    if moved == 0:
        return Phrase(f"与{versus.noun}持平", Tone.FLAT)
    verb, tone = (verbs[0], Tone.UP) if moved > 0 else (verbs[1], Tone.DOWN)
    return Phrase(f"{versus.lead}{verb}{show(abs(moved))}", tone)


def net_words(*, net: Decimal | None, show: Printer, versus: Versus | None = Versus.YEAR_END) -> Phrase | None:
    """较上年末净增18家; without `versus` only 净增18家. A net of zero is not said."""
    if net is None or net == 0:
        return None
    verb, tone = ("净增", Tone.UP) if net > 0 else ("净减", Tone.DOWN)
    return Phrase(f"{versus.lead if versus else ''}{verb}{show(abs(net))}", tone)


def points_words(
    *,
    now: Decimal | None,
    before: Decimal | None,
    versus: Versus = Versus.LAST_YEAR,
    precision: int | None = None,
    rules: Rules = DEFAULT,
) -> Phrase | None:
    """Change of a ratio: 较上年提高0.4个百分点; never a percent of a percentage."""
    moved = points(now=now, before=before)
    if moved is None:
        return None
    if round_to(moved, rules.point_decimals if precision is None else precision) == 0:
        return Phrase(f"与{versus.noun}基本持平", Tone.FLAT)
    verb, tone = ("提高", Tone.UP) if moved > 0 else ("下降", Tone.DOWN)
    return Phrase(f"{versus.lead}{verb}{percentage_points(moved, precision=precision, rules=rules)}", tone)


def share_words(*, share: Decimal | None, whole: str = "总数", rules: Rules = DEFAULT) -> Phrase | None:
    """占规上企业的63.5%; a share of nothing is not said."""
    if share is None or round_to(share, rules.rate_decimals) == 0:
        return None
    return Phrase(f"占{whole}的{percent(share, rules=rules)}")


def average_words(
    *, distance: Decimal | None, average: str = "全省平均", show: Printer | None = None, rules: Rules = DEFAULT
) -> Phrase | None:
    """高于全省平均0.5个百分点; with `show` in the indicator's own unit: 高于全省平均2.10件."""
    if distance is None:
        return None
    shown = show(abs(distance)) if show else percentage_points(distance, rules=rules)
    if not any(digit in shown for digit in "123456789"):
        return Phrase(f"与{average}持平", Tone.FLAT)
    return Phrase(f"高于{average}{shown}", Tone.UP) if distance > 0 else Phrase(f"低于{average}{shown}", Tone.DOWN)


def rank_words(
    *,
    position: int,
    scope: str = "全省",
    moved: int | None = None,
    versus: str = "上年",
    lead: str = "居",
) -> Phrase:
    """居全省第3位，较上年前移2位; an unchanged position is not said."""
    text = f"{lead}{scope}第{position}位"
    if moved is None or moved == 0:
        return Phrase(text)
    if moved > 0:
        return Phrase(f"{text}，较{versus}前移{moved}位", Tone.UP)
    return Phrase(f"{text}，较{versus}后移{-moved}位", Tone.DOWN)


def rank_of_words(rank: Rank, *, scope: str = "全省") -> Phrase:
    """A computed rank; shared positions say so: 并列居全市第2位."""
    return Phrase(f"{'并列' if rank.tied else ''}居{scope}第{rank.position}位")


def streak_words(*, length: int, held: str, unit: str = "年") -> Phrase | None:
    """连续3年居全市首位; a single year is no streak."""
    return Phrase(f"连续{length}{unit}{held}", Tone.UP) if length >= 2 else None


def first_over_words(*, outcome: FirstOver, threshold: str) -> Phrase | None:
    """首次突破10亿元 where all earlier values are known and below, else 突破10亿元."""
    if outcome is FirstOver.NOT_OVER:
        return None
    first = outcome is FirstOver.FIRST
    return Phrase(f"{'首次' if first else ''}突破{threshold}", Tone.FIRST if first else Tone.UP)


def completion_verb(rate: Decimal | None, *, rules: Rules = DEFAULT) -> str | None:
    """超额完成, 全面完成, 基本完成; below that only the rate may be said."""
    if rate is None or rate < rules.nearly_fulfilled:
        return None
    if rate < rules.fulfilled:
        return "基本完成"
    return "超额完成" if rate >= rules.over_fulfilled else "全面完成"


def completion_words(
    *,
    rate: Decimal | None,
    target: str = "",
    issuer: str = "",
    task: str = "年度任务",
    rules: Rules = DEFAULT,
) -> Phrase | None:
    """完成年度任务（95家）的101.1%; with `issuer`: 完成省科技厅下达任务（95家）的101.1%."""
    if rate is None or round_to(rate, rules.rate_decimals) <= 0:
        return None
    named = f"{issuer}下达任务" if issuer else task
    bracket = f"（{target}）" if target else ""
    tone = Tone.UP if rate >= rules.fulfilled else Tone.NEUTRAL
    return Phrase(f"完成{named}{bracket}的{percent(rate, rules=rules)}", tone)


def fulfilment_words(
    *, rate: Decimal | None, target: str = "", issuer: str = "", task: str = "年度任务", rules: Rules = DEFAULT
) -> Phrase | None:
    """The word of the right size: 超额完成年度任务（95家）; below 95 % the rate."""
    verb = completion_verb(rate, rules=rules)
    if verb is None:
        return completion_words(rate=rate, target=target, issuer=issuer, task=task, rules=rules)
    bracket = f"（{target}）" if target else ""
    return Phrase(f"{verb}{f'{issuer}下达任务' if issuer else task}{bracket}", Tone.UP)


def two_level_words(level: Level | None) -> Phrase | None:
    """完成确保目标 or 达到争取目标; neither is said where none is reached."""
    if level is Level.STRIVEN:
        return Phrase("达到争取目标", Tone.UP)
    return Phrase("完成确保目标", Tone.UP) if level is Level.ENSURED else None


def pace_words(*, pace: Decimal | None, rules: Rules = DEFAULT) -> Phrase | None:
    """超序时进度10.7个百分点, 较序时进度慢3.2个百分点, 与序时进度持平."""
    if pace is None:
        return None
    if round_to(pace, rules.point_decimals) == 0:
        return Phrase("与序时进度持平", Tone.FLAT)
    if pace > 0:
        return Phrase(f"超序时进度{percentage_points(pace, rules=rules)}", Tone.UP)
    return Phrase(f"较序时进度慢{percentage_points(pace, rules=rules)}", Tone.DOWN)


def coverage_words(coverage: Decimal | None, *, rules: Rules = DEFAULT) -> Phrase | None:
    """实现全覆盖 only at 100 %, 基本实现全覆盖 from 95 %, else 覆盖率82.5%."""
    if coverage is None or coverage <= 0:
        return None
    if coverage >= 100:
        return Phrase("实现全覆盖", Tone.UP)
    if coverage >= rules.nearly_covered:
        return Phrase("基本实现全覆盖", Tone.UP)
    return Phrase(f"覆盖率{percent(coverage, rules=rules)}")


def tasks_words(*, total: int, done: int, name: str = "重点任务", unreported: int = 0) -> Phrase | None:
    """12项重点任务完成9项，其余3项按计划推进; those without their monthly note are 未更新进展, never 按计划."""
    if total <= 0 or not 0 <= done + unreported <= total:
        return None
    if done == total:
        return Phrase(f"{total}项{name}全部完成", Tone.UP)
    running = total - done - unreported
    head = f"{total}项{name}完成{done}项" if done else f"{total}项{name}"
    rest = [f"{'其余' if done and not unreported else ''}{running}项按计划推进"] if running else []
    late = [f"{unreported}项未更新进展"] if unreported else []
    return Phrase("，".join([head, *rest, *late]), Tone.NEUTRAL if not unreported else Tone.DOWN)


def gap_words(*, gap: Decimal | None, against: str, show: Printer) -> Phrase | None:
    """与年度目标相比尚差8家; nothing where nothing is lacking."""
    if gap is None or gap <= 0:
        return None
    return Phrase(f"与{against}相比尚差{show(gap)}", Tone.DOWN)


def without_largest_words(*, value: Decimal, largest: str, name: str, show: Printer) -> Phrase:
    """剔除云岭精密后，技术合同成交额仅2.10亿元."""
    return Phrase(f"剔除{largest}后，{name}仅{show(value)}", Tone.DOWN)


def yearly_growth_words(rate: Decimal | None, *, rules: Rules = DEFAULT) -> Phrase | None:
    """年均增长8.3%, 年均下降2.0%."""
    if rate is None or round_to(rate, rules.rate_decimals) == 0:
        return None
    verb, tone = ("增长", Tone.UP) if rate > 0 else ("下降", Tone.DOWN)
    return Phrase(f"年均{verb}{percent(abs(rate), rules=rules)}", tone)


def fold_words(
    *, now: Decimal | None, before: Decimal | None, whose: str = "上个五年", rules: Rules = DEFAULT
) -> Phrase | None:
    """是上个五年的2.3倍; only from 1.5 times on, below that a rate says it better."""
    times = fold(now=now, before=before)
    if times is None or times < Decimal("1.5"):
        return None
    return Phrase(f"是{whose}的{number(times, precision=1)}倍", Tone.UP)


def raised_words(*, now: Decimal | None, before: Decimal | None, show: Printer) -> Phrase | None:
    """由2.10%提高到2.60%, 由80家增加到96家 says the same of counts with from_to; for ratios over five years."""
    if now is None or before is None or show(now) == show(before):
        return None
    verb, tone = ("提高到", Tone.UP) if now > before else ("下降到", Tone.DOWN)
    return Phrase(f"由{show(before)}{verb}{show(now)}", tone)
