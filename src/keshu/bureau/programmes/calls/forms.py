"""Forms of calls: the filter, the call itself, extension, reasons."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keshu.bureau.programmes.calls.services import OPEN_COLUMNS, CallSpec
from keshu.bureau.programmes.models import Call
from keshu.catalogue.schema.programme import Programme

Choices = Sequence[tuple[str, str]]
STATES = (
    ("", gettext_lazy("全部")), ("open", gettext_lazy("受理中")), ("coming", gettext_lazy("即将开始")),
    ("closed", gettext_lazy("已截止")), ("draft", gettext_lazy("起草中")), ("cancelled", gettext_lazy("已取消")),
)  # fmt: skip
MINUTE = "%Y-%m-%dT%H:%M"


def minute_field(label: Any, **options: Any) -> forms.DateTimeField:
    """A moment to the minute, typed in Shanghai time."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MINUTE, "%Y-%m-%d %H:%M"], **options)


class CallFilter(forms.Form):
    """State, year, programme and section. A slip in one of them cuts nothing."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), choices=STATES, required=False)
    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int, required=False, empty_value=None)
    programme = forms.ChoiceField(label=gettext_lazy("申报事项"), required=False)
    section = forms.ChoiceField(label=gettext_lazy("主管科室"), required=False)

    def __init__(self, *args: Any, years: Sequence[int], programmes: Choices, sections: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("全部")), *((year, str(year)) for year in years)]
        self.fields["programme"].choices = [("", _("全部")), *programmes]
        self.fields["section"].choices = [("", _("全部")), *((one, one) for one in sections)]

    def said(self) -> dict[str, Any]:
        """What was chosen; fields that cannot be read say nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields if self.cleaned_data.get(name)}


class CallForm(forms.ModelForm):
    """A call. Place is a choice of those in which the person may open calls."""

    place = forms.ChoiceField(label=gettext_lazy("区划"))
    section = forms.ChoiceField(label=gettext_lazy("主管科室"))
    opens_at = minute_field(gettext_lazy("开始时间"))
    closes_at = minute_field(gettext_lazy("截止时间"))
    budget = forms.DecimalField(
        label=gettext_lazy("预算（万元）"), required=False, min_value=0, max_digits=12, decimal_places=4
    )
    unit_limit = forms.IntegerField(
        label=gettext_lazy("每单位限报（项）"), required=False, min_value=1, help_text=gettext_lazy("不限的留空")
    )
    person_limit = forms.IntegerField(
        label=gettext_lazy("每人限报（项）"), required=False, min_value=1, help_text=gettext_lazy("不限的留空")
    )
    guide = forms.CharField(
        label=gettext_lazy("申报指南"), required=False, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("空一行分段；条件、材料和时间由系统列出，这里写支持方向和注意事项"),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=gettext_lazy("修改原因"), required=False, max_length=300)

    class Meta:
        model = Call
        fields = (
            "programme", "name", "year", "place", "section", "opens_at", "closes_at", "budget", "unit_limit",
            "person_limit", "basis", "contact", "phone", "guide",
        )  # fmt: skip
        widgets = {"programme": forms.HiddenInput}

    def __init__(self, *args: Any, places: Choices, sections: Sequence[str], published: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places
        self.fields["section"].choices = [(one, one) for one in sections]
        if not published:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
            for name in set(self.Meta.fields) - set(OPEN_COLUMNS):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("截止时间应晚于开始时间"))
        if data.get("budget") is not None:
            data["budget"] = data["budget"] * 10_000
        return data

    def _post_clean(self) -> None:
        """The services write; nothing is put into a model instance here."""

    @property
    def spec(self) -> CallSpec:
        names = CallSpec.__dataclass_fields__
        return CallSpec(**{name: self.cleaned_data[name] for name in names})


def initial_of(call: Call) -> dict[str, Any]:
    """The call as its form shows it: the budget in 万元."""
    names = [name for name in CallSpec.__dataclass_fields__ if name != "place"]
    shown = {name: getattr(call, name) for name in names} | {"place": call.place.code, "seen": call.revision}
    return in_form(shown)


def in_form(shown: dict[str, Any]) -> dict[str, Any]:
    """Values as the form has them: the budget in 万元."""
    budget = shown.get("budget")
    return shown | {"budget": None if budget is None else Decimal(f"{(budget / 10_000).normalize():f}")}


def initial_for(programme: Programme, *, at: datetime) -> dict[str, Any]:
    """A new call of the programme: named for the year, opening tomorrow at nine, closing a month later at 17:30."""
    day = timezone.localtime(at).date()
    opens = timezone.make_aware(datetime.combine(day + timedelta(days=1), time(9)))
    closes = timezone.make_aware(datetime.combine(day + timedelta(days=31), time(17, 30)))
    return {
        "programme": programme.code, "year": day.year, "opens_at": opens, "closes_at": closes,
        "name": _("%(year)s年度%(name)s") % {"year": day.year, "name": programme.name},
        "section": programme.owner, "basis": programme.basis,
    }  # fmt: skip


class ExtensionForm(forms.Form):
    """A later deadline: for all, or for one place, or for one case."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    closes_at = minute_field(gettext_lazy("延期至"))
    place = forms.ChoiceField(
        label=gettext_lazy("只对这个区划"), required=False, help_text=gettext_lazy("对全部申报延期的，两项都不填")
    )
    number = forms.CharField(
        label=gettext_lazy("只对这件申报"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("受理编号；尚未提交的填序号"),
    )
    reason = forms.CharField(label=gettext_lazy("延期原因"), max_length=300)

    def __init__(self, *args: Any, places: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", _("全部")), *places]


class SeenForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)


class CancelForm(SeenForm):
    reason = forms.CharField(label=gettext_lazy("取消原因"), max_length=300)
