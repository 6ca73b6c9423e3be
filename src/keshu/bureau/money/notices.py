"""The notice of a payment 拨款通知, filled from what is booked."""

from decimal import Decimal

from django.db.models import Sum

from keshu.bureau.money.models import Payment
from keshu.bureau.money.planning import current_approval
from keshu.bureau.programmes.applying.reading import texts_of
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import Application, Call, DocumentItem, FormVersion
from keshu.bureau.programmes.outcomes_facts import document_item
from keshu.office.papers import render
from keshu.office.papers.parts import Case, Issuer
from keshu.office.papers.shapes import PaymentNotice

NOTHING = Decimal(0)


def payment_notice(payment: Payment) -> bytes:
    """The notice as .docx. What was paid before is what was booked before it, voided payments left out."""
    application = payment.instalment.application
    call, approval = application.call, current_approval(application.pk)
    before = Payment.objects.filter(
        instalment__application=application, voided_by__isnull=True, pk__lt=payment.pk
    ).aggregate(total=Sum("amount"))["total"]
    item = document_item(application)
    bank = _bank(application)
    content = PaymentNotice(
        case=Case(
            title=application.title or programme_for(call).name, applicant=application.party.name,
            programme=programme_for(call).name, number=(item.number if item else "") or application.number or "",
            leader=application.leader, call=call.name,
        ),
        issuer=Issuer(organ=_organ(call, item), contact=call.contact, phone=call.phone),
        instalment=payment.instalment.name, amount=payment.amount,
        approved=approval.amount if approval else payment.amount, paid_before=before or NOTHING, day=payment.paid_on,
        bank=bank.get("bank", ""), account=bank.get("account", ""),
    )  # fmt: skip
    return render("payment_notice", content)


def _organ(call: Call, item: DocumentItem | None) -> str:
    """Who issued the decision; before there is one, the science bureau of the call's place."""
    return (item.document.issuer if item else "") or f"{call.place.name}科学技术局"


def _bank(application: Application) -> dict[str, str]:
    """Bank and account as the applicant handed them in; of the account, which is personal, only its end."""
    version = FormVersion.objects.filter(pk=application.version_id).first()
    texts = texts_of(version) if version else {}
    account = texts.get("account", "").replace(" ", "")
    return {"bank": texts.get("bank", ""), "account": f"****{account[-4:]}" if account else ""}
