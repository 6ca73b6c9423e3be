"""Documents that cover cases: drafted with their list, given number and day, then the cases go on by them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import tree_on
from keshu.bureau.programmes.access import rights_in
from keshu.bureau.programmes.applying.numbering import next_number, prefix_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.machine import condition, effect, take_back
from keshu.bureau.programmes.models import Application, Call, DocumentItem, IssuedDocument
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import RELATED, pass_within
from keshu.bureau.records import files
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.services import ZONE, Writing, digest_of, writing
from keshu.catalogue.schema.programme import Programme
from keshu.kernel.rules import compile_formula

RIGHT = "programmes.issue"
APPROVAL, LETTER, UPPER, CERTIFICATE = "approval_document", "report_letter", "upper_result", "certificate"
STATE_OF = {APPROVAL: "issuing", LETTER: "reporting", UPPER: "upstairs"}
EVENTS = {APPROVAL: ("issue",), LETTER: ("report",), UPPER: ("upper_approve", "upper_reject")}
MOST = 500
Result = DocumentItem.Result


@dataclass(frozen=True)
class Line:
    """What a document says about one case: its number there, until when, how a superior decided."""

    application: int
    number: str = ""
    grade: str = ""
    result: str = ""
    valid_until: date | None = None


def waiting(call: Call, template: str) -> QuerySet[Application]:
    """Cases of the call that wait for such a document and are in no draft of one."""
    covered = DocumentItem.objects.filter(document__template=template, document__dropped_by__isnull=True)
    rows = Application.objects.filter(call=call, state=STATE_OF[template])
    covered = covered.filter(document__call=call).values("application_id")
    return rows.exclude(pk__in=covered).select_related(*RELATED).order_by("number")


def draft(
    call_id: int, template: str, ids: Collection[int], *, title: str, text: str = "", issuer: str = "",
    addressee: str = "", viewer: Viewer,
) -> IssuedDocument:  # fmt: skip
    """Begin a document with its list; projects get their numbers by rule in the order of the list."""
    if not ids or len(ids) > MOST:
        raise CaseProblem(_("请选择 1 至 %(n)s 件") % {"n": MOST})
    if not title.strip():
        raise CaseProblem(_("请填写文件标题"))
    with writing(verb="document.draft", by=viewer.actor, subject=f"call:{call_id}") as act:
        call = _call(call_id, viewer)
        cases = list(waiting(call, template).filter(pk__in=list(ids)))
        if len(cases) != len(set(ids)):
            raise CaseProblem(_("所选申报中有的不在待办状态，或已列入另一份文件；请刷新页面后重新选择"))
        document = IssuedDocument.objects.create(
            call=call, template=template, title=title.strip()[:200], text=text.strip(), issuer=issuer.strip()[:100],
            addressee=(addressee.strip() or addressee_of(call, template, act.act.at.astimezone(ZONE).date()))[:200],
            act=act.act,
        )  # fmt: skip
        numbered = template == APPROVAL and numbers_by_rule(programme_for(call))
        lines = [Line(one.pk, number=next_number(f"{prefix_of(call)}-P") if numbered else "") for one in cases]
        _put_lines(document, lines, act)
        act.wrote(document_digest(document))
    return document


def default_title(call: Call, template: str) -> str:
    return f"关于推荐{call.name}的报告" if template == LETTER else f"关于公布{call.name}结果的通知"


def addressee_of(call: Call, template: str, day: date) -> str:
    """To whom it is sent: as the bureau wrote last of this programme, else as definition, tree and parameter say."""
    if template != LETTER:
        return "各有关单位"
    rows = IssuedDocument.objects.filter(
        template=template, call__place=call.place, call__programme=call.programme, dropped_by__isnull=True
    )
    last = rows.exclude(addressee="").order_by("-pk").values_list("addressee", flat=True).first()
    return last or programme_for(call).superior or _office_above(call) or _superior_on(call, day)


def _office_above(call: Call) -> str:
    """The bureau of the place above, where the tree has one."""
    above = Place.objects.filter(code=tree_on().parent(call.place.code)).first()
    if above is None:
        return ""
    return f"{above.name}科学技术{'厅' if above.kind == Place.Kind.PROVINCE else '局'}"


def _superior_on(call: Call, day: date) -> str:
    parameter = catalogue().parameters.get("project.superior")
    value = parameter.value_on(day, [call.place.code]) if parameter else None
    return str(value or "")


def numbers_by_rule(programme: Programme) -> bool:
    """Whether this office numbers what it approves: a number is written, and no superior gives it."""
    return any(
        "编号" in compile_formula(text).names and not (outcome.validity and outcome.validity.given)
        for outcome in programme.outcomes_on("issue")
        for text in outcome.fields.values()
    )


def _call(call_id: int, viewer: Viewer) -> Call:
    call = Call.objects.select_related("place").get(pk=call_id)
    if not viewer.may(RIGHT, section=call.section, place=call.place.code):
        raise CaseProblem(_("您没有办理这个批次发文的权限"))
    return call


def _put_lines(document: IssuedDocument, lines: Sequence[Line], within: Writing) -> None:
    items = [
        DocumentItem(
            document=document, application_id=line.application, order=order, number=line.number[:80],
            grade=line.grade[:40], result=line.result, valid_until=line.valid_until,
        )
        for order, line in enumerate(lines, start=1)
    ]  # fmt: skip
    for item in DocumentItem.objects.bulk_create(items):
        within.wrote(item_digest(item))


def document_digest(document: IssuedDocument) -> bytes:
    columns = [document.template, document.number, document.title, document.issuer, document.issued_on]
    columns += [document.addressee] if document.addressee else []
    return digest_of(["document", document.pk, *columns, document.file and document.file.sha256])


def item_digest(item: DocumentItem) -> bytes:
    columns = [item.number, item.grade, item.result, item.valid_until]
    return digest_of(["document_item", item.document_id, item.application_id, item.order, *columns])


def renumber(document_id: int, lines: Mapping[int, Line], *, viewer: Viewer) -> int:
    """Put down other numbers and terms for cases of a draft, or of a document whose cases wait still."""
    with writing(verb="document.renumber", by=viewer.actor, subject=f"document:{document_id}") as act:
        document = _held(document_id, viewer)
        changed = 0
        for item in document.items.select_for_update().select_related("application"):
            line = lines.get(item.application_id)
            if line is None or (line.number, line.valid_until) == (item.number, item.valid_until):
                continue
            if item.application.state != STATE_OF[document.template]:
                raise CaseProblem(_("%(name)s已按这份文件办理，不能再改编号") % {"name": item.application})
            item.number, item.valid_until = line.number.strip()[:80], line.valid_until
            item.save(update_fields=["number", "valid_until"])
            act.wrote(item_digest(item))
            changed += 1
        _refuse_twice(document)
    return changed


def _refuse_twice(document: IssuedDocument) -> None:
    numbers = [number for number in document.items.values_list("number", flat=True) if number]
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if twice:
        raise CaseProblem(_("编号重复：%(numbers)s；一个编号只能给一件") % {"numbers": "、".join(twice)})


def _held(document_id: int, viewer: Viewer) -> IssuedDocument:
    rows = IssuedDocument.objects.select_for_update(of=("self",)).select_related("call__place", "file")
    document = rows.get(pk=document_id)
    _call(document.call_id, viewer)
    if document.dropped_by_id is not None:
        raise CaseProblem(_("这份草稿已经作废"))
    return document


def issue_number(
    document_id: int, *, number: str, issued_on: date, issuer: str, file: tuple[bytes, str, str, str] | None,
    viewer: Viewer,
) -> IssuedDocument:  # fmt: skip
    """Record number, day and the stamped file (content, name, kind, mime). The number is one of its kind."""
    if not number.strip() or not issuer.strip():
        raise CaseProblem(_("请填写文号和发文机关"))
    try:
        with writing(verb="document.number", by=viewer.actor, subject=f"document:{document_id}") as act:
            document = _held(document_id, viewer)
            if issued_on > act.act.at.astimezone(ZONE).date():
                raise CaseProblem(_("成文日期晚于今天，请核对"))
            if document.number:
                raise CaseProblem(_("这份文件已经编号"))
            document.number, document.issued_on = number.strip()[:80], issued_on
            document.issuer = issuer.strip()[:100]
            _refuse_taken(document)
            if file is not None:
                content, name, kind, mime = file
                document.file = files.store(content, name=name, kind=kind, mime=mime, within=act)
            document.save()
            act.wrote(document_digest(document))
    except IntegrityError as error:
        raise CaseProblem(_("文号“%(number)s”已经登记过，请核对") % {"number": number.strip()}) from error
    return document


def organs_of(issuer: str) -> tuple[str, ...]:
    """The organs that issue a document, the one whose document it is before those that issue it with it."""
    return tuple(one.strip() for one in re.split("[、，,]", issuer) if one.strip())


def _refuse_taken(document: IssuedDocument) -> None:
    """A number is the first organ's, whoever issues the document together with it."""
    others = (
        IssuedDocument.objects.filter(number=document.number).exclude(pk=document.pk).values_list("issuer", flat=True)
    )
    if organs_of(document.issuer)[:1] in [organs_of(one)[:1] for one in others]:
        raise CaseProblem(_("文号“%(number)s”已经登记过，请核对") % {"number": document.number})


