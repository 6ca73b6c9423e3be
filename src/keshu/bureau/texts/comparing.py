"""A text's figures held against the records: the links first, then one asking for all of them."""

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.statistics.forms import Formed, formed_many
from keshu.bureau.statistics.trees import Trees, UnknownPlace
from keshu.bureau.texts.linking import index_of
from keshu.catalogue import Catalogue
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.figure import Figure, Role
from keshu.kernel.prose.linking import Index, Link
from keshu.kernel.prose.printed import Allowed, allowed
from keshu.kernel.prose.reference import Form, Reference
from keshu.kernel.prose.spoken import period_of

_SENTENCE = re.compile(r"[。；;!！?？\n\r]")
_FALLS = re.compile(r"(?:下降|减少|降低|回落|负增长|缩减|减|退)(?:了|到|至)?[^，。；、]{0,3}$")
_BEYOND = re.compile(r"全省|全国|全球|世界|国内|我国")
_CLAUSE = re.compile(r"[，,、：:]\s*")
_WHOLE = re.compile(r"(?:全|我|本)[市县区州旗盟]")
_BASES = frozenset(("", "同比", "上年", "去年", "上年同期", "去年同期", "比上年", "比去年", "较上年", "较去年", "目标"))
_SIGNED = frozenset((Form.GROWTH, Form.POINTS, Form.DIFFERENCE, Form.NET))
_DATED = frozenset((Form.VALUE, Form.GROWTH, Form.POINTS, Form.DIFFERENCE, Form.NET, Form.TARGET))


class Standing(StrEnum):
    """How a figure of a text stands to the records."""

    AGREES = "agrees"
    DIFFERS = "differs"
    OTHER_DATE = "agrees_other_date"
    SEVERAL = "several"
    UNKNOWN = "not_in_records"

    @property
    def label(self) -> Any:
        return _LABELS[self]


_LABELS = {
    Standing.AGREES: _("与台账一致"), Standing.DIFFERS: _("与台账不一致"), Standing.OTHER_DATE: _("与另一时点一致"),
    Standing.SEVERAL: _("有几个可能的指标"), Standing.UNKNOWN: _("台账中没有"),
}  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """An indicator that the figure may mean, with what the records say."""

    indicator: str
    name: str
    reference: str
    ours: Decimal | None
    unit: str
    agrees: bool


