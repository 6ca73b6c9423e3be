"""Forms of grants under way."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants import accounting, reading
from keshu.bureau.programmes.grants.labelling import Text
from keshu.bureau.programmes.models import CaseReport, ChangeRequest, Credit, Verdict

SPENT = "spent-"


def spent_name(path: str) -> str:
    """The name of the field for a cell of the final account: a colon means something in addresses of fields."""
    return SPENT + path.replace(":", "-")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _long(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DayForm(forms.Form):
    """A day that is not in the future; `today` is handed in."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def not_later(self, name: str) -> date | None:
        day = self.cleaned_data.get(name)
        if day is not None and day > self.today:
            raise forms.ValidationError(gettext("日期不能晚于今天"))
        return day


class MilestoneForm(DayForm):
    day = forms.DateField(label=_("完成日期"), widget=DayInput())
    proof = forms.CharField(label=_("完成依据"), max_length=300, help_text=_("如：样机照片、检测报告编号"))

    def clean_day(self) -> date | None:
        return self.not_later("day")


class ReportForm(forms.Form):
    """A report: its kind and year, what it says, target by target what was delivered; with acceptance what was spent."""

    kind = forms.ChoiceField(label=_("报告种类"), choices=CaseReport.Kind.choices)
    period = forms.CharField(label=_("年度"), max_length=10, required=False, help_text=_("年度报告填四位年份"))
    text = forms.CharField(label=_("报告内容"), max_length=5000, required=False, widget=_long(8))
    file = forms.FileField(label=_("报告文件"), required=False, help_text=_("PDF、Word、OFD 或图片"))

    def __init__(self, *args: Any, case: Case, targets: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.account = case, None
        self.targets = list(targets)
        for number, name in enumerate(self.targets):
            label = gettext("%(name)s：完成值") % {"name": name}
            self.fields[f"target_{number}"] = forms.CharField(label=label, max_length=300, required=False)
        kind = self.data.get("kind") if self.is_bound else self.initial.get("kind")
        if kind == CaseReport.Kind.ACCEPTANCE:
            self._ask_spent()

    def _ask_spent(self) -> None:
        """A field for every cell of the budget; "" where nobody has said yet, for nothing spent is 0."""
        self.account = accounting.account_of(self.case)
        for path, label, note in accounting.cells_of(self.case) if self.account else ():
            said = forms.TextInput({"class": "form-control", "autocomplete": "off", "aria-label": label})
            if not note:
                said.attrs["inputmode"] = "decimal"
            self.fields[spent_name(path)] = forms.CharField(label=label, max_length=300, required=False, widget=said)

    @property
    def tabled(self) -> list[str]:
        """The fields that stand in the table and not in the list of fields."""
        return [name for name in self.fields if name.startswith(SPENT)]

    @property
    def account_rows(self) -> list[tuple[Any, list[tuple[Any, Any]], Any]]:
        """Head by head: its line, each kind of money with its field, the field of words."""
        if self.account is None:
            return []
        codes = accounting.columns_of(accounting.table_of(self.case))  # type: ignore[arg-type]
        return [
            (
                line,
                [
                    (amounts, self[spent_name(accounting.path_of(line.row, one.code))])
                    for amounts, one in zip(line.amounts, codes, strict=True)
                ],
                self[spent_name(accounting.path_of(line.row, accounting.NOTE))],
            )
            for line in self.account.lines
        ]

    @property
    def spent(self) -> dict[str, str]:
        given = {path: self.cleaned_data.get(spent_name(path), "") for path in self._paths()}
        return {path: text for path, text in given.items() if text}

    def _paths(self) -> list[str]:
        return [path for path, _label, _note in accounting.cells_of(self.case)] if self.account else []

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        period = said.get("period", "")
        if said.get("kind") == CaseReport.Kind.ANNUAL and not (period.isdecimal() and len(period) == 4):
            self.add_error("period", gettext("年度报告请填四位年份，如 2026"))
        if said.get("kind") == CaseReport.Kind.ACCEPTANCE and (book := reading.book_of(self.case.application)):
            for path, words in accounting.wrong_in(self.case, book.values, self.spent).items():
                self.add_error(spent_name(path) if path else None, words)
        return said

    @property
    def delivered(self) -> dict[str, str]:
        given = {name: self.cleaned_data.get(f"target_{n}", "") for n, name in enumerate(self.targets)}
        return {name: text for name, text in given.items() if text}


class VisitForm(DayForm):
    on = forms.DateField(label=_("监理日期"), widget=DayInput())
    by = forms.CharField(label=_("监理人员或机构"), max_length=100)
    findings = forms.CharField(label=_("发现的情况"), max_length=3000, widget=_long(5))
    serious = forms.BooleanField(label=_("问题严重"), required=False)
    remedy = forms.CharField(label=_("整改要求"), max_length=1000, required=False, widget=_long())
    due_on = forms.DateField(label=_("整改期限"), required=False, widget=DayInput())

    def clean_on(self) -> date | None:
        return self.not_later("on")


class ClosingForm(forms.Form):
    closing = forms.CharField(label=_("整改完成情况"), max_length=500, widget=_long())


class VerdictForm(DayForm):
    kind = forms.ChoiceField(label=_("结论"), choices=Verdict.Kind.choices)
    office = forms.CharField(label=_("出具部门"), max_length=60, help_text=_("三项结论由三个部门分别出具"))
    result = forms.ChoiceField(label=_("结果"), choices=Verdict.Result.choices)
    points = forms.CharField(
        label=_("绩效得分"), max_length=3, required=False, help_text=_("只有绩效结论要填，0 至 100")
    )
    note = forms.CharField(label=_("意见"), max_length=1000, required=False, widget=_long())
    day = forms.DateField(label=_("出具日期"), widget=DayInput())

    def clean_day(self) -> date | None:
        return self.not_later("day")


class ChangeKindForm(forms.Form):
    kind = forms.ChoiceField(label=_("变更事项"), choices=ChangeRequest.Kind.choices)


class ChangeForm(forms.Form):
    """What stands in the task book and may be changed under this kind, each field with its text of today."""

    reason = forms.CharField(label=_("变更原因"), max_length=2000, widget=_long())

    def __init__(self, *args: Any, texts: Iterable[Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = list(texts)
        for number, one in enumerate(self.texts):
            widget = _long(4) if one.long else forms.TextInput(attrs={"autocomplete": "off"})
            self.fields[f"text_{number}"] = forms.CharField(
                label=one.label, required=False, initial=one.text, max_length=6000, widget=widget, strip=True
            )

    @property
    def after(self) -> dict[str, str]:
        given = {one.path: self.cleaned_data.get(f"text_{n}", "") for n, one in enumerate(self.texts)}
        return {one.path: given[one.path] for one in self.texts if given[one.path] != one.text.strip()}


class CreditForm(forms.Form):
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18)
    level = forms.ChoiceField(label=_("失信程度"), choices=Credit.Level.choices)
    what = forms.CharField(label=_("失信事实"), max_length=300, widget=_long())
    basis = forms.CharField(label=_("依据文件"), max_length=200)
    since = forms.DateField(label=_("认定日期"), widget=DayInput())
    until = forms.DateField(label=_("限制申报至"), required=False, widget=DayInput(), help_text=_("不限制申报的留空"))
