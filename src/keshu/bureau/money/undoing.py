"""Taking back what an act wrote about the money of a case."""

from keshu.bureau.money import paying, planning, returning, vouchers
from keshu.bureau.money.approving import approval_digest
from keshu.bureau.money.models import Approval, ApprovalShare, Instalment, Payment, Recovery, Surplus
from keshu.bureau.programmes.casing import Case
from keshu.bureau.records.services import Writing, digest_of


def take_back(case: Case, act_id: int, within: Writing) -> None:
    """Payments voided, stops and promises lifted, instalments and approved totals as they were before the act."""
    own = {"application": case.application}
    payments = Payment.objects.filter(instalment__application=case.application, act_id=act_id)
    if paying.void(payments, within) and not returning.paid_to(case.application.pk):
        vouchers.unredeem(case, within)
    for row in Recovery.objects.filter(**own, act_id=act_id, withdrawn_by__isnull=True):
        row.withdrawn_by = within.act
        row.save(update_fields=["withdrawn_by"])
        within.wrote(digest_of(["recovery.withdrawn", row.pk]))
    Surplus.objects.filter(**own, act_id=act_id, replaced_by__isnull=True).update(replaced_by=within.act)
    Instalment.objects.filter(**own, stopped_by=act_id).update(stopped_by=None, reason="")
    Instalment.objects.filter(**own, lapsed_by=act_id).update(lapsed_by=None, reason="")
    Instalment.objects.filter(**own, promised_by=act_id).update(promised_by=None, promised_on=None)
    Instalment.objects.filter(**own, act_id=act_id, payments__isnull=True).delete()
    _approvals(case, act_id, within)
    within.wrote(digest_of(["money.taken-back", case.application.pk, act_id]))


def _approvals(case: Case, act_id: int, within: Writing) -> None:
    """The act's total no longer holds; the one that it had replaced holds again, as a row of its own."""
    made = Approval.objects.filter(application=case.application, act_id=act_id, replaced_by__isnull=True)
    closed = Approval.objects.filter(application=case.application, replaced_by=act_id).first()
    made.update(replaced_by=within.act)
    if closed is None or closed.act_id == act_id:
        return
    row = Approval.objects.create(
        application=case.application, amount=closed.amount, day=closed.day, reference=closed.reference, act=within.act
    )
    for share in closed.shares.all():
        ApprovalShare.objects.create(approval=row, level=share.level, amount=share.amount)
    within.wrote(approval_digest(row), "approval")
    if case.application.instalments.exists():
        planning.plan(case, within)
