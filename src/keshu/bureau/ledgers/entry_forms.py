"""Small forms of the ledger pages: a file, a reason, a star, a report."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keshu.bureau.places.models import Place


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class KnownOnForm(forms.Form):
    """Since when the bureau knew the rows: said only when old ledgers are taken in for the first time."""

    known_on = forms.DateField(
        label=_("知悉日期"), required=False, widget=DateInput(),
        help_text=_("首次导入历年台账时填写当时已掌握的日期；日常导入留空，即今天"),
    )  # fmt: skip

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_known_on(self) -> date | None:
        day = self.cleaned_data["known_on"]
        if day is not None and day > self.today:
            raise forms.ValidationError(gettext("知悉日期不能晚于今天"))
        return day


class UploadForm(forms.Form):
    """A workbook of one ledger, of one place and those below it."""

    file = forms.FileField(
        label=_("表格文件"), help_text=_("xlsx、xls、ods 或 csv；标题行、合并单元格、合计行都可以保留")
    )
    place = forms.ChoiceField(label=_("填报区划"), help_text=_("没有写明区划的行归入这里；写了的须在它以内"))

    def __init__(self, *args: object, places: Sequence[Place], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(place.code, place.name) for place in places]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class NoteForm(forms.Form):
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)


class StarForm(forms.Form):
    """A row that summaries may name, with the line that they take over."""

    highlight = forms.BooleanField(label=_("列为亮点，总结中可以点名举例"), required=False)
    story = forms.CharField(
        label=_("一句话"), max_length=300, required=False, help_text=_("举例时照用，请写完整、通顺的一句"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)


class AttachmentForm(forms.Form):
    file = forms.FileField(label=_("文件"), help_text=_("PDF、OFD、Word、Excel、图片或文本"))
    label = forms.CharField(label=_("说明"), max_length=100, required=False, help_text=_("如：证书扫描件、合同首页"))


class ReportForm(forms.Form):
    """A place says that a ledger is complete for a period, or that there was nothing."""

    place = forms.ChoiceField(label=_("填报区划"))
    period = forms.ChoiceField(label=_("期间"))
    zero = forms.ChoiceField(
        label=_("填报结果"), widget=forms.RadioSelect, initial="no",
        choices=[("no", _("已全部登记，数据完整")), ("yes", _("零报告：本期没有发生"))],
    )  # fmt: skip

    def __init__(self, *args: object, places: Sequence[Place], periods: Sequence[tuple[str, str]], **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(place.code, place.name) for place in places]
        self.fields["period"].choices = list(periods)


class BeginningForm(forms.Form):
    """Since when a place keeps a ledger; an empty date takes it back."""

    place = forms.ChoiceField(label=_("区划"))
    begins_on = forms.DateField(
        label=_("起始日"), required=False, widget=DateInput(),
        help_text=_("这一天以前的指标按缺数处理，不按零；留空为取消"),
    )  # fmt: skip

    def __init__(self, *args: object, places: Sequence[Place], **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(place.code, place.name) for place in places]
