"""A grant under way: what both sides agreed to, what changed, what was delivered, how it came out."""

from datetime import date, timedelta

import pytest

from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.grants import changing, crediting, reading, reporting, supervising, task_books
from keshu.bureau.programmes.machine import step_of
from keshu.bureau.programmes.models import (
    Application,
    CaseReport,
    ChangeRequest,
    Conclusion,
    Credit,
    Decision,
    Milestone,
    Stage,
    TaskBook,
)
from keshu.bureau.programmes.problems import CaseProblem, StaleCase
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.services import writing
from tests.promises.two_counties import member

pytestmark = pytest.mark.django_db
ROLE = {
    "programmes.apply": "applicant", "programmes.endorse": "unit_admin", "programmes.recommend": "county",
    "programmes.decide": "director", "programmes.issue": "office", "programmes.pay": "finance",
    "programmes.conclude": "head",
}  # fmt: skip
TO_CONTRACT = (
    "recommend", "accept", "pass_check", "clear", "finish_review", "finish_visit", "advise", "agree", "publish",
    "end_publicity", "issue",
)  # fmt: skip
SCHEDULE = {
    "schedule:r1:start": "2026-12-01", "schedule:r1:end": "2027-11-30", "schedule:r1:mark": "样机完成",
    "targets:r1:name": "准确率", "targets:r1:value": "不低于 95%",
}  # fmt: skip
#: of 310,000 granted and 1,300,000 own, the final account of the case that `fill` fills in
SPENT = {
    "budget:1:grant": "95000.5", "budget:2:grant": "11万", "budget:3:grant": "80000", "budget:4:grant": "10000",
    "budget:1:own": "1000000", "budget:2:own": "100000", "budget:3:own": "100000", "budget:4:own": "0",
}  # fmt: skip


@pytest.fixture
def go(applicant, unit_admin, bureau):
    """`go(case, "accept", …)`: each event by whoever has the right; `given` goes with the last one."""
    viewers = {**bureau, "applicant": applicant, "unit_admin": unit_admin}

    def drive(application, *events, given=None):
        application = Application.objects.select_related("call__place").get(pk=application.pk)
        for number, event in enumerate(events, start=1):
            step = step_of(programme_for(application.call), application.state, event)
            assert step is not None, (application.state, event)
            said = {"reason": "按规定办理", **((given or {}) if number == len(events) else {})}
            viewer = viewers[ROLE.get(step.right, "clerk")]
            application = pass_case(application.pk, event, seen=application.revision, viewer=viewer, given=said)
        return application

    return drive


@pytest.fixture
def skipping(monkeypatch):
    """Conditions of other areas hold: this module is about grants."""
    from keshu.bureau.records import machine

    monkeypatch.setattr("keshu.bureau.programmes.services.write_outcomes", lambda _case, _within: None)
    mine = {"task_book_agreed", "reports_filed", "three_verdicts", "audit_filed", "logs_filed"}
    for name in set(machine._conditions) - mine:
        monkeypatch.setitem(machine._conditions, name, lambda _case: "")
    for name in (
        "allot_money",
        "plan_instalments",
        "start_publicity",
        "stop_publicity",
        "announce_result",
        "recover_money",
        "stop_payments",
    ):
        monkeypatch.setitem(machine._effects, name, lambda _case, _within: None)
    monkeypatch.setitem(machine._effects, "announce_result", _issued)


def _issued(case, _within):
    case.application.issued_on = case.today


@pytest.fixture
def contracting(skipping, application, submit, go):
    from tests.programmes.filling import fill

    fill(application, changes=SCHEDULE)
    return go(submit(application), *TO_CONTRACT)


@pytest.fixture
def running(contracting, unit_admin, bureau, go):
    return go(_agree(contracting, unit_admin, bureau), "sign")


def _fresh(application):
    return Application.objects.select_related("call__place", "place", "party").get(pk=application.pk)


def _agree(application, unit_admin, bureau):
    for side, viewer in (("unit", unit_admin), ("bureau", bureau["clerk"])):
        book = reading.book_of(application)
        task_books.agree_task_book(
            application.pk, side=side, seen=_fresh(application).revision, book_seen=book.revision, viewer=viewer
        )
    return _fresh(application)


