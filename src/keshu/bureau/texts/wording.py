"""What figures and findings are called on pages, in reports and in comments; no Django, so that commands can say it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

CERTAINTIES = {"certain": "确定", "likely": "很可能", "ask": "请确认"}
SEVERITIES = {"error": "错误", "warning": "疑问", "hint": "提示"}
VERDICTS = {
    "agrees": "与台账一致", "differs": "与台账不一致", "agrees_other_date": "与另一时点一致", "several": "有几个可能的指标",
    "not_in_records": "台账中没有",
}  # fmt: skip
EXACT = Decimal(10) ** 20  # beyond that rounding is no help to anybody
KINDS = {
    "count": "数量", "amount": "金额", "ratio": "比率", "growth": "增减", "rank": "位次", "placeholder": "待填",
    "target_change": "目标增减",
}  # fmt: skip
ROLES = {"actual": "实际", "target": "目标", "forecast": "预计"}
APPROX = {"about": "约", "over": "以上", "under": "以下", "range": "区间"}


def number(value: str | None) -> str:
    """A value as people write it: grouped, in 万 or 亿 where it is large; a range with its two ends."""
    if value is None or value == "":
        return "—"
    if ".." in value:
        return " 至 ".join(number(end) for end in value.split("..", 1))
    amount = Decimal(value)
    if abs(amount) >= EXACT:
        return format(amount, "f")
    for scale, word in ((Decimal(100_000_000), "亿"), (Decimal(10_000), "万")):
        if abs(amount) >= scale * 10 or (abs(amount) >= scale and amount % (scale / 100) == 0):
            return f"{_grouped(amount / scale)}{word}"
    return _grouped(amount)


def _grouped(amount: Decimal) -> str:
    shown = round(amount, 4).normalize()
    return f"{shown:,f}"


def said(figure: Mapping[str, Any]) -> str:
    """The value of a figure with its unit: 8.46亿元."""
    unit = figure.get("canonical") or figure.get("unit") or ""
    if figure.get("kind") == "rank" and figure.get("value"):
        return f"第{number(figure['value'])}{unit}"
    return "待填" if figure.get("value") is None else f"{number(figure['value'])}{unit}"


def facts(figure: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was read of a figure, as pairs for a list; what the text does not say is left out."""
    approx = APPROX.get(figure.get("approx", ""), "")
    pairs = [
        ("说的是", figure.get("subject", "")),
        ("数值", f"{said(figure)}{f'（{approx}）' if approx else ''}"),
        ("种类", KINDS.get(figure.get("kind", ""), "")),
        ("期间", figure.get("period", "")),
        ("范围", figure.get("scope", "")),
        ("对比", figure.get("base", "")),
        ("性质", ROLES.get(figure.get("role", ""), "") if figure.get("role") != "actual" else ""),
    ]
    return [(label, text) for label, text in pairs if text]


def comment(finding: Mapping[str, Any]) -> str:
    """A finding as the comment in the margin of a document: statement, arithmetic, remedy."""
    certainty = CERTAINTIES.get(finding["certainty"], finding["certainty"])
    lines = [f"（{certainty}）{finding['statement']}"]
    if finding.get("arithmetic"):
        lines.append(f"算式：{finding['arithmetic']}")
    if finding.get("remedy"):
        lines.append(f"怎么办：{finding['remedy']}")
    return "\n".join(lines)


def disagreement(figure: Mapping[str, Any]) -> str:
    """What the records say against a figure, as a sentence; empty where they do not."""
    verdict = figure.get("verdict") or {}
    if verdict.get("verdict") not in ("differs", "agrees_other_date"):
        return ""
    name, ours = verdict.get("name") or verdict.get("indicator") or "", number(verdict.get("ours"))
    unit = verdict.get("unit") or figure.get("canonical") or figure.get("unit") or ""
    day = verdict.get("as_of") or verdict.get("period")
    when = f"（{day}）" if day else ""
    if verdict["verdict"] == "agrees_other_date":
        return f"与台账中“{name}”另一时点{when}的数一致，请核对截至时间。"
    return f"台账中“{name}”{when}为 {ours}{unit}，相差 {number(verdict.get('difference'))}{unit}。"
