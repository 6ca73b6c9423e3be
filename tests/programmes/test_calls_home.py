"""「我能报什么」: yes, no because, need; the button that begins; the same for the bureau and for other systems."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.parties.describing import describe_party
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.programmes.calls.eligibility import answers_for
from keshu.bureau.programmes.models import Application, Credit
from keshu.bureau.records.services import writing
from tests.conftest import CLERK

NOW = datetime.now(UTC)


def answers(firm):
    return {one.call.programme: one for one in answers_for(firm.pk, at=datetime.now(UTC))}


@pytest.fixture
def figures(firm, places):
    """Last year's figures of the enterprise."""

    def put(**values):
        given = {"holder": firm.pk, "year": NOW.year - 1, "above_scale": True, **values}
        return create_entry("profile", given, place_id=places["990121"].pk, by=CLERK)

    return put


def test_no_names_the_condition_the_values_and_no_code(firm, call, figures):
    figures(revenue=100_000_000, rd_expense=500_000)
    answer = answers(firm)["plan.key_rd"]
    assert answer.verdict == "no"
    (reason,) = answer.reasons
    assert reason.said.startswith("研发占比 0.5% < 申报企业研发占比下限 ")


def test_what_is_prefilled_from_the_ledgers_counts_before_anybody_types(firm, call, figures):
    before = {need.name for need in answers(firm)["plan.key_rd"].needs}
    figures(revenue=100_000_000, rd_expense=9_000_000)
    after = answers(firm)["plan.key_rd"]
    assert {"上年营业收入", "上年研发费用"} <= before
    assert not {"上年营业收入", "上年研发费用"} & {need.name for need in after.needs}
    assert after.verdict == "later"


def test_a_fact_of_the_unit_that_is_missing_leads_to_its_own_page(call, places):
    silent = register_party(PartySpec("未填资料公司", None, places["990121"].pk), by=CLERK)
    answer = answers(silent)["plan.key_rd"]
    assert answer.verdict == "need"
    where = {need.name: need.url for need in answer.needs_before}
    assert where["类型"] == where["注册日期"] == reverse("accounts:facts", args=[silent.pk])
    assert any("栏目填写" in need.where for need in answer.needs_in_form)


def test_another_kind_of_organisation_is_refused_by_name(firm, call):
    told = {"unit_type": "个人", "registered_on": date(2015, 5, 1), "address": "", "legal_person": "", "industry": "",
            "capital": None, "phone": ""}  # fmt: skip
    describe_party(firm.pk, told, by=CLERK)
    reasons = answers(firm)["plan.key_rd"].reasons
    assert reasons[0].name == "申报主体" and "个人" in reasons[0].said


def test_limit_of_the_call_and_bad_credit_say_no(submitted, firm):
    call = submitted.call
    call.unit_limit = 1
    call.save()
    with writing(verb="test", by=CLERK) as act:
        Credit.objects.create(
            party=firm, level="grave", what="造假", since=date(2020, 1, 1), until=NOW.date(), act=act.act
        )
    said = {reason.name: reason.said for reason in answers(firm)["plan.key_rd"].reasons}
    assert "已提交 1 项" in said["限报"]
    assert "在限制申报期内：是" in said["信用良好"]


def test_points_are_estimated_from_what_is_known(firm, open_call, figures):
    open_call("title.tsme", name="科小")
    assert answers(firm)["title.tsme"].estimate is None
    figures(revenue=10_000_000, rd_expense=2_000_000, staff=50, rd_staff=30)
    least, most, full = answers(firm)["title.tsme"].estimate
    assert (least, most, full) == (20, 100, 100)


def test_coming_and_extended_calls_are_there_and_closed_ones_are_not(firm, open_call, places):
    from keshu.bureau.programmes.calls.services import extend_call

    now = datetime.now(UTC)
    open_call("plan.agri", opens_at=now + timedelta(days=2), closes_at=now + timedelta(days=9))
    past = {"opens_at": now - timedelta(days=9), "closes_at": now - timedelta(days=1)}
    open_call("plan.social", **past)
    late = open_call("plan.soft", **past)
    later = now + timedelta(days=5)
    extend_call(late.pk, seen=late.revision, closes_at=later, reason="停电", place="990121", by=CLERK)
    found = answers(firm)
    assert set(found) == {"plan.agri", "plan.soft"}
    assert found["plan.agri"].phase == "coming"
    assert (found["plan.soft"].phase, found["plan.soft"].closes) == ("open", later)


def test_page_shows_calls_and_ones_own_cases(client_as, unit_users, submitted, begun, open_call):
    begun(open_call("plan.soft", name="软科学研究项目"))
    text = client_as("applicant").get(reverse("programmes:mine")).content.decode()
    assert "软科学研究项目" in text and submitted.number in text
    assert "填写并提交" in text and "推荐单位审核中" in text
    assert "继续填报" in text and "project.leader_applies" not in text


def test_beginning_makes_one_draft_and_asks_before_a_second(client_as, unit_users, call):
    client, url = client_as("applicant"), reverse("programmes:begin", args=[call.pk])
    assert client.post(url).status_code == 302
    application = Application.objects.get()
    assert (application.state, application.created_by) == ("draft", "applicant")
    asked = client.post(url)
    assert asked.status_code == 200 and "已有草稿" in asked.content.decode()
    assert Application.objects.count() == 1
    assert client.post(url, {"again": "1"}).status_code == 302
    assert Application.objects.count() == 2


