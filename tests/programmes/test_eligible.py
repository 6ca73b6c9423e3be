"""Whoever may not apply is stopped at the button that hands over, not only told so before she begins."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from keshu.bureau.programmes.calls.eligibility import answers_for
from keshu.bureau.programmes.models import Application, Credit
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.services import writing
from tests.conftest import CLERK
from tests.programmes.filling import IDCARD, add_paper, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def endorsing(applicant):
    """`endorsing(application)`: in the hands of the administrator of its enterprise."""
    return lambda one: pass_case(one.pk, "hand_in", seen=one.revision, viewer=applicant)


@pytest.fixture
def refused(endorsing, unit_admin):
    """`refused(application)`: what is said to whoever hands it over; the case stays where it was."""

    def said(one):
        one = endorsing(one) if one.state == "draft" else one
        with pytest.raises(NotAllowed) as stopped:
            pass_case(one.pk, "submit", seen=one.revision, viewer=unit_admin)
        now = Application.objects.get(pk=one.pk)
        assert (now.state, now.number, now.version_id) == ("endorsing", None, None)
        return str(stopped.value)

    return said


def bar(firm, until=None):
    with writing(verb="credit.mark", by=CLERK) as act:
        return Credit.objects.create(
            party=firm, level=Credit.Level.SERIOUS, what="项目资金挪用", since=date.today() - timedelta(days=1),
            until=until or date.today() + timedelta(days=365), act=act.act,
        )  # fmt: skip


def test_whoever_is_barred_after_she_began_is_stopped(filled, refused, firm):
    bar(firm)
    said = refused(filled)
    assert said.startswith("申报条件不符合：信用良好")
    assert "更正申报书或单位资料" in said


def test_a_repaired_mark_lets_her_in_again(filled, refused, firm, unit_admin):
    mark = bar(firm)
    refused(filled)
    Credit.objects.filter(pk=mark.pk).update(repaired_on=date.today(), repaired_act=mark.act)
    one = Application.objects.get(pk=filled.pk)
    assert pass_case(one.pk, "submit", seen=one.revision, viewer=unit_admin).state == "recommending"


def test_the_third_of_a_year_is_over_the_units_limit_until_one_is_taken_back(
    submitted, begun, submit, open_call, refused, applicant, unit_admin
):
    submit(fill(begun(open_call("plan.agri"))))
    third = fill(begun(submitted.call))
    assert "单位限项" in refused(third)
    assert "单位限项" in {why.name for why in answers_for(submitted.party_id, at=datetime.now(UTC))[0].reasons}
    pass_case(submitted.pk, "withdraw", seen=submitted.revision, viewer=applicant)
    third.refresh_from_db()
    assert pass_case(third.pk, "submit", seen=third.revision, viewer=unit_admin).number


def test_the_limit_of_the_call_counts_at_the_button_too(begun, submit, open_call, refused):
    call = open_call("plan.key_rd", unit_limit=1)
    submit(fill(begun(call)))
    assert "限报：本批次每个单位限报 1 项" in refused(fill(begun(call)))


def test_one_who_leads_elsewhere_is_over_her_own_limit(submitted, begun, submit, firms):
    """Another enterprise, another case, the same ID number, typed with a space: the limit is the person's."""
    same = {"leader_name": "林远", "leader_idcard": f"{IDCARD[:6]} {IDCARD[6:]}"}
    with pytest.raises(NotAllowed, match="负责人限项"):
        submit(fill(begun(submitted.call, firms(2)[1]), changes=same))


def test_what_was_handed_in_is_never_stopped_by_the_limit_that_it_fills_itself(
    submitted, begun, submit, open_call, applicant, bureau, firm
):
    """Both places are taken, and the unit is barred since: to mend what it was asked to mend it may hand back."""
    submit(fill(begun(open_call("plan.agri"))))
    asked = pass_case(
        submitted.pk, "ask_rework", seen=submitted.revision, viewer=bureau["county"], given={"reason": "请补充"}
    )
    bar(firm)
    add_paper(asked, "other", "补充说明.pdf", content=b"%PDF-1.4 2")
    again = pass_case(asked.pk, "hand_back", seen=asked.revision, viewer=applicant)
    assert (again.state, again.version.number) == ("recommending", 2)


def test_the_check_page_says_it_to_whoever_fills_in_before_it_goes_to_her_administrator(filled, firm, client_as):
    page = reverse("programmes:check", args=[filled.pk])
    assert "申报条件不符合" not in client_as("applicant").get(page).content.decode()
    bar(firm)
    assert "申报条件不符合：信用良好" in client_as("applicant").get(page).content.decode()
