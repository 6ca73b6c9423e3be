"""Forms for sources and received values."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.statistics.models import Heading, Status
from keshu.bureau.statistics.services import SourceSpec, ValueSpec
from keshu.kernel.measure.period import BadPeriod, Period
from keshu.kernel.typed import read_number, read_unit


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SourceForm(forms.Form):
    """What a document says of itself."""

    issuer = forms.CharField(label=_("发文单位"), max_length=100)
    title = forms.CharField(label=_("文件名称"), max_length=200)
    number = forms.CharField(label=_("文号"), max_length=80, required=False)
    cut_off = forms.DateField(label=_("数据截止日"), widget=DateInput())
    obtained_on = forms.DateField(label=_("取得日期"), widget=DateInput())
    status = forms.ChoiceField(label=_("数据性质"), choices=Status.choices, initial=Status.FLASH)
    release = forms.ChoiceField(
        label=_("公开程度"), choices=Heading.Release.choices, initial=Heading.Release.INTERNAL,
        help_text=_("未公布的数不会写入对外文本"),
    )  # fmt: skip
    note = forms.CharField(label=_("备注"), max_length=300, required=False)
    file = forms.FileField(label=_("原件"), required=False, help_text=_("扫描件、PDF 或表格"))

    @property
    def spec(self) -> SourceSpec:
        return SourceSpec(**{name: self.cleaned_data[name] for name in SourceSpec.__dataclass_fields__})


class BulletinForm(SourceForm):
    """A bulletin as a matrix of places by indicators; its heading and file come together."""

    period = forms.CharField(
        label=_("数据期间"), required=False, help_text=_("如 2026-01..2026-10、2025；留空则从表题中读取")
    )
    place = forms.ChoiceField(label=_("表中“全市”“合计”所指区划"), required=False)
    file = forms.FileField(label=_("通报表格"), help_text=_("xlsx、xls、ods 或 csv：一行一个区划，一列一个指标"))
    field_order = (
        "file", "period", "place", "issuer", "title", "number", "cut_off", "obtained_on", "status", "release", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, places: tuple[tuple[str, str], ...], whole: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whole = whole
        self.fields["place"].choices = places
        self.fields["place"].initial = whole

    def clean_place(self) -> str:
        return self.cleaned_data["place"] or self.whole

    def clean_period(self) -> Period | None:
        return _period(self.cleaned_data["period"])


def _period(text: str) -> Period | None:
    if not text.strip():
        return None
    try:
        return Period.parse(text)
    except BadPeriod as error:
        raise forms.ValidationError(str(error)) from error


class ValueForm(forms.Form):
    """One value of a document, in the unit that the person chooses to type."""

    indicator = forms.CharField(
        label=_("指标"), help_text=_("名称、别名或代码"), widget=forms.TextInput(attrs={"list": "indicators"})
    )
    place = forms.ChoiceField(label=_("区划"))
    period = forms.CharField(label=_("期间"), help_text=_("如 2025、2026-01..2026-10"))
    value = forms.CharField(label=_("数值"), required=False, help_text=_("可带单位，如 12.5亿元；只通报位次时留空"))
    rank = forms.IntegerField(label=_("位次"), required=False, min_value=1)
    rank_of = forms.IntegerField(label=_("参加排位数"), required=False, min_value=1)
    average = forms.CharField(label=_("上级平均"), required=False)
    growth = forms.DecimalField(label=_("同比(%)"), required=False)
    cell = forms.CharField(label=_("页码或单元格"), required=False, max_length=120)

    def __init__(self, *args: Any, places: tuple[tuple[str, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places

    def clean_indicator(self) -> str:
        text = self.cleaned_data["indicator"].strip()
        found = [
            one.code
            for one in site_catalogue().indicators.values()
            if text in (one.code, one.name) or text in one.aliases
        ]
        if not found:
            raise forms.ValidationError(gettext("指标库中没有“%(text)s”，请从列表中选择") % {"text": text})
        return found[0]

    def clean_period(self) -> Period:
        period = _period(self.cleaned_data["period"])
        if period is None:
            raise forms.ValidationError(gettext("请填写期间"))
        return period

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code = data.get("indicator")
        for name in ("value", "average"):
            if code and data.get(name):
                data[name] = self._number(name, data[name], code)
        if data.get("value") in (None, "") and data.get("rank") is None and data.get("growth") is None:
            self.add_error("value", gettext("数值、位次、同比至少填一项"))
        return data

    def _number(self, name: str, text: str, code: str) -> Decimal | None:
        """In the base unit; a bare number is taken in the printed unit, as people read it."""
        indicator = site_catalogue().indicators[code]
        shown = indicator.print_unit or indicator.unit
        read = read_number(text, unit=shown if read_unit(shown).factor != 1 else "")
        if read.problem is not None:
            self.add_error(name, f"{read.problem.message}，{read.problem.remedy}")
        return read.value

    @property
    def spec(self) -> ValueSpec:
        data = self.cleaned_data
        value, average = (None if data[name] == "" else data[name] for name in ("value", "average"))
        return ValueSpec(
            indicator=data["indicator"], place=data["place"], period=data["period"], value=value, average=average,
            rank=data["rank"], rank_of=data["rank_of"], growth=data["growth"], cell=data["cell"],
        )  # fmt: skip


class ReasonForm(forms.Form):
    """Why; every act that takes something away asks for it."""

    reason = forms.CharField(label=_("原因"), max_length=300)


class SourceFilter(forms.Form):
    """The filter above the list of sources."""

    q = forms.CharField(label=_("文件、文号或单位"), required=False)
    release = forms.ChoiceField(
        label=_("公开程度"), required=False, choices=[("", _("全部")), *Heading.Release.choices],
    )  # fmt: skip
    status = forms.ChoiceField(label=_("数据性质"), required=False, choices=[("", _("全部")), *Status.choices])
