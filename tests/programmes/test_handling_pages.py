"""Pages of leaders and recommenders, recommendations on paper, reminders, the home page, the cards of a case."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from keshu.bureau.outbox.models import Message
from keshu.bureau.programmes import stages
from keshu.bureau.programmes.handling.looking import Asked
from keshu.bureau.programmes.handling.recommending import Scan, recommend_on_paper
from keshu.bureau.programmes.handling.reminding import due_reminders, remind
from keshu.bureau.programmes.handling.tasks import MORNING
from keshu.bureau.programmes.models import Advice, Call, PaperRecommendation, Reminder, Stage
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.models import Act
from keshu.bureau.records.repeating import next_day
from keshu.bureau.records.services import Actor, writing
from tests.programmes.cases_at import again, put
from tests.programmes.filling import PDF

TODAY = date.today()


@pytest.fixture
def at(call, firm):
    def make(state, **options):
        return put(call, firm, state, **options)

    return make


def advise(case, **columns):
    with writing(verb="test.advise", by=Actor("t")) as act:
        Advice.objects.create(application=case, act=act.act, **columns)


# leaders


def test_leaders_see_advice_amounts_and_what_the_budget_leaves(at, call, client_as):
    Call.objects.filter(pk=call.pk).update(budget=500000)
    first, second = at("deciding", title="甲"), at("deciding", title="乙")
    at("advising", title="丙")
    advise(first, verdict="support", amount=300000, note="基础好")
    advise(second, verdict="oppose", amount=100000, note="重复")
    response = client_as("director").get("/programmes/deciding/")
    one = response.context["calls"][0]
    assert [line.stage.application.title for line in one.lines] == ["甲", "乙"]
    assert (one.budget, one.advised, one.left) == (500000, 300000, 200000)
    assert "基础好" in response.content.decode()


def test_more_than_the_budget_is_said(at, call, client_as):
    Call.objects.filter(pk=call.pk).update(budget=100000)
    advise(at("deciding"), verdict="support", amount=300000)
    assert "超出预算" in client_as("director").get("/programmes/deciding/").content.decode()


def test_the_page_of_leaders_costs_the_same_for_more_cases(at, client_as, django_assert_num_queries):
    client = client_as("director")
    advise(at("deciding"), verdict="support", amount=1)
    client.get("/programmes/deciding/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get("/programmes/deciding/")
    for _ in range(2):
        advise(at("deciding"), verdict="support", amount=1)
    with django_assert_num_queries(len(one)):
        client.get("/programmes/deciding/")


@pytest.mark.parametrize("role", ["clerk", "county", "applicant"])
def test_others_have_no_page_of_decisions(client_as, role):
    assert client_as(role).get("/programmes/deciding/").status_code == 403


# recommenders


def test_a_county_sees_its_cases_and_recommends_many_at_once(at, client_as):
    cases = [at("recommending", title="甲"), at("recommending", title="乙")]
    client = client_as("county")
    text = client.get("/programmes/recommending/").content.decode()
    assert "甲" in text and "乙" in text
    ticks = [f"{one.pk}:{again(one).revision}" for one in cases]
    client.post("/programmes/bulk/", {"case": ticks, "event": "recommend", "step": "keep"})
    client.post("/programmes/batches/1/release/", {"case": [one.pk for one in cases]})
    from keshu.bureau.programmes.models import Batch

    batch = Batch.objects.get()
    client.post(f"/programmes/batches/{batch.pk}/release/", {"case": [one.pk for one in cases]})
    assert {again(one).state for one in cases} == {"accepting"}


def scan(**other):
    return Scan(**{"content": PDF, "name": "推荐表.pdf", "signed_on": TODAY, "reason": "县局没有联网", **other})


def asked(*cases):
    return [Asked(one.pk, again(one).revision) for one in cases]


def test_the_bureau_enters_a_stamped_list_and_it_says_so(at, bureau):
    cases = [at("recommending"), at("recommending")]
    recommend_on_paper(asked(*cases), scan(), event="recommend", viewer=bureau["clerk"])
    assert {again(one).state for one in cases} == {"accepting"}
    act = Act.objects.get(verb="case.recommend-on-paper")
    assert (act.by, act.reason) == ("clerk", "县局没有联网")
    rows = list(PaperRecommendation.objects.order_by("pk").values_list("application_id", "reason", "act_id"))
    assert rows == [(one.pk, "县局没有联网", act.pk) for one in cases]


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"reason": " "}, "请写明为什么"),
        ({"content": b""}, "扫描件"),
        ({"content": b"MZ\x90\x00" * 50, "name": "x.pdf"}, "扫描件"),
        ({"signed_on": TODAY + timedelta(days=2)}, "晚于今天"),
    ],
)
def test_a_list_without_scan_or_reason_is_refused(at, bureau, other, sentence):
    case = at("recommending")
    with pytest.raises(CaseProblem, match=sentence):
        recommend_on_paper(asked(case), scan(**other), event="recommend", viewer=bureau["clerk"])
    assert again(case).state == "recommending"


def test_all_or_none_of_a_list(at, bureau):
    good, other = at("recommending"), at("accepting")
    with pytest.raises(CaseProblem, match=f"{other.number}：.*不在推荐环节"):
        recommend_on_paper(asked(good, other), scan(), event="recommend", viewer=bureau["clerk"])
    assert again(good).state == "recommending" and PaperRecommendation.objects.count() == 0


def test_on_paper_takes_no_other_event_and_no_other_people(at, bureau):
    case = at("accepting")
    with pytest.raises(CaseProblem, match="不在推荐环节"):
        recommend_on_paper(asked(case), scan(), event="accept", viewer=bureau["clerk"])
    with pytest.raises(CaseProblem, match="没有代为登记的权限"):
        recommend_on_paper(asked(at("recommending")), scan(), event="recommend", viewer=bureau["director"])


def test_the_page_on_paper(at, call, client_as):
    case = at("recommending")
    client, url = client_as("clerk"), f"/programmes/calls/{call.pk}/on-paper/"
    assert case.number in client.get(url).content.decode()
    data = {
        "case": f"{case.pk}:{case.revision}", "event": "recommend", "signed_on": TODAY.isoformat(), "reason": "县局没有联网",
        "file": SimpleUploadedFile("推荐表.pdf", PDF),
    }  # fmt: skip
    assert client.post(url, data).status_code == 302
    assert again(case).state == "accepting"
    text = client.get(f"/programmes/cases/{case.pk}/").content.decode()
    assert "纸质推荐表代为登记（县局没有联网）" in text
    assert client.get(f"/programmes/cases/{case.pk}/recommendation/").content == PDF
    assert client_as("county").get(url).status_code == 403


# reminders


@pytest.fixture
def reminded(at, bureau):
    """A case in its check, due tomorrow, with the days of reminding that the stage stored."""
    case = at("checking", due=TODAY + timedelta(days=1))
    stage = Stage.objects.get(application=case, left_at=None)
    Stage.objects.filter(pk=stage.pk).update(entered_at=datetime.now(UTC) - timedelta(days=30))
    stages.remind(Stage.objects.get(pk=stage.pk))
    return case


def test_each_reminder_is_told_once_to_those_who_can_act(reminded):
    due = set(due_reminders(TODAY).values_list("pk", flat=True))
    assert due
    assert remind(TODAY) == len(due)
    found = set(Message.objects.filter(kind="case.remind").values_list("to_user", flat=True))
    assert found == {"clerk", "head"}
    assert Message.objects.filter(kind="case.remind").count() == 2  # two days have passed unnoticed: told once
    assert remind(TODAY) == 0
    assert Message.objects.filter(kind="case.remind").count() == 2


def test_days_ahead_are_told_on_their_day(reminded):
    remind(TODAY)
    left = Reminder.objects.filter(told_at=None).order_by("on").first()
    Message.objects.all().delete()
    remind(left.on)
    title = Message.objects.filter(kind="case.remind").first().title
    assert "到期" in title or "已逾期" in title


def test_a_reminder_that_fails_half_way_is_told_later(reminded, monkeypatch):
    from keshu.bureau.programmes.handling import reminding

    def die(notices, *, within):
        raise OSError("killed")

    monkeypatch.setattr(reminding, "post", die)
    with pytest.raises(OSError):
        remind(TODAY)
    assert not Reminder.objects.filter(told_at__isnull=False).exists()
    monkeypatch.undo()
    assert remind(TODAY) > 0


def test_an_ended_stage_reminds_nobody(reminded):
    Stage.objects.filter(application=reminded, left_at=None).update(left_at=datetime.now(UTC))
    assert remind(TODAY + timedelta(days=60)) == 0


def test_an_applicant_is_reminded_of_what_lies_with_him(at, unit_users):
    case = at("mending", due=TODAY)
    stage = Stage.objects.get(application=case, left_at=None)
    Stage.objects.filter(pk=stage.pk).update(entered_at=datetime.now(UTC) - timedelta(days=30))
    stages.remind(Stage.objects.get(pk=stage.pk))
    remind(TODAY)
    assert "unit_admin" in set(Message.objects.filter(kind="case.remind").values_list("to_user", flat=True))


def test_the_next_morning_is_half_past_seven():
    at = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)  # 07:00 on the second in Shanghai
    assert next_day(at, MORNING).isoformat() == "2026-03-02T07:30:00+08:00"
    assert next_day(at + timedelta(hours=1), MORNING).isoformat() == "2026-03-03T07:30:00+08:00"


# home page and the page of a case


def test_the_home_page_counts_what_waits(at, client_as):
    at("checking", due=TODAY - timedelta(days=1), title="到期的项目")
    at("accepting", due=TODAY + timedelta(days=2))
    text = client_as("clerk").get("/").content.decode()
    assert "申报待办" in text and "到期的项目" in text and "逾期 1 件" in text and "申报待办 1 件" in text
    assert "申报待办" not in client_as("director").get("/").content.decode()


def test_the_event_page_asks_for_the_decision_and_takes_it(at, client_as):
    case = at("deciding")
    advise(case, verdict="support", amount=300000)
    client, url = client_as("director"), f"/programmes/cases/{case.pk}/do/agree/"
    text = client.get(url).content.decode()
    assert "会议或决定人" in text and "300000.00" in text
    data = {
        "seen": case.revision,
        "decision-meeting": "第5次局党组会",
        "decision-day": TODAY.isoformat(),
        "decision-amount": "20万",
    }
    client.post(url, data)
    assert again(case).state == "announcing"
    assert "第5次局党组会" in client.get(f"/programmes/cases/{case.pk}/").content.decode()


def test_asking_for_a_supplement_lists_lines(at, client_as):
    case = at("accepting")
    data = {"seen": case.revision, "reason": "请补正", "defects-lines": "缺审计报告；补传\n公章不清"}
    client = client_as("clerk")
    client.post(f"/programmes/cases/{case.pk}/do/ask_supplement/", data)
    assert [(row.text, row.remedy) for row in case.defects.order_by("pk")] == [("缺审计报告", "补传"), ("公章不清", "")]
    assert "缺审计报告" in client.get(f"/programmes/cases/{case.pk}/").content.decode()
    assert "缺审计报告" in client_as("unit_admin").get(f"/programmes/cases/{case.pk}/").content.decode()
