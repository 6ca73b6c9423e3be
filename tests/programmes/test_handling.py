"""What the bureau asks before a case moves, and what it leaves behind: checks, defects, decisions, messages."""

from datetime import UTC, date, datetime, timedelta

import pytest

from keshu.bureau.outbox.models import Message
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.checking import Word, checks_of, current_verdicts, history_of, rejudge, say
from keshu.bureau.programmes.handling.defects import open_defects
from keshu.bureau.programmes.handling.overdue import overdue
from keshu.bureau.programmes.models import CheckVerdict, Decision, Extension
from keshu.bureau.programmes.problems import CaseProblem, StaleCase
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.audit import faults
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.services import Actor, writing
from tests.programmes.cases_at import again, put

TODAY = date.today()
BY = Actor("clerk", "周经办")


@pytest.fixture
def at(call, firm):
    """`at("checking")`: a case in that state."""

    def make(state, **options):
        return put(call, firm, state, **options)

    return make


def move(application, event, viewer, **given):
    return pass_case(application.pk, event, seen=again(application).revision, viewer=viewer, given=given)


@pytest.fixture
def checking(at, bureau):
    """A case that was accepted: its check has begun."""
    return again(move(at("accepting"), "accept", bureau["clerk"]))


def pass_all(application, viewer, **other):
    items = [item.code for item, _verdict in checks_of(Case(application, at=datetime.now(UTC), by=BY))]
    words = [
        Word(code, other.get(code, ("yes", "核对无误"))[0], other.get(code, ("yes", "核对无误"))[1]) for code in items
    ]
    say(application.pk, words, seen=again(application).revision, viewer=viewer)
    return again(application)


def test_arriving_at_the_check_judges_every_item_by_its_rule(checking):
    found = current_verdicts(checking)
    programme_items = {item.code for item, _ in checks_of(Case(checking, at=datetime.now(UTC), by=BY))}
    assert set(found) == programme_items
    assert (found["pledge"].automatic, found["pledge"].version_id) == ("yes", checking.version_id)
    assert found["attachments"].automatic == ""  # a person looks
    assert "计划" in found["period"].clause


def test_a_wrong_pledge_fails_with_the_clause(call, firm, bureau):
    checking = again(move(put(call, firm, "accepting", changes={"truthful": "否"}), "accept", bureau["clerk"]))
    row = current_verdicts(checking)["pledge"]
    assert row.automatic == "no"
    assert "材料真实承诺" in row.clause


def test_a_check_is_done_when_every_item_has_a_verdict(checking, bureau):
    with pytest.raises(NotAllowed, match="形式审查还没有审完"):
        move(checking, "pass_check", bureau["clerk"])
    pass_all(checking, bureau["clerk"])
    assert move(checking, "pass_check", bureau["clerk"]).state == "comparing"


def test_an_override_needs_its_reason_and_the_history_keeps_both(checking, bureau):
    with pytest.raises(CaseProblem, match="请写明理由"):
        say(checking.pk, [Word("pledge", "no")], seen=checking.revision, viewer=bureau["clerk"])
    assert history_of(checking.pk)["pledge"][0].said == ""
    say(checking.pk, [Word("pledge", "no", "承诺书没有盖章")], seen=checking.revision, viewer=bureau["clerk"])
    now, before = history_of(checking.pk)["pledge"]
    assert (now.automatic, now.said, now.reason, now.truth) == ("yes", "no", "承诺书没有盖章", "no")
    assert before.replaced_by_id == now.act_id


def test_the_same_word_again_writes_no_second_row(checking, bureau):
    for _ in range(2):
        say(checking.pk, [Word("letter", "yes")], seen=again(checking).revision, viewer=bureau["clerk"])
    assert [row.said for row in history_of(checking.pk)["letter"]] == ["yes", ""]


def test_a_word_taken_back_leaves_the_rule_in_force(checking, bureau):
    say(checking.pk, [Word("pledge", "no", "看错")], seen=checking.revision, viewer=bureau["clerk"])
    say(checking.pk, [Word("pledge", "")], seen=again(checking).revision, viewer=bureau["clerk"])
    assert current_verdicts(checking)["pledge"].truth == "yes"


def test_judging_again_keeps_what_persons_said(checking, bureau):
    say(checking.pk, [Word("letter", "no", "没有推荐意见")], seen=checking.revision, viewer=bureau["clerk"])
    rejudge(checking.pk, seen=again(checking).revision, viewer=bureau["clerk"])
    assert current_verdicts(checking)["letter"].reason == "没有推荐意见"


@pytest.mark.parametrize("role", ["county", "director", "finance"])
def test_others_do_not_check(checking, bureau, role):
    with pytest.raises(NotAllowed):
        say(checking.pk, [Word("letter", "yes")], seen=checking.revision, viewer=bureau[role])


def test_an_old_page_does_not_overwrite(checking, bureau):
    say(checking.pk, [Word("letter", "yes")], seen=checking.revision, viewer=bureau["clerk"])
    with pytest.raises(StaleCase):
        say(checking.pk, [Word("letter", "no", "x")], seen=checking.revision, viewer=bureau["clerk"])


