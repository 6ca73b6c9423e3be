"""What time alone decides is done by the system: drafts that nobody handed in, titles whose validity is over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.programmes import stages
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.passing_time import GRACE, last_valid_day, pass_time
from keshu.bureau.programmes.models import Application, Call, CaseEntry, Extension, Stage
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import SYSTEM, Actor, writing
from tests.programmes.cases_at import again, put

BY = Actor("clerk", "周经办")
TODAY = date.today()


def now():
    return datetime.now(UTC)


def close(call, ago):
    Call.objects.filter(pk=call.pk).update(closes_at=now() - ago, opens_at=now() - timedelta(days=90))


@pytest.fixture
def title(open_call, firm):
    """`title(ended)`: a 高企 that was recognised and is valid until then, as the ledger has it."""

    def make(ended):
        case = put(open_call("title.hte"), firm, "holding", due=ended)
        values = {
            "holder": firm.pk, "kind": "hte", "level": "national", "action": "initial", "number": "GR202635000001", "status": "valid",
            "issued": ended - timedelta(days=1000), "ended": ended,
        }  # fmt: skip
        entry = create_entry("title", values, place_id=firm.place_id, by=BY)
        with writing(verb="test.recognise", by=BY) as act:
            CaseEntry.objects.create(application=case, ledger="title", entry_id=entry.entry_id, act=act.act)
        return case

    return make


def test_a_title_ends_on_the_day_after_its_last_and_its_row_says_so(title):
    over = title(TODAY - timedelta(days=1))
    assert pass_time(now()) == 1
    assert again(over).state == "archiving"
    row = Revision.objects.get(entry__cases__application=over, known_to=None)
    assert row.status == "expired"
    act = Act.objects.get(subject=f"application:{over.pk}", verb="case.pass")
    assert (act.by, bool(act.reason), act.note["event"]) == (SYSTEM.username, True, "expire")
    assert pass_time(now()) == 0


def test_a_title_that_is_valid_today_stays(title):
    case = title(TODAY)
    assert pass_time(now()) == 0
    assert again(case).state == "holding"


def test_what_the_ledger_calls_valid_is_not_ended_by_an_older_due_date(title):
    case = title(TODAY + timedelta(days=300))
    Stage.objects.filter(application=case, left_at=None).update(due_on=TODAY - timedelta(days=30))
    assert pass_time(now()) == 0
    assert again(case).state == "holding"


def test_the_due_date_of_a_title_is_the_end_of_its_validity(title):
    ended = TODAY + timedelta(days=900)
    case = title(ended)
    Stage.objects.filter(application=case, left_at=None).update(due_on=None)
    with writing(verb="test.settle", by=BY) as act:
        held = Case(case, at=act.act.at, by=BY)
        assert last_valid_day(held) == ended
        stages.settle(held, act)
    assert Stage.objects.get(application=case, left_at=None).due_on == ended


def test_no_other_term_is_taken_for_the_validity(open_call, firm):
    """A title whose validity nobody has told has no day on which it would be overdue."""
    case = put(open_call("title.hte"), firm, "holding")
    assert stages.due_of(Case(case, at=now(), by=BY)) is None


def test_drafts_lapse_only_well_after_the_deadline(call, application):
    close(call, GRACE - timedelta(hours=1))
    assert pass_time(now()) == 0
    close(call, GRACE + timedelta(hours=1))
    assert pass_time(now()) == 1
    application = Application.objects.get(pk=application.pk)
    assert (application.state, application.end) == ("lapsed", "expired")
    assert pass_time(now()) == 0


def test_a_draft_with_its_own_later_deadline_stays(call, application, bureau):
    close(call, GRACE + timedelta(days=3))
    with writing(verb="test.extend", by=BY) as act:
        Extension.objects.create(
            call=call, closes_at=now() - timedelta(days=1), application=application, reason="系统拥堵", act=act.act
        )
    assert pass_time(now()) == 0
    assert Application.objects.get(pk=application.pk).state == "draft"


def test_drafts_of_a_cancelled_call_lapse_at_once(call, application):
    Call.objects.filter(pk=call.pk).update(state="cancelled")
    assert pass_time(now()) == 1
    assert Application.objects.get(pk=application.pk).state == "lapsed"


def test_what_asks_for_judgement_waits_for_a_person(call, firm):
    """Late supplements and mended forms have effects, task books not signed want a reason: nobody is refused by a clock."""
    cases = [put(call, firm, state, due=TODAY - timedelta(days=40)) for state in ("supplementing", "mending", "contracting")]  # fmt: skip
    assert pass_time(now()) == 0
    assert [again(case).state for case in cases] == ["supplementing", "mending", "contracting"]
