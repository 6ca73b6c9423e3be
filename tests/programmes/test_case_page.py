"""The page of a case: the ladder for both sides, what may be done, what happened."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django import forms
from django.urls import reverse

from keshu.bureau.programmes import panels
from keshu.bureau.programmes.applying.case_page_ladder import main_way, rungs_of, usual_days
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programmes
from keshu.bureau.programmes.models import Application, Stage
from keshu.bureau.programmes.services import pass_case
from tests.conftest import CLERK


def page(client_as, role, application):
    return client_as(role).get(reverse("programmes:case", args=[application.pk]))


def ladder(application, *, inner):
    case = Case(application, at=application.act.at, by=CLERK)
    stages = list(Stage.objects.filter(application=application).order_by("order"))
    return [(rung.name, rung.status) for rung in rungs_of(case, stages, inner=inner, usual={})]


def test_main_way_of_every_programme_goes_from_its_start_to_a_good_end():
    for programme in programmes().values():
        way = [code for codes in main_way(programme) for code in codes]
        steps = {(step.source, step.target) for step in programme.ladder.steps}
        assert way[0] == programme.ladder.start
        assert set(pairwise(way)) <= steps, programme.code
        assert programme.ladder.states[way[-1]].end in ("completed", "approved"), programme.code


def test_ladder_shows_inner_names_to_the_bureau_and_public_names_to_the_applicant(accepting):
    inner, public = dict(ladder(accepting, inner=True)), dict(ladder(accepting, inner=False))
    assert inner["待受理"] == "here"
    assert (inner["填报中"], inner["查重"], inner["局务会（党组会）审议"]) == ("done", "ahead", "ahead")
    assert public["推荐单位审核中"] == "done"
    assert "查重" not in public and "局务会（党组会）审议" not in public


def test_a_case_that_ended_on_the_way_stands_where_it_came_from(accepting, bureau):
    case = pass_case(
        accepting.pk, "refuse", seen=accepting.revision, viewer=bureau["clerk"], given={"reason": "材料不实"}
    )
    statuses = dict(ladder(case, inner=True))
    assert statuses["待受理"] == "ended"
    assert statuses["形式审查"] == "missed"


def test_usual_duration_needs_five_cases(accepting):
    stage = Stage.objects.get(application=accepting, state="recommending")
    Stage.objects.filter(pk=stage.pk).update(entered_at=stage.left_at - timedelta(days=4))
    assert usual_days("plan.key_rd") == {}
    for order in range(10, 14):
        days = timedelta(days=order)
        Stage.objects.create(
            application=accepting, state="recommending", order=order, entered_at=stage.left_at - days,
            left_at=stage.left_at, act=stage.act,
        )  # fmt: skip
    assert usual_days("plan.key_rd") == {"recommending": 11}
    assert usual_days("plan.soft") == {}


def test_page_of_the_applicant_keeps_the_bureau_to_itself(client_as, accepting):
    text = page(client_as, "applicant", accepting).content.decode()
    assert "待受理" in text and accepting.number in text
    assert "推荐单位" in text
    assert "查重" not in text and "局务会" not in text
    assert "county" not in text  # who recommended it
    assert "applicant" in text  # who of her own people handed it in


def test_page_of_the_bureau_names_people_and_offers_what_may_be_done(client_as, accepting):
    response = page(client_as, "clerk", accepting)
    text = response.content.decode()
    assert "county" in text and "unit_admin" in text
    assert [action.step.event for action in response.context["actions"]] == ["accept", "ask_supplement", "refuse"]


def test_administrators_of_the_system_see_no_case(client_as, accepting):
    assert page(client_as, "system", accepting).status_code == 403


def test_draft_is_nobodys_but_the_applicants(client_as, begun, call):
    application = begun(call)
    assert page(client_as, "clerk", application).status_code == 404
    assert page(client_as, "applicant", application).status_code == 200


def test_event_is_confirmed_with_its_reason(client_as, accepting):
    url = reverse("programmes:act", args=[accepting.pk, "refuse"])
    client = client_as("clerk")
    assert "原因" in client.get(url).content.decode()
    refused = client.post(url, {"seen": accepting.revision})
    assert refused.status_code == 200 and refused.context["form"].errors["reason"]
    assert client.post(url, {"seen": accepting.revision, "reason": "不属支持范围"}).status_code == 302
    case = Application.objects.get(pk=accepting.pk)
    assert (case.state, case.end) == ("refused", "refused")


def test_event_on_a_case_that_moved_meanwhile_is_refused_with_a_sentence(client_as, accepting):
    url = reverse("programmes:act", args=[accepting.pk, "accept"])
    response = client_as("clerk").post(url, {"seen": accepting.revision - 1})
    assert "刚刚由他人办理过" in response.content.decode()
    assert Application.objects.get(pk=accepting.pk).state == "accepting"


def test_event_that_is_not_open_leads_back_with_a_word_and_an_unknown_one_is_404(client_as, accepting):
    client = client_as("applicant")
    response = client.get(reverse("programmes:act", args=[accepting.pk, "accept"]), follow=True)
    assert "不能办理此项" in response.content.decode()
    assert client.get(reverse("programmes:act", args=[accepting.pk, "fly"])).status_code == 404


def test_obstacle_is_a_sentence_and_no_button(client_as, accepting, monkeypatch):
    from keshu.bureau.records import machine

    monkeypatch.setitem(machine._conditions, "complete", lambda _case: "还有 3 项没有填写，请打开申报书补齐")
    case = pass_case(
        accepting.pk, "ask_supplement", seen=accepting.revision, viewer=_viewer("clerk"), given={"reason": "补章"}
    )
    text = page(client_as, "applicant", case).content.decode()
    assert "还有 3 项没有填写" in text
    url = reverse("programmes:act", args=[case.pk, "supplement"])
    shown = client_as("applicant").get(url).content.decode()
    assert "现在还不能办理" in shown and "btn-primary" not in shown.split("k-confirm")[1]


def test_question_of_an_area_is_asked_and_given_along(client_as, accepting, monkeypatch):
    """An answer that satisfies a condition is no obstacle; it reaches the event under the question's code."""
    from keshu.bureau.programmes import machine

    class MeetingForm(forms.Form):
        meeting = forms.CharField(label="会议")

    heard = []
    question = panels.Question(
        "hearing", frozenset({"accept"}), lambda _case, data: MeetingForm(data, prefix="hearing"), frozenset()
    )
    monkeypatch.setitem(panels._questions, "hearing", question)
    asked = frozenset({"accept"}), lambda case, _within: heard.append(case.given["hearing"])
    monkeypatch.setitem(machine._givens, "hearing", asked)
    url = reverse("programmes:act", args=[accepting.pk, "accept"])
    client = client_as("clerk")
    assert "会议" in client.get(url).content.decode()
    assert client.post(url, {"seen": accepting.revision}).status_code == 200
    assert client.post(url, {"seen": accepting.revision, "hearing-meeting": "第3次局务会"}).status_code == 302
    assert heard == [{"meeting": "第3次局务会"}]


