"""The applicant's home: what may be applied for, and the cases of one's own organisation."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.parties.models import Party
from keshu.bureau.programmes.access import UNSUBMITTED
from keshu.bureau.programmes.applying.states import LOST
from keshu.bureau.programmes.calls.eligibility import Answer
from keshu.bureau.programmes.closing import closing_of
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import Application, Call, FormCell, Stage
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import begin_case
from keshu.bureau.records.services import ZONE

APPLY = "programmes.apply"
VERDICTS = {
    "yes": (gettext_lazy("可以申报"), "ok"), "later": (gettext_lazy("可以填报，部分条件填写后判断"), "info"),
    "need": (gettext_lazy("还缺资料，不能判断"), "warn"), "no": (gettext_lazy("不可以申报"), "bad"),
}  # fmt: skip


@dataclass(frozen=True)
class Mine:
    """A case of the organisation as its home shows it."""

    application: Application
    state: str
    tone: str
    due_on: date | None
    asked: str
    typed: str = ""  # the title that stands in a draft

    @property
    def title(self) -> str:
        return self.application.title or self.typed or self.application.call.name


def cases_of(party_id: int, at: datetime) -> list[Mine]:
    """The organisation's cases, those that wait for itself first, then the newest. Four queries."""
    rows = list(_rows(party_id))
    running = Stage.objects.filter(application__in=[row.pk for row in rows], left_at__isnull=True)
    due = dict(running.values_list("application_id", "due_on"))
    drafts = closing_of([row for row in rows if row.state in UNSUBMITTED and not row.end])
    due |= {pk: closes.astimezone(ZONE).date() for pk, closes in drafts.items()}
    late = {pk for pk, closes in drafts.items() if closes <= at}
    typed = _typed_titles([row.pk for row in rows if not row.title])
    found = [_mine(row, due.get(row.pk), late=row.pk in late, typed=typed.get(row.pk, "")) for row in rows]
    return sorted(found, key=lambda one: (bool(one.application.end), not one.asked, one.due_on or date.max))


def _typed_titles(ids: list[int]) -> dict[int, str]:
    """What drafts call themselves already: the title of a case is written when it is handed in."""
    return dict(FormCell.objects.filter(application__in=ids, path="project_name").values_list("application_id", "text"))


def _rows(party_id: int) -> QuerySet[Application]:
    return Application.objects.filter(party_id=party_id).select_related("call__place").order_by("-pk")[:200]


def _mine(row: Application, due_on: date | None, *, late: bool, typed: str) -> Mine:
    state = programme_for(row.call).ladder.states[row.state]
    asked = ""
    if state.who == "applicant" and not row.end:
        asked = {
            "draft": _("填写并提交"), "endorsing": _("由单位管理员审核提交"), "contracting": _("签订任务书"),
            "running": _("按任务书实施，到期申请验收"), "serving": _("填写服务日志，年末交总结"), "holding": "", "operating": "",
        }.get(row.state, _("按要求修改或补充后再报"))  # fmt: skip
    if late:
        asked = _("已经截止，没有提交；点开看怎么办")
    tone = "bad" if state.end in LOST else "ok" if state.end else "warn" if asked else "info"
    return Mine(row, state.public, tone, None if row.end else due_on, asked, typed)


def begin(call: Call, party: Party, *, viewer: Viewer, answer: Answer) -> Application:
    """Open a draft for the party. Raises CaseProblem where the call is not open or the party has no place."""
    if not viewer.may(APPLY, party=party.pk):
        raise CaseProblem(_("您不是“%(party)s”的申报人，请由本单位管理员加入后再申报") % {"party": party.name})
    if answer.phase != "open":
        raise CaseProblem(_("“%(call)s”现在不在申报时间内") % {"call": call.name})
    if party.place_id is None:
        raise CaseProblem(_("单位资料中没有所属区划，请联系主管科室补填后再申报"))
    return begin_case(call, party_id=party.pk, place_id=party.place_id, by=viewer.actor)