def _file(application, kind, viewer, period="", **words):
    filing = reporting.Filing(kind, period, words.pop("text", "按任务书完成"), **words)
    return reporting.file_report(application.pk, filing, seen=_fresh(application).revision, viewer=viewer)


def test_the_task_book_is_drawn_up_from_the_application(contracting):
    book = reading.book_of(contracting)
    assert contracting.state == "contracting"
    assert book.values["project_name"] == contracting.version.values["project_name"]
    assert "truthful" not in book.values
    assert (book.number, book.agreed_on) == (1, None)


def test_signing_waits_for_both_sides(contracting, unit_admin, go):
    with pytest.raises(NotAllowed, match="申报单位"):
        go(contracting, "sign")
    book = reading.book_of(contracting)
    task_books.agree_task_book(
        contracting.pk, side="unit", seen=contracting.revision, book_seen=book.revision, viewer=unit_admin
    )
    with pytest.raises(NotAllowed, match="主管部门"):
        go(contracting, "sign")


def test_an_edit_takes_agreements_back(contracting, applicant, unit_admin, bureau):
    book = reading.book_of(contracting)
    task_books.agree_task_book(contracting.pk, side="unit", seen=contracting.revision, book_seen=1, viewer=unit_admin)
    task_books.edit_task_book(contracting.pk, {"goal": "新的总体目标"}, book_seen=book.revision, viewer=bureau["clerk"])
    mended = reading.book_of(contracting)
    assert mended.agreed_by_unit_id is None
    assert mended.values["goal"] == "新的总体目标"
    with pytest.raises(CaseProblem, match="刷新"):
        task_books.edit_task_book(contracting.pk, {"goal": "旧页面上的目标"}, book_seen=book.revision, viewer=applicant)


def test_another_county_may_not_touch_the_task_book(contracting, bureau):
    with pytest.raises(NotAllowed):
        task_books.edit_task_book(contracting.pk, {"goal": "别人的目标"}, book_seen=1, viewer=bureau["county"])


def test_signing_plans_nodes_reports_and_the_last_day(running):
    nodes = list(reading.milestones_of(running).values_list("name", "due_on"))
    assert nodes == [("样机完成", date(2027, 11, 30))]
    kinds = set(reading.reports_of(running).values_list("kind", "period"))
    assert {("annual", "2026"), ("annual", "2027"), ("acceptance", ""), ("science", "")} <= kinds
    stage = Stage.objects.get(application=running, left_at__isnull=True)
    assert stage.due_on == date(2029, 2, 28)  # three months after 30 November 2028, the planned end


def test_two_years_to_the_day_owe_no_midterm_report(running):
    """the plan runs from 1 December 2026 to 30 November 2028."""
    assert not reading.reports_of(running).filter(kind="midterm").exists()


def test_an_extension_needs_a_meeting_and_moves_the_last_day(running, go, bureau):
    asked = {"change": {"kind": "extension", "after": {"plan_end": "2029-05-31"}}}
    case = go(running, "ask_change", given=asked)
    row = ChangeRequest.objects.get(application=case)
    assert (row.weight, row.right, row.before) == ("major", "programmes.decide", {"plan_end": "2028-11-30"})
    with pytest.raises(CaseProblem, match="会议决定"):
        go(case, "allow_change")
    with writing(verb="test.decide", by=bureau["director"].actor) as act:
        Decision.objects.create(
            application=case, state="changing", meeting="局务会", day=date.today(), verdict="agreed", act=act.act
        )
    case = go(case, "allow_change")
    assert [book.number for book in reading.books_of(case)] == [1, 2]
    assert reading.book_of(case).values["plan_end"] == "2029-05-31"
    assert Stage.objects.get(application=case, left_at__isnull=True).due_on == date(2029, 8, 31)
    with pytest.raises(CaseProblem, match="已经延期一次"):
        go(case, "ask_change", given={"change": {"kind": "extension", "after": {"plan_end": "2029-06-30"}}})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "extension", "after": {"plan_end": "2031-01-01"}}, "不得超过12个月"),
        ({"kind": "extension", "after": {"plan_end": "2028-01-01"}}, "须晚于原定日期"),
        ({"kind": "leader", "after": {"budget:1:grant": "1"}}, "不能修改"),
        ({"kind": "leader", "after": {"leader_name": "林远"}}, "没有差别"),
        ({"kind": "nothing", "after": {}}, "请选择变更事项"),
        ({"kind": "members", "after": {"members:r1:name": "新人"}}, "备案"),
    ],
)
def test_a_bad_change_says_why(running, go, change, said):
    with pytest.raises(CaseProblem, match=said):
        go(running, "ask_change", given={"change": change})
    assert not ChangeRequest.objects.exists()
    assert _fresh(running).state == "running"


