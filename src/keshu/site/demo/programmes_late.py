"""The gates through which the cases of a call go together: meeting, publicity, document, superiors, money."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.money import services as money
from keshu.bureau.programmes.calls.services import CallSpec, draft_call, publish_call
from keshu.bureau.programmes.definitions import programme_for, programme_of
from keshu.bureau.programmes.handling.batches import add_batches, release_batch
from keshu.bureau.programmes.handling.looking import Asked
from keshu.bureau.programmes.models import Application, Call
from keshu.bureau.programmes.publicity import documents, lists
from keshu.site.demo import city
from keshu.site.demo.programmes_clock import at, office_day
from keshu.site.demo.programmes_desk import Desk, Life, Plan, in_state, seen_of
from keshu.site.demo.programmes_early import Applicant, early_life
from keshu.site.demo.programmes_grants import grant_life

BUREAU, UPPER = "云岭市科学技术局", "云中省科学技术厅"
GUIDE = """一、支持方向：{help}。
二、申报条件：{says}，信用良好，没有逾期未验收的项目；系统在“我能报什么”中逐条核对。
三、申报方式：登录系统填写申报书、上传附件，由单位管理员提交；需要推荐的，经所在县区科技部门推荐。
四、申报时间以系统显示为准，逾期不再受理。"""
PHONES = {"高新科": ("周经", "0599-8230011"), "成果科": ("周经", "0599-8230012"), "农社科": ("田禾", "0599-8230013"), "计财科": ("钱立", "0599-8230014")}  # fmt: skip


def call_life(desk: Desk, plan: Plan, firms: list[Any], extra: dict[str, Any]) -> Life:
    """The call is published, its cases come in, and together they pass gate after gate."""
    yield at(office_day(min(plan.opens - timedelta(days=8), desk.today - timedelta(days=10))), 10)
    call = _open(desk, plan)
    extra[plan.programme, plan.year, plan.part] = call
    cases: dict[int, Applicant] = {}
    for number, firm in enumerate(firms):
        fate = plan.fates[number] if number < len(plan.fates) else "good"
        one = Applicant(desk, plan, call, firm, fate)
        cases[firm.index] = one
        desk.start(early_life(one))
    ladder = programme_for(call).ladder
    yield at(office_day(plan.closes + timedelta(days=3)), 9)
    _lapse(desk, call, plan)
    for state, days, gate in GATES:
        if state not in ladder.states:
            continue
        yield max(at(office_day(plan.closes + timedelta(days=days)), 10), desk.clock.at + timedelta(hours=2))
        if in_state(call, state):
            yield from gate(desk, plan, call, cases)
        if plan.until == state:
            return
    _begin_grants(desk, call, cases)


def _open(desk: Desk, plan: Plan) -> Call:
    programme = programme_of(plan.programme)
    viewer = desk.people.clerk(programme.owner)
    contact, phone = PHONES[programme.owner]
    spec = CallSpec(
        programme=plan.programme, year=plan.year, name=f"{plan.year}年度{programme.name}{plan.part}", place=city.CITY,
        section=programme.owner, opens_at=at(plan.opens, 9), closes_at=at(plan.closes, 17, 30), contact=contact,
        phone=phone, guide=GUIDE.format(help=programme.help or programme.name, says=programme.applicants.says or "符合指南要求"),
        basis=f"云科〔{plan.year}〕{plan.serial}号", budget=Decimal(plan.budget * 10000) if plan.budget else None,
    )  # fmt: skip
    call = draft_call(spec, by=viewer.actor)
    call = publish_call(call.pk, seen=call.revision, by=viewer.actor)
    if plan.budget:
        line = money.Line(
            level="municipal", year=plan.year, name="市级科技专项资金", amount=Decimal(plan.budget * 10000)
        )
        money.set_budget(call, line, viewer=desk.people.account("finance"))
    return Call.objects.select_related("place").get(pk=call.pk)


def _lapse(desk: Desk, call: Call, plan: Plan) -> None:
    """Drafts that nobody handed in before the call closed."""
    for state in ("draft", "endorsing"):
        for pk in in_state(call, state) if plan.until not in ("draft", "open") else ():
            desk.take(pk, "lapse", desk.people.clerk(call.section))


def _leader(desk: Desk, call: Call) -> Viewer:
    return desk.people.account("director" if call.section == "农社科" else "deputy")


def _meeting(desk: Desk, day: date, n: int, **more: str) -> dict[str, str]:
    return {"meeting": f"市科技局{day.year}年第{n}次党组会", "day": f"{day}", **more}


def _decide(event: str, refusal: str, grades: tuple[str, ...] = ()) -> Callable[..., Iterator[Any]]:
    """The meeting decides about all of them: stored as batches, released some days later."""

    def gate(desk: Desk, plan: Plan, call: Call, cases: dict[int, Applicant]) -> Life:
        leader, day = _leader(desk, call), desk.clock.today
        asked: dict[str, list[Asked]] = {event: [], refusal: []}
        rows = Application.objects.filter(pk__in=in_state(call, _state_before(call, event)))
        by_party = {desk.people.parties[index]: one for index, one in cases.items()}
        for number, row in enumerate(rows.order_by("number")):
            bad = by_party[row.party_id].fate == "rejected"
            given: dict[str, Any] = {"decision": _meeting(desk, day, day.month)}
            if grades and not bad:
                given["decision"]["grade"] = grades[min(number // 2, len(grades) - 1)]
            if bad:
                given["reason"] = "评审排名靠后，本年度预算有限"
            asked[refusal if bad else event].append(Asked(row.pk, row.revision, given))
        batches = []
        for name, mine in asked.items():
            if mine:
                batches += add_batches(mine, name, name=f"{call.name}审议结果", viewer=leader, at=desk.clock.now())
        if plan.until == "pending":
            return
        yield at(office_day(desk.clock.today + timedelta(days=2)), 15)
        for batch in batches:
            release_batch(batch.pk, viewer=leader)

    return gate


def _state_before(call: Call, event: str) -> str:
    return next(step.source for step in programme_for(call).ladder.steps if step.event == event)


def _publicity(desk: Desk, plan: Plan, call: Call, _cases: dict[int, Applicant]) -> Life:
    clerk = desk.people.clerk(call.section)
    ids = in_state(call, "announcing")
    shown = programme_for(call).ladder.states["publicity"].name
    text = f"根据工作安排，现将{call.name}{shown}名单予以公布，欢迎监督。"
    found = lists.publish(
        call.pk, ids, title=f"{call.name}{shown}", text=text, contact=lists.default_contact(call), viewer=clerk
    )
    if plan.until == "announcing":
        return
    yield at(office_day(found.ends_on + timedelta(days=1)), 9, 30)
    if plan.until != "publicity":
        lists.end_publicity(found.pk, viewer=clerk)


def _document(template: str, state: str, words: str, days: int) -> Callable[..., Iterator[Any]]:
    """Drafted, numbered, and the cases go on by it."""

    def gate(desk: Desk, plan: Plan, call: Call, _cases: dict[int, Applicant]) -> Life:
        office = desk.people.account("office")
        draft = documents.draft(
            call.pk, template, in_state(call, state), title=words.format(call=call.name), issuer=BUREAU, viewer=office
        )
        yield at(office_day(desk.clock.today + timedelta(days=days)), 11)
        day = desk.clock.today
        number = (
            f"云科〔{day.year}〕{plan.serial + 40}号"
            if template == documents.APPROVAL
            else f"云科函〔{day.year}〕{plan.serial}号"
        )
        _own_numbers(draft, plan, office)
        documents.issue_number(draft.pk, number=number, issued_on=day, issuer=BUREAU, file=None, viewer=office)
        documents.go_on(draft.pk, viewer=office)

    return gate


def _own_numbers(draft: Any, plan: Plan, office: Viewer) -> None:
    """Registration numbers that a list from outside gives, with their last day."""
    if plan.programme != "title.tsme":
        return
    lines = {
        item.application_id: documents.Line(
            item.application_id,
            number=f"{plan.year}99010{item.application_id:09d}",
            valid_until=date(plan.year, 12, 31),
        )
        for item in draft.items.all()
    }
    documents.renumber(draft.pk, lines, viewer=office)


def _upper(desk: Desk, plan: Plan, call: Call, cases: dict[int, Applicant]) -> Life:
    """What the province decided, case by case."""
    office, day = desk.people.account("office"), desk.clock.today
    by_party = {desk.people.parties[index]: one for index, one in cases.items()}
    lines = []
    for row in Application.objects.filter(pk__in=in_state(call, "upstairs")):
        if by_party[row.party_id].fate == "upper_rejected":
            lines.append(documents.Line(row.pk, result="rejected"))
        else:
            head = "GR" if plan.programme == "title.hte" else "YZ"
            lines.append(documents.Line(row.pk, number=f"{head}{day.year}998{row.pk:05d}", result="approved"))
    letter = documents.record_upper(
        call.pk, lines, number=f"云中科〔{day.year}〕{plan.serial + 60}号", issued_on=day, issuer=UPPER,
        title=f"关于公布{call.name}结果的通知", viewer=office,
    )  # fmt: skip
    yield at(office_day(day + timedelta(days=1)), 10)
    documents.go_on(letter.pk, viewer=office)


def _pay_all(desk: Desk, plan: Plan, call: Call, cases: dict[int, Applicant]) -> Life:
    """Finance books the transfers as one act; some wait for their account to be put right."""
    finance, day = desk.people.account("finance"), desk.clock.today
    by_party = {desk.people.parties[index]: one for index, one in cases.items()}
    rows = Application.objects.filter(pk__in=in_state(call, "paying")).order_by("number")
    ready = [row for row in rows if by_party[row.party_id].fate != "unpaid"]
    wanted = []
    for number, row in enumerate(ready, 1):
        for level in levels_of(row.pk):
            said = {
                "paid_on": f"{day}",
                "voucher_no": f"{day:%Y%m%d}{plan.serial:02d}{number:03d}{level[:1]}",
                "level": level,
            }
            wanted.append(money.ToPay(row.pk, said, label=str(row)))
    if wanted:
        money.pay_many(wanted, viewer=finance, key=f"demo-{call.pk}")
    yield at(office_day(day + timedelta(days=40)), 10)
    for row in ready:
        desk.take(row.pk, "settle", finance)
    yield at(office_day(desk.clock.today + timedelta(days=20)), 10)
    for row in ready:
        desk.take(row.pk, "archive", desk.people.clerk(call.section))


def levels_of(application_id: int) -> list[str]:
    from keshu.bureau.money.models import ApprovalShare

    rows = ApprovalShare.objects.filter(approval__application_id=application_id, approval__replaced_by__isnull=True)
    return list(rows.order_by("pk").values_list("level", flat=True))


def _begin_grants(desk: Desk, call: Call, cases: dict[int, Applicant]) -> None:
    by_party = {desk.people.parties[index]: one for index, one in cases.items()}
    for row in Application.objects.filter(call=call, end="").exclude(issued_on=None):
        desk.start(grant_life(by_party[row.party_id]))


GRADES = ("一等奖", "二等奖", "三等奖")
#: state in which the cases wait, days after the call has closed, what happens there
GATES: tuple[tuple[str, int, Callable[..., Iterator[Any]]], ...] = (
    ("committee", 50, _decide("propose", "not_propose", GRADES)),
    ("deciding", 66, _decide("agree", "reject")),
    ("announcing", 74, _publicity),
    ("submitting", 100, _decide("approve_award", "deny_award", GRADES)),
    ("issuing", 84, _document(documents.APPROVAL, "issuing", "关于下达{call}的通知", 3)),
    ("reporting", 78, _document(documents.LETTER, "reporting", "关于上报{call}推荐名单的函", 3)),
    ("upstairs", 150, _upper),
    ("paying", 105, _pay_all),
)
__all__ = ["call_life", "seen_of"]
