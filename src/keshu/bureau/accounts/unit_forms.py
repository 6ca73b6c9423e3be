"""Forms of registration, claims, members, recovery and the description of one's organisation."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from keshu.bureau.accounts.models import UNIT_CHOICES, Claim, Membership
from keshu.catalogue.schema.programme_words import APPLICANT_TYPES

TEN_THOUSAND = Decimal(10_000)
PASSWORD_SAYS = _("至少 8 位，含大写字母、小写字母、数字、符号中的至少三类")


class NewPasswordForm(forms.Form):
    """A password typed twice; the base of every form that sets one."""

    password = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=PASSWORD_SAYS,
    )
    again = forms.CharField(
        label=_("再输一次密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("两次输入的密码不一致，请重新输入"))
        return data


class RegisterForm(NewPasswordForm):
    username = forms.CharField(
        label=_("账号名"),
        max_length=30,
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "username"}),
        help_text=_("小写字母、数字、点，如姓名拼音；系统会在后面加四位数字，注册后告知"),
    )
    name = forms.CharField(label=_("姓名"), max_length=50, widget=forms.TextInput({"autocomplete": "name"}))
    phone = forms.CharField(label=_("手机或固定电话"), max_length=30, widget=forms.TextInput({"autocomplete": "tel"}))
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("忘记密码时向此邮箱发送找回链接；不填则只能用恢复码或请单位管理员代办"),
    )
    field_order = ("username", "name", "phone", "email", "password", "again")


class ProfileForm(forms.Form):
    """One's own account."""

    email = forms.EmailField(
        label=_("电子邮箱"), required=False, help_text=_("忘记密码时向此邮箱发送找回链接，请填写本人在用的邮箱")
    )
    phone = forms.CharField(label=_("手机或固定电话"), max_length=30, required=False)
    title = forms.CharField(label=_("职称"), max_length=40, required=False, help_text=_("填写申报书时自动带出"))


class AskForm(forms.Form):
    account = forms.CharField(
        label=_("账号或电子邮箱"), max_length=254, widget=forms.TextInput({"autocapitalize": "none"})
    )


class RecoverCodeForm(NewPasswordForm):
    username = forms.CharField(label=_("账号"), max_length=150, widget=forms.TextInput({"autocapitalize": "none"}))
    code = forms.CharField(
        label=_("恢复码"),
        max_length=30,
        widget=forms.TextInput({"autocomplete": "one-time-code", "autocapitalize": "characters"}),
        help_text=_("打印保存的恢复码，或单位管理员代办的一次性找回码，形如 ABCD-EFGH-2345"),
    )
    field_order = ("username", "code", "password", "again")


class ClaimForm(forms.Form):
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=30, help_text=_("18 位，以营业执照或登记证书为准"))
    name = forms.CharField(label=_("单位全称"), max_length=200)
    role = forms.ChoiceField(
        label=_("申请的角色"),
        choices=UNIT_CHOICES,
        initial=Membership.Role.UNIT_ADMIN,
        help_text=_("单位管理员办理单位审核、成员和资料；申报人只填写申报"),
    )
    proof = forms.FileField(
        label=_("证明材料"),
        required=False,
        help_text=_("营业执照（或登记证书）的 PDF、照片或扫描件，不超过 10 MB；单位已有管理员的可以不传"),
    )
    note = forms.CharField(label=_("说明"), max_length=200, required=False, help_text=_("如：本人为公司科技管理部主管"))
    to_bureau = forms.BooleanField(
        label=_("单位管理员已离职或联系不上，请主管部门审核（须上传证明材料）"), required=False
    )


class InviteForm(forms.Form):
    username = forms.CharField(
        label=_("账号"),
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocapitalize": "none"}),
        help_text=_("已有账号的填账号，对方登录后接受；不填则生成一次性邀请码，由您交给对方"),
    )
    role = forms.ChoiceField(label=_("角色"), choices=UNIT_CHOICES, initial=Membership.Role.APPLICANT)
    note = forms.CharField(
        label=_("备注"), max_length=60, required=False, help_text=_("给谁用的，只有本单位管理员看得到")
    )


class InvitationCodeForm(forms.Form):
    code = forms.CharField(
        label=_("邀请码"),
        max_length=30,
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off"}),
    )


class HeirForm(forms.Form):
    """To whom an administrator hands over."""

    heir = forms.ChoiceField(label=_("移交给"))
    reason = forms.CharField(label=_("事由"), max_length=200, required=False)

    def __init__(self, members: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heir"].choices = members


class OptionalReasonForm(forms.Form):
    reason = forms.CharField(label=_("事由"), max_length=200, required=False)


class FactsForm(forms.Form):
    """What an organisation says of itself; capital is asked in 万元 as licences print it and kept in 元."""

    unit_type = forms.ChoiceField(
        label=_("单位类型"), choices=[("", _("请选择")), *((one, one) for one in APPLICANT_TYPES if one != "个人")]
    )
    registered_on = forms.DateField(
        label=_("注册日期"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    legal_person = forms.CharField(label=_("法定代表人"), max_length=50, required=False)
    capital = forms.DecimalField(
        label=_("注册资本（万元）"),
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=6,
        help_text=_("没有注册资本的单位不填；填 0 表示注册资本为零"),
    )
    industry = forms.CharField(label=_("所属行业"), max_length=100, required=False)
    phone = forms.CharField(label=_("单位电话"), max_length=30, required=False)
    address = forms.CharField(label=_("注册地址"), max_length=200, required=False)

    def clean_capital(self) -> Decimal | None:
        capital = self.cleaned_data["capital"]
        return None if capital is None else capital * TEN_THOUSAND


class RenameForm(forms.Form):
    name = forms.CharField(label=_("新名称"), max_length=200)
    on = forms.DateField(label=_("更名日期"), widget=forms.DateInput({"type": "date"}))
    reason = forms.CharField(label=_("依据"), max_length=200, help_text=_("如：准予变更登记通知书文号"))


class ClaimFilter(forms.Form):
    q = forms.CharField(label=_("单位、代码或申请人"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("待审核")), ("all", _("全部")), *Claim.State.choices[1:]]
    )


class DecideForm(forms.Form):
    """The second step of deciding claims: seen what it does, and why."""

    reason = forms.CharField(label=_("意见"), max_length=200, required=False)

    def __init__(self, verdict: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if verdict == "refuse":
            self.fields["reason"].required = True
            self.fields["reason"].label = _("不予通过的原因")
            self.fields["reason"].help_text = _("申请人会看到")
