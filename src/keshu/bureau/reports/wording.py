"""A formed figure in words: which phrase says it, and whether it goes the wrong way."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from keshu.bureau.reports.rows import wide
from keshu.bureau.statistics.engine import Figure
from keshu.bureau.statistics.forms import Formed, Named
from keshu.kernel.measure.arithmetic import FirstOver
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.presence import Presence, Status
from keshu.kernel.measure.targets import TargetKind
from keshu.kernel.prose import words as say
from keshu.kernel.prose.changes import Phrase, Printer, Tone, Versus
from keshu.kernel.prose.reference import Form
from keshu.kernel.prose.rules import DEFAULT, Rules
from keshu.kernel.typed.names import core_name

ENDINGS = ("项数", "家数", "人数", "件数", "场次", "数")
WIDE = Decimal(10_000)


@dataclass(frozen=True)
class Setting:
    """What words depend on besides the figure: the summary's period, the place above, thresholds."""

    period: Period
    whole: str = "全市"  # the own place: 全县
    above: str = "全省"  # the place whose siblings are ranked: 全市
    rules: Rules = field(default_factory=lambda: DEFAULT)


@dataclass(frozen=True)
class Spoken:
    """Words with what they say; empty words with the reason where nothing may be said."""

    words: str = ""
    tone: Tone = Tone.NEUTRAL
    why: str = ""


def shower(figure: Figure, rules: Rules) -> Printer:
    """How values of the figure's indicator print."""
    unit = figure.unit.partition("/")[0]
    if unit == "元":
        return lambda value: say.amount(value, rules=rules)
    if figure.print_unit:
        return lambda value: say.scaled_quantity(value, unit=str(figure.print_unit), precision=figure.precision)
    if unit == "平方米":
        return _area
    if unit == "%":
        return lambda value: "100%" if value == 100 else say.quantity(value, unit="%", precision=figure.precision)
    return lambda value: say.quantity(value, unit=unit, precision=figure.precision)


def target_shower(figure: Figure, rules: Rules) -> Printer:
    """How values of a target print: what somebody set is a round number, 12亿元 and not 12.00亿元."""
    show = shower(figure, rules)
    return lambda value: _EVEN.sub("", show(value))


def _area(value: Decimal) -> str:
    if value >= WIDE:
        return say.trimmed(value / WIDE, precision=2) + "万平方米"
    return say.quantity(value, unit="平方米")


def plain_name(name: str) -> str:
    """有效高新技术企业数 → 有效高新技术企业: what a sentence calls the thing that is counted."""
    if name.endswith("总数"):
        return name
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def spoken(formed: Formed, setting: Setting) -> Spoken:
    """The words of the form. A zero is not said, nor what is missing, incomplete or not yet to be had."""
    figure = formed.figure
    if formed.form in (Form.PARTS, Form.NAMES) or formed.value is not None:
        if figure.presence is Presence.PARTIAL:
            return Spoken(why=f"{figure.name}的数据不完整")
        phrase = _SPEAKERS[formed.form](formed, setting)
        if phrase is not None:
            return Spoken(_WHOLE.sub("100%", phrase.text), phrase.tone)
        return Spoken(why=f"{figure.name}没有可写的{formed.form.label}")
    return Spoken(why=formed.reason or f"没有{figure.name}")


_ROUND = re.compile(r"\.0+(?=\D)")  # 首次突破5亿元
_EVEN = re.compile(r"\.00(?=亿元)")
_WHOLE = re.compile(r"(?<!\d)100\.0+%")  # nobody writes 覆盖率100.0%


def goes_wrong(formed: Formed, tone: Tone) -> bool:
    """A fall of what should rise, or a rise of what should fall."""
    if formed.form in (Form.RANK_MOVED, Form.PACE, Form.AGAINST_AVERAGE) or formed.figure.direction != "lower":
        return tone is Tone.DOWN and formed.figure.direction != "none"
    return tone is Tone.UP


def _value(formed: Formed, setting: Setting) -> Phrase | None:
    figure = formed.figure
    if not formed.value:
        return None
    words = shower(figure, setting.rules)(formed.value)
    return Phrase(f"预计{words}" if figure.status is Status.ESTIMATED else words)


def _rough(formed: Formed, setting: Setting) -> Phrase | None:
    if formed.value and say.may_be_rough(formed.figure.unit, rules=setting.rules):
        return Phrase(say.rough(formed.value, unit=formed.figure.unit, rules=setting.rules))
    return _value(formed, setting)


def _versus(formed: Formed) -> Versus:
    argument = formed.reference.argument
    if argument == "previous":
        return Versus.PERIOD_ON_PERIOD
    if formed.figure.kind == "stock" and argument != "last":
        return Versus.YEAR_END
    return Versus.YEAR_ON_YEAR


