"""The home page and the search: what apps register is shown to those who may see it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keshu.bureau.pages import registry
from keshu.bureau.records.services import writing
from keshu.bureau.statistics.queries import Ask
from keshu.bureau.statistics.sharing import engine_for
from keshu.kernel.measure.period import Period


@pytest.fixture
def empty(monkeypatch):
    """A registry of our own, whatever the apps have put into the real one."""
    for name in ("_panels", "_strips", "_deadlines", "_actions", "_searches"):
        monkeypatch.setattr(registry, name, {})


def test_an_empty_home_says_what_will_be_here(client_as, empty):
    page = client_as("deputy").get("/").content.decode()
    assert "还没有操作记录" in page
    assert "近期没有到期事项" in page


def test_due_days_come_in_their_order_and_only_to_those_who_hold_the_right(client_as, empty):
    due = [
        registry.Deadline("年度总结报出", date(2099, 11, 9), "/"),
        registry.Deadline("三季度报表", date(2020, 10, 15)),
    ]
    registry.register_deadlines(registry.Deadlines("summary", "summaries.view", lambda request, day: due))
    shown = client_as("office").get("/").context["deadlines"]
    assert [one.label for one in shown] == ["三季度报表", "年度总结报出"]
    assert "已逾期" in client_as("office").get("/").content.decode()
    assert client_as("system").get("/").context["deadlines"] == []


def test_the_strip_shows_figures(client_as, empty):
    stats = [registry.Stat("有效高企", "74", "家", "+3", "ok")]
    registry.register_strip(registry.Strip("figures", 10, "figures.view", lambda request, day: stats))
    assert "有效高企" in client_as("director").get("/").content.decode()
    assert "有效高企" not in client_as("audit").get("/").content.decode()


def test_a_panel_with_nothing_to_say_is_left_out(client_as, empty):
    for code, context in (("full", {"title": "有内容"}), ("none", None)):
        panel = registry.Panel(code, 1, "entries.view", "parts/empty.html", lambda request, day, c=context: c)
        registry.register_panel(panel)
    assert [shown for _template, shown in client_as("clerk").get("/").context["main_panels"]] == [{"title": "有内容"}]


def test_quick_actions_follow_the_role(client_as):
    assert [action.url_name for action, _url in client_as("system").get("/").context["actions"]] == ["accounts:add"]
    assert {action.url_name for action, _url in client_as("audit").get("/").context["actions"]} == {
        "audit:index",
        "accounts:sign-ins",
    }


def test_recent_acts_are_ones_own(client_as, users):
    for role in ("deputy", "head"):
        with writing(verb="user.add", by=users[role].actor, subject=f"user:{role}"):
            pass
    recent = client_as("deputy").get("/").context["recent"]
    assert [event["text"] for event in recent] == ["账号 deputy"]


@pytest.fixture
def search(empty):
    def find(request, text, limit):
        return [registry.Hit(f"{text}{n}", f"/hit/{n}/", "企业") for n in range(limit)]

    registry.register_search(registry.Search("parties", "主体", 10, "parties.view", find))


def test_search_answers_with_a_few_while_typing_and_more_on_its_page(client_as, search):
    client = client_as("clerk")
    few = client.get("/search/?q=启明", headers={"HX-Request": "true"})
    assert [len(one.hits) for one in few.context["groups"]] == [5]
    assert "<html" not in few.content.decode()
    page = client.get("/search/?q=启明")
    assert [(len(one.hits), one.more) for one in page.context["groups"]] == [(5, True)]
    assert "?q=%E5%90%AF%E6%98%8E&amp;in=parties" in page.content.decode()
    more = client.get("/search/?q=启明&in=parties")
    assert [len(one.hits) for one in more.context["groups"]] == [50]
    assert client.get("/search/?q=启明&in=entries").context["groups"] == []


def test_search_asks_only_what_the_role_may_see(client_as, search):
    assert client_as("audit").get("/search/?q=启明").context["groups"] == []
    assert "没有找到" in client_as("audit").get("/search/?q=启明").content.decode()


def test_an_empty_search_asks_nobody(client_as, search):
    assert client_as("clerk").get("/search/?q=%20").context["groups"] == []


def test_the_home_page_costs_four_queries_of_its_own(client_as, empty, django_assert_num_queries):
    client = client_as("clerk")
    client.get("/")
    with django_assert_num_queries(5):  # session, user, memberships, unread, recent acts
        client.get("/")


@pytest.mark.parametrize("parts", [0, 1, 3])
def test_the_figures_of_all_parts_of_the_page_are_read_together(client_as, places, empty, parts):
    """However many parts ask for figures, each ledger is read once."""
    from keshu.bureau.desk.glance import HEADLINES, expect_headlines, headline_stats

    def ask(request, day):
        found = engine_for(request).figures([Ask(code, "990100", Period.of_year(2025)) for code in HEADLINES[:3]])
        return {"title": str(len(found))}

    registry.register_strip(registry.Strip("headlines", 10, "figures.view", headline_stats, expect_headlines))
    for n in range(parts):
        registry.register_panel(registry.Panel(f"part{n}", n, "figures.view", "parts/empty.html", ask))
    client = client_as("director")
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    read = [one["sql"] for one in captured if "GROUP BY" in one["sql"] and "ledgers_revision" in one["sql"]]
    assert (len(read), len(captured)) == (5, 18)
