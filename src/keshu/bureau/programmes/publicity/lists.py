"""Lists under publicity: begun for the cases of a call together, ended when their days are over; corrected openly."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.calendar import add_workdays, due_on
from keshu.bureau.programmes import stages
from keshu.bureau.programmes.access import rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.facts import About, known_facts
from keshu.bureau.programmes.machine import condition, effect, on, step_of, take_back
from keshu.bureau.programmes.models import (
    Application,
    Call,
    Correction,
    Decision,
    Objection,
    Publicity,
    PublicityItem,
)
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import RELATED, pass_within
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Writing, digest_of, writing
from keshu.office.papers.words import amount_words

WAITING, SHOWN, DISPUTED = "announcing", "publicity", "objection"
RUNNING = (SHOWN, DISPUTED)
RIGHT = "programmes.announce"
DAYS = 5  # where neither the definition nor a parameter says how long
MOST = 500
NAME = "名称"
LINE = "publicity.line"  # in `case.notes`: the line of the list, where it was made for all its cases at once


# what the public sees of a case


def columns_of(case: Case) -> list[list[str]]:
    """One line of a list as [label, text]: never anything that only concerns a person's private life."""
    return columns_of_all([case])[0]


def columns_of_all(cases: Sequence[Case]) -> list[list[list[str]]]:
    """The lines of many cases, with what was decided about them looked up once."""
    ids = [case.application.pk for case in cases]
    grades = _grades(ids)
    amounts = amounts_of(cases)
    return [_columns(case, grades.get(case.application.pk, ""), amounts.get(case.application.pk)) for case in cases]


def _columns(case: Case, grade: str, amount: Decimal | None) -> list[list[str]]:
    application, kind = case.application, case.programme.kind
    name, unit = ("成果名称", "完成单位") if kind == "award" else ("项目名称", "申报单位")
    found = [["受理编号", application.number or ""]]
    if application.title and application.title not in (application.party.name, case.programme.name):
        found.append([name if kind in ("project", "award", "nomination") else NAME, application.title])
    found.append([unit, application.party.name])
    if kind in ("project", "nomination") and application.leader:
        found.append(["负责人", application.leader])
    found.append(["所属区划", application.place.name])
    if grade:
        found.append(["拟定等级", grade])
    if amount:
        found.append(["拟兑现金额" if kind == "subsidy" else "拟支持金额", amount_words(amount)])
    return found


def table_of(lines: Sequence[Sequence[Sequence[str]]]) -> tuple[list[str], list[list[str]]]:
    """Lines of [label, text] as a table: every label that any line has is a column, "" where a line lacks it.

    A name that is the same on every one of several lines tells nothing apart and is left out.
    """
    told = [dict(line) for line in lines]
    labels = list(dict.fromkeys(label for line in told for label in line))
    if len(told) > 1 and len({line.get(NAME) for line in told}) == 1:
        labels = [label for label in labels if label != NAME]
    return labels, [[line.get(label, "") for label in labels] for line in told]


def _grades(ids: Sequence[int]) -> dict[int, str]:
    """The latest decision of each case that names a grade."""
    rows = Decision.objects.filter(application__in=ids, withdrawn_by__isnull=True).order_by("pk")
    return dict(rows.values_list("application_id", "grade"))


Amounts = Callable[[Collection[int]], Mapping[int, Decimal | None]]
_amounts: list[Amounts] = []


def register_amounts(function: Amounts) -> None:
    """Register who knows the amounts of many cases at once; without, each is asked for as a fact of its own."""
    _amounts.append(function)


def amounts_of(cases: Sequence[Case]) -> Mapping[int, Decimal | None]:
    ids = [case.application.pk for case in cases]
    return _amounts[-1](ids) if _amounts else {case.application.pk: granted(case) for case in cases}


def granted(case: Case) -> Decimal | None:
    """The amount that was decided, where the money knows one."""
    about = About(case.call, case.application.party_id, case.today, case.at, case.application)
    found = known_facts(about, ["核定金额"]).get("核定金额")
    return found if isinstance(found, Decimal) else None


# days


def days_of(case: Case) -> tuple[int, str]:
    """How long the list is shown, and in what that is counted."""
    step = step_of(case.programme, SHOWN, "end_publicity")
    if step is None:
        return DAYS, "working_days"
    return stages.within_of(case, step) or DAYS, step.unit


def last_day(case: Case, begun: date) -> date:
    days, unit = days_of(case)
    return due_on(begun, days, unit)  # type: ignore[arg-type]


@stages.due_rule(SHOWN)
def _due(case: Case) -> date:
    """The first working day on which the list may be ended."""
    item = item_of(case.application)
    return add_workdays(max(item.publicity.ends_on if item else last_day(case, case.today), case.today), 1)


# beginning


