"""Forms of the pages of money."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from keshu.bureau.money.models import Instalment, Level, Surplus
from keshu.bureau.money.paying import level_name, obstacle, rest_of
from keshu.bureau.money.problems import yuan
from keshu.bureau.money.queries import ALL, OPEN, STATES
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.queries import lookalikes, meant_by
from keshu.bureau.programmes.handling.advising import read_amount
from keshu.bureau.programmes.problems import CaseProblem
from keshu.kernel.typed.hidden import hidden_sign

Choices = Sequence[tuple[Any, str]]


class AmountField(forms.CharField):
    """An amount in 元 as people type it; 万 and 亿 are understood."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            return read_amount(text, str(self.label))
        except CaseProblem as problem:
            raise forms.ValidationError(str(problem)) from problem


def seen_only(text: str) -> None:
    """Refuses signs that nobody sees: two numbers that look alike must be one."""
    if sign := hidden_sign(text):
        raise forms.ValidationError(_("有看不见的字符（%(sign)s），请删去后重新填写") % {"sign": sign})


class TextField(forms.CharField):
    """Typed text of which every sign is seen."""

    default_validators = (seen_only,)


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)


def new_key() -> str:
    """What makes a form one form, however often it is sent."""
    return uuid4().hex


class MoneyFilter(forms.Form):
    """What the ledger of instalments can be cut by; a slip in one of them cuts nothing.

    Where no state is asked for, what is to be paid now comes.
    """

    q = forms.CharField(label=_("编号、名称或单位"), required=False)
    state = forms.ChoiceField(
        label=_("拨付情况"), choices=[(OPEN, _("应拨未拨")), *STATES.items(), (ALL, _("全部"))], required=False
    )
    year = forms.TypedChoiceField(label=_("年度"), coerce=int, required=False)
    call = forms.TypedChoiceField(label=_("申报批次"), coerce=int, required=False)
    place = forms.TypedChoiceField(label=_("区划"), coerce=int, required=False)

    def __init__(
        self, said: Mapping[str, Any], *, calls: Sequence[tuple[int, int, str]], places: Choices, **kwargs: Any
    ) -> None:
        super().__init__({**{name: said[name] for name in said}, "state": said.get("state") or OPEN}, **kwargs)
        every = ("", _("全部"))
        years = sorted({year for _pk, year, _name in calls}, reverse=True)
        self.fields["year"].choices = [every, *((year, str(year)) for year in years)]
        self.fields["call"].choices = [every, *((pk, name) for pk, _year, name in calls)]
        self.fields["place"].choices = [every, *places]

    @property
    def query(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked for besides what is to be paid now."""
        return self.query != {"state": OPEN}


class PartyForm(forms.Form):
    """A form that asks for an organisation: by its code, any of its names, or a part of one; then by a choice.

    `cleaned_data[asked]` is the organisation's key. Nothing is guessed: a part of a name only offers who is meant.
    """

    asked = ""
    MOST = 12

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        text = said.get(self.asked)
        if not text:
            return said
        found = meant_by(text)
        alike = [] if found is not None else lookalikes(text, self.MOST)
        chosen = self.data.get(f"{self.asked}_chosen")
        if found is None and chosen in {str(one.pk) for one in alike}:
            found = int(str(chosen))
        if alike:
            self._offer(text, alike, chosen=found is not None)
        elif found is None:
            self.add_error(self.asked, _("主体库中没有“%(name)s”，请核对名称或统一社会信用代码") % {"name": text})
        said[self.asked] = found
        return said

    def _offer(self, text: str, alike: Sequence[Party], *, chosen: bool) -> None:
        """A choice of those who may be meant, right below the text."""
        choices = [
            (one.pk, " · ".join(filter(None, (one.name, one.uscc, one.place.name if one.place else ""))))
            for one in alike
        ]
        self.fields[f"{self.asked}_chosen"] = forms.ChoiceField(
            label=_("是哪一家"), choices=choices, widget=forms.RadioSelect, required=False
        )
        names = list(self.fields)
        names.insert(names.index(self.asked) + 1, names.pop())
        self.order_fields(names)
        if not chosen:
            said = _("名称或代码含“%(name)s”的有 %(n)s 家，请在下面选择")
            many = _("名称或代码含“%(name)s”的较多，下面列出 %(n)s 家；没有要找的，请写得更全")
            words = {"name": text, "n": len(alike)}
            self.add_error(self.asked, (many if len(alike) == self.MOST else said) % words)


class SeenForm(forms.Form):
    """A form about a case: `seen` is the case as the page showed it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class PaymentForm(forms.Form):
    """One payment of a case; what is left out is what the plan says."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    instalment = forms.ChoiceField(label=_("款项"))
    level = forms.ChoiceField(label=_("资金级次"))
    amount = AmountField(label=_("拨付金额（元）"))
    paid_on = day_field(_("拨付日期"))
    voucher_no = TextField(label=_("国库支付凭证号"), max_length=60)

    def __init__(
        self, *args: Any, rows: Sequence[Instalment], rests: Mapping[str, Decimal], today: date, **kwargs: Any
    ) -> None:
        open_ = [row for row in rows if not obstacle(row)]
        levels = [(level, rest) for level, rest in rests.items() if rest > 0]
        first = min(rest_of(open_[0]), levels[0][1]) if open_ and levels else None
        given = {"key": new_key(), "paid_on": today, "amount": "" if first is None else f"{first:f}"}
        super().__init__(*args, initial=given, **kwargs)
        self.fields["instalment"].choices = [
            (row.pk, _("%(name)s（未拨 %(rest)s 元）") % {"name": row.name, "rest": yuan(rest_of(row))})
            for row in open_
        ]
        self.fields["level"].choices = [
            (level, _("%(name)s（未拨 %(rest)s 元）") % {"name": level_name(level), "rest": yuan(rest)})
            for level, rest in levels
        ]

    @property
    def said(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.cleaned_data.items() if name != "key"}


class PasteForm(forms.Form):
    """Payments of many cases at once: pasted from a sheet, or the sheet of the treasury itself."""

    file = forms.FileField(label=_("国库支付表（xlsx、xls、csv）"), required=False)
    text = forms.CharField(
        label=_("或从 Excel 粘贴"), required=False, widget=forms.Textarea({"rows": 8, "wrap": "off"}),
        help_text=_("要有表头：受理编号或单位名称、金额、拨付日期、凭证号；可有款项、资金级次两列"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("file") and not (found.get("text") or "").strip():
            raise forms.ValidationError(_("请上传表格，或粘贴内容"))
        return found


class ReasonForm(SeenForm):
    """Why; demanded."""

    reason = TextField(label=_("原因"), max_length=300, widget=forms.Textarea({"rows": 2}))


class InstalmentForm(ReasonForm):
    """What is to be done with an instalment by hand."""

    what = forms.ChoiceField(label=_("办理"))
    promised_on = day_field(_("应拨日期"), required=False)
    field_order = ("what", "promised_on", "reason", "seen")

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("what") == "promise" and not found.get("promised_on"):
            self.add_error("promised_on", _("请填写应拨日期"))
        return found


class RecoveryForm(SeenForm):
    amount = AmountField(label=_("应收回金额（元）"))
    reason = TextField(label=_("事由"), max_length=300)
    due_on = day_field(_("应缴回日期"))


class ReceiptForm(SeenForm):
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    amount = AmountField(label=_("缴回金额（元）"))
    received_on = day_field(_("缴回日期"))
    voucher_no = TextField(label=_("缴款凭证号"), max_length=60)


class SurplusForm(SeenForm):
    amount = AmountField(label=_("结余金额（元）"))
    disposal = forms.ChoiceField(label=_("处理"), choices=Surplus.Disposal.choices)
    keep_until = day_field(_("留用至（留用的填）"), required=False)
    note = TextField(label=_("说明"), max_length=300)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("disposal") == Surplus.Disposal.RETURNED and found.get("keep_until"):
            self.add_error("keep_until", _("收回的结余不填留用期限"))
        return found


class TotalForm(SeenForm):
    amount = AmountField(label=_("新的核定金额（元）"))
    day = day_field(_("核定日期"))
    reference = TextField(label=_("依据（文件或会议）"), max_length=200)


class BudgetForm(forms.Form):
    """A line of the budget of a call."""

    level = forms.ChoiceField(label=_("资金级次"), choices=Level.choices, initial=Level.MUNICIPAL)
    year = forms.IntegerField(label=_("预算年度"), min_value=2000, max_value=2100)
    name = TextField(label=_("预算项目"), max_length=120)
    amount = AmountField(label=_("金额（元）"))
