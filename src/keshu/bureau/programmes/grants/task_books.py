"""The task book: drawn up from the application, mended by both sides, agreed by both, replaced by a change."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.access import rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants import contract
from keshu.bureau.programmes.models import TaskBook
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import dealing, held
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Writing, digest_of, writing

UNIT, BUREAU = "programmes.endorse", "programmes.contract"
LONGEST = 6000


def draw_up(case: Case, within: Writing) -> TaskBook:
    """The first version, with everything that the application says; nobody types it again."""
    version = case.application.version
    assert version is not None  # a case that was issued was submitted
    values = {path: text for path, text in version.values.items() if path not in contract.LEFT_OUT}
    return keep(case, values, within)


def keep(case: Case, values: Mapping[str, str], within: Writing, *, agreed: tuple[Act, Act] | None = None) -> TaskBook:
    """A new version in the place of the one before; `agreed` where both sides stand behind it already."""
    before = TaskBook.objects.select_for_update().filter(application=case.application, replaced_by__isnull=True).first()
    if before is not None:
        before.replaced_by = within.act
        before.save(update_fields=["replaced_by"])
    unit, bureau = agreed or (None, None)
    book = TaskBook.objects.create(
        application=case.application, number=before.number + 1 if before else 1, values=dict(values),
        agreed_by_unit=unit, agreed_by_bureau=bureau, agreed_on=case.today if agreed else None, act=within.act,
    )  # fmt: skip
    within.wrote(book_digest(book))
    return book


def book_digest(book: TaskBook) -> bytes:
    return digest_of(["task-book", book.application_id, book.number, book.revision, book.values])


def edit_task_book(
    application_id: int, changes: Mapping[str, str], *, book_seen: int, viewer: Viewer, reason: str = ""
) -> TaskBook:
    """Change some texts before both have agreed; an agreement given before no longer holds.

    Raises CaseProblem when it is agreed already or somebody changed it since `book_seen`.
    """
    with writing(verb="taskbook.edit", by=viewer.actor, reason=reason, subject=f"application:{application_id}") as act:
        application = held(application_id)
        if not {"programmes.apply", BUREAU} & rights_in(viewer, application):
            raise NotAllowed(_("您没有修改这份任务书的权限"))
        book = _open_book(application_id, book_seen)
        book.values = {**book.values, **{path[:120]: text[:LONGEST] for path, text in changes.items()}}
        book.agreed_by_unit = book.agreed_by_bureau = None
        book.revision += 1
        book.save()
        act.wrote(book_digest(book))
    return book


def agree_task_book(application_id: int, *, side: str, seen: int, book_seen: int, viewer: Viewer) -> TaskBook:
    """One side agrees to the text as it stands: the unit (`unit`) or the bureau (`bureau`); with both it holds."""
    right = UNIT if side == "unit" else BUREAU
    with dealing(application_id, verb="taskbook.agree", right=right, seen=seen, viewer=viewer) as (case, act):
        book = _open_book(application_id, book_seen)
        if side == "unit":
            book.agreed_by_unit = act.act
        else:
            book.agreed_by_bureau = act.act
        if book.agreed_by_unit_id and book.agreed_by_bureau_id:
            book.agreed_on = case.today
        book.save()
        act.wrote(digest_of(["task-book.agree", book.pk, book.revision, side]))
    return book


def _open_book(application_id: int, seen: int) -> TaskBook:
    rows = TaskBook.objects.select_for_update()
    book = rows.filter(application_id=application_id, replaced_by__isnull=True).first()
    if book is None:
        raise CaseProblem(_("这件申报还没有任务书；发文公布后系统按申报书生成"))
    if book.agreed_on is not None:
        raise CaseProblem(_("任务书双方已经确认，不能再改；实施中需要调整的，请申请变更"))
    if book.revision != seen:
        raise CaseProblem(_("任务书刚刚被对方修改，请刷新页面，核对修改后的内容"))
    return book