def test_members_are_the_units_own_matter(running, unit_admin, applicant):
    change = {"kind": "members", "after": {"members:r1:name": "赵新"}}
    with pytest.raises(NotAllowed):
        changing.file_change(running.pk, change, reason="人员调动", seen=running.revision, viewer=applicant)
    row = changing.file_change(running.pk, change, reason="人员调动", seen=running.revision, viewer=unit_admin)
    assert row.state == "filed"
    assert reading.book_of(running).values["members:r1:name"] == "赵新"
    with pytest.raises(StaleCase):
        changing.file_change(running.pk, change, reason="再来一次", seen=running.revision, viewer=unit_admin)


def test_budget_moved_within_its_totals_is_filed_beyond_them_decided(running, unit_admin, go):
    inside = {"kind": "budget", "after": {"budget:1:grant": "90000", "budget:2:grant": "110000"}}
    changing.file_change(running.pk, inside, reason="设备降价", seen=running.revision, viewer=unit_admin)
    beyond = {"kind": "budget", "after": {"budget:1:grant": "500000"}}
    case = go(running, "ask_change", given={"change": beyond})
    assert ChangeRequest.objects.get(application=case, state="asked").weight == "major"


def test_promised_changed_delivered_side_by_side(running, applicant, go, bureau):
    _file(running, "annual", applicant, "2026", delivered={"准确率": "93.2%"})
    (line,) = reading.side_by_side(running)
    assert (line.promised, line.now, line.delivered, line.changed) == ("不低于 95%", "不低于 95%", "93.2%", False)


def test_reports_are_sent_back_and_accepted(running, applicant, bureau):
    first = _file(running, "annual", applicant, "2026")
    reporting.return_report(first.pk, reason="没有附数据", seen=_fresh(running).revision, viewer=bureau["clerk"])
    waiting = reading.reports_of(running).get(kind="annual", period="2026")
    assert (waiting.filed_on, waiting.note, waiting.due_on) == (None, "没有附数据", date(2027, 1, 31))
    second = _file(running, "annual", applicant, "2026", text="附数据")
    reporting.accept_report(second.pk, seen=_fresh(running).revision, viewer=bureau["clerk"])
    with pytest.raises(CaseProblem, match="不能再改"):
        _file(running, "annual", applicant, "2026", text="再改")


def test_a_node_is_reached_once_and_not_tomorrow(running, applicant):
    node = reading.milestones_of(running).get()
    tomorrow = date.today() + timedelta(days=2)
    with pytest.raises(CaseProblem, match="不能晚于今天"):
        reporting.reach_milestone(node.pk, day=tomorrow, proof="样机照片", seen=running.revision, viewer=applicant)
    reporting.reach_milestone(
        node.pk, day=date.today() - timedelta(days=1), proof="样机照片", seen=running.revision, viewer=applicant
    )
    assert Milestone.objects.get(pk=node.pk).proof == "样机照片"


def _verdict(application, bureau, kind, role, office, result="passed", points=""):
    finding = supervising.Finding(kind, office, result, date.today(), points)
    return supervising.give_verdict(application.pk, finding, seen=_fresh(application).revision, viewer=bureau[role])


@pytest.fixture
def concluding(running, applicant, go):
    _file(running, "acceptance", applicant, spent=SPENT)
    return go(running, "ask_acceptance")


def test_acceptance_waits_for_its_papers(running, go):
    with pytest.raises(NotAllowed, match="验收申请材料"):
        go(running, "ask_acceptance")


