"""Who is told what when a case has moved: composed once, for the preview of a batch as for the act itself."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import RIGHTS
from keshu.bureau.accounts.models import Membership
from keshu.bureau.outbox.sending import open_channels
from keshu.bureau.outbox.services import Channel, Notice, post, release
from keshu.bureau.places.queries import tree_on
from keshu.bureau.programmes.access import OF_PLACE
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.overdue import ran_out
from keshu.bureau.programmes.models import Application
from keshu.bureau.records.services import Writing
from keshu.catalogue.schema.programme_stages import Step

TELLING = ("notify_applicant", "notify_recommender")
HELD = "held"  # in `case.notes`: the batch under which the messages of this case are waiting already


def case_url(application_id: int) -> str:
    return f"/programmes/cases/{application_id}/"


def tell(case: Case, effect: str, within: Writing) -> None:
    """Post what this effect has to say; messages that a pending batch holds for the case go out instead."""
    if key := case.notes.get(HELD):
        release(key, within=within)
        return
    post(notices_of(case, effect, case.application.state, due=case.stage and case.stage.due_on), within=within)


def notices_of(case: Case, effect: str, target: str, *, due: date | None = None) -> list[Notice]:
    """The messages of one effect, for a case that comes to the state `target` by its event."""
    application, state = case.application, case.ladder.states[target]
    step = next((one for one in case.ladder.steps if (one.event, one.target) == (case.event, target)), None)
    facts = {"name": name_of(application), "state": _what(step, state.public)}
    title = _("%(name)s：%(state)s") % facts
    body = "\n".join(_lines(case, step, state.public, due if state.who == "applicant" else None))
    common = {
        "kind": f"case.{case.event}", "title": title, "body": body, "url": case_url(application.pk),
        "subject": case.key, "place": case.call.place.code,
    }  # fmt: skip
    if effect == "notify_recommender":
        return [Notice(to_user=name, **common) for name in recommenders_of(application)]
    channels = (Channel.SITE, *open_channels())
    found = [Notice(to_party=application.party_id, channels=channels, **common)]
    if not _administers(application.created_by, application.party_id):
        found.append(Notice(to_user=application.created_by, channels=channels, **common))
    return found


def name_of(application: Application) -> str:
    """《title》（number）, as messages and lists call a case."""
    title = f"《{application.title}》" if application.title else str(application.party)
    return f"{title}（{application.number}）" if application.number else title


def _what(step: Step | None, state: str) -> str:
    """What was done and where the case is now; once where both are one word."""
    if step is None or step.label in state or state in step.label:
        return state
    return _("%(label)s，%(state)s") % {"label": step.label, "state": state}


def _why(case: Case, step: Step | None) -> str:
    """What was said, or that the time was over: by the stage that the case leaves, or has just left."""
    if case.reason or step is None or "overdue" not in step.conditions:
        return case.reason
    left = case.application.stages.filter(state=step.source).order_by("-order").first()
    return ran_out(left.due_on) if left is not None and left.due_on is not None else ""


def _lines(case: Case, step: Step | None, state: str, due: date | None) -> Iterable[str]:
    facts = {"name": name_of(case.application), "call": case.call.name, "state": state}
    yield _("您单位申报的%(name)s（%(call)s）现在的状态是：%(state)s。") % facts
    if reason := _why(case, step):
        yield _("说明：%(reason)s") % {"reason": reason}
    for number, defect in enumerate(case.notes.get("defects", ()), start=1):
        remedy = _("；改法：%(remedy)s") % {"remedy": defect.remedy} if defect.remedy else ""
        yield f"{number}. {defect.text}{remedy}"
    if due is not None:
        yield _("请在%(day)s前办理，逾期未办的按规定处理。") % {"day": f"{due.year}年{due.month}月{due.day}日"}
    yield _("联系人：%(contact)s，电话：%(phone)s") % {"contact": case.call.contact, "phone": case.call.phone}


def _administers(username: str, party_id: int) -> bool:
    """Whether the person gets what the organisation's administrators get."""
    held = Membership.objects.filter(user__username=username, party_id=party_id, ended_at__isnull=True)
    return held.filter(role="unit_admin").exists()


def recommenders_of(application: Application) -> list[str]:
    """The people who recommend for the place of the case, by account name."""
    roles = [role for role, rights in RIGHTS.items() if OF_PLACE in rights]
    tree = tree_on()
    path = tree.paths.get(application.place.code, "")
    above = [code for code, other in tree.paths.items() if path.startswith(other)]
    held = Membership.objects.filter(role__in=roles, ended_at__isnull=True, place__code__in=above, user__is_active=True)
    return sorted(set(held.values_list("user__username", flat=True)))


def people_with(right: str, place: str, section: str) -> Sequence[str]:
    """Accounts of the bureau that hold a right at the place, for the section: who is reminded of a stage."""
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    tree = tree_on()
    path = tree.paths.get(place, "")
    above = [code for code, other in tree.paths.items() if path.startswith(other)]
    held = Membership.objects.filter(role__in=roles, ended_at__isnull=True, user__is_active=True, party__isnull=True)
    rows = held.filter(place__code__in=above) | held.filter(place__isnull=True)
    return sorted(
        {
            name
            for name, sections in rows.values_list("user__username", "sections")
            if not sections or section in sections
        }
    )
