"""What apps show on the home page and answer to the search box, filled in their `ready()`.

The home page lies above every app; this registry lies below them, so that nobody imports upwards.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    """A card of the home page. `context` gives the template's context, or None when there is nothing worth a card.

    `column`: main (left, wide) or side (right).
    """

    code: str
    order: int
    right: str
    template: str
    context: Callable[[HttpRequest, date], dict[str, Any] | None]
    column: str = "main"


@dataclass(frozen=True)
class Stat:
    """One figure of the strip at the top of the home page."""

    label: str | Promise
    value: str
    unit: str = ""
    change: str = ""
    tone: str = "quiet"
    url: str = ""
    note: str | Promise = ""


@dataclass(frozen=True)
class Strip:
    """A source of figures for the strip; called with the request and the day."""

    code: str
    order: int
    right: str
    stats: Callable[[HttpRequest, date], Sequence[Stat]]
    expect: Callable[[HttpRequest, date], None] = lambda request, day: None  # called before anything else is read


@dataclass(frozen=True)
class Deadline:
    """Something that is due: the home page lists it by day."""

    label: str | Promise
    due: date
    url: str = ""
    note: str | Promise = ""


@dataclass(frozen=True)
class Deadlines:
    code: str
    right: str
    due: Callable[[HttpRequest, date], Sequence[Deadline]]


@dataclass(frozen=True)
class Action:
    """A quick action: shown to those who hold the right, if its URL name is served."""

    label: str | Promise
    url_name: str
    icon: str
    right: str
    order: int = 100


@dataclass(frozen=True)
class Hit:
    label: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Search:
    """Finds at most `limit` hits for a text among what this viewer may see."""

    code: str
    label: str | Promise
    order: int
    right: str
    find: Callable[[HttpRequest, str, int], Sequence[Hit]]


@dataclass(frozen=True)
class Subject:
    """What the part before the colon of an act's subject means: `entry:17` is 条目 17 and has a page.

    `url` gets the part after the colon and answers with an address, or "" where there is none; `words` turns it into
    what people call it. Both are asked for every row of a list, so they read no database; `names` may: it is asked once
    for all that stands behind the colon on a page, `numbers` of which may be keys, and answers with the names it knows.
    """

    label: str | Promise
    url: Callable[[str], str] = lambda _code: ""
    words: Callable[[str], str] = lambda code: code
    names: Callable[[Sequence[str]], dict[str, str]] = lambda _codes: {}


_panels: dict[str, Panel] = {}
_strips: dict[str, Strip] = {}
_deadlines: dict[str, Deadlines] = {}
_actions: dict[str, Action] = {}
_searches: dict[str, Search] = {}
_verbs: dict[str, str | Promise] = {}
_subjects: dict[str, Subject] = {}


def register_panel(panel: Panel) -> None:
    _panels[panel.code] = panel


def register_strip(strip: Strip) -> None:
    _strips[strip.code] = strip


def register_deadlines(deadlines: Deadlines) -> None:
    _deadlines[deadlines.code] = deadlines


def register_action(action: Action) -> None:
    _actions[action.url_name] = action


def register_search(search: Search) -> None:
    _searches[search.code] = search


def register_verbs(names: dict[str, str | Promise]) -> None:
    _verbs.update(names)


def name_verbs(names: dict[str, str | Promise]) -> None:
    """For an app above: words for verbs that their own app has not registered."""
    for verb, name in names.items():
        _verbs.setdefault(verb, name)


def register_subject(kind: str, subject: Subject) -> None:
    _subjects[kind] = subject


def name_subject(kind: str, subject: Subject) -> None:
    """For an app above: a name for a kind that its own app has not registered."""
    _subjects.setdefault(kind, subject)


def panels() -> list[Panel]:
    return sorted(_panels.values(), key=lambda p: (p.order, p.code))


def strips() -> list[Strip]:
    return sorted(_strips.values(), key=lambda s: (s.order, s.code))


def deadlines() -> list[Deadlines]:
    return sorted(_deadlines.values(), key=lambda d: d.code)


def actions() -> list[Action]:
    return sorted(_actions.values(), key=lambda a: (a.order, a.url_name))


def searches() -> list[Search]:
    return sorted(_searches.values(), key=lambda s: (s.order, s.code))


def verb_name(verb: str) -> str:
    """The verb in words; the code itself where nobody named it."""
    return str(_verbs.get(verb, verb))


def verb_names() -> dict[str, str]:
    return {verb: str(name) for verb, name in _verbs.items()}


def subject_name(subject: str) -> str:
    """`user:zhou` -> 账号 zhou; as it stands where nobody named the kind."""
    kind, _colon, code = subject.partition(":")
    found = _subjects.get(kind)
    return subject if found is None else f"{found.label} {found.words(code)}".strip()


def numbers(codes: Iterable[str]) -> list[str]:
    """Those of the codes that can be keys of rows."""
    return [code for code in codes if code.isdecimal()]


def subject_names(subjects: Iterable[str]) -> dict[str, str]:
    """Each of these subjects as people call it: 总结部分 《…》高新技术企业, not 总结部分 62."""
    wanted = list(dict.fromkeys(subjects))
    by_kind: dict[str, list[str]] = {}
    for subject in wanted:
        kind, _colon, code = subject.partition(":")
        if kind in _subjects and code:
            by_kind.setdefault(kind, []).append(code)
    named = {kind: _subjects[kind].names(codes) for kind, codes in by_kind.items()}
    found = {}
    for subject in wanted:
        kind, _colon, code = subject.partition(":")
        name = named.get(kind, {}).get(code, "")
        found[subject] = f"{_subjects[kind].label} {name}" if name else subject_name(subject)
    return found


def subject_url(subject: str) -> str:
    kind, _colon, code = subject.partition(":")
    return _subjects[kind].url(code) if kind in _subjects and code else ""
