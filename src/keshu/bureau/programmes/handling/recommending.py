"""Recommendations that a county gave on paper, entered by the bureau on its behalf, and recorded as such."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.access import OF_PLACE, actor_in, rights_in, stands_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.looking import Asked
from keshu.bureau.programmes.machine import step_of
from keshu.bureau.programmes.models import Application, PaperRecommendation
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import RELATED, held, pass_within
from keshu.bureau.records import files
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.models import File
from keshu.bureau.records.services import Actor, Writing, digest_of, writing
from keshu.office.filetypes import detect_bytes

ON_BEHALF = "programmes.accept"  # whoever accepts what counties send may enter what a county sent on paper
KINDS = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
MEGABYTES = 20


@dataclass(frozen=True)
class Scan:
    """The stamped list: its bytes, its name, the day on it, and why the county did not enter it itself."""

    content: bytes
    name: str
    signed_on: date
    reason: str


def recommend_on_paper(asked: Sequence[Asked], scan: Scan, *, event: str, viewer: Viewer) -> list[Application]:
    """Recommend, or decline, cases by the county's stamped list, all or none as one act.

    The person needs the bureau's right to accept in each call, not the county's right to recommend; file, day and
    reason stay with every case. Raises CaseProblem with everything that stands in the way.
    """
    mime = _checked(scan)
    by = _acting(asked, viewer)
    with writing(verb="case.recommend-on-paper", by=by, reason=scan.reason.strip()[:2000]) as act:
        file = files.store(scan.content, name=scan.name[:255], kind="recommendation", mime=mime, within=act)
        moved, wrong = [], []
        for one in asked:
            try:
                moved.append(_pass(one, scan, file, event, (viewer, by), act))
            except (CaseProblem, NotAllowed) as problem:
                wrong.append(_("%(number)s：%(why)s") % {"number": _number(one), "why": problem})
        if wrong:
            raise CaseProblem("；".join(wrong))
    return moved


def _acting(asked: Sequence[Asked], viewer: Viewer) -> Actor:
    if not stands_in(viewer):
        return viewer.actor
    rows = Application.objects.filter(pk__in=[one.application_id for one in asked]).select_related(*RELATED)
    return actor_in(viewer, ((row, ON_BEHALF) for row in rows))


def _checked(scan: Scan) -> str:
    """The type of the scan. Raises CaseProblem with everything that is wrong with it."""
    wrong = [] if scan.reason.strip() else [_("请写明为什么由本局代为登记")]
    kind = detect_bytes(scan.content).code if scan.content else ""
    if kind not in KINDS:
        wrong.append(_("请上传盖章推荐表的扫描件（PDF、JPG 或 PNG）"))
    if len(scan.content) > MEGABYTES * 2**20:
        wrong.append(_("扫描件超过 %(n)s MB，请压缩后再传") % {"n": MEGABYTES})
    if wrong:
        raise CaseProblem("；".join(wrong))
    return KINDS[kind]


def _number(one: Asked) -> str:
    return Application.objects.filter(pk=one.application_id).values_list("number", flat=True).first() or "—"


def _pass(one: Asked, scan: Scan, file: File, event: str, who: tuple[Viewer, Actor], act: Writing) -> Application:
    viewer, by = who
    application = held(one.application_id, one.seen)
    if ON_BEHALF not in rights_in(viewer, application):
        raise CaseProblem(_("您没有代为登记的权限"))
    case = Case(application, at=act.act.at, by=by, given={**one.given, "reason": scan.reason}, event=event)
    step = step_of(case.programme, application.state, event)
    if step is None or step.right != OF_PLACE:
        raise CaseProblem(_("现在的状态是“%(state)s”，不在推荐环节") % {"state": case.state.name})
    if scan.signed_on > case.today:
        raise CaseProblem(_("盖章日期晚于今天，请核对"))
    pass_within(case, frozenset({OF_PLACE}), act)
    row = PaperRecommendation.objects.create(
        application=application, file=file, signed_on=scan.signed_on, reason=scan.reason.strip()[:300], act=act.act
    )
    act.wrote(digest_of(["on-paper", application.pk, file.sha256, row.signed_on, row.reason]))
    return application
