"""One last instant for everybody who asks: what may be applied for, the button, the applicant's home, who lets it lapse."""

from datetime import UTC, datetime, timedelta

import pytest

from keshu.bureau.programmes.applying.conditions import within_call
from keshu.bureau.programmes.applying.home import begin, cases_of
from keshu.bureau.programmes.calls import listing, services
from keshu.bureau.programmes.calls.eligibility import answers_for
from keshu.bureau.programmes.calls.services import CallProblem
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.closing import closes_at, closing_for, closing_of
from keshu.bureau.programmes.handling.overdue import overdue
from keshu.bureau.programmes.models import Call
from keshu.bureau.programmes.problems import CaseProblem
from tests.conftest import CLERK

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def closed(call):
    """The call, over since an hour."""
    Call.objects.filter(pk=call.pk).update(closes_at=datetime.now(UTC) - HOUR)
    return Call.objects.select_related("place").get(pk=call.pk)


def extend(call, later, **scope):
    seen = Call.objects.get(pk=call.pk).revision
    return services.extend_call(call.pk, seen=seen, closes_at=later, reason="停电", by=CLERK, **scope)


def answer(firm, at):
    return next(iter(answers_for(firm.pk, at=at)), None)


def home_day(application, at):
    return next(one.due_on for one in cases_of(application.party_id, at) if one.application.pk == application.pk)


@pytest.mark.parametrize("scope", [{}, {"place": "990100"}, {"place": "990121"}], ids=["all", "city", "county"])
def test_everybody_below_the_place_of_an_extension_has_its_time(closed, scope, firm, places, begun, applicant):
    firm.place = places["990121001"]  # a town of the county
    firm.save()
    now = datetime.now(UTC)
    later, draft = now + HOUR, begun(closed)
    assert answer(firm, now) is None
    extend(closed, later, **scope)
    found = answer(firm, now)
    assert (found.phase, found.closes) == ("open", later)
    assert begin(closed, firm, viewer=applicant, answer=found).state == "draft"
    assert closes_at(draft) == closing_of([draft])[draft.pk] == closing_for([closed], firm.place_id)[closed.pk] == later
    case = Case(draft, at=now, by=CLERK)
    assert within_call(case) == "" != overdue(case)
    assert home_day(draft, now) == later.astimezone(services.ZONE).date()


def test_nobody_beside_the_place_has_it(closed, firm, places, begun, applicant):
    now, draft = datetime.now(UTC), begun(closed)
    extend(closed, now + HOUR, place="990102")
    extend(closed, now + HOUR, place="990121001")  # below the firm's county, not its own
    assert answer(firm, now) is None
    case = Case(draft, at=now, by=CLERK)
    assert overdue(case) == "" != within_call(case)
    (line,) = listing.lines([closed], now)
    assert line.phase == "closed"
    assert not listing._in_phase(Call.objects.all(), "open", now).exists()
    with pytest.raises(CaseProblem, match="不在申报时间内"):
        begin(closed, firm, viewer=applicant, answer=answers_for(firm.pk, at=now, calls=[closed])[0])


def test_at_the_last_instant_itself_it_is_over_for_both_sides(call, begun):
    case = Case(begun(call), at=call.closes_at, by=CLERK)
    assert overdue(case) == "" != within_call(case)
    case = Case(case.application, at=call.closes_at - timedelta(microseconds=1), by=CLERK)
    assert within_call(case) == "" != overdue(case)


def test_an_extension_for_a_place_is_later_than_what_the_place_has_already(closed):
    later = datetime.now(UTC) + HOUR
    extend(closed, later, place="990100")
    with pytest.raises(CallProblem, match="晚于"):
        extend(closed, later, place="990121")
    extend(closed, later + HOUR, place="990121")


def test_a_case_of_its_own_extension_is_nobody_elses(closed, begun, firm):
    one, other = begun(closed), begun(closed)
    later = datetime.now(UTC) + HOUR
    extend(closed, later, number=str(one.pk))
    assert closing_of([one, other]) == {one.pk: later, other.pk: closed.closes_at}
    assert answer(firm, datetime.now(UTC)) is None


@pytest.mark.parametrize("n", [1, 3])
def test_it_costs_two_statements_however_many_cases(n, closed, begun, django_assert_num_queries):
    extend(closed, datetime.now(UTC) + HOUR, place="990121")
    cases = [begun(closed) for _n in range(n)]
    with django_assert_num_queries(2):
        closing_of(cases)