def test_returning_lists_all_defects_at_once_and_tells_the_applicant(checking, bureau):
    checked = pass_all(
        checking, bureau["clerk"], letter=("no", "推荐意见不明确"), figures=("no", "研发费用与审计报告不符")
    )
    given = {"defects": [{"field": "goal", "text": "考核指标没有数", "remedy": "写明可核对的数"}, {"text": ""}]}
    assert move(checked, "return_defects", bureau["clerk"], **given).state == "mending"
    found = [(row.field, row.text, row.remedy) for row in open_defects(checking.pk)]
    assert found == [
        ("goal", "考核指标没有数", "写明可核对的数"),
        ("", "推荐意见：推荐意见不明确", "由推荐单位补正"),
        ("", "数据一致：研发费用与审计报告不符", "更正申报书或补交说明"),
    ]
    message = Message.objects.get(
        subject=f"application:{checking.pk}", kind="case.return_defects", to_party__isnull=False
    )
    assert "1. 考核指标没有数；改法：写明可核对的数" in message.body
    assert "请在" in message.body


def test_nothing_to_mend_is_not_returned(checking, bureau):
    pass_all(checking, bureau["clerk"])
    with pytest.raises(NotAllowed, match="没有不通过的项"):
        move(checking, "return_defects", bureau["clerk"])


def test_a_case_sent_back_before_its_check_says_its_reason_as_the_defect(at, bureau):
    case = at("accepting")
    move(case, "ask_supplement", bureau["clerk"], reason="缺审计报告")
    assert [row.text for row in open_defects(case.pk)] == ["缺审计报告"]


def decision(**other):
    return {"meeting": "2026年第5次局党组会", "day": TODAY.isoformat(), **other}


def test_agreeing_needs_a_decision(at, bureau):
    case = at("deciding")
    with pytest.raises(NotAllowed, match="还没有登记会议决定"):
        move(case, "agree", bureau["director"])
    moved = move(case, "agree", bureau["director"], decision=decision(grade="一等", amount="300000"))
    row = Decision.objects.get()
    assert (moved.state, moved.decided_on) == ("announcing", TODAY)
    assert (row.state, row.meeting, row.verdict, row.grade) == ("deciding", "2026年第5次局党组会", "agreed", "一等")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"meeting": "", "day": "2026-01-01"}, "请写明会议名称或决定人"),
        ({"meeting": "局务会", "day": "昨天"}, "不是日期"),
        ({"meeting": "局务会", "day": "2099-01-01"}, "晚于今天"),
        ({"meeting": "局务会", "day": "2001-01-01"}, "早于提交申报"),
        ({"meeting": "局务会", "day": TODAY.isoformat(), "verdict": "refused"}, "与所选的办理不一致"),
        ({"meeting": "会" * 121, "day": TODAY.isoformat()}, "超过120字"),
        ("同意", "读不懂"),
    ],
)
def test_a_wrong_decision_gets_a_sentence_and_leaves_nothing(at, bureau, said, sentence):
    case = at("deciding")
    with pytest.raises(CaseProblem, match=sentence):
        move(case, "agree", bureau["director"], decision=said)
    assert (Decision.objects.count(), again(case).state) == (0, "deciding")


def test_refusing_is_a_decision_too(at, bureau):
    moved = move(at("deciding"), "reject", bureau["director"], decision=decision(), reason="评审排名靠后")
    assert (moved.state, moved.end, Decision.objects.get().verdict) == ("rejected", "rejected", "refused")


def test_a_decision_of_an_earlier_round_does_not_serve_again(at, bureau):
    case = at("deciding")
    with writing(verb="test.decide", by=BY) as act:
        Decision.objects.create(
            application=case, state="deciding", meeting="旧会", day=TODAY, verdict="agreed", act=act.act
        )
    from keshu.bureau.programmes.models import Stage

    Stage.objects.filter(application=case, left_at=None).update(entered_at=datetime.now(UTC) + timedelta(seconds=5))
    with pytest.raises(NotAllowed, match="还没有登记"):
        move(case, "agree", bureau["director"])


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        (TODAY - timedelta(days=1), ""),
        (TODAY, "还没有逾期"),
        (TODAY + timedelta(days=1), "还没有逾期"),
        (None, "没有期限"),
    ],
)
def test_overdue_goes_by_the_stored_day(at, due, sentence):
    case = Case(at("mending", due=due), at=datetime.now(UTC), by=BY)
    case.__dict__["at"] = datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(hours=3)
    assert overdue(case) == "" if not sentence else sentence in overdue(case)


def test_a_draft_lapses_when_call_and_extensions_are_closed(begun, open_call):
    now = datetime.now(UTC)
    call = open_call(closes_at=now - timedelta(hours=1))
    draft = begun(call)
    case = Case(draft, at=now, by=BY)
    assert overdue(case) == ""
    with writing(verb="test.extend", by=BY) as act:
        Extension.objects.create(
            call=call, closes_at=now + timedelta(days=1), application=draft, reason="停电", act=act.act
        )
    assert "还没有截止" in overdue(Case(draft, at=now, by=BY))
    assert overdue(Case(begun(call), at=now, by=BY)) == ""


def test_verdicts_and_decisions_are_sealed(checking, bureau):
    pass_all(checking, bureau["clerk"])
    assert list(faults()) == []
    assert CheckVerdict.objects.count() > 10
