"""The card 经费 on the page of a case, and what deciding and returning ask there."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from keshu.bureau.money import queries, returning
from keshu.bureau.money.forms import AmountField, day_field
from keshu.bureau.money.models import Instalment, Recovery, Surplus
from keshu.bureau.money.planning import current_approval
from keshu.bureau.pages.registry import Action, Deadline, Deadlines, register_action, register_deadlines
from keshu.bureau.programmes.access import rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.panels import Panel, Question, register_door, register_panel, register_question


def context(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Approved total with its shares, the plan, payments, what comes back; None where nothing was approved."""
    approval = current_approval(case.application.pk) if case.programme.pays else None
    if approval is None:
        return None
    rows = list(queries.with_sums(Instalment.objects.filter(application=case.application)).order_by("order", "pk"))
    states = [queries.state_of(row, case.today) for row in rows]
    asked = Recovery.objects.filter(application=case.application, withdrawn_by__isnull=True).order_by("due_on")
    rights = rights_in(request.viewer, case.application)  # type: ignore[attr-defined]
    return {
        "approval": approval, "shares": list(approval.shares.order_by("pk")), "today": case.today,
        "lines": [(row, queries.STATES[state], queries.TONES[state]) for row, state in zip(rows, states, strict=True)],
        "payments": queries.payments_of(case.application.pk), "paid": returning.paid_to(case.application.pk),
        "asked_back": list(asked.prefetch_related("receipts")), "may_pay": "programmes.pay" in rights,
        "surplus": Surplus.objects.filter(application=case.application, replaced_by__isnull=True).first(),
        "may_plan": "programmes.contract" in rights,
    }  # fmt: skip


class RecoveryAnswer(forms.Form):
    """How much is to be given back, where the event ends the grant."""

    amount = AmountField(label=_("应收回金额（元）"), required=False)
    due_on = day_field(_("应缴回日期"), required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = returning.paid_to(case.application.pk) - returning.asked_back(case.application.pk)
        self.fields["amount"].help_text = _(
            "已拨未收回 %(rest)s 元；没有应收回的填 0；终止、撤销、不通过的，不填就是全部收回"
        ) % {"rest": f"{rest:,.2f}"}


def _recovery(case: Case, data: Mapping[str, Any] | None) -> forms.Form:
    return RecoveryAnswer(data, prefix="recovery", case=case)


def _door(case: Case) -> str:
    return reverse("money:pay", args=[case.application.pk])


def register() -> None:
    register_panel(Panel("money", 40, None, "money/panel.html", context))
    register_question(Question("recovery", frozenset({"recover_money"}), _recovery))
    for event in ("pay", "pay_instalment", "pay_allowance"):
        register_door(event, _door)
    register_deadlines(Deadlines("payments", "programmes.pay", payments_due))
    register_action(Action(_("登记拨付"), "money:bulk", "report-money", "programmes.pay", 30))


def payments_due(request: HttpRequest, today: date) -> list[Deadline]:
    """The instalments that finance has to pay within two weeks or should have paid, and money that is to come back."""
    soon = today + timedelta(days=14)
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = queries.ledger(viewer).filter(queries.in_state(queries.OPEN, today))
    first = rows.filter(promised_on__lte=soon).order_by("promised_on", "pk")[:10]
    back = queries.recoveries(viewer).filter(rest__gt=0, due_on__lte=soon).order_by("due_on", "pk")[:10]
    return [
        *(_deadline(row, row.name, row.promised_on, reverse("money:pay", args=[row.application_id])) for row in first),
        *(_deadline(row, _("应收回"), row.due_on, reverse("money:receive", args=[row.pk])) for row in back),
    ]


def _deadline(row: Instalment | Recovery, what: Any, due: date, url: str) -> Deadline:
    return Deadline(f"{row.application} {what}", due, url, row.application.party.name)
