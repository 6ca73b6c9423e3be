"""Forms of the target pages: filters, a target, its breakdown, reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keshu.bureau.targets.models import Kind, TargetRevision, Tier
from keshu.bureau.targets.services import Share, TargetSpec
from keshu.bureau.targets.showing import is_amount, typed_amount, unit_of
from keshu.catalogue import Catalogue, Indicator
from keshu.kernel.measure.targets import TargetKind
from keshu.kernel.typed import read_number

Choices = Sequence[tuple[str, str]]
RATES = _("增长、占比、覆盖率填百分数，位次填整数")
CONCERNS = (("", _("全部")), ("late", _("滞后或未完成")), ("warned", _("有预警")), ("reached", _("已完成")))
STATES = (
    ("", _("全部")), ("running", _("推进中")), ("done", _("已完成")), ("late", _("滞后")), ("silent", _("未更新")),
    ("overdue", _("已逾期")),
)  # fmt: skip


class TargetFilter(forms.Form):
    """Year, place, and what is worth a look. A slip in one of them cuts nothing."""

    year = forms.TypedChoiceField(label=_("年度"), coerce=int, required=False)
    place = forms.ChoiceField(label=_("区划"), required=False)
    concern = forms.ChoiceField(label=_("情况"), choices=CONCERNS, required=False)
    on = forms.DateField(
        label=_("按某日所知"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, years: Iterable[int], places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year}") for year in years]
        self.fields["place"].choices = places


class TaskFilter(forms.Form):
    year = forms.TypedChoiceField(label=_("年度"), coerce=int, required=False)
    place = forms.ChoiceField(label=_("区划"), required=False)
    section = forms.ChoiceField(label=_("责任科室"), required=False)
    source = forms.ChoiceField(label=_("任务来源"), required=False)
    state = forms.ChoiceField(label=_("情况"), choices=STATES, required=False)

    def __init__(
        self, *args: Any, years: Iterable[int], places: Choices, sections: Iterable[str], sources: Iterable[str],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year}") for year in years]
        self.fields["place"].choices = places
        self.fields["section"].choices = [("", _("全部")), *((one, one) for one in sections)]
        self.fields["source"].choices = [("", _("全部")), *((one, one) for one in sources)]


class ValueForm(forms.Form):
    """What a target says; its indicator is known by the subclass, for the unit in which amounts are typed."""

    kind = forms.ChoiceField(label=_("目标类型"), choices=Kind.choices, initial=Kind.AT_LEAST)
    tier = forms.ChoiceField(label=_("档次"), choices=Tier.choices, required=False)
    low = forms.CharField(label=_("目标值"), required=False, max_length=40)
    high = forms.CharField(label=_("上限"), required=False, max_length=40, help_text=_("只有区间目标填写"))
    issuer = forms.CharField(label=_("下达单位"), max_length=100, help_text=_("自行确定的目标填写本单位"))
    document = forms.CharField(label=_("下达文件"), max_length=200, required=False, help_text=_("名称或文号"))
    promised_in = forms.CharField(
        label=_("写入的计划"), max_length=200, required=False, help_text=_("如 2025年工作总结和2026年工作计划")
    )
    weight = forms.DecimalField(label=_("考核权重"), required=False, min_value=0, max_value=100)
    note = forms.CharField(label=_("备注"), max_length=300, required=False)

    def indicator_of(self, data: dict[str, Any]) -> Indicator | None:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        indicator = self.indicator_of(data)
        if indicator is not None and data.get("kind"):
            for name in ("low", "high"):
                data[name] = self._value(name, data.get(name, ""), data["kind"], indicator)
        return data

    def _value(self, name: str, text: str, kind: str, indicator: Indicator) -> Decimal | None:
        """Amounts in the printed unit unless one is typed: 6.5 and 6.5亿元 are the same; rates as percent numbers."""
        if not text.strip():
            return None
        unit = unit_of(indicator) if is_amount(kind) else "%" if kind != TargetKind.RANK else ""
        read = read_number(text, unit=unit)
        if read.problem is not None:
            self.add_error(name, f"{read.problem.message}；{read.problem.remedy}")
        elif read.value is None:
            self.add_error(name, gettext("“%(text)s”不是数值，请填写数字") % {"text": text})
        return read.value

    def said(self) -> dict[str, Any]:
        """The part of a TargetSpec that this form answers for."""
        names = ("kind", "tier", "low", "high", "issuer", "document", "promised_in", "weight", "note")
        return {name: self.cleaned_data[name] for name in names}


class TargetForm(ValueForm):
    """A new target: what it is about, and what it says."""

    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    place = forms.ChoiceField(label=_("区划"))
    indicator = forms.ChoiceField(label=_("指标"))
    section = forms.CharField(
        label=_("科室"), max_length=40, required=False, help_text=_("只由一个科室承担时填写；整个区划的目标不填")
    )
    field_order = ("year", "place", "indicator", "section", "kind", "tier", "low", "high", "issuer", "document")

    def __init__(self, *args: Any, places: Choices, indicators: Iterable[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = {one.code: one for one in indicators}
        self.fields["place"].choices = places
        self.fields["indicator"].choices = [("", _("请选择")), *indicator_choices(self._known.values())]
        self.fields["low"].help_text = _("按指标的单位填写，也可带单位，如 6.5亿元；%(rates)s") % {"rates": RATES}

    def indicator_of(self, data: dict[str, Any]) -> Indicator | None:
        return self._known.get(data.get("indicator", "").partition("|")[0])

    @property
    def spec(self) -> TargetSpec:
        code, _bar, scope = self.cleaned_data["indicator"].partition("|")
        about = {name: self.cleaned_data[name] for name in ("year", "place", "section")}
        return TargetSpec(indicator=code, scope=scope, **about, **self.said())


def indicator_choices(indicators: Iterable[Indicator]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Indicators by theme with their units; a scope of an indicator is a choice of its own: code|scope."""
    themes: dict[str, list[tuple[str, str]]] = {}
    for one in indicators:
        own = themes.setdefault(one.theme, [])
        own.append((one.code, f"{one.name}({unit_of(one)})"))
        unit = unit_of(one)
        own += [(f"{one.code}|{code}", f"{one.name}·{scope.says}({unit})") for code, scope in one.scopes.items()]
    return list(themes.items())


