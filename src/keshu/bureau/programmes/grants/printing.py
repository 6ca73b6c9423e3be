"""The papers of a grant under way as .docx: the task book, the reply to a change, the opinion of acceptance."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from keshu.bureau.programmes.applying.pages import Reading, whole_form
from keshu.bureau.programmes.applying.printing import LONG, listing_of
from keshu.bureau.programmes.applying.reading import form_with, opened, version_form
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.dossier import about, issuer_of
from keshu.bureau.programmes.grants import accounting, reading
from keshu.bureau.programmes.grants.labelling import NO_CONTRACT, lines_of_change
from keshu.bureau.programmes.models import ChangeRequest, Conclusion, TaskBook, Verdict
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity.printing import paper
from keshu.bureau.records.services import digest_of
from keshu.office.papers import shapes
from keshu.office.papers.parts import Grid, Head, Item, Listing, LongText, Opinion, Section, Verification

ABOUT = {Verdict.Kind.PROJECT: "项目", Verdict.Kind.MONEY: "经费", Verdict.Kind.PERFORMANCE: "绩效"}


def book_paper(case: Case, book: TaskBook) -> shapes.FormPaper:
    """One version of the task book, with what the application said where it says something else; personal texts masked."""
    sha256 = digest_of(["task-book", book.application_id, book.number, book.revision, book.values]).hex()
    sides = ((_("承担单位"), book.agreed_by_unit), (_("主管部门"), book.agreed_by_bureau))
    return shapes.FormPaper(
        title=_("%(name)s任务书") % {"name": case.programme.name}, case=about(case), issuer=issuer_of(case.call),
        cover=tuple(Item(label, text) for label, text in _cover(case)), sections=tuple(_sections(case, book)),
        verification=Verification(sha256, f"/programmes/cases/{book.application_id}/task-book/?version={book.number}"),
        opinions=tuple(
            Opinion(label, text=_("已在系统中确认") if act else "", signed=act.by_name if act else "", day=book.agreed_on)
            for label, act in sides
        ),
        day=book.agreed_on, note=_("第 %(n)s 版") % {"n": book.number} if book.agreed_on else _("未经双方确认"),
    )  # fmt: skip


def _cover(case: Case) -> Iterator[tuple[str, str]]:
    application = case.application
    yield _("受理编号"), application.number or ""
    yield _("名称"), application.title
    yield _("承担单位"), application.party.name
    yield _("负责人"), application.leader
    yield _("申报批次"), case.call.name


def _sections(case: Case, book: TaskBook) -> Iterator[Section]:
    version = case.application.version
    before: Sequence[Reading] = ()
    if version is not None:
        before = whole_form(version_form(case.application, version, at=case.at), own=False)
    texts = {path: opened(text) for path, text in book.values.items()}
    told = {path: text for part in before for path, _label, text in part.pairs}
    for part in whole_form(form_with(case.application, texts, at=case.at), own=False):
        parts = [*_texts(part, told), *(listing_of(*one) for one in part.tables)]
        if parts and part.code not in NO_CONTRACT:
            yield Section(part.name, tuple(parts))


def _texts(part: Reading, before: Mapping[str, str]) -> Iterator[Grid | LongText]:
    short = [one for one in part.pairs if len(one[2]) <= LONG and "\n" not in one[2]]
    if short:
        yield Grid(tuple(Item(label, text, before.get(path)) for path, label, text in short))
    for path, label, text in part.pairs:
        if len(text) > LONG or "\n" in text:
            yield LongText(label, text, before.get(path))


def reply_paper(case: Case, row: ChangeRequest) -> shapes.ChangeReply:
    """The answer to a request for a change: before and after, side by side."""
    changes = tuple(shapes.Change(*line) for line in lines_of_change(case, row))
    return shapes.ChangeReply(
        case=about(case), issuer=issuer_of(case.call), changes=changes, agreed=row.state == ChangeRequest.State.ALLOWED,
        asked_on=row.asked_on, day=row.decided_on or case.today, reason=row.reply,
    )  # fmt: skip


def conclusion_paper(case: Case, row: Conclusion) -> shapes.Conclusion:
    """The opinion of acceptance: three verdicts, targets side by side, the final account against the budget."""
    verdicts = reading.verdicts_of(case.application)
    if set(verdicts) != set(Verdict.Kind.values):
        raise CaseProblem(_("三项结论还没有出齐，不能出具验收意见书"))
    account = accounting.account_of(case)
    return shapes.Conclusion(
        case=about(case), issuer=issuer_of(case.call), outcome=str(row.get_outcome_display()),  # type: ignore[arg-type]
        verdicts=tuple(
            shapes.Verdict(
                ABOUT[Verdict.Kind(kind)], str(one.get_result_display()), one.note, one.office, one.day  # type: ignore[arg-type]
            )
            for kind, one in verdicts.items()
        ),
        opinion=row.note or "", day=row.day, delivered=targets_listing(case), account=accounting.listing_of(account),
        account_notes=accounting.sentences_of(account),
    )  # fmt: skip


def targets_listing(case: Case) -> Listing | None:
    """Promised, changed, delivered, target by target."""
    lines = reading.side_by_side(case.application)
    if not lines:
        return None
    names = (_("考核指标"), _("任务书承诺"), _("变更后"), _("已完成"), _("考核方式"))
    rows = tuple(
        (one.name, one.promised or "—", (one.now or _("取消")) if one.changed else "—", one.delivered or "—", one.proof)
        for one in lines
    )
    return Listing(tuple(Head(name, 1.4) for name in names), rows)


def latest_conclusion(case: Case) -> Conclusion:
    row = reading.conclusion_of(case.application)
    if row is None:
        raise CaseProblem(_("这件申报还没有验收结论"))
    return row


@paper("task_book")
def _book(case: Case) -> object:
    book = reading.book_of(case.application)
    if book is None:
        raise CaseProblem(_("这件申报还没有任务书，发文公布后系统按申报书生成"))
    return book_paper(case, book)


@paper("change_reply")
def _reply(case: Case) -> object:
    decided = (ChangeRequest.State.ALLOWED, ChangeRequest.State.DENIED)
    row = reading.changes_of(case.application).filter(state__in=decided).last()
    if row is None:
        raise CaseProblem(_("这件申报没有审批过变更"))
    return reply_paper(case, row)


@paper("conclusion_reply")
def _conclusion(case: Case) -> object:
    return conclusion_paper(case, latest_conclusion(case))
