"""Pages on which money is paid: one payment, many from a table, a payment taken back, an instalment dealt with by hand."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.money import notices, paying, queries, services, sheets
from keshu.bureau.money.asking import carried_out
from keshu.bureau.money.forms import InstalmentForm, PasteForm, PaymentForm, ReasonForm, new_key
from keshu.bureau.money.models import Instalment
from keshu.bureau.money.planning import instalments_of
from keshu.bureau.money.problems import yuan
from keshu.bureau.money.views import visible_payment
from keshu.bureau.pages.posting import posted
from keshu.bureau.programmes.access import case_or_404, may_see, rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.tables import read_lines
from keshu.bureau.programmes.models import Application
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.machine import NotAllowed

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def own_case(request: HttpRequest, application_id: int, right: str = services.PAY) -> Application:
    """The case, if the viewer holds the right in it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    application = case_or_404(viewer, application_id)
    if right not in rights_in(viewer, application):
        raise PermissionDenied(right)
    return application


@requires("programmes.pay")
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, application_id: int) -> HttpResponse:
    """Book a payment of one case."""
    application = own_case(request, application_id)
    case = Case(application, at=timezone.now(), by=request.viewer.actor)  # type: ignore[attr-defined]
    rows, rests = instalments_of(application.pk), paying.rests_by_level(case)
    form = PaymentForm(posted(request), rows=rows, rests=rests, today=case.today)
    obstacle = paying.instalment_due(case)
    if not obstacle and not services.paying_event(case):
        obstacle = _("这件申报现在的状态（%(state)s）不能拨付") % {"state": case.state.name}

    def book(said: dict[str, Any]) -> None:
        one = services.ToPay(application.pk, form.said, str(application))
        services.pay_many([one], viewer=request.viewer, key=said["key"])  # type: ignore[attr-defined]

    if carried_out(request, form, book):
        messages.success(request, _("已登记拨付 %(amount)s 元") % {"amount": yuan(form.cleaned_data["amount"])})
        return redirect("programmes:case", application_id=application.pk)
    context = {"case": case, "application": application, "form": form, "obstacle": obstacle, "rows": rows}
    return render(request, "money/pay.html", context)


@requires("programmes.pay")
@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """Book the payments of a table: read, shown line by line, booked as one act."""
    form = PasteForm(posted(request), request.FILES or None) if request.method == "POST" else PasteForm()
    context: dict[str, Any] = {"form": form, "here": "bulk", "key": request.POST.get("key") or new_key()}
    if request.method == "POST" and form.is_valid():
        lines, context["problems"] = _lines(request, form)
        context["lines"] = lines
        context["text"] = _as_text(lines)
        context["wrong"] = sum(1 for line in lines if line.wrong)
        context["total"] = sum((line.amount for line in lines if line.amount and not line.wrong), 0)
        if request.POST.get("step") == "keep" and lines and not context["wrong"]:
            try:
                made = services.pay_many(
                    sheets.to_pay(lines), viewer=request.viewer, key=context["key"]  # type: ignore[attr-defined]
                )  # fmt: skip
            except (CaseProblem, NotAllowed) as problem:
                context["problems"] = [str(problem)]
            else:
                messages.success(request, _("已登记 %(n)s 笔拨付；登记有误的，打开批次整批撤销") % {"n": len(lines)})
                if len(made) == 1:
                    return redirect("programmes:batch", batch_id=made[0].pk)
                return redirect(f"{reverse('programmes:batches')}?done=1")
    return render(request, "money/bulk.html", context)


def _lines(request: HttpRequest, form: PasteForm) -> tuple[list[sheets.Line], list[str]]:
    upload = form.cleaned_data.get("file")
    if upload is not None:
        found, problem = read_lines(upload.read(), upload.name)
        if problem:
            return [], [problem]
    else:
        found = sheets.pasted(form.cleaned_data["text"])
    today = timezone.localdate()
    rows = queries.ledger(request.viewer)  # type: ignore[attr-defined]
    open_ = rows.filter(queries.in_state(queries.OPEN, today))
    mine = [row for row in open_ if services.PAY in rights_in(request.viewer, row.application)]  # type: ignore[attr-defined]
    return sheets.read_payments(found, mine, today=timezone.localdate())


