"""Decide now, announce later: preview, pending batch, release as one act, undo as one act."""

from datetime import UTC, date, datetime, timedelta

import pytest

from keshu.bureau.outbox.models import Message
from keshu.bureau.outbox.services import Channel
from keshu.bureau.programmes.handling.batches import add_batches, batches_of, drop_batch, release_batch, undo_batch
from keshu.bureau.programmes.handling.looking import Asked, events_for, look_at, sentences
from keshu.bureau.programmes.models import Advice, Application, Batch, CheckVerdict, Decision, Reminder, Stage
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act
from tests.programmes.cases_at import again, put

TODAY = date.today()
DUE = TODAY + timedelta(days=9)
DECISION = {"decision": {"meeting": "2026年第5次局党组会", "day": TODAY.isoformat(), "amount": "300000"}}


@pytest.fixture
def at(call, firm):
    def make(state, **options):
        return put(call, firm, state, **options)

    return make


@pytest.fixture
def deciding(at):
    return [at("deciding", due=DUE, title=title) for title in ("甲", "乙", "丙")]


def asked(cases, **given):
    return [Asked(one.pk, again(one).revision, given) for one in cases]


def pending(cases, event, viewer, **given):
    return add_batches(asked(cases, **given), event, name="", viewer=viewer, at=datetime.now(UTC))[0]


def row(application):
    """The whole row of a case without what every act changes, and its stages."""
    one = Application.objects.filter(pk=application.pk).values().get()
    stages = list(
        Stage.objects.filter(application=application)
        .order_by("order")
        .values("state", "order", "due_on", "left_at", "left_by")
    )
    return {name: value for name, value in one.items() if name not in ("revision", "act_id")}, stages


def test_the_preview_says_who_can_who_cannot_and_who_is_told(at, bureau):
    good, other, stale = at("accepting", title="甲"), at("checking", title="乙"), at("accepting", title="丙")
    chosen = [*asked([good, other]), Asked(stale.pk, 99)]
    looks = look_at(chosen, "accept", viewer=bureau["clerk"], at=datetime.now(UTC))
    assert [(one.application.title, one.problem) for one in looks] == [
        ("甲", ""),
        ("乙", "现在的状态是“形式审查”，不能办理这一项"),
        ("丙", "打开列表以后，这件申报由他人办理过，请刷新列表再选"),
    ]
    told = [(title, n) for title, _body, n in sentences(looks)]
    assert told == [(f"《甲》（{good.number}）：受理，形式审查中", 2)]  # the organisation, and who filled it in
    assert Message.objects.count() == 0


def test_a_preview_tells_wrong_decisions_before_anything_is_kept(deciding, bureau):
    looks = look_at(asked(deciding[:1]), "agree", viewer=bureau["director"], at=datetime.now(UTC))
    assert "还没有登记会议决定" in looks[0].problem
    said = {"decision": {"meeting": "局务会", "day": TODAY.isoformat(), "amount": "若干"}}
    looks = look_at(asked(deciding[:1], **said), "agree", viewer=bureau["director"], at=datetime.now(UTC))
    assert "不是金额" in looks[0].problem


def test_events_offered_are_those_that_can_be_taken(at, bureau):
    cases = [at("accepting"), at("accepting"), at("checking")]
    found = {event: n for event, _label, n in events_for(bureau["clerk"], [again(one) for one in cases])}
    assert (found["accept"], found["pass_check"]) == (2, 1)
    assert "withdraw" not in found and "pull_back" not in found
    assert events_for(bureau["finance"], [again(cases[0])]) == []


def test_nothing_moves_and_nobody_is_told_before_the_release(at, bureau):
    cases = [at("accepting"), at("accepting")]
    before = [row(one) for one in cases]
    batch = pending(cases, "accept", bureau["clerk"])
    assert [row(one) for one in cases] == before
    assert set(Message.objects.values_list("state", flat=True)) == {"held"}
    assert (batch.state, batch.items.count()) == ("pending", 2)


def test_a_release_is_one_act_and_lets_the_messages_go(at, bureau):
    cases = [at("accepting"), at("accepting")]
    batch = pending(cases, "accept", bureau["clerk"])
    n = Act.objects.count()
    outcome = release_batch(batch.pk, viewer=bureau["clerk"])
    assert Act.objects.count() == n + 1
    assert (outcome.done, outcome.left) == (2, 0)
    assert {again(one).state for one in cases} == {"checking"}
    assert not Message.objects.filter(state="held").exists()
    assert Message.objects.filter(state="sent", channel=Channel.SITE).exists()
    assert list(faults()) == []