def drop(document_id: int, *, viewer: Viewer) -> None:
    """Give a draft up; its cases wait for another one. Numbers that it took are not used again."""
    with writing(verb="document.drop", by=viewer.actor, subject=f"document:{document_id}") as act:
        document = _held(document_id, viewer)
        if document.number:
            raise CaseProblem(_("已编号的文件不能作废，请走更正程序"))
        document.dropped_by = act.act
        document.save(update_fields=["dropped_by"])
        act.wrote(digest_of(["document.drop", document.pk]))


def record_upper(
    call_id: int, lines: Sequence[Line], *, number: str, issued_on: date, issuer: str, title: str, viewer: Viewer
) -> IssuedDocument:  # fmt: skip
    """What a superior decided, case by case, with the superior's own number and day."""
    if not lines:
        raise CaseProblem(_("没有结果可以登记"))
    if not (number.strip() and issuer.strip() and title.strip()):
        raise CaseProblem(_("请填写上级文件的标题、文号和发文机关"))
    try:
        with writing(verb="document.upper", by=viewer.actor, subject=f"call:{call_id}") as act:
            call = _call(call_id, viewer)
            there = set(waiting(call, UPPER).values_list("pk", flat=True))
            if any(line.application not in there for line in lines):
                raise CaseProblem(_("名单中有的申报不在上级审核中，或已登记过结果；请刷新后重新核对"))
            document = IssuedDocument.objects.create(
                call=call, template=UPPER, number=number.strip()[:80], title=title.strip()[:200],
                issuer=issuer.strip()[:100], issued_on=issued_on, act=act.act,
            )  # fmt: skip
            _put_lines(document, lines, act)
            _refuse_twice(document)
            act.wrote(document_digest(document))
    except IntegrityError as error:
        raise CaseProblem(_("文号“%(number)s”已经登记过，请核对") % {"number": number.strip()}) from error
    return document


