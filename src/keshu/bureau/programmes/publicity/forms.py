"""Forms of lists, objections and documents."""

import io
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keshu.bureau.programmes.models import Objection
from keshu.bureau.programmes.publicity.objecting import LONGEST, Said, wrong_with
from keshu.office.filetypes import MEGABYTE, FileRefused, check_upload, safe_name

SCANS = frozenset({"pdf", "png", "jpg"})
ISSUED = frozenset({"pdf", "ofd", "docx", "doc", "png", "jpg"})
MOST = 20 * MEGABYTE


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def uploaded(file: UploadedFile | None, allowed: frozenset[str]) -> tuple[bytes, str, str, str] | None:
    """Content, name, kind and mime of a file whose type and size were checked; raises ValidationError."""
    if file is None:
        return None
    content = file.read()
    try:
        kind = check_upload(file.name or "", io.BytesIO(content), allowed=allowed, most=MOST)
    except FileRefused as refused:
        raise forms.ValidationError(str(refused)) from refused
    return content, safe_name(file.name or ""), kind.code, kind.mime


class PublishForm(forms.Form):
    title = forms.CharField(label=_("公示标题"), max_length=200)
    contact = forms.CharField(
        label=_("受理异议的联系方式"), max_length=200, help_text=_("科室、联系人、电话，公众凭此反映情况")
    )
    text = forms.CharField(
        label=_("说明"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("依据和程序，可以不填；名单、公示期和异议办法会自动写明"),
    )  # fmt: skip


class CorrectForm(forms.Form):
    label = forms.ChoiceField(label=_("更正哪一栏"))
    after = forms.CharField(label=_("更正为"), max_length=300)
    reason = forms.CharField(label=_("更正原因"), max_length=300, help_text=_("会显示在公示页上"))

    def __init__(self, *args: Any, columns: Sequence[Sequence[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].choices = [(label, f"{label}：{text}") for label, text in columns]


class ObjectionForm(forms.Form):
    """Who objects, how to reach her, to what, why. Names are asked for because the law asks for them."""

    name = forms.CharField(
        label=_("真实姓名"), max_length=50, help_text=_("依法保密，只有办理异议的人员经登记原因后才能看到")
    )
    contact = forms.CharField(label=_("联系电话"), max_length=50, required=False)
    organisation = forms.CharField(
        label=_("单位名称"), max_length=100, required=False, help_text=_("以单位名义提出的填写，并上传盖章的书面材料")
    )
    application = forms.TypedChoiceField(
        label=_("对哪一项有异议"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("对整份名单有异议的可以不选"),
    )
    content = forms.CharField(
        label=_("事实和理由"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("写清具体情况和依据；请勿在这里写个人身份信息"),
    )  # fmt: skip
    file = forms.FileField(label=_("书面材料"), required=False, help_text=_("PDF 或图片，20 MB 以内"))

    def __init__(self, *args: Any, lines: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["application"].choices = [("", gettext("整份名单")), *lines]

    def clean_file(self) -> tuple[bytes, str, str] | None:
        found = uploaded(self.cleaned_data["file"], SCANS)
        return (found[0], found[2], found[3]) if found else None

    def clean(self) -> dict[str, Any]:
        for name, why in wrong_with(self.said()).items():
            if name not in self.errors:
                self.add_error(name, why)
        return self.cleaned_data

    def said(self) -> Said:
        told = self.cleaned_data
        return Said(
            told.get("name", ""), told.get("contact", ""), told.get("content", ""), told.get("organisation", ""),
            told.get("application"), told.get("file"),
        )  # fmt: skip


class PaperObjectionForm(ObjectionForm):
    received = forms.DateField(label=_("收到日期"), widget=DateInput())


class TicketForm(forms.Form):
    ticket = forms.CharField(label=_("查询码"), max_length=20, help_text=_("提交异议时给出的 12 位查询码"))


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("处理结论"), widget=forms.RadioSelect,
        choices=[(value, label) for value, label in Objection.Outcome.choices if value],
    )  # fmt: skip
    reply = forms.CharField(
        label=_("答复"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("异议人凭查询码能看到；请勿写出异议人的姓名、单位和电话"),
    )  # fmt: skip

    def __init__(self, *args: Any, decides: bool = True, **options: Any) -> None:
        """Whoever may not decide is offered the one outcome that is hers."""
        super().__init__(*args, **options)
        if not decides:
            self.fields["outcome"].choices = [(Objection.Outcome.INVALID, Objection.Outcome.INVALID.label)]
            self.fields["outcome"].initial = Objection.Outcome.INVALID


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class DraftForm(forms.Form):
    title = forms.CharField(label=_("文件标题"), max_length=200)
    issuer = forms.CharField(
        label=_("发文机关"), max_length=100, help_text=_("联合发文的用顿号分开，主办机关写在最前，文号用主办机关的")
    )
    addressee = forms.CharField(label=_("主送机关"), max_length=200)
    text = forms.CharField(
        label=_("有关要求"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一条，写进正文；可以不填"),
    )  # fmt: skip


class NumberForm(forms.Form):
    """Number and day of a document that was signed and stamped."""

    number = forms.CharField(label=_("文号"), max_length=80, help_text=_("如：云科〔2026〕8号"))
    issued_on = forms.DateField(label=_("成文日期"), widget=DateInput())
    issuer = forms.CharField(label=_("发文机关"), max_length=100)
    file = forms.FileField(
        label=_("盖章文件"), required=False, help_text=_("扫描件或正式文件：PDF、OFD、Word、图片，20 MB 以内")
    )

    def clean_file(self) -> tuple[bytes, str, str, str] | None:
        return uploaded(self.cleaned_data["file"], ISSUED)


class UpperForm(forms.Form):
    """A superior's document with its list: as a workbook or pasted."""

    title = forms.CharField(label=_("上级文件标题"), max_length=200)
    number = forms.CharField(label=_("文号"), max_length=80)
    issued_on = forms.DateField(label=_("成文日期"), widget=DateInput())
    issuer = forms.CharField(label=_("发文机关"), max_length=100)
    file = forms.FileField(label=_("名单表格"), required=False, help_text=_("xlsx、xls 或 csv"))
    text = forms.CharField(
        label=_("或粘贴名单"), required=False, max_length=200_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("从表格复制，第一行是表头：单位名称、统一社会信用代码、受理编号、结果、证书编号、有效期至；没有“结果”栏的视为全部通过"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("file") and not self.cleaned_data.get("text", "").strip():
            self.add_error("file", gettext("请上传名单表格或粘贴名单"))
        return self.cleaned_data
