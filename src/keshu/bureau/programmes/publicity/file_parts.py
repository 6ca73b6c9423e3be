"""What applying, deciding, lists and documents lay into the file of a case, and how the case went.

Objections stay where they are sealed: who opens a file need not know who objected.
"""

import json
from collections.abc import Iterator

from django.db.models import Model

from keshu.bureau.programmes.applying.printing import paper_of, receipt_paper
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.dossier import (
    Sheet,
    contents,
    day_of,
    organ_of,
    recorded,
    stored,
    table,
)
from keshu.bureau.programmes.models import (
    Advice,
    Application,
    CheckVerdict,
    Decision,
    FormVersion,
    IssuedDocument,
    Objection,
    PaperRecommendation,
    Publicity,
    Receipt,
    Stage,
)
from keshu.bureau.programmes.publicity import documents, printing
from keshu.bureau.records.models import File
from keshu.office.papers import render
from keshu.office.papers.parts import Grid, Item

PRINTED = (documents.APPROVAL, documents.LETTER)
_elsewhere: set[type[Model]] = {Objection, PaperRecommendation}


def laid_elsewhere(*models: type[Model]) -> None:
    """Files of these rows lie in a part of their own, not among what is left over."""
    _elsewhere.update(models)


@contents("申报书")
def _forms(case: Case) -> Iterator[Sheet]:
    """Every version as a paper with masked personal texts, and as the record whose hash the receipt bears."""
    by = case.application.party.name
    for version in FormVersion.objects.filter(application=case.application).order_by("number"):
        day, note = day_of(version.act), f"内容校验值 {version.sha256}"
        paper = render("application_form", paper_of(case, version, own=False))
        yield Sheet(f"申报书（第{version.number}版）.docx", day, by=by, note=note, content=paper)
        values = {"values": version.values, "papers": version.papers}
        content = json.dumps(values, ensure_ascii=False, indent=1).encode()
        yield Sheet(f"申报书数据（第{version.number}版）.json", day, by=by, note=note, content=content)
    rows = Receipt.objects.filter(application=case.application, version__isnull=False).select_related("version", "act")
    for number, receipt in enumerate(rows.order_by("pk"), start=1):
        content = render("receipt", receipt_paper(case, receipt))
        yield Sheet(f"提交回执（{number}）.docx", day_of(receipt.act), by=organ_of(case.call), content=content)


@contents("申报附件")
def _papers(case: Case) -> Iterator[Sheet]:
    """The papers of every version; one that stayed the same lies there once."""
    slots = {slot.code: slot.name for slot in case.programme.attachments}
    seen: set[tuple[str, str]] = set()
    for version in FormVersion.objects.filter(application=case.application).order_by("number"):
        for one in version.papers:
            if (one["sha256"], one["name"]) not in seen:
                seen.add((one["sha256"], one["name"]))
                yield Sheet(
                    one["name"], day_of(version.act), by=case.application.party.name, note=slots.get(one["slot"], ""),
                    sha256=one["sha256"], size=one["size"],
                )  # fmt: skip


@contents("推荐")
def _recommended(case: Case) -> Iterator[Sheet]:
    stages = Stage.objects.filter(application=case.application, event="recommend").select_related("act")
    place = case.application.place.name
    rows = [(place, one.act, one.entered_at, one.act.reason) for one in stages.order_by("order")]
    if rows:
        heads = (("推荐单位", 1.6), ("经办人", 1), ("推荐时间", 1.3), ("意见", 2))
        yield recorded(case, "推荐登记表", table("推荐", heads, rows))
    for row in PaperRecommendation.objects.filter(application=case.application).select_related("file", "act"):
        yield stored(row.file, day=row.signed_on, by=place)


@contents("受理与审查")
def _checked(case: Case) -> Iterator[Sheet]:
    """Letters of the events that happened, and the verdicts of the formal check."""
    events = dict(Stage.objects.filter(application=case.application).order_by("order").values_list("event", "act__at"))
    for template, event, name in (
        ("correction_notice", "ask_supplement", "补正通知书"), ("refusal_notice", "refuse", "不予受理通知书"),
        ("acceptance_notice", "accept", "受理通知书"),
    ):  # fmt: skip
        if event in events:
            yield _letter(case, template, name)
    if CheckVerdict.objects.filter(application=case.application, replaced_by=None).exists():
        yield _letter(case, "check_report", "形式审查意见")


def _letter(case: Case, template: str, name: str) -> Sheet:
    content = printing.print_paper(template, case)
    return Sheet(f"{name}.docx", case.today, by=organ_of(case.call), content=content)