def go_on(document_id: int, *, viewer: Viewer) -> int:
    """Every case of the document that waits takes the event that it is for: one act, all or none."""
    with writing(verb="document.go_on", by=viewer.actor, subject=f"document:{document_id}") as act:
        document = _held(document_id, viewer)
        rows = Application.objects.select_for_update(of=("self",)).select_related(*RELATED)
        results = dict(document.items.values_list("application_id", "result"))
        cases = list(rows.filter(pk__in=results, state=STATE_OF[document.template]).order_by("number"))
        wrong = []
        for application in cases:
            event = _event(document.template, results[application.pk])
            case = Case(application, at=act.act.at, by=viewer.actor, event=event, given={"reason": document.title})
            try:
                pass_within(case, rights_in(viewer, application), act)
            except (CaseProblem, NotAllowed) as problem:
                wrong.append(_("%(name)s：%(why)s") % {"name": application, "why": problem})
        if wrong or not cases:
            raise CaseProblem("；".join(wrong) or _("这份文件的申报都已办理"))
    return len(cases)


def _event(template: str, result: str) -> str:
    events = EVENTS[template]
    return events[1] if result == Result.REJECTED else events[0]


# what the machine asks


def covering(application: Application, template: str) -> DocumentItem | None:
    """The case's line of the latest numbered document of this kind."""
    rows = DocumentItem.objects.filter(application=application, document__template=template)
    rows = rows.exclude(document__number="").select_related("document")
    return rows.order_by("-document__issued_on", "-pk").first()


