"""Work lists: who sees what, in which order, with how many statements."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from keshu.bureau.programmes.calls.searching import find_cases
from keshu.bureau.programmes.handling import work
from tests.programmes.cases_at import put

TODAY = date.today()


@pytest.fixture
def at(call, firm):
    def make(state, **options):
        return put(call, firm, state, **options)

    return make


def waiting(viewer):
    return [(row.application_id, row.state) for row in work.work_of(viewer, TODAY).order_by("due_on", "pk")]


def test_each_role_has_the_cases_that_it_can_move_on(at, bureau):
    ids = {
        state: at(state).pk for state in ("recommending", "accepting", "checking", "deciding", "running", "archived")
    }
    assert waiting(bureau["county"]) == [(ids["recommending"], "recommending")]
    assert {state for _, state in waiting(bureau["clerk"])} == {"accepting", "checking"}
    assert waiting(bureau["director"]) == [(ids["deciding"], "deciding")]
    assert waiting(bureau["deputy"]) == [(ids["deciding"], "deciding")]
    assert waiting(bureau["system"]) == []


def test_a_county_has_no_work_from_another(at, bureau, places):
    from keshu.bureau.programmes.models import Application

    case = at("recommending")
    Application.objects.filter(pk=case.pk).update(place=places["990102"])
    assert waiting(bureau["county"]) == []


def test_a_case_with_its_applicant_comes_back_when_time_has_run_out(at, bureau):
    late, _ = at("mending", due=TODAY - timedelta(days=1)), at("mending", due=TODAY)
    assert waiting(bureau["clerk"]) == [(late.pk, "mending")]


def test_sections_divide_the_work(at, users, bureau):
    from keshu.bureau.accounts.access import viewer_of
    from keshu.bureau.accounts.models import Membership

    at("checking")
    Membership.objects.filter(user=users["clerk"]).update(sections=["农社科"])
    assert waiting(viewer_of(users["clerk"])) == []
    Membership.objects.filter(user=users["clerk"]).update(sections=["高新科"])
    assert len(waiting(viewer_of(users["clerk"]))) == 1


@pytest.mark.parametrize("name", ["programmes:work", "programmes:cases"])
def test_a_list_asks_as_much_for_three_rows_as_for_one(at, client_as, django_assert_num_queries, name):
    from django.urls import reverse

    client, url = client_as("clerk"), reverse(name)
    at("checking", due=TODAY)
    client.get(url)
    expected = {"programmes:work": 10, "programmes:cases": 8}[name]
    with django_assert_num_queries(expected):
        assert client.get(url).status_code == 200
    at("checking", due=TODAY - timedelta(days=3))
    at("accepting")
    with django_assert_num_queries(expected):
        response = client.get(url)
    assert len(response.context["lines"]) == 3


def test_overdue_comes_first_and_is_red(at, client_as):
    at("checking", due=TODAY + timedelta(days=3), title="后到期")
    at("checking", due=TODAY - timedelta(days=2), title="已逾期的")
    at("accepting", title="没有期限的")
    response = client_as("clerk").get("/programmes/work/")
    assert [row.application.title for row, _ in response.context["lines"]] == ["已逾期的", "后到期", "没有期限的"]
    assert "k-tone-bad" in response.content.decode()
    assert [(one.name, one.n, one.late) for one in response.context["tallies"]] == [
        ("待受理", 1, 0),
        ("形式审查", 2, 1),
    ]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("state=accepting", ["乙"]),
        ("due=late", ["甲"]),
        ("q=乙", ["乙"]),
        ("q=云岭测试", ["甲", "乙"]),
        ("q=t0", ["甲", "乙"]),
        ("programme=plan.soft", []),
        ("state=nonsense", ["甲", "乙"]),
    ],
)
def test_filters_cut_the_list(at, client_as, query, titles):
    at("checking", due=TODAY - timedelta(days=2), title="甲")
    at("accepting", title="乙")
    response = client_as("clerk").get(f"/programmes/work/?{query}")
    assert [row.application.title for row, _ in response.context["lines"]] == titles


def test_the_export_is_the_filtered_list(at, client_as):
    at("checking", title="甲")
    at("accepting", title="乙")
    content = b"".join(client_as("clerk").get("/programmes/cases/export/?state=accepting").streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["乙"]
    assert rows[0][8] == "状态"


def test_the_next_case_follows_the_order_of_due_dates(at, bureau):
    first, second = at("checking", due=TODAY), at("checking", due=TODAY + timedelta(days=1))
    rows = work.filtered(work.work_of(bureau["clerk"], TODAY), {"state": "checking"}, TODAY)
    assert work.next_case(rows, first.pk) == second.pk
    assert work.next_case(rows, second.pk) == first.pk
    assert work.next_case(rows.filter(application_id=first.pk), first.pk) is None


def test_an_applicant_has_no_list_of_the_bureau(client_as):
    assert client_as("applicant").get("/programmes/work/").status_code == 403


def test_the_search_finds_an_application_by_number_for_whoever_may_see_it(at, bureau, rf):
    case = at("accepting")
    request = rf.get("/search/")

    def found(who):
        request.viewer = bureau[who]
        return [hit.url for hit in find_cases(request, case.number.lower(), 5)]

    assert found("clerk") == found("county") == [f"/programmes/cases/{case.pk}/"]
    assert found("system") == []


def test_the_work_list_offers_the_states_that_wait(at, client_as):
    at("accepting")
    at("checking")
    form = client_as("clerk").get("/programmes/work/?state=accepting").context["form"]
    assert [code for code, _name in form.fields["state"].widget.choices] == ["", "accepting", "checking"]


@pytest.mark.parametrize("days", [90, 180])
def test_whoever_holds_a_title_is_reminded_first_when_it_has_to_be_renewed(open_call, firm, monkeypatch, days):
    """By the parameter in force on the day on which it ends; the day itself is a working day."""
    from keshu.bureau.ledgers.catalogue import catalogue
    from keshu.bureau.programmes import stages
    from keshu.bureau.programmes.models import Reminder, Stage
    from keshu.kernel.workdays import is_workday

    parameter = catalogue().parameters["title.expiry_warning_days"]
    monkeypatch.setattr(type(parameter), "value_on", lambda self, on, places: days)
    ends = date(2029, 11, 17)
    case = put(open_call("title.hte"), firm, "holding", due=ends)
    stages.remind(Stage.objects.get(application=case, left_at=None))
    first = Reminder.objects.order_by("on").first()
    assert (first.kind, is_workday(first.on)) == ("before", True)
    assert timedelta(days=0) <= ends - timedelta(days=days) - first.on < timedelta(days=10)
    assert Reminder.objects.filter(kind="before").count() == 3
    other = put(open_call("plan.key_rd"), firm, "running", due=ends)
    stages.remind(Stage.objects.get(application=other, left_at=None))
    assert Reminder.objects.filter(stage__application=other, kind="before").count() == 2


def test_batches_of_cases_and_of_imports_have_names_of_their_own():
    """An import and a batch of cases with the same number are told apart in the audit."""
    from keshu.bureau.pages.registry import subject_name

    assert (subject_name("batch:7"), subject_name("case_batch:7")) == ("导入批次 7", "办理批次 7")
