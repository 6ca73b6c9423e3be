"""What each figure measures: the noun phrase behind it, before it, or that of the figure whose statement it continues."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from keshu.kernel.prose.figure import Kind
from keshu.kernel.prose.reading import phrases
from keshu.kernel.prose.reading.clauses import Place
from keshu.kernel.prose.reading.measures import MONEY

_MEASURED = frozenset((Kind.GROWTH, Kind.TARGET_CHANGE, Kind.RATIO, Kind.RANK))
_PEOPLE = frozenset(("人", "名", "位"))
_ADJECTIVE = re.compile(r"(?:级|类|等奖|型|属|性|期|国家|省|市|县|区|线上|线下|境内|境外|国内|国外|男|女|新增|净增)$")
_SHARE = re.compile(r"占[^，。；]{0,20}$")
_SIMPLE_SHARE = re.compile(r"^(?:占比|比重|比例|占)(?:达到?|为|约|近|超过?)*$")


@dataclass
class Subjects:
    """Carries what was measured last through the clauses of a sentence."""

    last: str = ""
    head: str = ""
    sentence: int = -1
    #: the subjects of the clause before, in order, for 分别
    before: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def of(self, place: Place, kind: Kind) -> str:
        if place.opens_sentence:
            self.last = self.head = ""
            self.before, self.current, self.waiting = [], [], []
        elif place.opens_clause:
            self.before, self.current, self.waiting = self.current or self.before, [], []
        subject = self._subject(place, kind)
        self.current.append(subject)
        if subject:
            self.last = subject
            if kind not in _MEASURED:
                self.head = subject
        return subject

    def _subject(self, place: Place, kind: Kind) -> str:
        before = phrases.ahead(place.lead)
        if not before and self.waiting:
            return self.waiting.pop(0)
        if "分别" in place.lead and (shared := self._shared(before)):
            return shared
        if kind in _MEASURED or place.figure.canonical in ("%", "倍", "个百分点"):
            return self._measured(place, before)
        return self._counted(place, before)

    def _shared(self, before: str) -> str:
        """The first of the subjects that 分别 hands out; the others wait for the figures that follow."""
        members = phrases.coordinated(before) if before else list(self.before)
        if len(members) < 2:
            return ""
        self.waiting = members[1:]
        return members[0]

    def _measured(self, place: Place, before: str) -> str:
        """A rate, share or rank names its indicator before it, or speaks of the one named last."""
        share = _SHARE.search(place.lead)
        if share:
            named = phrases.ahead(place.lead[: share.start()])
            base = self.last or named
            if _SIMPLE_SHARE.match(share[0]):
                return f"{named or self.last}占比" if base else phrases.behind(place.tail)
            return f"{named or self.last}{_share_words(share[0])}"
        noun = phrases.noun_in(before)
        if noun and len(noun) > 1:
            return noun
        if self.last:
            return self.last
        return phrases.behind(place.tail) or before or self._earlier(place)

    def _counted(self, place: Place, before: str) -> str:
        noun = phrases.noun_in(before)
        after = phrases.behind(place.tail)
        if place.figure.canonical in MONEY and noun:
            return noun
        if after and not (noun and place.lead.rstrip().endswith(("达", "达到", "为"))):
            return after
        if noun:
            return self._complete(noun, place)
        if place.figure.unit in _PEOPLE and (named := phrases.object_of(place.tail)):
            return named
        if before and not self.last:
            return before
        return self.last or phrases.object_of(place.tail) or before or self._earlier(place)

    def _complete(self, noun: str, place: Place) -> str:
        """其中省级(3家): an adjective alone takes the noun of the figure before it."""
        if _ADJECTIVE.search(noun) and len(noun) <= 6 and self.head:
            return noun + re.sub(r"^(?:国家|省|市|县)级", "", self.head)
        return noun

    def _earlier(self, place: Place) -> str:
        """The clause before without a figure of its own: 研发投入持续加大,(达3.2亿元)."""
        parts = [part for part in re.split(r"[，,：:]", place.before[: len(place.before) - len(place.lead)]) if part]
        return phrases.noun_in(phrases.ahead(parts[-1])) if parts else ""


def _share_words(words: str) -> str:
    return re.sub(r"(?:的|达到?|为|比重|比例|约|近|超过?|\s)+$", "", words)