@condition("document_numbered")
def document_numbered(case: Case) -> str:
    template = LETTER if case.application.state == STATE_OF[LETTER] else APPROVAL
    if covering(case.application, template) is not None:
        return ""
    if DocumentItem.objects.filter(
        application=case.application, document__template=template, document__dropped_by__isnull=True
    ).exists():
        return _("文件已起草，还没有登记文号和成文日期，请在发文页登记")
    return _("还没有文件包含这件申报，请在发文页起草文件并登记文号")


@condition("upper_result")
def upper_result(case: Case) -> str:
    item = covering(case.application, UPPER)
    if item is None:
        return _("上级结果还没有登记，请在发文页登记上级文件和名单")
    wanted = {"upper_approve": Result.APPROVED, "upper_reject": Result.REJECTED}.get(case.event)
    if wanted and item.result != wanted:
        return _("登记的上级结果是“%(result)s”，与本次办理不一致") % {"result": item.get_result_display()}
    return ""


@effect("announce_result")
def announce_result(case: Case, within: Writing) -> None:
    """The day of the document is the day of the decision; from now on the public list of results shows the case."""
    template = UPPER if case.event == "upper_approve" else APPROVAL
    item = covering(case.application, template) if case.event in ("issue", "upper_approve") else None
    if item is not None:
        case.application.issued_on = item.document.issued_on
        within.wrote(digest_of(["result", case.application.pk, item.document_id]))


@effect("issue_certificate")
def issue_certificate(case: Case, within: Writing) -> None:
    """A certificate under the old number, marked as exchanged, after a change of name or of facts."""
    old = covering(case.application, CERTIFICATE) or covering(case.application, UPPER)
    old = old or covering(case.application, APPROVAL)
    if old is None:
        return
    times = DocumentItem.objects.filter(application=case.application, document__template=CERTIFICATE).count() + 1
    base = old.number.split("（换", maxsplit=1)[0]
    document = IssuedDocument.objects.create(
        call=case.call, template=CERTIFICATE, number=f"换发〔{case.today.year}〕{case.application.pk}-{times}号",
        title="换发证书", issuer=old.document.issuer, issued_on=case.today, act=within.act,
    )  # fmt: skip
    number = f"{base}（换{times}）"
    _put_lines(document, [Line(case.application.pk, number, old.grade, valid_until=old.valid_until)], within)
    within.wrote(document_digest(document))


@take_back
def take_back_documents(case: Case, act_id: int, within: Writing) -> None:
    """Certificates that an undone act exchanged were never given out."""
    mine = IssuedDocument.objects.filter(act_id=act_id, template=CERTIFICATE, items__application=case.application)
    for document in mine:
        document.items.all().delete()
        document.delete()
        within.wrote(digest_of(["document.take_back", document.number]))
