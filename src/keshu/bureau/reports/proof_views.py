"""The page on which a document is put behind a sentence that somebody typed."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.reports.acting_views import section_or_404
from keshu.bureau.reports.forms import SignForm
from keshu.bureau.reports.proofs import loose_of, prove
from keshu.bureau.reports.services import SummaryProblem
from keshu.bureau.reports.signing import Scan


class ProofForm(SignForm):
    """Which document, and the document itself; its type and size are checked as those of a signed sheet."""

    signer = None
    note = forms.CharField(
        label=gettext_lazy("依据文件"), max_length=300, help_text=gettext_lazy("文件名称、文号和所在页码")
    )
    scan = forms.FileField(label=gettext_lazy("文件扫描件"), help_text=gettext_lazy("PDF、JPG 或 PNG，不超过 20 MB"))

    def clean(self) -> dict:
        return forms.Form.clean(self) or {}


@requires("summaries.edit")
@require_http_methods(["GET", "POST"])
def proof(request: HttpRequest, summary_id: int, code: str, key: str) -> HttpResponse:
    """Put a document behind one sentence; the sentence is shown as it stands."""
    section = section_or_404(request, summary_id, code)
    viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.may("summaries.edit", section=section.owner, place=section.summary.place.code):
        raise PermissionDenied(section.owner)
    found = next((one for one in loose_of(section.summary) if one.key == key and one.section == code), None)
    if found is None:
        raise Http404(key)
    form = ProofForm(request.POST or None, request.FILES or None, initial={"seen": section.version})
    back = reverse("summaries:summary", args=[summary_id]) + f"#{code}"
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        scan = Scan(data["scan"].read(), data["scan"].name, data["scan"].content_type_checked, "")
        try:
            prove(section.pk, key, seen=data["seen"], viewer=viewer, document=data["note"], scan=scan)
        except (NotAllowed, SummaryProblem) as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("已记下依据文件，这句话可以随总结冻结"))
        return redirect(back)
    context = {
        "title": _("以文件为据"), "label": _("确认"), "form": form, "back": back,
        "statement": _("这句话里的数字或评价没有台账可查。确认表示您已与下列文件核对一致；句子一改，确认即失效。"),
        "facts": [(section.heading or section.theme, found.sentence)],
    }  # fmt: skip
    return render(request, "reports/ask.html", context, status=422 if form.is_bound else 200)