class RevisionForm(ValueForm):
    """An adjustment of a target, with its reason and the state that the editor saw."""

    reason = forms.CharField(label=_("调整依据"), max_length=200, help_text=_("批文号或会议纪要"))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: TargetRevision, indicator: Indicator, **kwargs: Any) -> None:
        self._row, self._indicator = row, indicator
        super().__init__(*args, initial=_shown(row, indicator), **kwargs)
        said = {"unit": unit_of(indicator), "rates": RATES}
        self.fields["low"].help_text = _("单位：%(unit)s；%(rates)s") % said

    def indicator_of(self, data: dict[str, Any]) -> Indicator | None:
        return self._indicator


def _shown(row: TargetRevision, indicator: Indicator) -> dict[str, Any]:
    """The revision as its form shows it: amounts in the printed unit."""
    names = ("kind", "tier", "issuer", "document", "promised_in", "weight", "note")
    shown = {name: getattr(row, name) for name in names} | {"seen": row.number}
    for name in ("low", "high"):
        value = getattr(row, name)
        shown[name] = typed_amount(indicator, value) if is_amount(row.kind) else "" if value is None else f"{value:f}"
    return shown


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("撤回原因"), max_length=200)
    seen = forms.IntegerField(widget=forms.HiddenInput)


@dataclass(frozen=True)
class Place:
    """Who may get a share: a place below, or a section of the place itself."""

    code: str
    name: str
    section: str = ""
    low: Decimal | None = None
    last: str = ""

    @property
    def field(self) -> str:
        return f"share-{self.code}-{self.section}" if self.section else f"share-{self.code}"


class BreakDownForm(forms.Form):
    """A number for each place below and each section; those left empty get nothing new."""

    issuer = forms.CharField(label=_("下达单位"), max_length=100)
    document = forms.CharField(label=_("下达文件"), max_length=200, help_text=_("名称或文号"))
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, places: Sequence[Place], kind: str, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places, self._kind, self._indicator = places, kind, indicator
        for one in places:
            label = one.section or one.name
            initial = typed_amount(indicator, one.low) if is_amount(kind) else one.low
            self.fields[one.field] = forms.CharField(label=label, required=False, initial=initial, help_text=one.last)

    @property
    def place_fields(self) -> list[forms.BoundField]:
        return [self[one.field] for one in self._places if not one.section]

    @property
    def section_fields(self) -> list[forms.BoundField]:
        return [self[one.field] for one in self._places if one.section]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for one in self._places:
            text = (data.get(one.field) or "").strip()
            if not text:
                data[one.field] = None
                continue
            read = read_number(text, unit=unit_of(self._indicator) if is_amount(self._kind) else "%")
            if read.value is None:
                self.add_error(one.field, read.problem.message if read.problem else gettext("请填写数字"))
            data[one.field] = read.value
        if not self.errors and not any(data.get(one.field) is not None for one in self._places):
            raise forms.ValidationError(gettext("请至少填写一个单位的分解数"))
        return data

    @property
    def shares(self) -> list[Share]:
        wanted = ((one, self.cleaned_data.get(one.field)) for one in self._places)
        return [Share(one.code, low, one.section) for one, low in wanted if low is not None]


def sections_of(catalogue: Catalogue) -> list[str]:
    """The sections that answer for something, in the order of the catalogue."""
    owners = (one.owner for kind in (catalogue.ledgers, catalogue.indicators) for one in kind.values())
    return [owner for owner in dict.fromkeys(owners) if owner]
