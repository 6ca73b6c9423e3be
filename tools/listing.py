"""Writes docs/manual/12-listing.md from the catalogue: every ledger, indicator, parameter, switch, programme, skeleton and check.

Run it after changing a definition: .venv/bin/python tools/listing.py
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from keshu.catalogue import Catalogue, load

TARGET = Path(__file__).resolve().parents[1] / "docs/manual/12-listing.md"
REPORTING = {"continuous": "随时", "monthly": "按月", "yearly": "按年"}
KINDS = {"flow": "流量", "stock": "存量", "ratio": "比率", "formula": "算式", "received": "收到"}
SEVERITY = {"error": "不入库", "warning": "提醒"}
HEAD = """# 12 目录一览

本页由 `tools/listing.py` 从口径目录生成，请勿手改。站点自己增加的定义不在此列，用 `keshu catalogue list` 查看。
"""


def listing(catalogue: Catalogue) -> str:
    """The whole page."""
    parts = (_ledgers, _sources, _indicators, _parameters, _switches, _programmes, _summaries, _checks)
    return HEAD + "".join(f"\n{part}" for make in parts for part in make(catalogue))


def _table(title: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    heads = list(columns)
    lines = [f"## {title}\n", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    yield "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ") or "—"


def _ledgers(catalogue: Catalogue) -> Iterator[str]:
    rows = (
        (f"`{one.code}`", one.name, one.owner, REPORTING[one.reporting], _names(one, one.key), one.help)
        for one in catalogue.ledgers.values()
    )
    return _table("台账", ("代码", "名称", "负责科室", "报送", "关键字段", "说明"), rows)


def _sources(catalogue: Catalogue) -> Iterator[str]:
    rows = (
        (f"`{one.code}`", one.name, "、".join(field.name for field in one.fields), one.help)
        for one in catalogue.sources.values()
    )
    return _table("办理事实", ("代码", "名称", "字段", "说明"), rows)


def _names(ledger: Any, codes: Iterable[str]) -> str:
    return "、".join(field.name for code in codes if (field := ledger.field(code)))


def _indicators(catalogue: Catalogue) -> Iterator[str]:
    rows = (
        (f"`{one.code}`", one.name, one.unit, KINDS[one.kind], one.owner, one.theme)
        for one in catalogue.indicators.values()
    )
    return _table("指标", ("代码", "名称", "单位", "类型", "负责科室", "主题"), rows)


def _parameters(catalogue: Catalogue) -> Iterator[str]:
    rows = (
        (f"`{one.code}`", one.name, one.unit, _value(one.values[-1].value), one.values[-1].basis)
        for one in catalogue.parameters.values()
    )
    return _table("参数", ("代码", "名称", "单位", "最近的值", "依据"), rows)


def _value(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _switches(catalogue: Catalogue) -> Iterator[str]:
    rows = (
        (f"`{one.code}`", one.name, "有" if one.default else "无", one.receives_from, one.help)
        for one in catalogue.switches.values()
    )
    return _table("职能开关", ("代码", "名称", "通常", "没有时数字由谁提供", "说明"), rows)


def _programmes(catalogue: Catalogue) -> Iterator[str]:
    rows = (
        (f"`{one.code}`", one.name, one.owner, "、".join(one.applicants.types if one.applicants else ()), one.help)
        for one in catalogue.programmes.values()
        if not one.abstract
    )
    return _table("申报事项", ("代码", "名称", "负责科室", "申报主体", "说明"), rows)


def _summaries(catalogue: Catalogue) -> Iterator[str]:
    rows = ((f"`{one.code}`", one.name) for one in catalogue.summaries.values() if not one.abstract)
    return _table("总结类型", ("代码", "名称"), rows)


def _checks(catalogue: Catalogue) -> Iterator[str]:
    rows = (
        (f"`{check.code}`", ledger.name, SEVERITY[check.severity], check.message, check.remedy)
        for ledger in catalogue.ledgers.values()
        for check in ledger.checks
    )
    return _table("台账核对规则", ("代码", "台账", "结果", "情形", "改法"), rows)


if __name__ == "__main__":
    TARGET.write_text(listing(load()), encoding="utf-8")
    print(f"{TARGET} 已更新", file=sys.stderr)
