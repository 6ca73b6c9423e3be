"""Random ways through every programme with every role: what may be done and what can be done are the same thing."""

import random
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from keshu.bureau.programmes.access import rights_in
from keshu.bureau.programmes.definitions import programme_for, programmes
from keshu.bureau.programmes.machine import machine_of
from keshu.bureau.programmes.models import Application, Stage
from keshu.bureau.programmes.problems import CaseProblem, StaleCase
from keshu.bureau.programmes.services import events_open, pass_case
from keshu.bureau.records.audit import faults
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.models import Act, Passage
from tests.programmes.filling import fill
from tests.programmes.test_outcomes import paper

pytestmark = pytest.mark.django_db
WALKS, STEPS = 3, 28
DECISION = {
    "meeting": "局务会",
    "day": date.today().isoformat(),
    "verdict": "agreed",
    "amount": "100000",
    "grade": "一等奖",
}
GIVEN = {"reason": "按规定办理", "decision": DECISION, "advice": {"amount": "100000", "text": "建议支持"}}


@pytest.fixture
def everybody(applicant, unit_admin, bureau):
    return {**bureau, "applicant": applicant, "unit_admin": unit_admin}


@pytest.fixture
def open_gates(monkeypatch):
    """Conditions hold, so that a walk comes far; rights, effects, outcomes and the database stay as they are."""
    from keshu.bureau.records import machine

    for name in list(machine._conditions):
        monkeypatch.setitem(machine._conditions, name, lambda _case: "")


def _case(pk):
    return Application.objects.select_related("call__place", "place", "party", "version", "act").get(pk=pk)


def _rows(application):
    return machine_of(programme_for(application.call)).transitions


def _agree(application, everybody):
    """For everybody: the events that the page offers are those whose right she holds in the case."""
    for name, viewer in everybody.items():
        rights = rights_in(viewer, application)
        offered = {row.event for row, _why in events_open(viewer, application, at=datetime.now(UTC))}
        held = {row.event for row in _rows(application) if row.source == application.state and row.right in rights}
        assert offered == held, (name, application.state)


def _refused(application, event, viewer):
    before = (Act.objects.count(), Passage.objects.count(), application.revision)
    with pytest.raises(NotAllowed), transaction.atomic():
        pass_case(application.pk, event, seen=application.revision, viewer=viewer, given=GIVEN)
    assert (Act.objects.count(), Passage.objects.count(), _case(application.pk).revision) == before


def _stands(application):
    """The case, its one open stage and its last passage say the same."""
    stage = Stage.objects.get(application=application, left_at__isnull=True)
    assert stage.state == application.state
    last = Passage.objects.filter(
        subject=str(application.pk), machine=machine_of(programme_for(application.call)).code
    ).last()
    assert last is None or last.to_state == application.state
    end = programme_for(application.call).ladder.states[application.state].end
    assert application.end == (end or "")


def _step(application, everybody, chance, told):
    """One step: somebody without the right is refused, somebody with it passes, or is told in words why not."""
    rows = [row for row in _rows(application) if row.source == application.state]
    ladder = programme_for(application.call).ladder.states
    lively = [row for row in rows if not ladder[row.target].end] or rows
    row = chance.choice(rows if chance.random() < 0.1 else lively)  # rather on than out
    for _name, viewer in chance.sample(sorted(everybody.items()), len(everybody)):
        if row.right not in rights_in(viewer, application):
            _refused(application, row.event, viewer)
            break
    holders = [name for name, viewer in sorted(everybody.items()) if row.right in rights_in(viewer, application)]
    if not holders:
        return application
    viewer = everybody[chance.choice(holders)]
    if row.event == "issue" and not application.documents.exists():
        paper(application)  # a case is issued by a document: without its day there is none to conclude after
    try:
        with transaction.atomic():
            pass_case(application.pk, row.event, seen=application.revision, viewer=viewer, given=GIVEN)
    except StaleCase:
        raise
    except (CaseProblem, NotAllowed) as problem:
        told[row.event, str(problem) or "nothing"] += 1
        assert _case(application.pk).state == application.state
        return application
    after = _case(application.pk)
    assert after.state == row.target
    assert after.revision == application.revision + 1
    told[row.event, "done"] += 1
    return after


@pytest.mark.parametrize("code", sorted(programmes()))
def test_what_may_be_done_can_be_done_and_nothing_else(code, begun, open_call, everybody, open_gates):
    chance, told = random.Random(code), Counter()
    for walk in range(WALKS):
        call = open_call(code, name=f"{code} {walk}")
        application = fill(begun(call))
        for _n in range(STEPS):
            application = _case(application.pk)
            _agree(application, everybody)
            _stands(application)
            if application.end:
                break
            application = _step(application, everybody, chance, told)
    assert "nothing" not in {said for _event, said in told}
    done = {event for (event, said), _n in told.items() if said == "done"}
    assert len(done) >= 4, told
    assert not list(faults())


def test_every_name_of_every_definition_is_registered():
    from keshu.bureau.programmes.machine import check_all

    assert list(check_all(programmes().values())) == []
