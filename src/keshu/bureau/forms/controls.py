"""One control for each field of a definition. Texts stay texts: the readers of imports make values of them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from keshu.catalogue.schema import Field

SAID = ("place", "remark")  # their help speaks about tables
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMBERS = ("money", "quantity", "integer", "number")
EXAMPLES = {"month": "2026-10", "year": "2026"}


class DayInput(forms.TextInput):
    """The browser's own calendar, as on every page; a text that is no day yet stays to be read and mended."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["type"] = "date" if not value or _DAY.fullmatch(str(value)) else "text"
        return context


class PartyInput(forms.TextInput):
    """A text with suggestions from the register; without a script it is a plain text."""

    def __init__(self, suggest: str, code: str) -> None:
        self.suggest, self.code = suggest, code
        super().__init__()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        ident = f"{name}-known"
        wired = {
            "list": ident, "autocomplete": "off", "hx-get": f"{self.suggest}?field={name}",
            "hx-trigger": "input changed delay:300ms", "hx-target": f"#{ident}", "hx-swap": "innerHTML",
        }  # fmt: skip
        control = super().render(name, value, {**(attrs or {}), **wired}, renderer)
        return format_html('{}<datalist id="{}"></datalist>', control, ident)


def control_of(item: Field, *, places: Sequence[tuple[str, str]], suggest: str, kept: bool = False) -> forms.Field:
    """The control of a field. `kept`: a personal value is stored already and stays where nothing is typed."""
    must = item.maps == "place" or (item.required and item.default is None and item.infer is None)
    missing = _("缺少%(name)s；请补填%(name)s") % {"name": item.name}
    words: dict[str, Any] = {
        "label": _label(item), "required": must and not kept, "help_text": _help(item, kept),
        "error_messages": {"required": missing, "invalid_choice": _("“%(value)s”不在可选范围内；请从列表中选择")},
    }  # fmt: skip
    match item.type:
        case "code":
            return forms.ChoiceField(choices=[("", "—"), *((c, one.name) for c, one in item.codes.items())], **words)
        case "bool":
            return forms.ChoiceField(choices=[("", "—"), ("是", _("是")), ("否", _("否"))], **words)
        case "place":
            return forms.ChoiceField(choices=[("", "—"), *places], **words)
        case "longtext":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **words)
        case "party" | "parties":
            return forms.CharField(widget=PartyInput(suggest, item.code), **words)
        case "date":
            return forms.CharField(widget=DayInput(attrs=_attributes(item)), **words)
        case _:
            return forms.CharField(widget=forms.TextInput(attrs=_attributes(item)), **words)


def _label(item: Field) -> str:
    return f"{item.name}（{item.unit or '元'}）" if item.type == "money" or item.unit else item.name


def _help(item: Field, kept: bool) -> str:
    parts = [] if not item.help or item.code in SAID else [item.help]
    if item.type == "parties":
        parts.append(_("多个单位用顿号或分号隔开，第一个为牵头单位"))
    if item.type == "money":
        parts.append(_("可写“120万元”"))
    if kept:
        parts.append(_("已登记，留空不改；填“无”则清除"))
    return "；".join(part.rstrip("。；") for part in parts)


def _attributes(item: Field) -> Mapping[str, str]:
    attributes = {"autocomplete": "off"}
    if item.type in NUMBERS:
        attributes["inputmode"] = "decimal"
    if item.type in EXAMPLES:
        attributes["placeholder"] = _("如 %(example)s") % {"example": EXAMPLES[item.type]}
    return attributes
