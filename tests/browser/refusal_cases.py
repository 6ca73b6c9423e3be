"""Cases that are about to be refused, one for each way in which that happens; a script run on the demo city.

Enterprises that the demo does not use apply to calls of their own. They are carried through the services by the people
of the demo to the door at which somebody says no; one account, `kin`, belongs to all of them and reads the answers.
Prints the number of each case by the name of what awaits it, the enterprise whose project is going to be revoked, and
the identity number of somebody who leads a project already.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import django

django.setup()

from django.db import transaction  # noqa: E402

from keshu.bureau.accounts import members, services  # noqa: E402
from keshu.bureau.parties.models import Party  # noqa: E402
from keshu.bureau.places.models import Place  # noqa: E402
from keshu.bureau.programmes.grants.supervising import Finding, give_verdict  # noqa: E402
from keshu.bureau.programmes.handling.passing_time import pass_time  # noqa: E402
from keshu.bureau.programmes.models import Application, Publicity  # noqa: E402
from keshu.bureau.programmes.publicity.objecting import Said, file_objection  # noqa: E402
from keshu.bureau.records.services import ZONE, Actor, now, writing  # noqa: E402
from keshu.site.demo import city  # noqa: E402
from keshu.site.demo import programmes_grants as grants  # noqa: E402
from keshu.site.demo.loading import PASSWORD  # noqa: E402
from keshu.site.demo.programmes_clock import Clock, at, simulated  # noqa: E402
from keshu.site.demo.programmes_desk import Desk, Plan, seen_of  # noqa: E402
from keshu.site.demo.programmes_early import Applicant  # noqa: E402
from keshu.site.demo.programmes_forms import texts_of  # noqa: E402
from keshu.site.demo.programmes_late import call_life  # noqa: E402
from keshu.site.demo.programmes_people import People, describe, open_silent_accounts, pool  # noqa: E402
from keshu.site.demo.world import Firm, build  # noqa: E402

BY = Actor("demo", "演示数据")
USED = 150  # enterprises with which the demo itself fills its calls
#: programme, days since it closed, what awaits each case and how far its fate lets it come
WAITING: tuple[tuple[str, int, dict[str, str]], ...] = (
    ("plan.key_rd", -12, {"too_late": "lapsed"}),
    ("plan.key_rd", 45, {
        "lapsed": "lapsed", "declined": "recommending", "refused": "accepting", "not_supplemented": "supplementing",
        "not_mended": "mending", "duplicate": "comparing",
    }),
    ("plan.key_rd", 65, {"rejected": "good", "reconsidered": "good"}),
    ("plan.key_rd", 78, {"excluded": "good"}),
    ("plan.key_rd", 135, {
        "forfeited": "contracting", "terminated": "good", "revoked": "good", "denied": "good", "corrected": "good",
        "failed": "good", "repaired": "good", "partly": "good",
    }),
    ("award.science", 46, {"not_proposed": "good"}),
    ("award.science", 99, {"not_approved": "good"}),
    ("title.phte", 96, {"upper_rejected": "good"}),
    ("title.phte", 165, {"stripped": "good"}),
    ("payout.rd_segment", 118, {"recovered": "good"}),
    ("platform.engineering_center", 125, {"delisted": "good"}),
    ("tepaiyuan.selection", 112, {"cancelled": "good"}),
    ("plan.key_rd", -12, {"over_limit": "lapsed"}),
)  # fmt: skip
PARTS = "三四五六七八九十"


def main() -> None:
    world, real = build(), now()
    today = real.astimezone(ZONE).date()
    parties = dict(Party.objects.values_list("name", "pk"))
    people = People(world, [parties[firm.name] for firm in world.firms])
    n = sum(len(cases) for _programme, _days, cases in WAITING)
    firms = [firm for firm in pool(world, len(world.firms))[USED:] if firm.place == city.PARK][:n]
    desk = Desk(world, people, Clock(at(today - timedelta(days=230))), firms, places(), today)
    with transaction.atomic(), simulated(desk.clock):
        open_silent_accounts(people, firms, BY)
        describe(world, firms, people.parties, BY)
        made = dict(start(desk, firms))
        desk.run(real - timedelta(hours=1), tell=lambda _year: None)
        found = {name: case_of(desk, plan, firm) for name, (plan, firm) in made.items()}
        for name, step in LAST_STEPS.items():
            step(found[name])
    with transaction.atomic():
        join(people, firms)
    pass_time(now())
    told = {
        "cases": {name: one.pk for name, one in found.items()},
        "revoked": people.parties[found["revoked"].firm.index],
        "leader": texts_of(found["reconsidered"].writer)["leader_idcard"],
    }
    print(json.dumps(told))


def places() -> dict[str, int]:
    return dict(Place.objects.values_list("code", "pk"))


def start(desk: Desk, firms: Sequence[Firm]) -> Iterator[tuple[str, tuple[Plan, Firm]]]:
    """Every call with its applicants begins; answers which enterprise plays which part."""
    rest, serials = iter(firms), Counter[str]()
    for number, (programme, days, cases) in enumerate(WAITING):
        closes = desk.today - timedelta(days=days)
        part = f"（第{PARTS[serials[programme]]}批）"
        serials[programme] += 1
        plan = Plan(
            programme, desk.today.year, closes - timedelta(days=30), closes, len(cases), tuple(cases.values()), 500,
            serial=70 + number, part=part, until="open",
        )  # fmt: skip
        mine = [next(rest) for _case in cases]
        desk.start(call_life(desk, plan, mine, {}))
        yield from ((name, (plan, firm)) for name, firm in zip(cases, mine, strict=True))


def case_of(desk: Desk, plan: Plan, firm: Firm) -> Applicant:
    """The case as the demo's helpers take it in hand."""
    row = Application.objects.select_related("call__place").get(party_id=desk.people.parties[firm.index])
    return Applicant(desk, plan, row.call, firm, "good", pk=row.pk)


