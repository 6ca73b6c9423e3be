"""What everybody may see: lists under publicity, how to object, how an objection stands, results."""

from typing import Any

from axes.helpers import get_client_ip_address
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts.access import public
from keshu.bureau.accounts.limits import Limit, try_once
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import posted
from keshu.bureau.parties.personal import unseal
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import DocumentItem, IssuedDocument, Objection, Publicity
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity import documents, objecting
from keshu.bureau.programmes.publicity.forms import ObjectionForm, TicketForm
from keshu.bureau.programmes.publicity.reading import SECRET, public_lines, shown_lists

OBJECTING = Limit("objection", 5)
ASKING = Limit("objection.ticket", 20)
TOO_OFTEN = gettext_noop("提交次数过多，请一小时后再试；紧急的请按公示页上的联系方式反映")


def _address(request: HttpRequest) -> str:
    return get_client_ip_address(request) or "-"


def _publicity(publicity_id: int) -> Publicity:
    found = shown_lists().select_related("call__place").filter(pk=publicity_id).first()
    if found is None:
        raise Http404
    return found


@public
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Lists that are shown now, then earlier ones."""
    rows = shown_lists().select_related("call__place")
    page = page_of(rows, request.GET, sorts={"date": "starts_on"}, default="-date")
    return render(request, "programmes/publicity/public_index.html", {"page": page, "today": timezone.localdate()})


@public
@require_GET
def show(request: HttpRequest, publicity_id: int) -> HttpResponse:
    """One list, how long it is shown, how to object, and what was corrected."""
    publicity = _publicity(publicity_id)
    labels, lines = public_lines(publicity)
    context = {
        "publicity": publicity, "labels": labels, "lines": lines, "today": timezone.localdate(),
        "open": publicity.starts_on <= timezone.localdate() <= publicity.ends_on and publicity.ended_at is None,
        "corrections": publicity.corrections.order_by("pk"),
    }  # fmt: skip
    return render(request, "programmes/publicity/public_list.html", context)


@public
@never_cache
@sensitive_post_parameters(*SECRET)
@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, publicity_id: int) -> HttpResponse:
    """Raise an objection; the answer is a ticket, told once."""
    publicity = _publicity(publicity_id)
    form = ObjectionForm(posted(request), request.FILES or None, lines=_choices(publicity))
    if request.method == "POST" and form.is_valid():
        if not try_once(OBJECTING, [_address(request)], at=timezone.now()):
            form.add_error(None, _(TOO_OFTEN))
        else:
            try:
                kept = objecting.file_objection(publicity.pk, form.said(), day=timezone.localdate())
            except CaseProblem as problem:
                form.add_error(None, str(problem))
            else:
                context = {"publicity": publicity, "ticket": kept.ticket, "due_on": kept.objection.due_on}
                return render(request, "programmes/publicity/public_thanks.html", context)
    context = {"publicity": publicity, "form": form, "open": publicity.ends_on >= timezone.localdate()}
    return render(request, "programmes/publicity/public_object.html", context)


def _choices(publicity: Publicity) -> list[tuple[int, str]]:
    rows = publicity.items.filter(removed_by__isnull=True).order_by("order")
    return [
        (row.application_id, "，".join(text for _label, text in row.columns[1:3])[:80] or row.columns[0][1])
        for row in rows
    ]


@public
@never_cache
@sensitive_post_parameters("ticket")
@require_http_methods(["GET", "POST"])
def ticket(request: HttpRequest) -> HttpResponse:
    """How an objection stands, told to whoever holds its ticket: no name, no case, only the answer."""
    form, found = TicketForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        if not try_once(ASKING, [_address(request)], at=timezone.now()):
            form.add_error(None, _(TOO_OFTEN))
        else:
            found = objecting.by_ticket(form.cleaned_data["ticket"])
            if found is None:
                form.add_error("ticket", _("没有这个查询码，请核对后再试"))
    context: dict[str, Any] = {"form": form, "found": found}
    if found is not None:
        context["reply"] = unseal(found.reply) if found.reply else ""
        context["answered"] = found.outcome != Objection.Outcome.OPEN
    return render(request, "programmes/publicity/public_ticket.html", context)


# results


@public
@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Documents by which something was approved, the latest first."""
    rows = IssuedDocument.objects.filter(template__in=_TEMPLATES).exclude(number="").select_related("call__place")
    rows = rows.filter(items__application__issued_on__isnull=False).distinct()
    page = page_of(rows, request.GET, sorts={"date": "issued_on"}, default="-date")
    return render(request, "programmes/publicity/public_results.html", {"page": page})


_TEMPLATES = (documents.APPROVAL, documents.UPPER)


@public
@require_GET
def result(request: HttpRequest, document_id: int) -> HttpResponse:
    """What one document approved."""
    rows = IssuedDocument.objects.filter(template__in=_TEMPLATES).exclude(number="").select_related("call__place")
    document = rows.filter(pk=document_id).first()
    if document is None:
        raise Http404
    items = document.items.filter(application__issued_on=document.issued_on).exclude(
        result=DocumentItem.Result.REJECTED
    )  # fmt: skip
    items = items.select_related("application__party", "application__place").order_by("order")
    if not items:
        raise Http404
    programme = programme_for(document.call).name
    context = {
        "document": document, "items": items,
        "named": any(item.application.title not in ("", programme) for item in items),
    }  # fmt: skip
    return render(request, "programmes/publicity/public_result.html", context)
