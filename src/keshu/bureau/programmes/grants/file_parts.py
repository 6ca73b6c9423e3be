"""What a grant under way lays into the file of its case."""

from collections.abc import Iterator

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.dossier import Sheet, contents, day_of, organ_of, recorded, stored, table
from keshu.bureau.programmes.grants import accounting, printing, reading
from keshu.bureau.programmes.grants.labelling import lines_of_change
from keshu.bureau.programmes.models import CaseReport, ChangeRequest, Conclusion, Credit, Verdict
from keshu.bureau.programmes.publicity.file_parts import laid_elsewhere
from keshu.office.papers import render
from keshu.office.papers.parts import Grid, Item, LongText

Kind, State = CaseReport.Kind, ChangeRequest.State
#: reports about the end of a grant; the others tell how it went
ENDING = (Kind.ACCEPTANCE, Kind.AUDIT, Kind.SCIENCE, Kind.EVALUATION)
REPLIED = (State.ALLOWED, State.DENIED)
laid_elsewhere(CaseReport, ChangeRequest)


@contents("任务书")
def _books(case: Case) -> Iterator[Sheet]:
    by = f"{case.application.party.name}、{organ_of(case.call)}"
    for book in reading.books_of(case.application).select_related("agreed_by_unit", "agreed_by_bureau", "act"):
        content = render("task_book", printing.book_paper(case, book))
        note = "" if book.agreed_on else "未经双方确认"
        name = f"任务书（第{book.number}版）.docx"
        yield Sheet(name, book.agreed_on or day_of(book.act), by=by, note=note, content=content)


@contents("变更")
def _changes(case: Case) -> Iterator[Sheet]:
    """Each request with before and after; the reply where the bureau gave one."""
    heads = (("内容", 1.6), ("变更前", 2), ("变更后", 2))
    for row in reading.changes_of(case.application).select_related("act", "file__act"):
        lines = lines_of_change(case, row)
        pairs = {
            "变更事项": row.get_kind_display(), "性质": row.get_weight_display(), "提出日期": f"{row.asked_on}",
            "结果": row.get_state_display(), "办结日期": f"{row.decided_on or ''}", "原因": row.reason, "答复": row.reply,
        }  # fmt: skip
        grid = Grid(tuple(Item(label, str(text), wide=label in ("原因", "答复")) for label, text in pairs.items()))
        title = f"变更登记表（第{row.number}次）"
        yield recorded(case, title, grid, table("变更前后对照", heads, lines))
        if row.file is not None:
            yield stored(row.file, by=case.application.party.name)
        if row.state in REPLIED:
            content = render("change_reply", printing.reply_paper(case, row))
            yield Sheet(f"变更批复（第{row.number}次）.docx", row.decided_on, by=organ_of(case.call), content=content)


@contents("实施")
def _run(case: Case) -> Iterator[Sheet]:
    """Reports on the way, nodes of the plan, supervision visits."""
    yield from _reports(case, [kind for kind in Kind if kind not in ENDING])
    nodes = [
        (row.name, row.due_on, row.done_on, row.proof, row.done_act) for row in
        reading.milestones_of(case.application).select_related("done_act")
    ]  # fmt: skip
    visits = [
        (row.on, row.by, row.findings, row.remedy, row.due_on, row.closed_on, row.closing)
        for row in reading.visits_of(case.application)
    ]
    parts = []
    if nodes:
        heads = (("节点", 2), ("应完成日期", 1.1), ("完成日期", 1.1), ("完成依据", 1.6), ("登记人", 0.9))
        parts.append(table("进度节点", heads, nodes))
    if visits:
        heads = (
            ("日期", 1.1), ("监理人员", 1), ("发现的情况", 2), ("整改要求", 1.4), ("期限", 1.1), ("销号日期", 1.1), ("整改情况", 1.4),
        )  # fmt: skip
        parts.append(table("监理", heads, visits))
    if parts:
        yield recorded(case, "实施情况登记表", *parts)


