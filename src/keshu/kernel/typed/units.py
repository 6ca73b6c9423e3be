"""Units as people write them: a magnitude (万, 亿) and what is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from keshu.kernel.numerals import multiplier
from keshu.kernel.width import half_width, no_spaces

_ALIASES = {
    "㎡": "平方米", "m2": "平方米", "m²": "平方米", "平米": "平方米", "平方": "平方米", "元整": "元",
    "元人民币": "元", "圆": "元", "rmb": "元", "人民币": "元", "块": "元", "人(次)": "人次", "人/次": "人次",
    "项(人)": "项", "％": "%", "百分点": "个百分点", "pct": "%", "美金": "美元", "usd": "美元", "km": "公里",
    "kg": "千克", "公斤": "千克", "t": "吨",
}  # fmt: skip
MONEY = frozenset(["元", "美元", "欧元", "港元", "日元", "英镑"])
PERCENT = frozenset(["%", "个百分点", "‰", "成"])
_COUNTS = """家 个 项 件 名 人 人次 家次 次 场 场次 期 篇 本 册 种 类 批 批次 份 条 台 套 户 村
    所 处 位 支 只 头 座 间 组 队 对 天 年 月 日 号 课题 企业 单位 乡镇 点 份次 场(次) 台套 台(套)"""
COUNTS = frozenset(_COUNTS.split())
_WHOLE = ("千瓦时", "千瓦", "千克", "千米", "千伏", "百分点")
_SHAPE = re.compile(r"([十百千万亿]*)(.*)")


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` times `base`: 万元 is 10,000 元, 千 is 1,000 of nothing named."""

    factor: Decimal
    base: str

    @property
    def is_money(self) -> bool:
        return self.base in MONEY

    @property
    def is_percent(self) -> bool:
        return self.base in PERCENT

    @property
    def is_count(self) -> bool:
        return self.base in COUNTS


def read_unit(text: str) -> Unit:
    """Take a unit apart; ‰ and 成 become percent. Anything is a unit of its own name: the caller judges the name."""
    plain = no_spaces(half_width(text)).lower()
    plain = _ALIASES.get(plain, plain)
    if plain in ("‰", "成"):
        return Unit(Decimal("0.1") if plain == "‰" else Decimal(10), "%")
    if plain.startswith(_WHOLE):
        return Unit(Decimal(1), plain)
    found = _SHAPE.fullmatch(plain)
    if not found:
        return Unit(Decimal(1), plain)
    base = _ALIASES.get(found[2], found[2])
    return Unit(Decimal(multiplier(found[1]) or 1), base)
