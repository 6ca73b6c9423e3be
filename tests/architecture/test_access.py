"""Every address says who may open it, and nobody else gets in."""

import pytest
from routes import routes

from keshu.bureau.accounts.access import RIGHTS

KNOWN = {right for rights in RIGHTS.values() for right in rights} | {"public", "signed-in"}
PUBLIC = {  # the only doors without an account; a new one is a decision
    "set-language", "accounts:sign-in", "accounts:register", "accounts:recover", "accounts:recover-code", "accounts:recover-link",
    "programmes:public-lists", "programmes:public-list", "programmes:public-object", "programmes:public-ticket",
    "programmes:results", "programmes:result", "programmes:guides", "programmes:guide", "programmes:verify",
}  # fmt: skip


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.pattern)
def test_every_url_says_who_may_open_it(route):
    declared = route.access()
    assert all(declared), f"{route.pattern}: 用 requires、signed_in 或 public 声明谁可以打开"
    assert all(set(access.split()) <= KNOWN for access in declared), f"{route.pattern}: 没有这样的权限 {declared}"


def test_only_these_are_open_to_everybody():
    assert {route.name for route in routes() if "public" in route.access()} == PUBLIC


def test_a_name_leads_to_one_address():
    """Two addresses of one name: links to the first end at the second, and people stand before a closed door."""
    found = {}
    for route in routes():
        if not route.name.startswith("api:"):
            found.setdefault(route.name, set()).add(route.pattern)
    assert {name: paths for name, paths in found.items() if len(paths) > 1 and not name.endswith("None")} == {}


def test_an_undeclared_view_is_found(settings):
    """The walk itself works: a view that nobody declared comes back as None."""
    settings.ROOT_URLCONF = "undeclared_urls"
    assert [(route.pattern, route.access()) for route in routes()] == [("open/", [None])]
