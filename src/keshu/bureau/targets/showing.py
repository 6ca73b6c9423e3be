"""Targets on a screen: in the indicator's printed unit, in the words of a plan."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keshu.bureau.pages.registry import verb_name
from keshu.bureau.targets.models import Kind, TargetRevision
from keshu.bureau.targets.progress import AMOUNTS, Aim, Branch, Concern, Progress
from keshu.bureau.targets.rules import direction_of, rule_of
from keshu.bureau.targets.writing import spec_of
from keshu.catalogue import Indicator
from keshu.kernel.measure.arithmetic import round_to
from keshu.kernel.measure.targets import Level, TargetKind
from keshu.kernel.prose.aims import target_value
from keshu.kernel.prose.amounts import amount as money
from keshu.kernel.prose.amounts import amount_unit, trimmed
from keshu.kernel.typed import read_unit

MISSING = "—"
KEPT = 4  # decimals that a target keeps on the screen, beyond those of the indicator
LEVELS = {
    Level.STRIVEN: (gettext_lazy("达到争取目标"), "ok"),
    Level.ENSURED: (gettext_lazy("完成确保目标"), "ok"),
    Level.NONE: (gettext_lazy("未达确保目标"), "warn"),
}
TONES = {Concern.BEHIND: "bad", Concern.MISSED: "bad", Concern.BELOW_ACTUAL: "warn", Concern.UNALLOCATED: "warn"}


def name_of(row: TargetRevision, indicator: Indicator) -> str:
    """The indicator's name with the words of its scope: 有效高新技术企业数(含公示)."""
    scope = indicator.scopes.get(row.scope)
    return f"{indicator.name}({scope.says})" if scope else indicator.name


def unit_of(indicator: Indicator) -> str:
    return indicator.print_unit or indicator.unit


def factor_of(indicator: Indicator) -> Decimal:
    """How many base units the printed unit holds."""
    if not indicator.print_unit:
        return Decimal(1)
    return read_unit(indicator.print_unit).factor / read_unit(indicator.unit).factor


def amount(indicator: Indicator, value: Decimal | None) -> str:
    """A value that was set, with its unit and without trailing zeros: 1085件, 5.8亿元, 560万元."""
    if value is None:
        return MISSING
    unit = _unit_for(indicator, value)
    factor = read_unit(unit).factor if indicator.unit == "元" else factor_of(indicator)
    return f"{trimmed(value / factor, precision=KEPT)}{unit}"


def _unit_for(indicator: Indicator, value: Decimal) -> str:
    """Money goes by its size, as in a text; everything else by its definition."""
    return amount_unit(value) if indicator.unit == "元" else unit_of(indicator)


def typed_amount(indicator: Indicator, value: Decimal | None) -> str:
    """The value as a form field shows it: the number alone, money with its unit, since that goes by its size."""
    if value is None:
        return ""
    return amount(indicator, value) if indicator.unit == "元" else trimmed(value / factor_of(indicator), precision=KEPT)


def target_text(row: TargetRevision, indicator: Indicator) -> str:
    """The target in the words of a plan: 20家以上, 3—5项, 增长10%以上, 进入全省前5位."""
    rule = rule_of(spec_of(row), direction_of(indicator))
    if rule.kind is TargetKind.AS_HANDED_DOWN and rule.value is not None:
        return f"{amount(indicator, rule.value)}({Kind(row.kind).label})"
    return target_value(rule, show=lambda value: amount(indicator, value), issuer=row.issuer or _("上级"))


def actual_text(one: Progress) -> str:
    """What is held against the target: a value with its unit, a rate of growth, a rank."""
    if one.actual is None:
        return MISSING
    if one.kind is TargetKind.RANK:
        return _("第 %(n)s 位") % {"n": one.actual}
    if one.kind is TargetKind.GROWTH and one.indicator.unit != "%":
        return f"{round_to(one.actual, 1)}%"
    return _rounded(one.indicator, one.actual)


def last_text(one: Progress) -> str:
    return MISSING if one.last is None else _rounded(one.indicator, one.last)


def _rounded(indicator: Indicator, value: Decimal) -> str:
    """A figure with the decimals of its definition: it has been counted, not set. Money as in a text."""
    if indicator.unit == "元":
        return money(value)
    shown = round_to(value / factor_of(indicator), indicator.precision)
    return f"{shown:,f}{unit_of(indicator)}"


def rate_of(one: Progress) -> Decimal | None:
    return None if one.rate is None else round_to(one.rate, 1)


def pace_text(one: Progress) -> str:
    """超序时进度 / 落后序时进度 in percentage points; "" where pace says nothing."""
    if one.pace is None or one.period is None or one.period.is_whole_year:
        return ""
    points = round_to(one.pace, 1)
    if points >= 0:
        return _("超序时进度 %(points)s 个百分点") % {"points": points}
    return _("落后序时进度 %(points)s 个百分点") % {"points": -points}


def state_of(one: Progress) -> tuple[str, str]:
    """Words and tone of how it stands: the level reached, done or not."""
    if one.level is not None and (one.level is not Level.NONE or one.period is None or one.period.is_whole_year):
        words, tone = LEVELS[one.level]
        return str(words), tone
    if one.period is None:
        return _("尚未开始"), "quiet"
    if one.reached is None:
        return _("暂无数据"), "quiet"
    if one.reached:
        return _("已完成"), "ok"
    return (_("未完成"), "bad") if one.period.is_whole_year else (_("推进中"), "info")


def warnings_of(aim: Aim) -> list[tuple[str, str]]:
    return [(one.text, TONES[one.concern]) for one in aim.warnings]


def elapsed_mark(one: Progress) -> Decimal | None:
    """Where the bar should stand by now; nothing for rates and ranks, which do not grow with time."""
    if one.period is None or one.pace is None:
        return None
    return one.period.elapsed() * 100


def branch_note(branch: Branch) -> str:
    """What of the target nobody has got, or how much more was handed on."""
    if branch.left is None or not branch.left:
        return ""
    words = _("尚有 %(n)s 未分解") if branch.left > 0 else _("分解数多出 %(n)s")
    return words % {"n": amount(branch.progress.indicator, abs(branch.left))}


def is_amount(kind: str) -> bool:
    """The value is typed in the indicator's unit; other kinds are percent numbers or positions."""
    return kind in AMOUNTS or kind == TargetKind.AS_HANDED_DOWN


def value_words(row: TargetRevision, indicator: Indicator) -> str:
    """What a revision said, for the history."""
    tier = row.get_tier_display() if row.tier else ""
    return " ".join(word for word in (tier, target_text(row, indicator)) if word)


def history_events(rows: Iterable[TargetRevision], indicator: Indicator) -> list[dict[str, object]]:
    """The revisions of a target for the timeline, the newest first."""
    return [
        {
            "at": row.known_from, "by": row.act.by_name or row.act.by,
            "title": f"{verb_name(row.act.verb)}：{value_words(row, indicator)}",
            "text": " · ".join(word for word in (row.issuer, row.document, row.act.reason) if word),
            "icon": "x" if row.voided else "target-arrow" if row.number == 1 else "edit",
            "tone": "bad" if row.voided else "quiet",
        }
        for row in rows
    ]  # fmt: skip