def test_nobody_begins_outside_the_time_or_for_others(client_as, unit_users, open_call):
    now = datetime.now(UTC)
    early = open_call("plan.soft", opens_at=now + timedelta(days=2), closes_at=now + timedelta(days=9))
    client_as("applicant").post(reverse("programmes:begin", args=[early.pk]), {"again": "1"})
    assert not Application.objects.exists()
    other = register_party(PartySpec("别家公司"), by=CLERK)
    url = reverse("programmes:begin", args=[early.pk]) + f"?party={other.pk}"
    assert client_as("applicant").post(url).status_code == 404
    assert client_as("clerk").post(reverse("programmes:begin", args=[early.pk])).status_code == 403


def test_bureau_sees_it_of_its_own_places_only(client_as, firm, call, places):
    elsewhere = register_party(PartySpec("江川公司", None, places["990102"].pk), by=CLERK)
    url = reverse("programmes:mine")
    assert firm.name in client_as("county").get(url, {"party": firm.pk}).content.decode()
    assert client_as("county").get(url, {"party": elsewhere.pk}).status_code == 404
    clerk = client_as("clerk").get(url, {"party": elsewhere.pk}).content.decode()
    assert "开始申报" not in clerk and "江川公司" in clerk
    assert "请先选一家单位" in client_as("clerk").get(url).content.decode()


def test_applicant_asks_about_no_other_organisation(client_as, unit_users):
    other = register_party(PartySpec("别家公司"), by=CLERK)
    assert client_as("applicant").get(reverse("programmes:mine"), {"party": other.pk}).status_code == 404


def test_other_systems_read_calls_and_verdicts(client_as, unit_users, firm, call, figures):
    figures(revenue=100_000_000, rd_expense=500_000)
    client = client_as("applicant")
    listed = client.get("/api/v1/programmes/calls").json()["calls"]
    assert [(one["programme"], one["phase"]) for one in listed] == [("plan.key_rd", "open")]
    (one,) = client.get("/api/v1/programmes/eligibility").json()["calls"]
    assert one["verdict"] == "no" and "研发占比" in one["reasons"][0]["said"]
    other = register_party(PartySpec("别家公司"), by=CLERK)
    assert client.get(f"/api/v1/programmes/eligibility?party={other.pk}").status_code == 404
    assert client_as("system").get("/api/v1/programmes/calls").status_code == 403


def test_condition_eligible_reads_the_form_as_it_is_now(filled, applicant):
    from keshu.bureau.programmes.calls.conditions import eligible
    from keshu.bureau.programmes.casing import Case
    from keshu.bureau.programmes.models import FormCell

    def case():
        return Case(Application.objects.get(pk=filled.pk), at=datetime.now(UTC), by=applicant.actor)

    cells = FormCell.objects.filter(application=filled)
    revenue, expense = cells.filter(path__endswith="revenue").first(), cells.filter(path__contains="rd").first()
    assert revenue is not None and expense is not None
    FormCell.objects.filter(pk=revenue.pk).update(text="100000000")
    FormCell.objects.filter(pk=expense.pk).update(text="1000")
    assert "研发占比" in eligible(case())
    FormCell.objects.filter(pk=expense.pk).update(text="90000000")
    assert "研发占比" not in eligible(case())


def test_a_draft_is_called_as_it_calls_itself(filled):
    from datetime import UTC, datetime

    from keshu.bureau.programmes.applying.home import cases_of
    from keshu.bureau.programmes.models import FormCell

    typed = FormCell.objects.get(application=filled, path="project_name").text
    assert filled.title == "" and [one.title for one in cases_of(filled.party_id, datetime.now(UTC))] == [typed]


def test_page_costs_the_same_for_one_and_three_calls(
    client_as, unit_users, open_call, figures, django_assert_num_queries
):
    figures(revenue=100_000_000, rd_expense=9_000_000)
    client, url = client_as("applicant"), reverse("programmes:mine")
    open_call("plan.key_rd", name="一")
    client.get(url)
    with django_assert_num_queries(16):
        client.get(url)
    open_call("plan.agri", name="二")
    open_call("title.hte", name="三")
    with django_assert_num_queries(16):
        client.get(url)


def test_guides_show_open_calls_first_and_of_those_over_the_one_that_closed_last(open_call, client, places):
    """By the last instant, not by the one first announced: the oldest was extended."""
    from keshu.bureau.programmes.calls.services import extend_call
    from tests.conftest import CLERK

    now = datetime.now(UTC)
    names = {"甲": -30, "乙": -10, "丙": -20, "丁": 9, "戊": 3}
    calls = {
        name: open_call("plan.soft", name=f"{name}批次", opens_at=now - timedelta(days=60), closes_at=now + timedelta(days=n))
        for name, n in names.items()
    }  # fmt: skip
    extend_call(calls["甲"].pk, seen=calls["甲"].revision, closes_at=now - timedelta(days=5), reason="停电", by=CLERK)
    page = client.get(reverse("programmes:guides")).content.decode()
    shown = sorted(names, key=lambda name: page.index(f"{name}批次"))
    assert shown == ["戊", "丁", "甲", "乙", "丙"]
