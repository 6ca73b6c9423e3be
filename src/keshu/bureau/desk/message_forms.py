"""Forms of the outbox."""

from django import forms
from django.utils.translation import gettext_lazy as _

from keshu.bureau.outbox.models import Message


class OutboxFilter(forms.Form):
    q = forms.CharField(label=_("标题或收件人"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *Message.State.choices])
    channel = forms.ChoiceField(label=_("方式"), required=False, choices=[("", _("全部")), *Message.Channel.choices])
    batch = forms.CharField(label=_("批次"), required=False, max_length=40, help_text=_("如 batch:12"))


class ChosenForm(forms.Form):
    """Messages ticked in the list, and why."""

    reason = forms.CharField(label=_("事由"), max_length=200, error_messages={"required": _("请填写事由")})
    ids = forms.TypedMultipleChoiceField(coerce=int, error_messages={"required": _("请先勾选消息")})

    def __init__(self, data: dict, ids: list[int]) -> None:
        super().__init__(data)
        self.fields["ids"].choices = [(str(pk), pk) for pk in ids]