def _as_text(lines: list[sheets.Line]) -> str:
    """The table as text again, so that what was previewed is what is booked."""
    codes = [code for code in sheets.LABELS if any(code in line.texts for line in lines)]
    rows = [[sheets.LABELS[code] for code in codes], *([line.texts.get(code, "") for code in codes] for line in lines)]
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)


@requires("programmes.pay")
@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Take a payment back that was booked wrongly."""
    payment = visible_payment(request.viewer, payment_id)  # type: ignore[attr-defined]
    application = own_case(request, payment.instalment.application_id)
    form = ReasonForm(posted(request), initial={"seen": application.revision})
    viewer = request.viewer  # type: ignore[attr-defined]
    if carried_out(request, form, lambda said: services.void_payment(payment, viewer=viewer, **said)):
        messages.success(request, _("已撤销这笔拨付登记"))
        return redirect("programmes:case", application_id=application.pk)
    context = {
        "title": _("撤销拨付登记"), "label": _("撤销登记"), "danger": True, "form": form,
        "statement": _("只在登记有误时撤销；钱已到账后要收回的，请登记应收回经费。"),
        "facts": [
            (_("单位"), application.party.name), (_("款项"), payment.instalment.name),
            (_("金额（元）"), yuan(payment.amount)), (_("凭证号"), payment.voucher_no), (_("拨付日期"), payment.paid_on),
        ],
        "back": reverse("programmes:case", args=[application.pk]),
    }  # fmt: skip
    return render(request, "confirm.html", context)


@requires("programmes.pay")
@require_http_methods(["GET", "POST"])
def instalment(request: HttpRequest, instalment_id: int) -> HttpResponse:
    """Another promised day, a stop, its end, or the end of the instalment itself."""
    rows = Instalment.objects.filter(may_see(request.viewer, "application__"))  # type: ignore[attr-defined]
    row = get_object_or_404(rows, pk=instalment_id)
    application = own_case(request, row.application_id)
    form = InstalmentForm(posted(request), choices=_choices(row), initial={"seen": application.revision})
    if carried_out(request, form, lambda said: _dealt_with(request, row, said)):
        messages.success(request, _("已办理，拨款计划已更新"))
        return redirect("programmes:case", application_id=application.pk)
    context = {
        "title": _("调整拨款计划"), "label": _("确定"), "form": form,
        "statement": _("“%(name)s”：%(amount)s 元，%(condition)s")
        % {"name": row.name, "amount": yuan(row.amount), "condition": row.condition},
        "back": reverse("programmes:case", args=[application.pk]),
    }  # fmt: skip
    return render(request, "confirm.html", context)


def _choices(row: Instalment) -> list[tuple[str, str]]:
    if row.lapsed_by_id is not None:
        return []
    stopping = ("resume", _("恢复拨付")) if row.stopped_by_id is not None else ("stop", _("停止拨付"))
    return [("promise", _("改应拨日期")), stopping, ("lapse", _("不再拨付"))]


def _dealt_with(request: HttpRequest, row: Instalment, said: dict[str, Any]) -> None:
    common = {"seen": said["seen"], "viewer": request.viewer, "reason": said["reason"]}  # type: ignore[attr-defined]
    if said["what"] == "promise":
        services.promise_day(row, said["promised_on"], **common)
    else:
        {"stop": services.stop_one, "resume": services.resume_one, "lapse": services.lapse_one}[said["what"]](
            row, **common
        )


@requires("cases.view", "own.view")
@require_GET
def notice(request: HttpRequest, payment_id: int) -> FileResponse:
    """拨款通知 of a payment, as .docx."""
    payment = visible_payment(request.viewer, payment_id)  # type: ignore[attr-defined]
    response = HttpResponse(notices.payment_notice(payment), content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="payment-notice-{payment.pk}.docx"'
    return response