@pytest.mark.parametrize(("right", "seen_by"), [(None, {"clerk", "applicant"}), ("cases.view", {"clerk"})])
def test_panel_is_shown_to_whom_it_is_for(client_as, accepting, monkeypatch, right, seen_by):
    panel = panels.Panel("probe", 1, right, "parts/empty.html", lambda _request, _case: {"title": "探针卡片"})
    monkeypatch.setitem(panels._panels, "probe", panel)
    shown = {role for role in ("clerk", "applicant") if "探针卡片" in page(client_as, role, accepting).content.decode()}
    assert shown == seen_by


def _viewer(role):
    from keshu.bureau.accounts.access import viewer_of
    from keshu.bureau.accounts.models import User

    return viewer_of(User.objects.get(username=role))


@pytest.mark.parametrize(("role", "queries"), [("clerk", 9), ("applicant", 9)])
def test_page_costs_as_many_queries_after_four_events_as_after_two(
    client_as, accepting, bureau, applicant, monkeypatch, django_assert_num_queries, role, queries
):
    monkeypatch.setattr(panels, "_panels", {})
    client = client_as(role)
    url = reverse("programmes:case", args=[accepting.pk])
    client.get(url)
    with django_assert_num_queries(queries):
        client.get(url)
    asked = pass_case(
        accepting.pk, "ask_supplement", seen=accepting.revision, viewer=bureau["clerk"], given={"reason": "补盖章页"}
    )
    pass_case(asked.pk, "supplement", seen=asked.revision, viewer=applicant)
    with django_assert_num_queries(queries):
        client.get(url)


def test_the_auditor_reads_what_was_done_with_a_case_and_for_whom(accepting, client_as):
    from keshu.bureau.records.services import Actor, writing

    note = {"event": "accept", "on_behalf_of": ["周经"]}
    with writing(verb="case.pass", by=Actor("tian", "田禾"), subject=f"application:{accepting.pk}", note=note):
        pass
    page = client_as("audit").get("/audit/?verb=case.pass&person=tian").content.decode()
    assert "办理申报（受理）" in page and "代 周经" in page
