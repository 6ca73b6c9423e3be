"""Definitions as the catalogue pages show them: lines of a list, facts of one definition. Words, no markup."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keshu.catalogue import describe
from keshu.catalogue.loader import Catalogue
from keshu.catalogue.schema import Definition, Indicator, Ledger, Parameter

KINDS: dict[str, str | Promise] = {
    "indicators": gettext_lazy("指标"),
    "ledgers": gettext_lazy("台账"),
    "sources": gettext_lazy("办理事实"),
    "programmes": gettext_lazy("申报事项"),
    "parameters": gettext_lazy("参数"),
    "switches": gettext_lazy("职能开关"),
    "summaries": gettext_lazy("总结提纲"),
    "phrases": gettext_lazy("用语"),
    "checks": gettext_lazy("核校规则"),
}
INDICATOR_KINDS: dict[str, str | Promise] = {
    "flow": gettext_lazy("时期数"),
    "stock": gettext_lazy("时点数"),
    "ratio": gettext_lazy("比率"),
    "formula": gettext_lazy("推算"),
    "received": gettext_lazy("外部来数"),
}


@dataclass(frozen=True)
class Line:
    code: str
    name: str
    theme: str
    owner: str
    note: str
    version: int


def lines(catalogue: Catalogue, kind: str, *, text: str = "", theme: str = "") -> list[Line]:
    """The definitions of a kind whose name, alias or code holds the text, by theme and in the order of their files."""
    found = [_line(model) for model in _models(catalogue, kind) if _fits(model, text)]
    return [line for line in found if not theme or line.theme == theme]


def themes(catalogue: Catalogue, kind: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (getattr(model, "theme", "") for model in _models(catalogue, kind)))))


def _models(catalogue: Catalogue, kind: str) -> Iterable[Definition]:
    return getattr(catalogue, kind).values()


def _fits(model: Definition, text: str) -> bool:
    wanted = text.strip().lower()
    names = (model.name, model.code, *getattr(model, "aliases", ()))
    return not wanted or any(wanted in name.lower() for name in names)


def _line(model: Definition) -> Line:
    return Line(
        code=model.code,
        name=model.name,
        theme=getattr(model, "theme", ""),
        owner=getattr(model, "owner", ""),
        note=_note(model),
        version=model.version,
    )


def _note(model: Definition) -> str:
    if isinstance(model, Indicator):
        return f"{INDICATOR_KINDS[model.kind]} · {model.unit}"
    if isinstance(model, Ledger):
        return _("%(n)s 个字段") % {"n": len(model.fields)}
    if isinstance(model, Parameter):
        return " ".join(filter(None, [str(model.values[0].value), model.unit]))
    return model.help


def facts(catalogue: Catalogue, model: Definition) -> list[tuple[str, str]]:
    """What is worth knowing about a definition at a glance, as pairs; empty values are left out."""
    pairs: list[tuple[str, Any]] = [
        (_("代码"), model.code),
        (_("版本"), model.version),
        (_("主题"), getattr(model, "theme", "")),
        (_("责任科室"), getattr(model, "owner", "")),
        (_("别名"), "、".join(getattr(model, "aliases", ()))),
        (_("依据"), getattr(model, "basis", "")),
    ]
    if isinstance(model, Indicator):
        pairs += _indicator_facts(catalogue, model)
    if isinstance(model, Ledger):
        pairs.append((_("主键"), "、".join(field.name for field in model.fields if field.code in model.key)))
    return [(label, str(value)) for label, value in pairs if value not in ("", None)]


def _indicator_facts(catalogue: Catalogue, model: Indicator) -> list[tuple[str, Any]]:
    return [
        (_("类型"), INDICATOR_KINDS[model.kind]),
        (_("计量单位"), model.unit),
        (_("取自台账"), _ledger_name(catalogue, model)),
        (_("分子"), _indicator_name(catalogue, model.numerator)),
        (_("分母"), _indicator_name(catalogue, model.denominator)),
        (_("算式"), model.formula),
        (_("来数单位"), model.issuer),
        (_("可得时间"), _("期后 %(n)s 天") % {"n": model.available.days} if model.available.days else _("期末即得")),
        (_("保留小数"), model.precision),
        (_("启用日期"), model.valid_from),
        (_("停用日期"), model.valid_to),
    ]


def _ledger_name(catalogue: Catalogue, model: Indicator) -> str:
    return catalogue.countable[model.facts.ledger].name if model.facts else ""


def _indicator_name(catalogue: Catalogue, code: str | None) -> str:
    return catalogue.indicators[code].name if code in catalogue.indicators else code or ""


def source_text(model: Definition) -> str:
    """The whole definition as YAML, as an overlay would write it."""
    return yaml.safe_dump(describe(model), allow_unicode=True, sort_keys=False, width=100)
