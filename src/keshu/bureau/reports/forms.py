"""Forms of summaries."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from keshu.bureau.places.models import Place
from keshu.bureau.reports.papers import Sending
from keshu.bureau.reports.rules import CHAIN_NAMES
from keshu.kernel.ids import document
from keshu.kernel.measure.period import BadPeriod, Period
from keshu.kernel.typed import read_names

SCAN_TYPES = {"application/pdf", "image/jpeg", "image/png"}
SCAN_LIMIT = 20 * 1024 * 1024


class SendingForm(forms.Form):
    """What an upward document bears: a number and who signs it go together."""

    number = forms.CharField(
        label=_("发文字号"), max_length=60, required=False, help_text=_("如 云科〔2026〕12号；不填则为普通格式")
    )
    signers = forms.CharField(label=_("签发人"), max_length=60, required=False, help_text=_("两人以上用顿号分开"))
    addressee = forms.CharField(label=_("主送机关"), max_length=100, required=False)

    def clean_number(self) -> str:
        text = self.cleaned_data["number"].strip()
        verdict = document.check(text) if text else None
        if verdict and not verdict.ok:
            raise ValidationError(f"{verdict.message}；{verdict.remedy}")
        return verdict.value if verdict else ""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("number") and not found.get("signers", "").strip():
            self.add_error("signers", _("上行文须写明签发人"))
        return found

    @property
    def sending(self) -> Sending:
        names = read_names(self.cleaned_data["signers"]).value or ()
        return Sending(self.cleaned_data["number"], tuple(names), self.cleaned_data["addressee"].strip())


class NewSummary(forms.Form):
    """Which summary is to be written."""

    place = forms.ModelChoiceField(
        label=_("单位"), queryset=Place.objects.none(), to_field_name="code", empty_label=_("请选择")
    )
    kind = forms.ChoiceField(label=_("类型"))
    period = forms.CharField(label=_("期间"), max_length=30, help_text=_("如 2026、2026-01..2026-10、2026H1"))
    due_on = forms.DateField(label=_("报送期限"), required=False, widget=forms.DateInput({"type": "date"}))
    chain = forms.ChoiceField(label=_("签批环节"), choices=list(CHAIN_NAMES.items()))
    public = forms.BooleanField(label=_("公开稿（不写未公布的数据）"), required=False)

    def __init__(self, places: Any, kinds: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places
        self.fields["kind"].choices = kinds

    def clean_period(self) -> Period:
        try:
            return Period.parse(self.cleaned_data["period"])
        except BadPeriod as error:
            raise ValidationError(str(error)) from error


class SignForm(forms.Form):
    """Signing here, or the scan of a sheet that was signed by hand."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("意见"), required=False, max_length=300)
    signer = forms.CharField(
        label=_("纸质签字人"), required=False, max_length=50, help_text=_("在纸上签字的，填签字人并上传扫描件")
    )
    scan = forms.FileField(label=_("签字扫描件"), required=False, help_text=_("PDF、JPG 或 PNG，不超过 20 MB"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("signer")) != bool(data.get("scan")):
            raise ValidationError(_("纸质签字须同时填写签字人并上传扫描件"))
        return data

    def clean_scan(self) -> Any:
        scan = self.cleaned_data.get("scan")
        if scan is None:
            return None
        import filetype

        head = scan.read(4096)
        scan.seek(0)
        kind = filetype.guess(head)
        if kind is None or kind.mime not in SCAN_TYPES:
            raise ValidationError(_("扫描件须为 PDF、JPG 或 PNG 文件"))
        if scan.size > SCAN_LIMIT:
            raise ValidationError(_("扫描件超过 20 MB，请压缩后上传"))
        scan.content_type_checked = kind.mime
        return scan


class ReturnForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("退回原因"), max_length=300, widget=forms.Textarea({"rows": 3}))


class SeenForm(forms.Form):
    """A button: what the page showed when it was pressed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class FileForm(forms.Form):
    """A document that came back."""

    file = forms.FileField(
        label=_("总结文件"), help_text=_("docx、odt、doc 或纯文本；Word、WPS、LibreOffice 存过的都可以")
    )


class DueForm(forms.Form):
    """The day on which a summary has to be handed in; empty: none."""

    due_on = forms.DateField(label=_("报送期限"), required=False, widget=forms.DateInput({"type": "date"}))