def join(people: People, firms: Sequence[Firm]) -> None:
    """One person who administers all of these enterprises, and so reads what each is told."""
    user = services.add_user("kin", name="柯宁", password=PASSWORD, by=BY, must_change=False)
    rows = Party.objects.in_bulk([people.parties[firm.index] for firm in firms])
    with writing(verb="member.add", by=BY, reason="受各单位委托办理申报") as act:
        for party in rows.values():
            members.join(user, party, "unit_admin", within=act)


# what the enterprises and the bureau still do before somebody says no


def objected(one: Applicant) -> None:
    found = Publicity.objects.get(items__application_id=one.pk)
    said = "公示的研究内容与我单位2023年取得的发明专利相同，请核实权属。"
    file_objection(found.pk, Said("钟其真", "13812345678", said, application=one.pk), day=one.desk.clock.today)


def asks_change(one: Applicant) -> None:
    change = {"kind": "leader", "after": {"leader_name": "赵一鸣"}}
    one.take("ask_change", one.unit, change=change, reason="原负责人离职")


def reports_midterm(one: Applicant) -> None:
    grants._file(one, "midterm")
    one.take("start_midterm", one.unit)


def asks_acceptance(one: Applicant) -> None:
    for kind in ("acceptance", "science", "audit"):
        grants._file(one, kind)
    one.take("ask_acceptance", one.unit)


def asks_and_is_judged(one: Applicant) -> None:
    asks_acceptance(one)
    day = one.desk.clock.today
    findings = {
        "head": Finding("project", "高新科", "failed", day), "finance": Finding("money", "计财科", "passed", day),
        "clerk": Finding("performance", "绩效评价组", "passed", day, points="64"),
    }  # fmt: skip
    for who, finding in findings.items():
        give_verdict(one.pk, finding, seen=seen_of(one.pk), viewer=one.desk.people.account(who))


def is_assessed(one: Applicant) -> None:
    grants._file(one, "annual", str(one.plan.year))
    one.take("start_assessment", one.desk.people.clerk(one.call.section))


def hands_summary(one: Applicant) -> None:
    grants._file(one, "log", str(one.plan.year))
    one.take("hand_summary", one.unit)


LAST_STEPS: dict[str, Callable[[Applicant], None]] = {
    "excluded": objected, "denied": asks_change, "corrected": reports_midterm, "failed": asks_acceptance,
    "repaired": asks_acceptance, "partly": asks_and_is_judged, "delisted": is_assessed, "cancelled": hands_summary,
}  # fmt: skip

main()
