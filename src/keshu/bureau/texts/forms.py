"""Forms of the pages of texts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keshu.bureau.places.models import Place
from keshu.bureau.texts.models import Judgement, Text

FILES_AT_ONCE = 50
PASTED = 500_000  # characters


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one control; cleaned to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > FILES_AT_ONCE:
            raise ValidationError(gettext("一次最多 %(n)s 个文件，请分几次上传") % {"n": FILES_AT_ONCE})
        return [super(FilesField, self).clean(one, initial) for one in given]


class DropForm(forms.Form):
    """Files or a pasted text, of one place and one year."""

    files = FilesField(label=_("文件"), required=False, help_text=_("docx、pdf、doc、wps、txt、md，可一次选多个"))
    pasted = forms.CharField(
        label=_("或者粘贴文字"), required=False, max_length=PASTED, widget=forms.Textarea(attrs={"rows": 6})
    )
    title = forms.CharField(label=_("标题"), required=False, max_length=200, help_text=_("留空时取文件名或第一行"))
    place = forms.ChoiceField(label=_("所属区划"))
    year = forms.IntegerField(
        label=_("文稿年度"), min_value=1990, max_value=2100, help_text=_("文中没有写明年份的数按这一年理解")
    )
    kind = forms.ChoiceField(label=_("类别"), choices=Text.Kind.choices)

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(place.code, place.name) for place in places]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("files") and not found.get("pasted", "").strip() and "files" not in self.errors:
            raise ValidationError(gettext("请选择文件，或者粘贴一段文字"))
        return found


class ChangeForm(forms.Form):
    title = forms.CharField(label=_("标题"), max_length=200)
    year = forms.IntegerField(label=_("文稿年度"), min_value=1990, max_value=2100)
    kind = forms.ChoiceField(label=_("类别"), choices=Text.Kind.choices)


class JudgementForm(forms.Form):
    """What a person says of a finding; the empty choice takes it back."""

    verdict = forms.ChoiceField(
        label=_("处理"), required=False, choices=[("", _("未处理")), *Judgement.Verdict.choices]
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=300)


class LibraryForm(forms.Form):
    """The filter of the library; an empty field filters nothing."""

    q = forms.CharField(label=_("标题"), required=False, max_length=100)
    place = forms.ChoiceField(label=_("区划"), required=False)
    year = forms.IntegerField(label=_("年度"), required=False)
    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部")), *Text.Kind.choices])

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", gettext("全部")), *((place.code, place.name) for place in places)]


class FiguresForm(LibraryForm):
    """What to look for over all texts."""

    q = forms.CharField(label=_("说的是什么"), required=False, max_length=60)
    unit = forms.CharField(label=_("单位"), required=False, max_length=20)
    field_order = ("q", "place", "year", "unit", "kind")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), required=False, max_length=200)
