"""The sidebar: sections in the order in which a bureau works, cut to what the person may open.

An entry whose URL name no app serves is left out, so that a site without an area shows no dead link.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from keshu.bureau.accounts.access import Viewer


@dataclass(frozen=True)
class Item:
    """One line of the sidebar. `rights`: one of them opens it; none means everybody in the bureau.

    `outside`: also for people without any role there. `key` follows the letter g.
    """

    label: str | Promise
    name: str
    icon: str
    rights: frozenset[str] = frozenset()
    key: str = ""
    outside: bool = False

    def open_to(self, viewer: Viewer) -> bool:
        if viewer.unit_only and not self.rights & viewer.rights:
            return self.outside
        return not self.rights or bool(self.rights & viewer.rights)


@dataclass(frozen=True)
class Link:
    """An item as this page shows it."""

    label: str | Promise
    url: str
    icon: str
    key: str
    here: bool


def _any(*rights: str) -> frozenset[str]:
    return frozenset(rights)


MENU: tuple[tuple[str | Promise, tuple[Item, ...]], ...] = (
    ("", (Item(_("首页"), "desk:home", "home", key="h"),)),
    (
        _("记录"),
        (
            Item(_("台账"), "ledgers:index", "list-details", _any("entries.view"), "l"),
            Item(_("导入"), "ledgers:imports", "file-import", _any("entries.import"), "i"),
            Item(_("来源件"), "statistics:sources", "file-certificate", _any("sources.view"), "s"),
        ),
    ),
    (
        _("申报"),
        (
            Item(_("我能报什么"), "programmes:mine", "bulb", _any("own.view"), "m"),
            Item(_("拨款"), "money:own", "report-money", _any("own.view")),
            Item(_("创新券"), "money:own-vouchers", "coin", _any("own.view")),
            Item(_("待办"), "programmes:work", "checklist", _any("cases.view"), "d"),
            Item(_("推荐"), "programmes:recommending", "send", _any("programmes.recommend")),
            Item(_("会议决定"), "programmes:decisions", "rubber-stamp", _any("programmes.decide")),
            Item(_("申报批次"), "programmes:calls", "calendar-event", _any("cases.view"), "b"),
            Item(_("申报件"), "programmes:cases", "clipboard-list", _any("cases.view"), "n"),
            Item(_("办理批次"), "programmes:batches", "stack-2", _any("cases.view")),
            Item(_("公示"), "programmes:publicities", "world", _any("programmes.announce", "programmes.decide")),
            Item(_("发文"), "programmes:documents", "file-text", _any("programmes.issue")),
            Item(_("资金"), "money:index", "report-money", _any("cases.view")),
            Item(_("信用"), "programmes:credits", "shield-check", _any("cases.view")),
        ),
    ),
    (
        _("数据"),
        (
            Item(_("指标"), "statistics:index", "chart-bar", _any("figures.view"), "f"),
            Item(_("目标任务"), "targets:index", "target-arrow", _any("targets.view"), "t"),
            Item(_("总结"), "summaries:index", "writing", _any("summaries.view"), "z"),
            Item(_("文稿核校"), "texts:index", "checks", _any("texts.view"), "w"),
        ),
    ),
    (
        _("基础"),
        (
            Item(_("主体"), "parties:index", "building-factory-2", _any("parties.view"), "p"),
            Item(_("单位认领"), "accounts:claims", "id-badge-2", _any("claims.decide")),
            Item(_("区划"), "places:index", "map-pin", _any("entries.view"), "q"),
            Item(_("口径目录"), "catalogue:index", "books", _any("catalogue.view"), "c"),
        ),
    ),
    (_("本单位"), (Item(_("我的单位"), "accounts:unit", "building", _any("own.view"), outside=True),)),
    (
        _("系统"),
        (
            Item(_("用户"), "accounts:users", "users", _any("users.manage", "users.view"), "u"),
            Item(_("授权"), "accounts:roles", "user-shield", _any("roles.grant"), "r"),
            Item(_("登录记录"), "accounts:sign-ins", "login", _any("audit.view")),
            Item(_("发件箱"), "messages:outbox", "mail", _any("outbox.view")),
            Item(_("审计"), "audit:index", "shield-check", _any("audit.view"), "a"),
        ),
    ),
)


def menu(viewer: Viewer, path: str) -> list[tuple[str | Promise, list[Link]]]:
    """The groups with at least one line; the line whose address is the longest prefix of `path` is marked."""
    here = _longest_prefix(path)
    groups = [(title, [link for item in items if (link := _link(item, viewer, here))]) for title, items in MENU]
    return [(title, links) for title, links in groups if links]


def _link(item: Item, viewer: Viewer, here: str) -> Link | None:
    url = _address(item.name)
    if not url or not item.open_to(viewer):
        return None
    return Link(item.label, url, item.icon, item.key, url == here)


def _longest_prefix(path: str) -> str:
    fitting = [url for url in _addresses() if path == url or (url != "/" and path.startswith(url))]
    return max(fitting, key=len, default="")


def _addresses() -> Iterator[str]:
    return (url for _title, items in MENU for item in items if (url := _address(item.name)))


def _address(name: str) -> str:
    return _reversed(name, get_urlconf(), get_script_prefix())


@cache
def _reversed(name: str, urlconf: str | None, prefix: str) -> str:
    """`urlconf` and `prefix` are what the address hangs on besides the name."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
