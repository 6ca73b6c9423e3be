"""The papers of a case as .docx, each made from what the records say when it is asked for.

Areas register their own; a paper that cannot be made yet says why not.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.dossier import about, issuer_of
from keshu.bureau.programmes.models import (
    CheckVerdict,
    Defect,
    DocumentItem,
    IssuedDocument,
    Publicity,
    Stage,
)
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity import documents, lists
from keshu.bureau.records.services import ZONE
from keshu.office.papers import render, shapes
from keshu.office.papers.parts import Head, Issuer, Listing, Verification

Builder = Callable[[Case], object]
_builders: dict[str, Builder] = {}
NARROW, WIDE = 0.6, 2.0


def paper(template: str) -> Callable[[Builder], Builder]:
    """Register the function as the one that gathers what this template prints."""

    def register(function: Builder) -> Builder:
        _builders[template] = function
        return function

    return register


def printable(template: str) -> bool:
    return template in _builders


def print_paper(template: str, case: Case, root: str = "") -> bytes:
    """The paper of the case. Raises CaseProblem where the records do not say enough for it yet."""
    return render(template, addressed(_builders[template](case), root))


def addressed(content: object, root: str = "") -> object:
    """With the whole address behind the QR code; `root` as the reader types it, else as the site is set up."""
    proof = getattr(content, "verification", None)
    if not isinstance(proof, Verification) or not proof.address.startswith("/"):
        return content
    site = root or next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    proof = replace(proof, address=f"{site.rstrip('/')}{proof.address}")
    return replace(content, verification=proof)  # type: ignore[type-var]


def stage_day(case: Case, event: str) -> date:
    """The day on which the event happened last."""
    at = Stage.objects.filter(application=case.application, event=event).order_by("-order").first()
    if at is None:
        raise CaseProblem(_("这件申报还没有办到这一步，不能出具"))
    return at.entered_at.astimezone(ZONE).date()


def listing(items: list[list[list[str]]], *, title: str = "", more: tuple[str, ...] = ()) -> Listing:
    """Lines of columns as a table of a paper; `more`: empty columns for what is written in by hand."""
    labels, lines = lists.table_of(items)
    rows = [(str(number), *line, *("" for _one in more)) for number, line in enumerate(lines, start=1)]
    heads = [Head("序号", NARROW, "center"), *(Head(label, WIDE if "名称" in label else 1.2) for label in labels)]
    return Listing(tuple(heads + [Head(one) for one in more]), tuple(rows), title)


# papers of one case


@paper("acceptance_notice")
def _acceptance(case: Case) -> object:
    return shapes.Acceptance(about(case), issuer_of(case.call), day := stage_day(case, "accept"), accepted_on=day)


@paper("correction_notice")
def _correction(case: Case) -> object:
    stage = Stage.objects.filter(application=case.application, event="ask_supplement").order_by("-order").first()
    if stage is None or stage.due_on is None:
        raise CaseProblem(_("这件申报没有要求过补正"))
    rows = Defect.objects.filter(application=case.application, act_id=stage.act_id).order_by("pk")
    defects = tuple(shapes.Defect(row.field, row.text, row.remedy) for row in rows)
    day = stage.entered_at.astimezone(ZONE).date()
    return shapes.Correction(about(case), issuer_of(case.call), day, defects, stage.due_on)


@paper("refusal_notice")
def _refusal(case: Case) -> object:
    stage = Stage.objects.filter(application=case.application, event="refuse").select_related("act").last()
    if stage is None:
        raise CaseProblem(_("这件申报没有作过不予受理的决定"))
    day = stage.entered_at.astimezone(ZONE).date()
    return shapes.Refusal(about(case), issuer_of(case.call), day, (shapes.Reason(stage.act.reason),))


@paper("check_report")
def _check(case: Case) -> object:
    rows = {row.item: row for row in CheckVerdict.objects.filter(application=case.application, replaced_by=None)}
    words = {"yes": "通过", "no": "不通过", "": "待核实"}
    checks = tuple(
        shapes.Check(
            one.name, words[row.truth], row.clause, "系统" if not row.said else row.act.by_name, row.reason  # type: ignore[arg-type]
        )
        for one in case.programme.formal_checks
        if (row := rows.get(one.code)) is not None
    )  # fmt: skip
    if not checks:
        raise CaseProblem(_("这件申报还没有形式审查结论"))
    wrong = [one.name for one in checks if one.verdict == words["no"]]
    conclusion = f"不符合：{'、'.join(wrong)}" if wrong else "符合要求"
    return shapes.CheckReport(about(case), issuer_of(case.call), checks, conclusion, case.call.contact, case.today)


@paper("recommendation_list")
def _recommended(case: Case) -> object:
    """The cases of the call that this recommender passed on, as one list with room for its seal."""
    place = case.application.place
    rows = Stage.objects.filter(
        event="recommend", application__call=case.call, application__place=place
    ).select_related("application__party", "application__place", "application__call__place")  # fmt: skip
    cases = {row.application_id: row.application for row in rows.order_by("application__number")}
    if not cases:
        raise CaseProblem(_("还没有推荐过这个批次的申报"))
    lines = lists.columns_of_all([Case(one, at=case.at, by=case.by) for one in cases.values()])
    title = f"{case.call.name}推荐汇总表"
    return shapes.ListPaper(title, Issuer(f"{place.name}科学技术局"), listing(lines), case.today)


@paper("publicity_notice")
def _publicity(case: Case) -> object:
    item = lists.item_of(case.application)
    if item is None:
        raise CaseProblem(_("这件申报还没有公示"))
    return notice_of(item.publicity)


@paper("approval_document")
def _approval(case: Case) -> object:
    return document_content(_document(case, documents.APPROVAL), case)


@paper("report_letter")
def _letter(case: Case) -> object:
    return document_content(_document(case, documents.LETTER), case)


def _document(case: Case, template: str) -> IssuedDocument:
    rows = IssuedDocument.objects.filter(items__application=case.application, template=template, dropped_by=None)
    found = rows.select_related("call__place").order_by("-pk").first()
    if found is None:
        raise CaseProblem(_("还没有起草包含这件申报的文件"))
    return found


@paper("certificate")
def _certificate(case: Case) -> object:
    item = documents.covering(case.application, documents.CERTIFICATE)
    item = item or documents.covering(case.application, documents.APPROVAL)
    if item is None or case.application.issued_on is None:
        raise CaseProblem(_("文件公布以后才能出具证书"))
    sha256 = case.application.version.sha256 if case.application.version else "0" * 64
    return shapes.Certificate(
        title="证书", holder=case.application.party.name, what=case.application.title or case.programme.name,
        issuer=issuer_of(case.call), number=item.number or item.document.number, day=item.document.issued_on or case.today,
        verification=Verification(sha256, f"/programmes/results/{item.document_id}/"), basis=item.document.number,
        valid_from=case.application.issued_on, valid_to=item.valid_until,
    )  # fmt: skip


# papers of many cases


def notice_of(publicity: Publicity) -> shapes.Publicity:
    call = publicity.call
    items = [item.columns for item in publicity.items.filter(removed_by__isnull=True).order_by("order")]
    corrects = "；".join(
        f"{row.before}→{row.after or _('移出名单')}（{row.reason}）" for row in publicity.corrections.order_by("pk")
    )
    return shapes.Publicity(
        subject=publicity.title, issuer=issuer_of(call), listing=listing(items), begins_on=publicity.starts_on,
        ends_on=publicity.ends_on, workdays=publicity.days, day=publicity.starts_on, basis=call.basis, corrects=corrects,
    )  # fmt: skip


def print_document(document: IssuedDocument, case: Case) -> bytes:
    """The draft with its list; `case` is any of its cases, for the programme and the clock."""
    if document.template not in (documents.APPROVAL, documents.LETTER):
        raise CaseProblem(_("上级文件不在这里起草，请下载登记的扫描件"))
    return render(document.template, document_content(document, case))


def document_content(document: IssuedDocument, case: Case) -> object:
    items = list(
        document.items.select_related(
            "application__party", "application__place", "application__call__place"
        ).order_by("order")
    )  # fmt: skip
    inner = [Case(item.application, at=case.at, by=case.by) for item in items]
    lines = [_line(item, told) for item, told in zip(items, lists.columns_of_all(inner), strict=True)]
    call, day = document.call, document.issued_on or case.today
    common: dict[str, Any] = {
        "subject": call.name, "issuer": _issuers(document), "number": document.number or "（文号待编）",
        "title": document.title,
        "listing": listing(lines), "list_title": f"{call.name}名单", "count": len(items), "day": day,
    }  # fmt: skip
    demands = tuple(line.strip() for line in document.text.splitlines() if line.strip())
    if document.template == documents.LETTER:
        return shapes.ReportLetter(
            **common, superior=_addressee(document, day), basis=call.basis, note="；".join(demands)
        )
    amounts = [amount for amount in lists.amounts_of(inner).values() if amount is not None]
    basis = f"根据{call.basis}" if call.basis else "按照申报通知要求"
    return shapes.Approval(
        **common, addressee=_addressee(document, day), basis=basis, kind=_kind(case.programme.kind), demands=demands,
        measure="家" if case.programme.kind == "recognition" else "项",
        amount=sum(amounts, Decimal(0)) if amounts and any(amounts) else None,
    )  # fmt: skip


def _addressee(document: IssuedDocument, day: date) -> str:
    return document.addressee or documents.addressee_of(document.call, document.template, day)


def _issuers(document: IssuedDocument) -> Issuer:
    """The organ whose document it is, and those that issue it together with it; they are written with 、 between."""
    organs = documents.organs_of(document.issuer)
    usual = issuer_of(document.call)
    if not organs:
        return usual
    return replace(usual, organ=organs[0], red_head=f"{organs[0]}文件", joint=organs[1:])


def _kind(kind: str) -> Any:
    return kind if kind in ("project", "recognition", "award", "subsidy") else "recognition"


def _line(item: DocumentItem, told: list[list[str]]) -> list[list[str]]:
    """As the public list has it, with the number and without words of intention."""
    columns = [[label.removeprefix("拟"), text] for label, text in told]
    if item.number:
        columns = [["编号", item.number], *[one for one in columns if one[0] != "受理编号"]]
    return columns
