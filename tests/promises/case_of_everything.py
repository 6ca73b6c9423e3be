"""A submitted case with a row of every kind that can hang on a case; what is its own bears a word.

The call, the list of the publicity and all that the public reads do not bear it: they are everybody's.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from keshu.bureau.forms.models import Upload
from keshu.bureau.money.models import (
    Approval,
    ApprovalShare,
    BudgetLine,
    Instalment,
    Payment,
    Recovery,
    VoucherGrant,
    VoucherUse,
)
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.personal import blind, seal
from keshu.bureau.places.models import Place
from keshu.bureau.programmes.definitions import pin, programme_of
from keshu.bureau.programmes.models import (
    Application,
    Batch,
    BatchItem,
    Call,
    CaseReport,
    Credit,
    DocumentItem,
    IssuedDocument,
    Milestone,
    Objection,
    Publicity,
    PublicityItem,
    Receipt,
    Score,
    TaskBook,
    Visit,
)
from keshu.bureau.records.services import Actor, Writing, writing
from tests.programmes.cases_at import put
from tests.programmes.filling import add_paper, cells_for

BY = Actor("clerk", "周经办")
TODAY = date.today()
PROGRAMME = "plan.key_rd"


def call_of(place: Place, name: str = "年度重点研发计划") -> Call:
    """A published call of a place."""
    programme, now = programme_of(PROGRAMME), datetime.now(UTC)
    with writing(verb="call.publish", by=BY) as act:
        pin(programme, at=act.act.at)
        return Call.objects.create(
            programme=PROGRAMME, version=programme.version, year=now.year, name=name, place=place, section=programme.owner,
            opens_at=now - timedelta(days=10), closes_at=now + timedelta(days=20), contact="周经办", phone="0594-2345678",
            state="published", published_at=now - timedelta(days=11), act=act.act,
        )  # fmt: skip


def plant_case(call: Call, party: Party, word: str) -> dict[str, Any]:
    """The case, running, and the ids that addresses take."""
    case = put(call, party, "running", title=f"{word}仪器关键技术研究")
    Application.objects.filter(pk=case.pk).update(leader=f"{word}林")
    with writing(verb="test.everything", by=BY) as act:
        return {
            "application_id": case.pk, "call_id": call.pk, "number": 1, "event": "withdraw",
            "programmes-section": programme_of(PROGRAMME).sections[0].code, "programmes-code": PROGRAMME,
            **_filled_in(case, word, act), **_granted(case, word, act), **_announced(case, word, act), **_paid(case, word, act),
        }  # fmt: skip


def _filled_in(case: Application, word: str, act: Writing) -> dict[str, Any]:
    at = act.act.at
    paper = add_paper(case, programme_of(PROGRAMME).attachments[0].code, f"{word}附件.pdf", content=word.encode())
    upload = Upload.objects.create(
        owner="applicant",
        subject=f"application:{case.pk}",
        slot=paper.slot,
        name=f"{word}.pdf",
        size=9,
        created_at=at,
        touched_at=at,
    )
    receipt = Receipt.objects.create(
        application=case, event="submit", revision=1, version=case.version, sha256=case.version.sha256, by="applicant", at=at, act=act.act
    )  # fmt: skip
    score = Score.objects.create(
        application=case, expert=f"{word}专家", points={}, comment=f"{word}评语", scored_on=TODAY, act=act.act
    )
    batch = Batch.objects.create(
        call=case.call, name=f"{word}审议", right="programmes.conclude", created_by="clerk", created_at=at, act=act.act
    )
    BatchItem.objects.create(batch=batch, application=case, event="conclude", seen=case.revision, given={})
    return {
        "paper_id": paper.pk, "sha256": paper.sha256, "upload_id": upload.pk, "receipt_id": receipt.pk, "score_id": score.pk,
        "programmes-batch_id": batch.pk,
    }  # fmt: skip


def _granted(case: Application, word: str, act: Writing) -> dict[str, Any]:
    values = {
        path: f"{word}内容" if path == "summary" else text for path, text in cells_for(programme_of(PROGRAMME)).items()
    }
    TaskBook.objects.create(application=case, values=values, act=act.act)
    node = Milestone.objects.create(application=case, code="m1", name=f"{word}样机", due_on=TODAY, act=act.act)
    report = CaseReport.objects.create(
        application=case,
        kind="annual",
        period="2026",
        filed_on=TODAY,
        filed_act=act.act,
        values={"text": f"{word}进展"},
        act=act.act,
    )
    visit = Visit.objects.create(
        application=case,
        on=TODAY,
        by=f"{word}监理",
        findings=f"{word}进度滞后",
        remedy=f"{word}补充人员",
        due_on=TODAY,
        act=act.act,
    )
    credit = Credit.objects.create(
        party=case.party, application=case, level="minor", what=f"{word}逾期", since=TODAY, act=act.act
    )
    return {"milestone_id": node.pk, "report_id": report.pk, "visit_id": visit.pk, "credit_id": credit.pk}


def _announced(case: Application, word: str, act: Writing) -> dict[str, Any]:
    publicity = Publicity.objects.create(
        call=case.call,
        title="拟立项公示",
        starts_on=TODAY,
        days=7,
        ends_on=TODAY + timedelta(days=9),
        contact="计财科",
        act=act.act,
    )
    item = PublicityItem.objects.create(
        publicity=publicity, application=case, order=1, columns=[["申报单位", case.party.name]]
    )
    objection = Objection.objects.create(
        publicity=publicity, application=case, name=seal(f"{word}欧阳"), contact=seal("13905941234"), content=seal(f"{word}重复申报"),
        ticket=blind("objection", f"ticket-{case.pk}"), received_on=TODAY, due_on=TODAY, act=act.act,
    )  # fmt: skip
    document = IssuedDocument.objects.create(
        call=case.call, template="approval_document", title=f"{word}立项通知", act=act.act
    )
    DocumentItem.objects.create(document=document, application=case, order=1, number=f"{word}P1")
    return {
        "publicity_id": publicity.pk, "item_id": item.pk, "objection_id": objection.pk, "document_id": document.pk,
        "template": document.template, "what": "draft",
    }  # fmt: skip


def _paid(case: Application, word: str, act: Writing) -> dict[str, Any]:
    total, place = Decimal(300000), case.call.place
    line = BudgetLine.objects.create(
        call=case.call, level="municipal", year=TODAY.year, name=f"{word}专项", amount=total, act=act.act
    )
    approval = Approval.objects.create(application=case, amount=total, day=TODAY, reference=f"{word}会议", act=act.act)
    ApprovalShare.objects.create(approval=approval, level="municipal", amount=total)
    instalment = Instalment.objects.create(
        application=case, code="first", order=1, name=f"{word}首笔", amount=total, on="sign", condition="任务书签订后", promised_on=TODAY,
        act=act.act,
    )  # fmt: skip
    payment = Payment.objects.create(
        instalment=instalment, level="municipal", place=place, amount=Decimal(100000), paid_on=TODAY, year=TODAY.year,
        voucher_no=f"{word}-{case.pk}", act=act.act,
    )  # fmt: skip
    recovery = Recovery.objects.create(
        application=case, amount=Decimal(5000), reason=f"{word}结余", due_on=TODAY, act=act.act
    )
    voucher = VoucherGrant.objects.create(
        number=f"{word}券{case.pk}", party=case.party, place=place, year=TODAY.year, quota=total, issued_on=TODAY, expires_on=TODAY,
        act=act.act,
    )  # fmt: skip
    use = VoucherUse.objects.create(
        grant=voucher, supplier=case.party, contract_no=f"{word}合同", service=f"{word}检测", cost=Decimal(9000),
        amount=Decimal(4000), used_on=TODAY, act=act.act,
    )  # fmt: skip
    return {
        "line_id": line.pk, "instalment_id": instalment.pk, "payment_id": payment.pk, "recovery_id": recovery.pk,
        "voucher_id": voucher.pk, "use_id": use.pk,
    }  # fmt: skip
