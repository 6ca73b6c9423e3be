"""The filter of the audit page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from keshu.bureau.desk.queries import Wanted
from keshu.bureau.pages.registry import verb_name


class AuditFilter(forms.Form):
    person = forms.CharField(label=_("操作人"), required=False, max_length=50)
    verb = forms.ChoiceField(label=_("操作"), required=False)
    subject = forms.CharField(label=_("对象或事由"), required=False, max_length=100)
    since = forms.DateField(label=_("自"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, verbs: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("全部")), *((verb, verb_name(verb)) for verb in verbs)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            raise ValidationError(_("起始日期晚于截止日期，请对调"))
        return data

    def wanted(self) -> Wanted:
        """What was asked for; a filter that cannot be read cuts nothing and says so on the page."""
        return Wanted(**self.cleaned_data) if self.is_valid() else Wanted()
