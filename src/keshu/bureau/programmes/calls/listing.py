"""The list of calls: what is asked, what this person may see, one line for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import codes_below, spans_on
from keshu.bureau.programmes import closing
from keshu.bureau.programmes.access import calls_of
from keshu.bureau.programmes.access import visible as visible_cases
from keshu.bureau.programmes.calls import queries
from keshu.bureau.programmes.calls.forms import CallFilter
from keshu.bureau.programmes.calls.services import EDIT
from keshu.bureau.programmes.definitions import programmes
from keshu.bureau.programmes.models import Call, Extension
from keshu.catalogue.schema.programme import Programme

KINDS = {
    "project": _("项目"), "recognition": _("认定、备案"), "subsidy": _("奖补"), "award": _("奖励"), "nomination": _("推荐上报"),
}  # fmt: skip
PHASES = {
    "open": (_("受理中"), "ok"), "coming": (_("即将开始"), "info"), "closed": (_("已截止"), "quiet"),
    "draft": (_("起草中"), "warn"), "cancelled": (_("已取消"), "bad"),
}  # fmt: skip
HEADINGS = (
    "批次名称",
    "申报事项",
    "年度",
    "主管科室",
    "区划",
    "开始时间",
    "截止时间",
    "状态",
    "预算(元)",
    "填报",
    "已提交",
)
TERRITORIES = (Place.Kind.PROVINCE, Place.Kind.CITY, Place.Kind.COUNTY, Place.Kind.ZONE)


@dataclass(frozen=True)
class Line:
    """A call as the list shows it."""

    call: Call
    programme: str
    phase: str
    closes: datetime
    extended: bool

    @property
    def label(self) -> Any:
        return PHASES[self.phase][0]

    @property
    def tone(self) -> str:
        return PHASES[self.phase][1]


def visible(viewer: Viewer) -> QuerySet[Call]:
    """Calls that are or were out, at or below or above the person's places; drafts only where she may write them."""
    seen = viewer.place_ids("cases.view")
    out = ~Q(state=Call.State.DRAFT)
    if seen is not None:
        out &= Q(place_id__in=seen) | Q(place_id__in=_above(seen))
    return Call.objects.filter(out | Q(pk__in=calls_of(viewer, EDIT).values("pk")))


def _above(seen: Iterable[int]) -> list[int]:
    """The places under which these lie: a county sees the city's calls, to which its enterprises apply."""
    spans = list(spans_on().values_list("place_id", "path"))
    wanted = set(seen)
    parts = {part for place, path in spans if place in wanted for part in path.strip("/").split("/")}
    return list(Place.objects.filter(code__in=parts).values_list("pk", flat=True))


def asked(request: HttpRequest) -> tuple[CallFilter, QuerySet[Call], datetime]:
    """The filter with the calls that it leaves of those that this person may see."""
    rows, at = visible(request.viewer), timezone.now()  # type: ignore[attr-defined]
    known = list(rows.order_by().values_list("year", "programme", "section").distinct())
    names = {code: one.name for code, one in programmes().items()}
    form = CallFilter(
        request.GET or None,
        years=sorted({year for year, _code, _section in known}, reverse=True),
        programmes=sorted({(code, names.get(code, code)) for _year, code, _section in known}, key=lambda one: one[1]),
        sections=sorted({section for _year, _code, section in known}),
    )
    said = form.said() if request.GET else {}
    state = said.pop("state", "")
    return form, _in_phase(rows.filter(**said), state, at).select_related("place"), at


def _in_phase(rows: QuerySet[Call], phase: str, at: datetime) -> QuerySet[Call]:
    for_all = Extension.objects.filter(closes_at__gt=at, application=None, place=None)
    later = Q(closes_at__gt=at) | Q(pk__in=for_all.values("call"))
    out = Q(state=Call.State.PUBLISHED)
    wanted = {
        "draft": Q(state=Call.State.DRAFT),
        "cancelled": Q(state=Call.State.CANCELLED),
        "coming": out & Q(opens_at__gt=at),
        "open": out & Q(opens_at__lte=at) & later,
        "closed": out & ~later,
    }
    return rows.filter(wanted[phase]) if phase in wanted else rows


def lines(calls: list[Call], at: datetime) -> list[Line]:
    """One line for each, with the deadline that holds for all."""
    names = {code: one.name for code, one in programmes().items()}
    latest = closing.closing_for_all(calls)
    return [
        Line(
            call=one,
            programme=names.get(one.programme, one.programme),
            phase=queries.phase_of(one, at, latest[one.pk]),
            closes=latest[one.pk],
            extended=latest[one.pk] > one.closes_at,
        )
        for one in calls
    ]


def cells(line: Line) -> list[Any]:
    """The line as a row of a workbook."""
    call: Any = line.call
    return [
        call.name, line.programme, call.year, call.section, call.place.name, call.opens_at, line.closes,
        str(line.label), call.budget, call.begun, call.handed_in,
    ]  # fmt: skip


def states_of(call: Call, programme: Programme, viewer: Viewer) -> list[tuple[str, str, int]]:
    """How many cases stand where, in the order of the ladder, among those that the person may see."""
    rows = visible_cases(viewer).filter(call=call).values_list("state").annotate(n=Count("pk"))
    counts = dict(rows)
    return [(code, one.name, counts[code]) for code, one in programme.ladder.states.items() if code in counts]


def places_for(viewer: Viewer) -> list[tuple[str, str]]:
    """The places for which this person may open calls, from the top of the tree down."""
    visible_ids = viewer.place_ids(EDIT)
    return [(code, name) for pk, code, name in _territories() if visible_ids is None or pk in visible_ids]


def places_below(code: str) -> list[tuple[str, str]]:
    """The places to which an extension of a call of this place may be limited."""
    below = codes_below(code) - {code}
    return [(one, name) for _pk, one, name in _territories() if one in below]


def _territories() -> list[tuple[int, str, str]]:
    rows = spans_on().filter(place__kind__in=TERRITORIES).values_list("place_id", "place__code", "place__name")
    return list(rows.order_by("path"))


def sections_for(viewer: Viewer, first: str) -> list[str]:
    """The sections whose calls this person may write, the programme's own first."""
    own = viewer.sections(EDIT)
    every = dict.fromkeys([first, *(one.owner for one in programmes().values())])
    return [one for one in every if own is None or one in own]