@dataclass(frozen=True)
class Verdict:
    """What the records say of one figure; `reference` opens ours, `difference` is the text's value minus ours."""

    verdict: Standing
    indicator: str = ""
    name: str = ""
    reference: str = ""
    place: str = ""
    period: str = ""
    form: str = ""
    ours: Decimal | None = None
    unit: str = ""
    difference: Decimal | None = None
    as_of: str = ""
    candidates: tuple[Candidate, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Decimals as strings, empty parts left out."""
        found = {key: _plain(value) for key, value in asdict(self).items() if value not in (None, "", ())}
        return {**found, "verdict": self.verdict.value}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if one not in (None, "")}
    return value


def compare(
    text: str, figures: Sequence[Figure], *, place: str, period: Period, known_at: datetime,
    catalogue: Catalogue | None = None,
) -> list[Verdict]:  # fmt: skip
    """A verdict for each figure, in their order. Raises UnknownPlace for a place that is not there."""
    catalogue = catalogue or site_catalogue()
    trees = Trees(known_at)
    trees.require(place)
    towns = _Places(trees, place, period)
    index = index_of(catalogue, towns.words)
    asked = [_ask(text, figure, index, towns, period) for figure in figures]
    context = {"place": place, "period": period, "known_at": known_at, "catalogue": catalogue}
    ours = formed_many({reference for one in asked for reference in one.references}, **context)
    verdicts = [_judge(figure, one, ours, catalogue) for figure, one in zip(figures, asked, strict=True)]
    verdicts = _other_dates(figures, asked, verdicts, context)
    return [_unaccused(one) if one.form == Form.TARGET.value else one for one in verdicts]


def _unaccused(verdict: Verdict) -> Verdict:
    """Which year a promise is for is often said sentences before: a target is shown beside ours, never accused."""
    if verdict.verdict is not Standing.DIFFERS:
        return verdict
    ours = Candidate(verdict.indicator, verdict.name, verdict.reference, verdict.ours, verdict.unit, agrees=False)
    return Verdict(Standing.SEVERAL, candidates=(ours,))


def verdicts(
    text: str, figures: Sequence[Figure], *, place: str, period: Period, known_at: datetime
) -> list[dict[str, Any] | None]:
    """Verdicts as the plain data kept beside each figure; None for all of them where the place is no longer there."""
    try:
        found = compare(text, figures, place=place, period=period, known_at=known_at)
    except UnknownPlace:
        return [None] * len(figures)
    return [one.as_json() for one in found]


@dataclass(frozen=True)
class _Asked:
    """References that a figure may stand for; `plain` when there is one, in a place and period that were understood."""

    references: tuple[Reference, ...] = ()
    plain: bool = False
    falls: bool = False
    period: Period | None = None


class _Places:
    """Places by the words that name them, below and above the text's own."""

    def __init__(self, trees: Trees, own: str, period: Period) -> None:
        below = trees.below(own, period.cut_off)
        upper = trees.upper(own, period.cut_off)
        self.own = own
        self._codes: dict[str, str] = {}
        self._full: dict[str, str] = {}
        for code in [trees.codes[pk] for pk in below] + list(upper):
            self._full.setdefault(trees.names[code], code)
            for name in (trees.names[code], trees.shorts[code]):
                if len(name) > 1:
                    self._codes.setdefault(name, code)
        self.words = tuple(sorted(self._codes, key=len, reverse=True))

    def of(self, figure: Figure, clause: str) -> str | None:
        """The place of a figure: the one that its subject or the opening of a clause names, else the text's own.

        None where two are named. Firms carry the names of places too, so inside a clause a
        place counts only with its full name at the beginning.
        """
        said = figure.scope + figure.subject
        if _WHOLE.search(said):
            return self.own
        openings = _CLAUSE.split(clause)
        named = {code for name, code in self._codes.items() if figure.subject.startswith(name) or name == figure.scope}
        named = named or {code for name, code in self._full.items() for opening in openings if opening.startswith(name)}
        if len(named) > 1:
            return None
        return named.pop() if named else self.own


def _ask(text: str, figure: Figure, index: Index, places: _Places, period: Period) -> _Asked:
    before = _before(text, figure.start)
    links = index.link(figure, before)
    if not links.links or figure.value is None or _BEYOND.search(figure.scope + figure.subject):
        return _Asked()
    where, when = places.of(figure, before), period_of(figure.period, period)
    clear = where is not None and when is not None and figure.base in _BASES
    when = when or period
    references = tuple(_reference(link, figure, where or places.own, when, period) for link in links.links)
    falls = bool(_FALLS.search(before))
    return _Asked(references, plain=links.sure and clear, falls=falls, period=when)


def _before(text: str, at: int) -> str:
    """The sentence up to the figure, at most eighty letters of it."""
    head = text[max(0, at - 80) : at]
    ends = [found.end() for found in _SENTENCE.finditer(head)]
    return head[ends[-1] :] if ends else head


def _reference(link: Link, figure: Figure, place: str, when: Period, document: Period) -> Reference:
    """A target belongs to a whole year: the one that is said, else the year after the text's for what is planned."""
    if link.form is Form.TARGET:
        when = when.whole_year()
        if when.year == document.year and not figure.period and figure.role is Role.TARGET:
            when = when.shift_years(1)
    return Reference(code=link.code, place=place, period=str(when), form=link.form, argument=link.argument)


def _judge(figure: Figure, asked: _Asked, ours: Mapping[Reference, Formed], catalogue: Catalogue) -> Verdict:
    if not asked.references:
        return Verdict(Standing.UNKNOWN)
    found = [_candidate(figure, asked, reference, ours[reference]) for reference in asked.references]
    if len(found) > 1 or not asked.plain:
        known = tuple(one for one in found if one.ours is not None)
        alone = known[0] if len(known) == 1 and len(found) == 1 else None
        if alone is not None and alone.agrees and _telling(figure):
            return _verdict(Standing.AGREES, alone, asked.references[0])
        return Verdict(Standing.SEVERAL, candidates=known) if known else Verdict(Standing.UNKNOWN)
    one = found[0]
    if one.ours is None:
        return replace(_verdict(Standing.UNKNOWN, one, asked.references[0]), ours=None)
    if one.agrees:
        return _verdict(Standing.AGREES, one, asked.references[0])
    difference = None if figure.value is None else _signed(figure, asked) - one.ours
    return replace(_verdict(Standing.DIFFERS, one, asked.references[0]), difference=difference)


def _telling(figure: Figure) -> bool:
    """A number that two facts hardly share by chance: ten or more, or with a decimal."""
    return figure.value is not None and (abs(figure.value) >= 10 or figure.value != figure.value.to_integral_value())


def _verdict(standing: Standing, one: Candidate, reference: Reference) -> Verdict:
    return Verdict(
        standing, one.indicator, one.name, one.reference, reference.place, reference.period, reference.form.value,
        one.ours, one.unit,
    )  # fmt: skip


def _candidate(figure: Figure, asked: _Asked, reference: Reference, formed: Formed) -> Candidate:
    ours = Decimal(formed.rank) if formed.form is Form.RANK and formed.rank is not None else formed.value
    tiers = [one.low for one in formed.targets if one.low is not None]  # 确保30家、力争33家 are both the target
    agrees = ours is not None and any(_agrees(figure, asked, reference.form, one) for one in (ours, *tiers))
    name = formed.figure.name + (f"（{formed.figure.says}）" if formed.figure.says else "")
    return Candidate(reference.code, name, str(reference), ours, formed.unit, agrees)


def _agrees(figure: Figure, asked: _Asked, form: Form, ours: Decimal) -> bool:
    room = allowed(figure)
    if room is None:
        return False
    if form is Form.GROWTH and figure.unit == "倍":
        room = Allowed(room.low * 100, room.high * 100)
    if form in _SIGNED:
        room = _facing(room, down=asked.falls)
    return room.holds(ours)


def _facing(room: Allowed, *, down: bool) -> Allowed:
    return Allowed(-room.high, -room.low) if down else room


def _signed(figure: Figure, asked: _Asked) -> Decimal:
    value = figure.value or Decimal(0)
    down = asked.falls and bool(asked.references) and asked.references[0].form in _SIGNED
    return -value if down else value


def _other_dates(
    figures: Sequence[Figure], asked: Sequence[_Asked], verdicts: list[Verdict], context: Mapping[str, Any]
) -> list[Verdict]:
    """What differs is tried as of every month's end of its year and of the year before: another cut-off is no fault."""
    tried = {
        at: _cut_offs(asked[at].references[0], asked[at].period)
        for at, verdict in enumerate(verdicts)
        if verdict.verdict is Standing.DIFFERS and asked[at].references[0].form in _DATED and asked[at].period
    }
    if not tried:
        return verdicts
    ours = formed_many({reference for some in tried.values() for reference in some}, **context)
    for at, references in tried.items():
        agreeing = [ref for ref in references if _candidate(figures[at], asked[at], ref, ours[ref]).agrees]
        if agreeing and agreeing[0].form is Form.TARGET:  # a plan section speaks of the year after its own
            agreed = _candidate(figures[at], asked[at], agreeing[0], ours[agreeing[0]])
            verdicts[at] = _verdict(Standing.AGREES, agreed, agreeing[0])
        elif agreeing:
            as_of = agreeing[0]
            verdicts[at] = replace(
                verdicts[at], verdict=Standing.OTHER_DATE, as_of=as_of.period, reference=str(as_of), ours=None
            )
    return verdicts


def _cut_offs(reference: Reference, period: Period | None) -> tuple[Reference, ...]:
    """The same from new year to each month's end, the latest first, then the whole year before."""
    if reference.form is Form.TARGET:
        year = Period.parse(reference.period).year
        return tuple(replace(reference, period=str(one)) for one in (year + 1, year - 1))
    if period is None or not period.is_from_new_year:
        return ()
    year = period.year
    ends = [date(year, month, calendar.monthrange(year, month)[1]) for month in range(12, 0, -1)]
    periods: Iterable[Period] = [*(Period.until(end) for end in ends), Period.of_year(year - 1)]
    return tuple(replace(reference, period=str(one)) for one in periods if one != period)