def _growth(formed: Formed, setting: Setting) -> Phrase | None:
    versus = _versus(formed)
    if formed.figure.unit == "%":
        return say.points_words(
            now=formed.figure.value, before=formed.before, versus=_of_year(versus), rules=setting.rules
        )
    if formed.reported is not None:
        phrase: Phrase | None = say.rate_words(formed.reported, versus=versus, rules=setting.rules)
    else:
        show = shower(formed.figure, setting.rules)
        countable = formed.figure.unit != "元" and formed.figure.kind in ("flow", "stock", "received")
        phrase = say.change(
            now=formed.figure.value, before=formed.before, show=show, versus=versus, small_bases=countable,
            rules=setting.rules,
        )  # fmt: skip
    if phrase is not None and formed.figure.period.is_whole_year:
        phrase = Phrase(phrase.text.replace("上年同期", "上年"), phrase.tone)
    if phrase is not None and formed.definition_changed:
        return Phrase(f"{phrase.text}（口径有调整）", phrase.tone)
    return phrase


def _of_year(versus: Versus) -> Versus:
    return Versus.LAST_YEAR if versus is Versus.YEAR_ON_YEAR else versus


def _difference(formed: Formed, setting: Setting) -> Phrase | None:
    show = shower(formed.figure, setting.rules)
    return say.difference_words(now=formed.figure.value, before=formed.before, show=show, versus=_versus(formed))


def _net(formed: Formed, setting: Setting) -> Phrase | None:
    return say.net_words(net=formed.value, show=shower(formed.figure, setting.rules))


def _points(formed: Formed, setting: Setting) -> Phrase | None:
    versus = _versus(formed)
    return say.points_words(now=formed.figure.value, before=formed.before, versus=_of_year(versus), rules=setting.rules)


def _share(formed: Formed, setting: Setting) -> Phrase | None:
    whole = formed.operands[-1]
    name = plain_name(whole.name)
    if whole.code == formed.figure.code:
        name = f"{name}总数" if whole.place == formed.figure.place else setting.above
    return say.share_words(share=formed.value, whole=name, rules=setting.rules)


def _target(formed: Formed, setting: Setting) -> Phrase | None:
    if formed.target is None:
        return None
    return Phrase(
        say.target_value(formed.target.rule, show=target_shower(formed.figure, setting.rules), scope=setting.above)
    )


def _completion(formed: Formed, setting: Setting) -> Phrase | None:
    if formed.target is None or formed.value is None:
        return None
    if formed.target.kind in _OF_RATES or formed.figure.unit == "%":
        return _rate_reached(formed, setting)
    shown = _aim(formed, setting)
    how = (
        say.fulfilment_words if setting.period.is_whole_year and formed.value >= setting.rules.over_fulfilled else None
    )
    return (how or say.completion_words)(rate=formed.value, target=shown, rules=setting.rules)


def _aim(formed: Formed, setting: Setting) -> str:
    """What was to be reached, as it stands in brackets: 95家, 增长8%."""
    target = formed.target
    if target is None or target.low is None:
        return ""
    show = target_shower(formed.figure, setting.rules)
    if target.kind in (TargetKind.GROWTH, TargetKind.SHARE, TargetKind.COVERAGE):
        return say.target_value(target.rule, show=show, scope=setting.above).removesuffix("以上")
    return show(target.low)


#: targets that are themselves rates: nobody says that 102.4 % of 增长11% was done
_OF_RATES = frozenset({TargetKind.GROWTH, TargetKind.SHARE, TargetKind.COVERAGE, TargetKind.RANK})


def _rate_reached(formed: Formed, setting: Setting) -> Phrase | None:
    target = _target(formed, setting)
    if target is None or formed.reached is None:
        return None
    if formed.reached:
        return Phrase(f"达到年度目标（{target}）", Tone.UP)
    if formed.gap and formed.target and formed.target.kind not in _OF_RATES:
        return Phrase(
            f"与年度目标（{target}）相差{say.percentage_points(formed.gap, precision=formed.figure.precision)}",
            Tone.DOWN,
        )
    return Phrase(f"未达到年度目标（{target}）", Tone.DOWN)


def _pace(formed: Formed, setting: Setting) -> Phrase | None:
    """Said only while the year runs and the target is not reached."""
    if setting.period.is_whole_year or formed.reached or formed.value is None:
        return None
    return say.pace_words(pace=formed.value, rules=setting.rules)


def _rank(formed: Formed, setting: Setting) -> Phrase | None:
    if formed.rank is None or formed.ranks_differ:
        return None
    return say.rank_words(position=formed.rank, scope=setting.above, lead="并列居" if formed.tied else "居")


def _moved(formed: Formed, setting: Setting) -> Phrase | None:
    if not formed.value:
        return None
    steps = int(formed.value)
    return Phrase(f"较上年{'前移' if steps > 0 else '后移'}{abs(steps)}位", Tone.UP if steps > 0 else Tone.DOWN)


def _streak(formed: Formed, setting: Setting) -> Phrase | None:
    held = {"growth": "保持增长", "rank1": f"居{setting.above}首位"}.get(formed.reference.argument or "growth", "达标")
    return say.streak_words(length=formed.years or 0, held=held)