@contents("建议与决定")
def _decided(case: Case) -> Iterator[Sheet]:
    """What the section advised and what was decided, with what no longer counts."""
    mine = {"application": case.application}
    advices = [
        (row.get_verdict_display(), row.amount, row.grade, row.note, row.act, row.act.at, _gone(row.replaced_by_id))
        for row in Advice.objects.filter(**mine).select_related("act").order_by("pk")
    ]
    decisions = [
        (row.meeting, row.day, row.get_verdict_display(), row.grade, row.note, row.act, _gone(row.withdrawn_by_id))
        for row in Decision.objects.filter(**mine).select_related("act").order_by("pk")
    ]
    if advices or decisions:
        heads = (
            ("建议", 1),
            ("金额（元）", 1),
            ("等级", 0.8),
            ("理由", 2),
            ("提出人", 0.9),
            ("时间", 1.2),
            ("备注", 0.8),
        )
        heads_of = (
            ("会议或决定人", 1.6),
            ("日期", 1),
            ("决定", 0.8),
            ("等级", 0.8),
            ("说明", 1.8),
            ("登记人", 0.9),
            ("备注", 0.8),
        )
        parts = [table("科室建议", heads, advices)] if advices else []
        parts += [table("会议决定", heads_of, decisions)] if decisions else []
        yield recorded(case, "建议与决定登记表", *parts)


def _gone(closed_by: int | None) -> str:
    return "" if closed_by is None else "已更改"


@contents("公示")
def _announced(case: Case) -> Iterator[Sheet]:
    rows = Publicity.objects.filter(items__application=case.application, withdrawn_by__isnull=True)
    for row in rows.select_related("call__place").distinct().order_by("pk"):
        content = render("publicity_notice", printing.notice_of(row))
        yield Sheet(f"{row.title}.docx", row.starts_on, by=organ_of(row.call), content=content)


@contents("文件与证书")
def _documents(case: Case) -> Iterator[Sheet]:
    """Each document as it was stamped; where no scan was registered, as it was drafted or as its number says."""
    rows = IssuedDocument.objects.filter(items__application=case.application, dropped_by__isnull=True)
    for row in rows.select_related("file__act", "call__place", "act").order_by("issued_on", "pk"):
        by = row.issuer or organ_of(row.call)
        if row.file is not None:
            yield stored(row.file, day=row.issued_on, number=row.number, by=by)
        elif row.template in PRINTED:
            content = printing.print_document(row, case)
            note = "未登记盖章扫描件，为系统起草的文本"
            yield Sheet(f"{row.title}.docx", row.issued_on, row.number, by, note, content)
        else:
            yield _registered(case, row)
    if case.application.issued_on and any(one.template == "certificate" for one in case.programme.documents):
        yield _letter(case, "certificate", "证书")


def _registered(case: Case, row: IssuedDocument) -> Sheet:
    """A document of others of which only number and result are known."""
    item = row.items.filter(application=case.application).first()
    pairs = {
        "文件标题": row.title, "文号": row.number, "发文机关": row.issuer, "成文日期": f"{row.issued_on or ''}",
        "结果": item.get_result_display() if item else "", "编号": item.number if item else "",
    }  # fmt: skip
    grid = Grid(tuple(Item(label, text) for label, text in pairs.items()))
    sheet = recorded(case, f"{row.title}（登记）", grid, note="未登记扫描件，本表为登记的内容。")
    return Sheet(sheet.name, row.issued_on, row.number, row.issuer, content=sheet.content)


@contents("其他材料")
def _left_over(case: Case) -> Iterator[Sheet]:
    """Files of every kind of row that belongs to a case and has no part of its own, whichever area keeps it."""
    for relation in Application._meta.related_objects:
        model = relation.related_model
        names = [field.name for field in model._meta.fields if field.related_model is File]
        if model in _elsewhere or not names:
            continue
        rows = model._default_manager.filter(**{relation.field.name: case.application})
        for row in rows.select_related(*(f"{name}__act" for name in names)).order_by("pk"):
            yield from (stored(file) for name in names if (file := getattr(row, name)) is not None)


@contents("办理过程")
def _way(case: Case) -> Iterator[Sheet]:
    """State by state, with due dates and who took the case on."""
    states = case.ladder.states
    rows = [
        (states[row.state].name if row.state in states else row.state, row.entered_at, row.act, row.due_on, row.left_at,
         "逾期" if row.late else "")
        for row in Stage.objects.filter(application=case.application).select_related("act").order_by("order")
    ]  # fmt: skip
    heads = (("环节", 1.6), ("进入时间", 1.4), ("经办人", 1), ("办理期限", 1), ("离开时间", 1.4), ("备注", 0.7))
    yield recorded(case, "办理过程登记表", table("办理过程", heads, rows))