def publish(
    call_id: int, ids: Collection[int], *, title: str, text: str, contact: str, viewer: Viewer
) -> Publicity:  # fmt: skip
    """Show these cases of a call to the public, as one list and one act. All of them, or none."""
    if not ids or len(ids) > MOST:
        raise CaseProblem(_("请选择 1 至 %(n)s 件") % {"n": MOST})
    if not title.strip() or not contact.strip():
        raise CaseProblem(_("请写明公示标题和受理异议的联系方式"))
    with writing(verb="publicity.start", by=viewer.actor, subject=f"call:{call_id}") as act:
        found = Application.objects.select_for_update(of=("self",)).select_related(*RELATED)
        cases = list(found.filter(call_id=call_id, pk__in=list(ids)).order_by("number"))
        if len(cases) != len(set(ids)):
            raise CaseProblem(_("所选申报中有的不属于这个批次，请刷新页面后重新选择"))
        rows = [Case(application, at=act.act.at, by=viewer.actor, event="publish") for application in cases]
        publicity = _begin(rows[0], act, title=title.strip(), text=text.strip(), contact=contact.strip())
        for case, line in zip(rows, columns_of_all(rows), strict=True):
            case.notes[LINE] = line
            _pass(case, viewer, act)
    return publicity


def _pass(case: Case, viewer: Viewer, within: Writing) -> None:
    try:
        pass_within(case, rights_in(viewer, case.application), within)
    except (CaseProblem, NotAllowed) as problem:
        raise CaseProblem(_("%(name)s：%(why)s") % {"name": case.application, "why": problem}) from problem


def _begin(case: Case, within: Writing, *, title: str, text: str = "", contact: str) -> Publicity:
    days, _unit = days_of(case)
    made = Publicity.objects.create(
        call=case.call, title=title[:200], text=text, starts_on=case.today, days=days,
        ends_on=last_day(case, case.today), contact=contact[:200], act=within.act,
    )  # fmt: skip
    within.wrote(digest_of(["publicity", made.pk, made.title, made.text, made.starts_on, made.ends_on, made.contact]))
    within.shelf["publicity", case.call.pk] = made
    return made


def default_title(call: Call, state: str) -> str:
    return f"{call.name}{state}"


def default_contact(call: Call) -> str:
    return f"{call.section} {call.contact} {call.phone}".strip()


@effect("start_publicity")
def start_publicity(case: Case, within: Writing) -> None:
    """The case goes on the list that the act has begun, or begins one: a batch makes one list, however it is taken."""
    publicity = within.shelf.get(("publicity", case.call.pk)) or _begin(
        case, within, title=default_title(case.call, case.ladder.states[SHOWN].name), contact=default_contact(case.call)
    )
    order = (publicity.items.aggregate(Max("order"))["order__max"] or 0) + 1
    item = PublicityItem.objects.create(
        publicity=publicity, application=case.application, order=order, columns=case.notes.get(LINE) or columns_of(case)
    )
    within.wrote(item_digest(item))


def item_digest(item: PublicityItem) -> bytes:
    return digest_of(["publicity_item", item.publicity_id, item.application_id, item.order, item.columns])


def item_of(application: Application) -> PublicityItem | None:
    """The line of the case on the latest list that counts."""
    rows = PublicityItem.objects.filter(
        application=application, removed_by__isnull=True, publicity__withdrawn_by__isnull=True
    )
    return rows.select_related("publicity").order_by("-pk").first()


# ending


@condition("publicity_over")
def publicity_over(case: Case) -> str:
    item = item_of(case.application)
    if item is None:
        return _("这件申报还没有公示过，请先开始公示")
    if case.today <= item.publicity.ends_on:
        return _("公示到 %(day)s 为止（含当日），期满后再办理") % {"day": f"{item.publicity.ends_on:%Y-%m-%d}"}
    return ""


@condition("no_open_objection")
def no_open_objection(case: Case) -> str:
    item = item_of(case.application)
    if item is None:
        return ""
    concerned = Q(application=case.application) | Q(application__isnull=True)
    named = set(open_objections(item.publicity).filter(concerned).values_list("application_id", flat=True))
    if not named:
        return ""
    if named == {None}:
        return _("公示名单上有一件没有指明项目的异议未办结，请先在异议登记中办理")
    return _("这件申报有异议未办结，请先写明结论并答复")


def open_objections(publicity: Publicity) -> QuerySet[Objection]:
    return Objection.objects.filter(publicity=publicity, outcome="")


@effect("stop_publicity")
def stop_publicity(case: Case, within: Writing) -> None:
    """The list is over when none of its cases is shown any more."""
    item = item_of(case.application)
    if item is not None:
        _end_if_empty(item.publicity, case.application, within)


def _end_if_empty(publicity: Publicity, leaving: Application, within: Writing) -> None:
    left = publicity.items.filter(removed_by__isnull=True, application__state__in=RUNNING)
    if left.exclude(application=leaving).exists() or publicity.ended_at is not None:
        return
    publicity.ended_at = within.act.at
    publicity.save(update_fields=["ended_at"])
    within.wrote(digest_of(["publicity.end", publicity.pk]))