def _reports(case: Case, kinds: list[CaseReport.Kind]) -> Iterator[Sheet]:
    """What was filed of these kinds: the words as a sheet, the file as it was uploaded."""
    rows = CaseReport.objects.filter(
        application=case.application, kind__in=kinds, filed_on__isnull=False, replaced_by__isnull=True
    )
    for row in rows.select_related("file__act").order_by("filed_on", "pk"):
        title = f"{row.get_kind_display()}{row.period}"
        delivered = [(name, text) for name, text in row.values.get("delivered", {}).items()]
        parts = [LongText("报告内容", row.values.get("text", ""))] if row.values.get("text") else []
        listing = [table("完成情况", (("考核指标", 2), ("完成值", 2)), delivered)] if delivered else []
        dates = Grid((Item("提交日期", f"{row.filed_on}"), Item("审核通过日期", f"{row.accepted_on or ''}")))
        sheet = recorded(case, title, dates, *parts, *listing)
        yield Sheet(sheet.name, row.filed_on, by=case.application.party.name, content=sheet.content)
        if row.file is not None:
            yield stored(row.file, day=row.filed_on, by=case.application.party.name)


@contents("验收与绩效")
def _ended(case: Case) -> Iterator[Sheet]:
    """Papers of the end, every verdict that was given, and the opinion of acceptance."""
    yield from _reports(case, list(ENDING))
    yield from _account(case)
    yield from _verdicts(case)
    conclusion = reading.conclusion_of(case.application)
    if conclusion is not None and set(reading.verdicts_of(case.application)) == set(Verdict.Kind.values):
        content = render("conclusion_reply", printing.conclusion_paper(case, conclusion))
        yield Sheet("验收意见书.docx", conclusion.day, by=organ_of(case.call), content=content)


def _account(case: Case) -> Iterator[Sheet]:
    """The final account, once it was filed."""
    account = accounting.account_of(case)
    if account is not None and account.filed_on is not None:
        listing = accounting.listing_of(account)
        assert listing is not None
        notes = LongText("说明", "\n".join(accounting.sentences_of(account)) or "无")
        yield recorded(case, "经费决算表", listing, notes)


def _verdicts(case: Case) -> Iterator[Sheet]:
    """Every verdict and outcome, with those that no longer hold."""
    verdicts = [
        (row.get_kind_display(), row.office, row.get_result_display(), row.points, row.note, row.day,
         "已更改" if row.replaced_by_id else "")
        for row in Verdict.objects.filter(application=case.application).order_by("pk")
    ]  # fmt: skip
    outcomes = [
        (row.get_outcome_display(), row.day, row.note, "已撤回" if row.withdrawn_by_id else "")
        for row in Conclusion.objects.filter(application=case.application).order_by("pk")
    ]
    parts = []
    if verdicts:
        heads = (
            ("结论", 0.7),
            ("出具部门", 1.3),
            ("结果", 0.8),
            ("得分", 0.6),
            ("意见", 2),
            ("日期", 1.1),
            ("备注", 0.7),
        )
        parts.append(table("三项结论", heads, verdicts))
    if outcomes:
        parts.append(table("结果", (("结果", 1), ("日期", 1.1), ("说明", 3), ("备注", 0.8)), outcomes))
    if parts:
        yield recorded(case, "验收与绩效登记表", *parts)


@contents("信用")
def _credit(case: Case) -> Iterator[Sheet]:
    rows = [
        (row.party.name if row.party else row.person_name, row.get_level_display(), row.what, row.basis, row.since,
         row.until, row.repaired_on)
        for row in Credit.objects.filter(application=case.application).select_related("party").order_by("pk")
    ]  # fmt: skip
    if rows:
        heads = (
            ("主体", 1.4), ("程度", 1), ("失信事实", 2), ("依据", 1.4), ("认定日期", 1.1), ("限制申报至", 1.1), ("修复日期", 1.1),
        )  # fmt: skip
        yield recorded(case, "信用登记表", table("信用记录", heads, rows))
