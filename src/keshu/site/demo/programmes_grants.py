"""The second half of a case's life: task book, money, nodes, reports, changes, acceptance, archive."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from keshu.bureau.programmes.applying.layout import layout_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.grants import reading
from keshu.bureau.programmes.grants.accounting import GRANT, INDIRECT, TABLE, account_of, columns_of, path_of
from keshu.bureau.programmes.grants.contract import day as day_in
from keshu.bureau.programmes.grants.reporting import Filing, file_report, reach_milestone
from keshu.bureau.programmes.grants.supervising import Finding, Seen, give_verdict, record_visit
from keshu.bureau.programmes.grants.task_books import agree_task_book, edit_task_book
from keshu.bureau.programmes.models import Application, Stage
from keshu.kernel.workdays import add_months
from keshu.site.demo.programmes_clock import at, office_day
from keshu.site.demo.programmes_desk import Life, later, seen_of

if TYPE_CHECKING:
    from keshu.site.demo.programmes_early import Applicant

TEXTS = {
    "annual": "本年度按任务书完成研究内容，经费专账管理。", "midterm": "中期目标已完成，指标经自测达到进度要求。",
    "acceptance": "任务书约定的研究内容和考核指标均已完成，申请验收。", "science": "科技报告已按要求呈交。",
    "audit": "专项审计报告：专项经费使用合规，自筹经费已到位。", "log": "服务日志汇总：全年服务28天，培训农户4场次。",
}  # fmt: skip


def grant_life(one: "Applicant") -> Life:
    """What follows on the approval, by the kind of programme."""
    for state, life in LIVES.items():
        if one.state == state:
            yield from life(one)
            return


def _clerk(one: "Applicant") -> Any:
    return one.desk.people.clerk(one.call.section)


def _head(one: "Applicant") -> Any:
    return one.desk.people.head(one.call.section)


def _pay(one: "Applicant", event: str) -> None:
    """One instalment, with the number of its voucher."""
    day = one.desk.clock.today
    said = {"paid_on": f"{day}", "voucher_no": f"{day:%Y%m%d}{one.pk:05d}"}
    one.take(event, one.desk.people.account("finance"), payment=said)


def _application(one: "Applicant") -> Application:
    return Application.objects.select_related("call__place", "place", "party").get(pk=one.pk)


# projects


def _project(one: "Applicant") -> Life:
    if one.fate == "contracting":
        return
    if one.fate == "unsigned":
        yield later(one.draw, one.desk.clock.today, 44, 50)
        one.take("forfeit", _clerk(one), reason="单位来函放弃立项")
        return
    yield later(one.draw, one.desk.clock.today, 6, 16)
    _fit_budget(one)
    _agree(one, "unit", one.unit)
    yield later(one.draw, one.desk.clock.today, 1, 4)
    _agree(one, "bureau", _clerk(one))
    one.take("sign", _clerk(one))
    if one.fate != "unpaid":
        yield later(one.draw, one.desk.clock.today, 8, 20)
        _pay(one, "pay_instalment")
    yield from _under_way(one)


def _fit_budget(one: "Applicant") -> None:
    """The task book budgets what was granted: heads in proportion, what rounding leaves with the first."""
    application = _application(one)
    case = Case(application, at=one.desk.clock.at, by=one.unit.actor)
    account, total, book = account_of(case), reading.granted(case), reading.book_of(application)
    if account is None or book is None or total is None or account.total.amounts[0].now == total:
        return
    asked = account.total.amounts[0].now
    parts = [(line.amounts[0].now * total / asked) // 100 * 100 for line in account.lines]
    parts[0] += total - sum(parts)
    changes = {path_of(line.row, GRANT): f"{part:.2f}" for line, part in zip(account.lines, parts, strict=True)}
    edit_task_book(one.pk, changes, book_seen=book.revision, viewer=one.unit)


def _agree(one: "Applicant", side: str, viewer: Any) -> None:
    book = reading.book_of(_application(one))
    assert book is not None
    agree_task_book(one.pk, side=side, seen=seen_of(one.pk), book_seen=book.revision, viewer=viewer)


def _ends_on(one: "Applicant") -> date:
    book = reading.book_of(_application(one))
    assert book is not None
    return day_in(book.values, "plan_end") or one.desk.clock.today


def _under_way(one: "Applicant") -> Life:
    """Looked at from time to time: nodes reached, reports filed, and what the fate brings; at the end the acceptance."""
    begun = one.desk.clock.today
    ends = _ends_on(one)
    trouble = TROUBLES.get(one.fate)
    month = 1
    while True:
        month += 4
        due = add_months(begun, month)
        if due >= ends:
            break
        yield later(one.draw, due, 0, 6)
        _tend(one)
        if (
            reading.reports_due(_application(one), one.desk.clock.today + timedelta(days=75))
            .filter(kind="midterm")
            .exists()
        ):
            yield from _midterm(one)
        if one.state != "running":
            return
        if trouble and one.desk.clock.today > ends - timedelta(days=trouble[0]):
            yield from trouble[1](one)
            if one.state != "running":
                return
            ends, trouble = _ends_on(one), None
    if one.fate in ("running", "unpaid"):
        return
    yield later(one.draw, ends, 12, 40)
    _tend(one)
    yield from _acceptance(one)


def _tend(one: "Applicant") -> None:
    """Nodes whose day has come are reached, yearly reports filed; now and then somebody looks in."""
    today, application = one.desk.clock.today, _application(one)
    for node in reading.milestones_of(application).filter(done_on__isnull=True, due_on__lte=today):
        reach_milestone(node.pk, day=today, proof="试验记录和检测报告", seen=seen_of(one.pk), viewer=one.unit)
    for report in reading.reports_due(application, today + timedelta(days=45)).filter(kind="annual"):
        _file(one, "annual", report.period)
    if one.draw.random() < 0.15 and not application.visits.exists():
        seen = Seen(
            today,
            "监理组",
            "进度基本符合任务书，专项经费单独核算。",
            remedy="补齐设备采购台账",
            due_on=today + timedelta(days=30),
        )
        record_visit(one.pk, seen, seen=seen_of(one.pk), viewer=_clerk(one))


def _file(one: "Applicant", kind: str, period: str = "") -> None:
    delivered = {"主要性能指标": "96%", "申请发明专利": "2件"} if kind in ("acceptance", "midterm") else None
    spent = _spent(one) if kind == "acceptance" else None
    filing = Filing(kind, period, TEXTS[kind], delivered=delivered, spent=spent)
    file_report(one.pk, filing, seen=seen_of(one.pk), viewer=one.unit)


def _spent(one: "Applicant") -> dict[str, str]:
    """The final account: a little is left of most heads, indirect costs are used up."""
    application = _application(one)
    account = account_of(Case(application, at=one.desk.clock.at, by=one.unit.actor))
    if account is None:
        return {}
    programme = programme_for(application.call)
    columns = columns_of(layout_of(programme).tables[TABLE][0])
    shares = {line.name: Decimal(1) if line.name == INDIRECT else Decimal("0.97") for line in account.lines}
    return {
        path_of(line.row, column.code): f"{amounts.now * shares[line.name]:.2f}"
        for line in account.lines
        for column, amounts in zip(columns, line.amounts, strict=True)
    }


def _midterm(one: "Applicant") -> Life:
    _file(one, "midterm")
    one.take("start_midterm", one.unit)
    if one.fate == "midterm":
        return
    yield later(one.draw, one.desk.clock.today, 8, 20)
    if one.fate == "correcting":
        one.take("order_correction", _clerk(one), reason="自筹经费未按预算到位")
        return
    one.take("pass_midterm", _clerk(one))
    if one.programme.code == "plan.major":
        yield later(one.draw, one.desk.clock.today, 8, 15)
        _pay(one, "pay_instalment")


def _extend(one: "Applicant") -> Life:
    """Asked for in time, allowed by a meeting: the next task book."""
    wished = add_months(_ends_on(one), 6)
    change = {"kind": "extension", "after": {"plan_end": f"{wished}"}}
    one.take("ask_change", one.unit, change=change, reason="关键设备交货推迟四个月")
    if one.fate == "changing":
        return
    yield later(one.draw, one.desk.clock.today, 8, 15)
    one.take("allow_change", _clerk(one), decision=_decided(one))


def _decided(one: "Applicant") -> dict[str, str]:
    day = one.desk.clock.today
    return {"meeting": f"市科技局{day.year}年第{day.month}次党组会", "day": f"{day}"}


def _terminate(one: "Applicant") -> Life:
    yield later(one.draw, one.desk.clock.today, 3, 9)
    leader = one.desk.people.account("director")
    one.take("terminate", leader, decision=_decided(one), reason="市场变化，技术路线已无应用前景，单位申请终止")


TROUBLES: dict[str, tuple[int, Callable[..., Life]]] = {
    "extended": (230, _extend), "changing": (330, _extend), "terminated": (330, _terminate),
}  # fmt: skip


def _acceptance(one: "Applicant") -> Life:
    """Asked for, judged by three offices, concluded; then the rest of the money, and the archive."""
    _file(one, "acceptance")
    _file(one, "science")
    if reading.reports_of(_application(one)).filter(kind="audit").exists():
        _file(one, "audit")
    one.take("ask_acceptance", one.unit)
    if one.fate == "concluding":
        return
    yield later(one.draw, one.desk.clock.today, 15, 35)
    _verdicts(one)
    head = _head(one)
    if one.fate == "failed":
        one.take("fail_acceptance", head, decision=_decided(one), reason="主要技术指标未达到任务书要求，经费使用不规范")
        return
    if one.fate == "repairing":
        one.take("order_repair", head, reason="性能检测样品数量不足，补测后复验")
        return
    if one.fate == "closed":
        one.take("close_partly", head, reason="因客观原因未完成产业化指标", recovery={"amount": "20000"})
        return
    one.take("pass_acceptance", head)
    yield later(one.draw, one.desk.clock.today, 10, 20)
    yield from _finish(one)


def _verdicts(one: "Applicant") -> None:
    day, bad = one.desk.clock.today, one.fate in ("failed", "closed")
    people = one.desk.people
    findings = (
        (Finding("project", one.call.section, "failed" if bad else "passed", day, note="专家组现场核查"), _head(one)),
        (Finding("money", "计财科（经费）", "passed", day, note="审计报告无保留意见"), people.account("finance")),
        (
            Finding("performance", "绩效评价组", "passed", day, points="58" if bad else str(one.draw.randint(78, 95))),
            _clerk(one),
        ),
    )
    for finding, viewer in findings:
        give_verdict(one.pk, finding, seen=seen_of(one.pk), viewer=viewer)


def _finish(one: "Applicant") -> Life:
    if one.programme.code != "plan.soft":
        _pay(one, "pay_instalment")
    if one.state == "evaluating":
        yield later(one.draw, one.desk.clock.today, 20, 40)
        one.take("finish_evaluation", _head(one))
    yield later(one.draw, one.desk.clock.today, 6, 20)
    one.take("archive", _clerk(one))


# platforms, 特派员


def _operating(one: "Applicant") -> Life:
    if one.fate == "unpaid":
        return
    yield later(one.draw, one.desk.clock.today, 10, 25)
    _pay(one, "pay_instalment")


def _serving(one: "Applicant") -> Life:
    """Sent out, half of the allowance paid; after the year the summary, the grade, the other half."""
    begun = one.desk.clock.today
    yield later(one.draw, begun, 10, 25)
    _pay(one, "pay_allowance")
    yield at(office_day(add_months(begun, 10)), 10)
    _file(one, "log", str(begun.year))
    one.take("hand_summary", one.unit)
    yield later(one.draw, one.desk.clock.today, 8, 20)
    one.take("grade", _head(one))
    yield later(one.draw, one.desk.clock.today, 8, 20)
    _pay(one, "pay_instalment")
    one.take("archive", _clerk(one))


def _holding(one: "Applicant") -> Life:
    """A title that ends in our time is taken off the list; longer ones run on."""
    due = Stage.objects.values_list("due_on", flat=True).get(application=one.pk, left_at__isnull=True)
    if due is not None:
        yield at(office_day(due + timedelta(days=2)), 9, 40)
        one.take("expire", _clerk(one))
        one.take("archive", _clerk(one))


LIVES: dict[str, Callable[..., Life]] = {
    "contracting": _project, "operating": _operating, "serving": _serving, "holding": _holding,
}  # fmt: skip
