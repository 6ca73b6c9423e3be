"""Targets in words: what the plan for next year promises."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import assert_never

from keshu.kernel.measure.targets import Target, TargetKind
from keshu.kernel.prose.amounts import number, trimmed
from keshu.kernel.prose.changes import Printer

_UNIT = re.compile(r"[^\d.]*$")


def target_value(target: Target, *, show: Printer, issuer: str = "上级", scope: str = "全省") -> str:
    """The value part: 20家以上, 3—5项, 20项左右, 增长10%以上, 占比达40%, 覆盖率95%, 零的突破, 全面完成省下达任务.

    Percent targets print without trailing zeros; ranges print a common unit once.
    """
    value = target.value if target.value is not None else Decimal(0)
    match target.kind:
        case TargetKind.EXACT:
            return show(value)
        case TargetKind.AT_LEAST:
            return f"{show(value)}以{'上' if target.direction == 'higher' else '内'}"
        case TargetKind.RANGE:
            return _range(show(value), show(target.upper or value))
        case TargetKind.ABOUT:
            return f"{show(value)}左右"
        case TargetKind.GROWTH:
            return f"增长{_percent(value)}以上" if value > 0 else "不低于上年"
        case TargetKind.SHARE:
            return f"占比达{_percent(value)}"
        case TargetKind.COVERAGE:
            return f"覆盖率{_percent(value)}"
        case TargetKind.RANK:
            return f"进入{scope}前{number(value)}位"
        case TargetKind.ZERO_BREAK:
            return "零的突破"
        case TargetKind.AS_HANDED_DOWN:
            return f"全面完成{issuer}下达任务"
        case _:
            assert_never(target.kind)


def target_words(
    target: Target,
    *,
    name: str,
    show: Printer,
    verb: str = "",
    issuer: str = "上级",
    scope: str = "全省",
) -> str:
    """A clause of the plan: 新增高新技术企业20家以上, 技术合同成交额增长10%以上, 省级奖励实现零的突破."""
    value = target_value(target, show=show, issuer=issuer, scope=scope)
    match target.kind:
        case TargetKind.ZERO_BREAK:
            return f"{name}实现{value}"
        case TargetKind.RANK:
            return f"{name}{value}"
        case TargetKind.AS_HANDED_DOWN:
            return f"{value.removesuffix('任务')}的{name}任务"
        case TargetKind.GROWTH | TargetKind.SHARE | TargetKind.COVERAGE:
            return f"{name}{value}"
    return f"{verb}{name}{'' if verb else '达'}{value}"


def two_level_target(*, ensure: str, strive: str) -> str:
    """确保20家，力争25家."""
    return f"确保{ensure}，力争{strive}"


def long_range(*, year: int, name: str, value: str) -> str:
    """到2030年，力争有效高新技术企业达150家."""
    return f"到{year}年，力争{name}达{value}"


def _range(low: str, high: str) -> str:
    unit = _UNIT.search(low)
    shared = unit[0] if unit and unit[0] and high.endswith(unit[0]) else ""
    return f"{low.removesuffix(shared)}—{high}"


def _percent(value: Decimal) -> str:
    return trimmed(value, precision=2) + "%"