def test_a_release_gives_each_case_its_own_messages_once(at, bureau):
    cases = [at("accepting"), at("accepting")]
    release_batch(pending(cases, "accept", bureau["clerk"]).pk, viewer=bureau["clerk"])
    subjects = list(Message.objects.filter(to_party__isnull=False, to_user="").values_list("subject", flat=True))
    assert sorted(subjects) == sorted(f"application:{one.pk}" for one in cases)


def test_a_case_dealt_with_meanwhile_is_left_out_and_listed(at, bureau):
    moved, waiting = at("accepting", title="甲"), at("accepting", title="乙")
    batch = pending([moved, waiting], "accept", bureau["clerk"])
    pass_case(moved.pk, "refuse", seen=again(moved).revision, viewer=bureau["clerk"], given={"reason": "不属本市"})
    outcome = release_batch(batch.pk, viewer=bureau["clerk"])
    assert (outcome.done, outcome.left) == (1, 1)
    left = batch.items.get(application=moved)
    assert (left.result, left.message) == ("refused", "存入批次以后，这件申报由他人办理过，未办理")
    assert again(moved).state == "refused"
    assert not Message.objects.filter(batch=f"batch:{batch.pk}:{moved.pk}").exclude(state="cancelled").exists()


def test_a_case_that_fails_half_way_leaves_no_trace_and_holds_up_nobody(deciding, bureau, monkeypatch):
    from keshu.bureau.records import machine

    def fail(case, within):
        if case.application.title == "乙":
            raise CaseProblem("预算不足")

    monkeypatch.setitem(machine._effects, "allot_money", fail)
    batch = pending(deciding, "agree", bureau["director"], **DECISION)
    before = row(deciding[1])
    outcome = release_batch(batch.pk, viewer=bureau["director"])
    assert (outcome.done, outcome.left) == (2, 1)
    assert row(deciding[1]) == before
    assert Decision.objects.filter(application=deciding[1]).count() == 0
    assert batch.items.get(application=deciding[1]).message == "预算不足"
    assert list(faults()) == []


def test_only_named_cases_are_released(deciding, bureau):
    batch = pending(deciding, "agree", bureau["director"], **DECISION)
    release_batch(batch.pk, viewer=bureau["director"], only={deciding[0].pk})
    assert [again(one).state for one in deciding] == ["announcing", "deciding", "deciding"]
    assert batch.items.get(application=deciding[1]).message == "本次没有选它，未办理"


def test_a_batch_is_released_once(at, bureau):
    batch = pending([at("accepting")], "accept", bureau["clerk"])
    release_batch(batch.pk, viewer=bureau["clerk"])
    with pytest.raises(CaseProblem, match="已发布"):
        release_batch(batch.pk, viewer=bureau["clerk"])


def test_somebody_without_the_right_releases_nothing(deciding, bureau):
    batch = pending(deciding, "agree", bureau["director"], **DECISION)
    with pytest.raises(CaseProblem, match="没有一件可以办理"):
        release_batch(batch.pk, viewer=bureau["clerk"])
    assert Batch.objects.get().state == "pending"
    assert not batches_of(bureau["clerk"]).filter(pk=batch.pk).exists()
    assert batches_of(bureau["deputy"]).filter(pk=batch.pk).exists()


def test_a_dropped_batch_tells_nobody(at, bureau):
    batch = pending([at("accepting")], "accept", bureau["clerk"])
    drop_batch(batch.pk, viewer=bureau["clerk"])
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}
    with pytest.raises(CaseProblem, match="已放弃"):
        release_batch(batch.pk, viewer=bureau["clerk"])


def test_undoing_puts_every_case_back_where_it_stood(deciding, bureau):
    before = [row(one) for one in deciding]
    batch = pending(deciding, "agree", bureau["director"], **DECISION)
    release_batch(batch.pk, viewer=bureau["director"])
    n = Act.objects.count()
    outcome = undo_batch(batch.pk, viewer=bureau["director"], reason="会议纪要有误")
    assert Act.objects.count() == n + 1
    assert (outcome.done, outcome.left) == (3, 0)
    assert [row(one) for one in deciding] == before
    assert set(Decision.objects.values_list("withdrawn_by", flat=True)) == {outcome.batch.undone_by_id}
    assert outcome.batch.undone_by.undoes_id == batch.__class__.objects.get(pk=batch.pk).released_by_id
    assert Reminder.objects.filter(stage__application=deciding[0], stage__left_at=None).exists()
    assert list(faults()) == []


