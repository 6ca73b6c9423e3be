"""Forms of the account pages."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from keshu.bureau.accounts.models import UNIT_ROLES, Membership, SignIn, User
from keshu.bureau.places.models import Place


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("账号"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class PasswordForm(forms.Form):
    """The owner's change of password."""

    current = forms.CharField(
        label=_("现密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_(
            "至少 8 位（管理员至少 12 位），含大写字母、小写字母、数字、符号中的至少三类；不能与最近 5 次用过的相同"
        ),
    )
    again = forms.CharField(
        label=_("再输一次新密码"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_current(self) -> str:
        current = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise ValidationError(_("现密码不对，请重新输入"))
        return current

    def clean_new(self) -> str:
        validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("两次输入的新密码不一致，请重新输入"))
        return data


class NewUserForm(forms.Form):
    username = forms.CharField(
        label=_("账号"), max_length=40, help_text=_("小写字母、数字、点、横线，如姓名拼音；建立后不能更改")
    )
    name = forms.CharField(label=_("姓名"), max_length=50)
    email = forms.EmailField(label=_("电子邮箱"), required=False, help_text=_("仅供联系，系统不会用邮件发送密码"))
    reason = forms.CharField(label=_("事由"), max_length=200, help_text=_("如：新到岗，经局办公室同意"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("事由"), max_length=200)


BUREAU_ROLES = [(code, name) for code, name in Membership.Role.choices if code not in UNIT_ROLES]


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择")), *BUREAU_ROLES])
    place = forms.ModelChoiceField(
        label=_("区划范围"),
        queryset=Place.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("全部"),
        help_text=_("该角色只对此区划及其下级有效"),
    )
    sections = forms.CharField(
        label=_("科室"), max_length=200, required=False, help_text=_("多个科室用顿号分开；不填为全部科室")
    )
    reason = forms.CharField(label=_("事由"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = Place.objects.order_by("order", "code")

    def clean_sections(self) -> list[str]:
        text = self.cleaned_data["sections"]
        for sign in "，,；; ":
            text = text.replace(sign, "、")
        return [part.strip() for part in text.split("、") if part.strip()]


class UserFilter(forms.Form):
    q = forms.CharField(label=_("账号或姓名"), required=False, max_length=50)
    role = forms.ChoiceField(label=_("角色"), required=False, choices=[("", _("全部")), *Membership.Role.choices])
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), ("on", _("启用")), ("off", _("停用"))]
    )


class SignInFilter(forms.Form):
    q = forms.CharField(label=_("账号或地址"), required=False, max_length=60)
    outcome = forms.ChoiceField(label=_("结果"), required=False, choices=[("", _("全部")), *SignIn.Outcome.choices])
