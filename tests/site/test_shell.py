"""The frame of every page: what it loads, what it links to, what it says when something is wrong."""

import re
from html.parser import HTMLParser

import pytest
from django.template.loader import get_template
from django.urls import reverse

from keshu.bureau.accounts.access import RIGHTS
from keshu.site import assets
from keshu.site.assets import SITE, icon_names

PAGES = ("/", "/search/?q=x", "/accounts/password/", "/accounts/users/", "/accounts/roles/", "/audit/", "/nosuch/")
EVENTS = re.compile(r"^on[a-z]+$")


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.loaded, self.handlers, self.inline, self.ids, self.labels = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.handlers += [name for name in found if EVENTS.match(name)]
        if tag in ("script", "img", "iframe", "link"):
            self.loaded += [found.get("src") or found.get("href")] if found.get("src") or found.get("href") else []
        if tag == "script" and "src" not in found and found.get("type") != "application/json":
            self.inline.append(self.get_starttag_text())
        self.ids += [found["id"]] if "id" in found else []


def read(html):
    reader = Reader()
    reader.feed(html)
    return reader


@pytest.mark.parametrize("role", RIGHTS)
@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_loaded_from_elsewhere_and_nothing_runs_inline(client_as, role, address):
    page = read(client_as(role).get(address).content.decode())
    assert [url for url in page.loaded if not url.startswith("/static/")] == []
    assert page.handlers == []
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids))


def test_the_policy_allows_our_own_scripts_only(client, db):
    policy = client.get("/accounts/sign-in/").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";") if " " in rule.strip())
    assert rules["default-src"] == "'self'"
    assert "unsafe" not in rules["script-src"]
    assert rules["frame-ancestors"] == "'none'"


def test_styles_load_nothing_from_elsewhere():
    styles = (SITE / "static" / "keshu.css").read_text()
    assert not re.search(r"url\((?!['\"]?(data:|#))|@import", styles)


@pytest.mark.parametrize("role", RIGHTS)
def test_the_sidebar_leads_nowhere_closed(client_as, role):
    """Every link of the sidebar answers; one to a page that the role may not open would be a mistake."""
    client = client_as(role)
    start = client.get("/", follow=True)  # members of organisations are led to a start of their own
    links = [link.url for _title, items in start.context["sidebar"] for link in items]
    assert ("/" in links) == (start.redirect_chain == [])
    assert {url: client.get(url).status_code for url in links} == dict.fromkeys(links, 200)


def test_where_one_is_is_marked_once(client_as):
    client = client_as("system")
    for address in ("/", "/accounts/users/", "/accounts/users/add/"):
        here = [link.url for _title, items in client.get(address).context["sidebar"] for link in items if link.here]
        assert here == ["/" if address == "/" else "/accounts/users/"]


def test_keys_of_the_sidebar_are_all_different():
    from keshu.site.navigation import MENU

    keys = [item.key for _title, items in MENU for item in items if item.key]
    assert len(keys) == len(set(keys))


def test_the_language_is_switched_and_kept(client_as):
    client = client_as("clerk")
    assert 'lang="zh-CN"' in client.get("/").content.decode()
    assert client.post(reverse("set-language"), {"language": "en", "next": "/"}).url == "/"
    assert 'lang="en"' in client.get("/").content.decode()


@pytest.mark.parametrize(("address", "status", "says"), [
    ("/nosuch/", 404, "没有找到此页"),
    ("/accounts/users/", 403, "没有权限打开此页"),
])  # fmt: skip
def test_an_error_says_what_to_do(client_as, address, status, says):
    answer = client_as("clerk").get(address)
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert "回到首页" in answer.content.decode()


def test_a_forged_post_is_explained(users):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/accounts/sign-in/", {"username": "clerk"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


def test_a_crash_is_explained_without_the_database(client_as, monkeypatch):
    from keshu.bureau.desk import queries

    client = client_as("clerk")
    client.raise_request_exception = False
    monkeypatch.setattr(queries, "recent_acts", lambda *args, **kwargs: 1 / 0)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "系统出错" in answer.content.decode()


def test_every_icon_used_is_on_the_sheet():
    """In templates by `{% icon "name" %}`, in Python and `with` clauses by names that we know."""
    used = set()
    for path in [*SITE.rglob("*.html"), *SITE.parent.glob("bureau/**/*.html")]:
        used |= set(re.findall(r"{% icon \"([a-z0-9-]+)\"", path.read_text()))
        used |= set(re.findall(r"icon_name=\"([a-z0-9-]+)\"", path.read_text()))
    for path in SITE.parent.rglob("*.py"):
        found = re.findall(r"(?:Item|Action)\(\s*_\(\"[^\"]+\"\),\s*\"[^\"]+\",\s*\"([a-z0-9-]+)\"", path.read_text())
        used |= set(found)
    assert used - set(icon_names()) == set()
    assert "target-arrow" in used


def test_every_template_of_ours_compiles():
    for folder in [SITE / "templates", *SITE.parent.glob("bureau/*/templates")]:
        for path in folder.rglob("*.html"):
            get_template(str(path.relative_to(folder)))


def test_the_stamp_changes_with_what_it_depends_on(monkeypatch, tmp_path):
    before = assets.stamp()
    assert before == assets.stamp()
    icons = tmp_path / "icons.txt"
    icons.write_text("home\n")
    monkeypatch.setattr(assets, "ICONS", icons)
    assert assets.stamp() != before


def test_a_wrong_icon_name_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nosuch"):
        assets.icon_sheet(["nosuch"], tmp_path)


def test_without_node_the_remedy_is_told(monkeypatch, capsys):
    monkeypatch.setattr(assets, "ready", lambda: False)
    monkeypatch.setattr(assets.shutil, "which", lambda *args, **kwargs: None)
    assert assets.main() == 1
    assert "nodejs" in capsys.readouterr().err
