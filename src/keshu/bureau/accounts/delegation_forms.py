"""Forms of the page 请假委托."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keshu.bureau.accounts.delegation import staff
from keshu.bureau.accounts.models import User


class LeaveForm(forms.Form):
    deputy = forms.ModelChoiceField(
        label=_("代办人"), queryset=User.objects.none(), to_field_name="username", empty_label=_("请选择")
    )
    starts_on = forms.DateField(label=_("起始日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("截止日期"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("含当日；回来上班后可以提前终止"),
    )
    reason = forms.CharField(label=_("事由"), max_length=200, help_text=_("如：年休假、出差、参加培训"))

    def __init__(self, username: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = staff().exclude(username=username)
