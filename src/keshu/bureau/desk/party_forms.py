"""Forms of the pages of organisations and places."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keshu.bureau.places.models import Place

DAY = {"type": "date"}


def _places() -> Any:
    return Place.objects.order_by("order", "code")


class PartyFilter(forms.Form):
    q = forms.CharField(label=_("名称、曾用名或信用代码"), required=False, max_length=100)
    place = forms.ModelChoiceField(
        label=_("属地"), queryset=Place.objects.none(), required=False, to_field_name="code", empty_label=_("全部")
    )
    state = forms.ChoiceField(
        label=_("登记情况"),
        required=False,
        choices=[("", _("全部")), ("confirmed", _("已核实")), ("provisional", _("待核实")), ("withdrawn", _("已撤回"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = _places()


class PartyForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=200, help_text=_("以营业执照或登记证书上的全称为准"))
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    place = forms.ModelChoiceField(label=_("属地"), queryset=Place.objects.none(), required=False, to_field_name="code")
    reason = forms.CharField(label=_("事由"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = _places()


class RenameForm(forms.Form):
    name = forms.CharField(label=_("新名称"), max_length=200)
    on = forms.DateField(label=_("更名日期"), widget=forms.DateInput(DAY))
    reason = forms.CharField(label=_("事由"), max_length=200, help_text=_("如：市场监管部门核准变更登记"))


class MergeForm(forms.Form):
    target = forms.CharField(label=_("并入"), max_length=200, help_text=_("保留的那一家的统一社会信用代码或全称"))
    reason = forms.CharField(label=_("事由"), max_length=200)


class ConfirmForm(forms.Form):
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18)
    place = forms.ModelChoiceField(
        label=_("属地"), queryset=Place.objects.none(), required=False, to_field_name="code", empty_label=_("不变")
    )
    reason = forms.CharField(label=_("事由"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = _places()


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("事由"), max_length=200)


class PlaceForm(forms.Form):
    code = forms.CharField(label=_("区划代码"), max_length=20, help_text=_("GB/T 2260 代码；乡镇九位"))
    name = forms.CharField(label=_("名称"), max_length=60)
    kind = forms.ChoiceField(label=_("种类"), choices=Place.Kind.choices)
    parent = forms.ModelChoiceField(
        label=_("上级"), queryset=Place.objects.none(), required=False, to_field_name="code"
    )
    aliases = forms.CharField(label=_("别名"), max_length=200, required=False, help_text=_("多个用顿号分开"))
    since = forms.DateField(label=_("自何日起"), widget=forms.DateInput(DAY))
    reason = forms.CharField(label=_("依据"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = _places()


class MoveForm(forms.Form):
    parent = forms.ModelChoiceField(label=_("新上级"), queryset=Place.objects.none(), to_field_name="code")
    on = forms.DateField(label=_("自何日起"), widget=forms.DateInput(DAY))
    reason = forms.CharField(label=_("依据"), max_length=200, help_text=_("如：民政部门批复文号"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = _places()


class EndForm(forms.Form):
    on = forms.DateField(label=_("最后一日"), widget=forms.DateInput(DAY))
    reason = forms.CharField(label=_("依据"), max_length=200)
