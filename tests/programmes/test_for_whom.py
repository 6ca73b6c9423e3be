"""Whoever stands in for a colleague who is away: what she does under a borrowed right names that colleague, always."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.programmes.handling import score_table, tasks
from keshu.bureau.programmes.handling.batches import add_batches, drop_batch, release_batch, undo_batch
from keshu.bureau.programmes.handling.checking import Word, say
from keshu.bureau.programmes.handling.looking import Asked
from keshu.bureau.programmes.handling.recommending import Scan, recommend_on_paper
from keshu.bureau.programmes.handling.scoring import ScoreSpec
from keshu.bureau.programmes.models import Batch
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.audit import faults
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.models import Act
from tests.accounts.test_delegation import DAY, TODAY, away
from tests.programmes.cases_at import again, put
from tests.programmes.filling import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def stands_in(users):
    """`stands_in("clerk")`: the account of 计财 with the rights of that colleague, who is away since today."""

    def make(role):
        away(users[role], users["finance"])
        return viewer_of(users["finance"], on=TODAY)

    return make


@pytest.fixture
def at(call, firm):
    return lambda state: put(call, firm, state)


def last(verb):
    act = Act.objects.filter(verb=verb).order_by("-pk").first()
    return act.by, act.note.get("on_behalf_of", ""), act.note.get("stands_in_for", "")


def test_an_event_and_what_is_done_beside_events_name_the_absent(at, stands_in):
    deputy, one = stands_in("clerk"), at("accepting")
    pass_case(one.pk, "accept", seen=one.revision, viewer=deputy)
    assert last("case.pass") == ("finance", "clerk", "")
    one = again(one)
    say(one.pk, [Word("pledge", "no", "没有盖章")], seen=one.revision, viewer=deputy)
    assert last("case.check") == ("finance", "clerk", "")
    assert list(faults()) == []


def test_under_a_right_of_her_own_she_acts_in_her_own_name(at, users):
    away(users["clerk"], users["head"])
    one = at("accepting")
    pass_case(one.pk, "accept", seen=one.revision, viewer=viewer_of(users["head"], on=TODAY))
    assert last("case.pass") == ("head", "", "clerk"), "the act still says for whom she stood in at the time"


def test_the_county_is_stood_in_for_by_its_place(submitted, stands_in):
    deputy = stands_in("county")
    pass_case(submitted.pk, "recommend", seen=submitted.revision, viewer=deputy)
    assert last("case.pass") == ("finance", "county", "")


def test_when_the_days_are_over_so_is_the_right(at, users, stands_in):
    stands_in("clerk")
    one = at("accepting")
    with pytest.raises(NotAllowed):
        pass_case(one.pk, "accept", seen=one.revision, viewer=viewer_of(users["finance"], on=TODAY + 30 * DAY))


def pending(cases, event, viewer):
    asked = [Asked(one.pk, again(one).revision, {}) for one in cases]
    return add_batches(asked, event, name="", viewer=viewer, at=datetime.now(UTC))[0]


def test_every_step_of_a_batch_names_the_absent(at, stands_in):
    deputy, cases = stands_in("clerk"), [at("accepting"), at("accepting")]
    batch = pending(cases, "accept", deputy)
    assert last("batch.add") == ("finance", "clerk", "")
    release_batch(batch.pk, viewer=deputy)
    assert last("batch.release") == ("finance", "clerk", "")
    undo_batch(batch.pk, viewer=deputy, reason="受理有误")
    assert last("batch.undo") == ("finance", "clerk", "")
    drop_batch(pending(cases, "accept", deputy).pk, viewer=deputy)
    assert last("batch.drop") == ("finance", "clerk", "")
    assert list(faults()) == []


def test_the_worker_releases_with_the_rights_of_the_day_on_which_it_was_asked(at, stands_in):
    cases = [at("accepting"), at("accepting")]
    batch = pending(cases, "accept", stands_in("clerk"))
    Batch.objects.filter(pk=batch.pk).update(asked_at=datetime.now(UTC) + timedelta(days=30))
    assert tasks.release.call(batch.pk, "finance", [one.pk for one in cases]) == {"done": 0, "left": 0}
    Batch.objects.filter(pk=batch.pk).update(asked_at=datetime.now(UTC))
    assert tasks.release.call(batch.pk, "finance", [one.pk for one in cases]) == {"done": 2, "left": 0}
    assert last("batch.release") == ("finance", "clerk", "")


def test_lists_of_scores_and_of_recommendations_name_the_absent(at, submitted, stands_in, call):
    deputy, one = stands_in("clerk"), at("reviewing")
    entry = score_table.Entry(one, ScoreSpec("专家甲", _points(one), TODAY))
    score_table.add_scores([entry], call=call, viewer=deputy)
    assert last("case.score") == ("finance", "clerk", "")
    scan = Scan(PDF, "推荐函.pdf", TODAY, "县区系统停用")
    recommend_on_paper([Asked(submitted.pk, submitted.revision, {})], scan, event="recommend", viewer=deputy)
    assert last("case.recommend-on-paper") == ("finance", "clerk", "")
    assert list(faults()) == []


def _points(one):
    from keshu.bureau.programmes.definitions import programme_for
    from keshu.bureau.programmes.handling.scoring import items_of

    return {item.code: str(item.most) for item in items_of(programme_for(one.call).scoring)}


def test_a_call_that_a_deputy_extends_names_the_absent(call, client_as, stands_in):
    stands_in("head")
    client = client_as("finance")
    page = reverse("programmes:call-extend", args=[call.pk])
    closes = (call.closes_at + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    answer = client.post(page, {"seen": call.revision, "closes_at": closes, "reason": "系统检修"})
    assert answer.status_code == 302
    assert last("call.extend") == ("finance", "head", "")


def test_nobody_away_costs_nothing(at, bureau, users, django_assert_num_queries):
    from keshu.bureau.programmes.access import actor_of_call
    from keshu.bureau.programmes.services import acting

    one = at("accepting")
    with django_assert_num_queries(0):
        assert acting(bureau["clerk"], one.pk, event="accept") == bureau["clerk"].actor
        assert actor_of_call(bureau["clerk"], "programmes.accept", one.call_id) == bureau["clerk"].actor