def test_three_verdicts_by_three_offices(concluding, bureau, go):
    _verdict(concluding, bureau, "project", "head", "高新科")
    with pytest.raises(NotAllowed, match="经费、绩效"):
        go(concluding, "pass_acceptance")
    with pytest.raises(CaseProblem, match="三个部门"):
        _verdict(concluding, bureau, "money", "finance", "高新科")
    with pytest.raises(NotAllowed):
        _verdict(concluding, bureau, "money", "clerk", "财务科")
    _verdict(concluding, bureau, "money", "finance", "财务科")
    with pytest.raises(CaseProblem, match="0 至 100"):
        _verdict(concluding, bureau, "performance", "clerk", "监督科", points="很好")
    _verdict(concluding, bureau, "performance", "clerk", "监督科", points="86")
    case = go(concluding, "pass_acceptance")
    assert Conclusion.objects.get(application=case).outcome == "passed"
    assert case.concluded_on == Conclusion.objects.get(application=case).day
    assert not Credit.objects.exists()


def test_a_failed_verdict_does_not_pass(concluding, bureau, go):
    _verdict(concluding, bureau, "project", "head", "高新科", "mend")
    _verdict(concluding, bureau, "money", "finance", "财务科")
    _verdict(concluding, bureau, "performance", "clerk", "监督科", points="55")
    with pytest.raises(NotAllowed, match="项目：需整改"):
        go(concluding, "pass_acceptance")
    case = go(concluding, "order_repair")
    assert reading.conclusion_of(case).outcome == "mended"


def test_failing_bars_unit_and_leader_for_the_years_of_the_parameter(concluding, go):
    case = go(concluding, "fail_acceptance")
    unit, leader = Credit.objects.order_by("pk")
    assert unit.party_id == case.party_id
    assert leader.person_name == "林远"
    assert {row.level for row in (unit, leader)} == {"serious"}
    assert unit.until.year == date.today().year + 3
    assert Credit.objects.filter(crediting.in_force(date.today())).count() == 2


def test_termination_is_noted_and_bars_nobody(running, go):
    go(running, "terminate")
    assert set(Credit.objects.values_list("level", "until")) == {("ordinary", None)}


def test_repair_ends_the_bar_from_its_day(concluding, go, bureau, places):
    go(concluding, "fail_acceptance")
    unit = Credit.objects.order_by("pk").first()
    with pytest.raises(NotAllowed):
        crediting.repair_credit(unit.pk, note="整改验收", viewer=bureau["clerk"])
    of_the_county = viewer_of(member("head-of-county", "head", places["990121"]))
    with pytest.raises(NotAllowed):  # the mark is the city's
        crediting.repair_credit(unit.pk, note="整改验收", viewer=of_the_county)
    crediting.repair_credit(unit.pk, note="整改验收", viewer=bureau["head"])
    assert not Credit.objects.filter(crediting.in_force(date.today()), party=concluding.party_id).exists()
    yesterday = date.today() - timedelta(days=1)
    assert not Credit.objects.filter(crediting.in_force(yesterday)).exists()  # it began today


def test_a_visit_with_a_remedy_has_a_day_and_is_closed(running, bureau):
    wrong = supervising.Seen(date.today(), "情报所", "进度落后", remedy="补做试验")
    with pytest.raises(CaseProblem, match="期限"):
        supervising.record_visit(running.pk, wrong, seen=running.revision, viewer=bureau["clerk"])
    right = supervising.Seen(date.today(), "情报所", "进度落后", True, "补做试验", date.today() + timedelta(days=30))
    row = supervising.record_visit(running.pk, right, seen=running.revision, viewer=bureau["clerk"])
    supervising.close_visit(row.pk, closing="试验已补做", seen=_fresh(running).revision, viewer=bureau["clerk"])
    assert reading.visits_of(running).get().closed_on is not None


def test_one_task_book_holds(running):
    from django.db import IntegrityError, transaction

    book = TaskBook.objects.get(application=running)
    with pytest.raises(IntegrityError), transaction.atomic():
        TaskBook.objects.create(application=running, number=9, values={}, act=book.act)
    assert CaseReport.objects.filter(application=running, kind="acceptance").count() == 1


def test_rows_are_called_by_their_number_and_never_by_their_code():
    from keshu.bureau.programmes.definitions import programme_of
    from keshu.bureau.programmes.grants.labelling import label_of

    programme = programme_of("plan.key_rd")
    values = {"members:": "0zz1 0aa2", "members:0aa2:name": "乙", "members:0zz1:name": "甲"}
    assert label_of(programme, "members:0aa2:name", values) == "成员 第 2 行 姓名"
    assert label_of(programme, "members:0new:name", values) == "成员 第 3 行 姓名"
    assert label_of(programme, "summary", values) == "项目摘要"