def end_publicity(publicity_id: int, *, viewer: Viewer) -> tuple[int, list[tuple[Application, str]]]:
    """Let every case go on that nothing holds back; says how many did, and of the others why not."""
    publicity = Publicity.objects.select_related("call").get(pk=publicity_id)
    with writing(verb="publicity.end", by=viewer.actor, subject=f"call:{publicity.call_id}") as act:
        rows = Application.objects.select_for_update(of=("self",)).select_related(*RELATED)
        shown = publicity.items.filter(removed_by__isnull=True).values("application_id")
        passed, left = 0, []
        for application in rows.filter(pk__in=shown, state__in=RUNNING).order_by("number"):
            case = Case(application, at=act.act.at, by=viewer.actor, event="end_publicity")
            why = (
                _("异议正在办理") if application.state == DISPUTED else publicity_over(case) or no_open_objection(case)
            )
            if why:
                left.append((application, why))
                continue
            _pass(case, viewer, act)
            passed += 1
        if not passed:
            raise CaseProblem(left[0][1] if left else _("这份公示的申报都已办理"))
    return passed, left


# correcting


def correct(item_id: int, *, label: str, after: str, reason: str, viewer: Viewer) -> Correction:
    """Put a column of a line right; what stood there, what stands there now and why stay on the public page."""
    if not reason.strip():
        raise CaseProblem(_("更正必须写明原因"))
    with writing(verb="publicity.correct", by=viewer.actor, reason=reason, subject=_subject(item_id)) as act:
        rows = PublicityItem.objects.select_for_update(of=("self",)).select_related("publicity__call__place")
        item = rows.get(pk=item_id)
        call = item.publicity.call
        if not viewer.may(RIGHT, section=call.section, place=call.place.code):
            raise CaseProblem(_("您没有更正这份公示的权限"))
        _refuse_ended(item)
        before = dict(map(tuple, item.columns))
        if label not in before or not after.strip():
            raise CaseProblem(_("请选择要更正的栏目并填写更正后的内容"))
        if before[label] == after.strip():
            raise CaseProblem(_("更正后的内容与原来一样"))
        item.columns = [[name, after.strip() if name == label else text] for name, text in item.columns]
        item.save(update_fields=["columns"])
        act.wrote(item_digest(item))
        said = (f"{label}：{before[label]}", f"{label}：{after.strip()}")
        return _trace(item, before=said[0], after=said[1], reason=reason, within=act)


def _subject(item_id: int) -> str:
    return f"publicity:{PublicityItem.objects.values_list('publicity_id', flat=True).get(pk=item_id)}"


def _refuse_ended(item: PublicityItem) -> None:
    if item.removed_by_id is not None:
        raise CaseProblem(_("这一行已经从公示中移除"))
    if item.publicity.ended_at is not None:
        raise CaseProblem(_("公示已经结束；名单有误的，请另行公示"))


def _trace(item: PublicityItem, *, before: str, after: str, reason: str, within: Writing) -> Correction:
    made = Correction.objects.create(
        publicity=item.publicity, item=item, before=before, after=after, reason=reason.strip()[:300],
        on=within.act.at.astimezone(stages.ZONE).date(), act=within.act,
    )  # fmt: skip
    within.wrote(correction_digest(made), "correction")
    return made


def correction_digest(row: Correction) -> bytes:
    return digest_of(["correction", row.publicity_id, row.item_id, row.before, row.after, row.reason, row.on])


@on("uphold")
def remove_line(case: Case, within: Writing) -> None:
    """An objection that was upheld takes the case off the list; the list says so."""
    item = item_of(case.application)
    if item is None:
        return
    item.removed_by = within.act
    item.save(update_fields=["removed_by"])
    within.wrote(digest_of(["publicity.remove", item.pk]))
    _trace(item, before=line_words(item.columns), after="", reason="异议成立，取消资格", within=within)
    _end_if_empty(item.publicity, case.application, within)


def line_words(columns: Sequence[Sequence[str]]) -> str:
    return "，".join(text for _label, text in columns if text)


# taking back


@take_back
def take_back_lists(case: Case, act_id: int, within: Writing) -> None:
    """An undone batch takes its lines off the list, and the list with them when it was the batch's own."""
    mine = PublicityItem.objects.filter(application=case.application, publicity__act_id=act_id, removed_by=None)
    for item in mine.select_related("publicity"):
        item.removed_by = within.act
        item.save(update_fields=["removed_by"])
        if not item.publicity.items.filter(removed_by__isnull=True).exists():
            Publicity.objects.filter(pk=item.publicity_id, withdrawn_by=None).update(withdrawn_by=within.act)
        within.wrote(digest_of(["publicity.take_back", item.pk]))
    for item in PublicityItem.objects.filter(application=case.application, removed_by_id=act_id):
        item.removed_by = None
        item.save(update_fields=["removed_by"])
    held = Publicity.objects.filter(items__application=case.application, ended_at__isnull=False, withdrawn_by=None)
    held.filter(ended_at=Act.objects.values("at").get(pk=act_id)["at"]).update(ended_at=None)