def _first_over(formed: Formed, setting: Setting) -> Phrase | None:
    if formed.threshold is None:
        return None
    outcome = FirstOver.FIRST if formed.first else FirstOver.OVER_UNKNOWN
    threshold = shower(formed.figure, setting.rules)(formed.threshold)
    return say.first_over_words(outcome=outcome, threshold=_ROUND.sub("", threshold))


def _entered(formed: Formed, setting: Setting) -> Phrase | None:
    return Phrase(shower(formed.figure, setting.rules)(formed.value)) if formed.value else None


def _sum(formed: Formed, setting: Setting) -> Phrase | None:
    """A sum over years; a year without anything most likely lies before the records begin."""
    known = len(formed.operands) < 2 or all(one.value for one in formed.operands)
    return _entered(formed, setting) if known and not formed.missing else None


def _compound(formed: Formed, setting: Setting) -> Phrase | None:
    countable = formed.figure.unit not in ("元", "%")
    if countable and formed.before is not None and formed.before < setting.rules.small_base:
        return None
    return say.yearly_growth_words(formed.value, rules=setting.rules)


def _per_ten_thousand(formed: Formed, setting: Setting) -> Phrase | None:
    if not formed.value:
        return None
    return Phrase(say.quantity(formed.value, unit=formed.figure.unit, precision=2))


def _against_average(formed: Formed, setting: Setting) -> Phrase | None:
    show = None if formed.unit in ("%", "个百分点") else shower(formed.figure, setting.rules)
    return say.average_words(distance=formed.value, average=f"{setting.above}平均", show=show, rules=setting.rules)


def _without_largest(formed: Formed, setting: Setting) -> Phrase | None:
    if not formed.names or formed.value is None:
        return None
    largest = say.joined([short(one) for one in formed.names])
    return say.without_largest_words(
        value=formed.value, largest=largest, name=formed.figure.name, show=shower(formed.figure, setting.rules)
    )


def _parts(formed: Formed, setting: Setting) -> Phrase | None:
    show = shower(formed.figure, setting.rules)
    text = say.parts_words([(part.name, part.value) for part in formed.parts], show=show, complete=formed.complete)
    return Phrase(text) if len(formed.parts) > 1 and text else None


#: what the rows of an indicator are called where their titles are listed
NOUNS = {"policy": "政策文件", "honour": "荣誉", "award": "成果", "achievement": "成果", "platform": "平台",
         "patent": "专利", "coop": "合作", "incubator": "载体", "popular": "科普活动",
         "farm": "农村实用技术培训"}  # fmt: skip


def _names(formed: Formed, setting: Setting) -> Phrase | None:
    """甲、乙等4家企业; documents and titles between their marks, with what they are: 《甲》《乙》等4份政策文件."""
    figure = formed.figure
    if not formed.names or not formed.value or figure.unit in ("元", "%"):
        return None
    theme = figure.code.partition(".")[0]
    titled = formed.reference.argument == "title"
    if titled:
        mark = say.title if theme == "policy" else say.quoted
        names, noun, sign = [mark(wide(one.name)) for one in formed.names], NOUNS.get(theme, ""), ""
    else:
        names, noun, sign = (
            [short(one) for one in formed.names],
            _kind_of_party(figure.name) if figure.unit == "家" else "",
            "、",
        )
    names = list(dict.fromkeys(names))[: setting.rules.names_listed]
    total = int(formed.value)
    if titled and total == 1:
        return Phrase(names[0] + (noun if theme == "honour" else ""))
    left_out = "等" if total > len(names) else ""
    if not left_out and total == 1:
        return Phrase(names[0])
    return Phrase(f"{sign.join(names)}{left_out}{total}{figure.unit}{noun}")


def _kind_of_party(name: str) -> str:
    return "企业" if "企业" in name else "单位"


def short(one: Named) -> str:
    """The registered short name, else the name without its legal form."""
    return one.short or core_name(one.name) or one.name


_SPEAKERS: dict[Form, Callable[[Formed, Setting], Phrase | None]] = {
    Form.VALUE: _value,
    Form.ROUGH: _rough,
    Form.GROWTH: _growth,
    Form.DIFFERENCE: _difference,
    Form.NET: _net,
    Form.POINTS: _points,
    Form.SHARE: _share,
    Form.TARGET: _target,
    Form.COMPLETION: _completion,
    Form.PACE: _pace,
    Form.RANK: _rank,
    Form.RANK_MOVED: _moved,
    Form.STREAK: _streak,
    Form.FIRST_OVER: _first_over,
    Form.ENTERED: _entered,
    Form.LEFT: _entered,
    Form.SUM: _sum,
    Form.COMPOUND_GROWTH: _compound,
    Form.PER_TEN_THOUSAND: _per_ten_thousand,
    Form.AGAINST_AVERAGE: _against_average,
    Form.WITHOUT_LARGEST: _without_largest,
    Form.PARTS: _parts,
    Form.NAMES: _names,
}