def test_after_undoing_the_same_cases_can_be_decided_anew(deciding, bureau):
    release = pending(deciding[:1], "agree", bureau["director"], **DECISION)
    release_batch(release.pk, viewer=bureau["director"])
    undo_batch(release.pk, viewer=bureau["director"], reason="重新审议")
    decided = {"meeting": "第6次", "day": TODAY.isoformat()}
    other = pending(deciding[:1], "reject", bureau["director"], decision=decided, reason="评审排名靠后")
    release_batch(other.pk, viewer=bureau["director"])
    assert again(deciding[0]).state == "rejected"


def test_undoing_leaves_cases_that_went_on_and_says_who_did_it(at, bureau):
    went_on, stayed = at("accepting", title="甲"), at("accepting", title="乙")
    batch = pending([went_on, stayed], "accept", bureau["clerk"])
    release_batch(batch.pk, viewer=bureau["clerk"])
    from keshu.bureau.programmes.handling.checking import Word, say

    say(went_on.pk, [Word("letter", "yes")], seen=again(went_on).revision, viewer=bureau["clerk"])
    outcome = undo_batch(batch.pk, viewer=bureau["clerk"], reason="受理时间未到")
    assert (outcome.done, outcome.left) == (1, 1)
    assert (again(went_on).state, again(stayed).state) == ("checking", "accepting")
    left = batch.items.get(application=went_on)
    assert left.result == "left" and "发布以后已由clerk于" in left.message
    assert not CheckVerdict.objects.filter(application=stayed, replaced_by=None).exists()
    from keshu.bureau.statistics.commands import figure

    counted = figure(["case.accepted"], place="990100", period=str(TODAY.year))[0]
    assert counted["value"] == "1", "what was taken back is no longer counted, what stayed is"


def test_undoing_tells_those_who_were_told(at, bureau, unit_users):
    batch = pending([at("accepting")], "accept", bureau["clerk"])
    release_batch(batch.pk, viewer=bureau["clerk"])
    told = set(Message.objects.filter(state="sent").exclude(to_user="").values_list("to_user", flat=True))
    undo_batch(batch.pk, viewer=bureau["clerk"], reason="受理有误")
    again_told = Message.objects.filter(kind="case.undone")
    assert told and {one.to_user for one in again_told} == told
    assert "受理有误" in again_told[0].body


def test_undoing_needs_a_reason_and_works_once(at, bureau):
    batch = pending([at("accepting")], "accept", bureau["clerk"])
    with pytest.raises(CaseProblem, match="没有可撤销的发布"):
        undo_batch(batch.pk, viewer=bureau["clerk"], reason="x")
    release_batch(batch.pk, viewer=bureau["clerk"])
    with pytest.raises(CaseProblem, match="必须写明原因"):
        undo_batch(batch.pk, viewer=bureau["clerk"], reason=" ")
    undo_batch(batch.pk, viewer=bureau["clerk"], reason="x")
    with pytest.raises(CaseProblem, match="已撤销"):
        undo_batch(batch.pk, viewer=bureau["clerk"], reason="x")


def test_an_advice_comes_along_with_its_event(at, bureau):
    case = at("advising")
    batch = pending([case], "advise", bureau["clerk"], advice={"verdict": "support", "amount": "30万", "note": ""})
    release_batch(batch.pk, viewer=bureau["clerk"])
    one = Advice.objects.get()
    assert (one.verdict, one.amount, again(case).state) == ("support", 300000, "deciding")
    undo_batch(batch.pk, viewer=bureau["clerk"], reason="金额有误")
    assert Advice.objects.get().replaced_by_id is not None


def test_cases_of_two_calls_make_two_batches(open_call, firm, bureau):
    cases = [put(open_call(name=name), firm, "accepting") for name in ("第一批", "第二批")]
    batches = add_batches(asked(cases), "accept", name="", viewer=bureau["clerk"], at=datetime.now(UTC))
    assert [(one.call.name, one.items.count()) for one in batches] == [("第一批", 1), ("第二批", 1)]


def test_a_preview_foresees_what_an_effect_will_refuse(deciding, bureau):
    said = {"decision": {**DECISION["decision"], "amount": "900000000"}}
    looks = look_at(asked(deciding[:1], **said), "agree", viewer=bureau["director"], at=datetime.now(UTC))
    assert "超过规定的上限" in looks[0].problem
