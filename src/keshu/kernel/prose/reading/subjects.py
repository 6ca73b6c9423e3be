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
_ADJECTIVE = re.compile(
    r"(?:级|类|[^类新]型|属|期|规[上下]|限上)$|^(?:国家|省|市|县|区|线上|线下|境内|境外|国内|国外|男|女|小微|大中|新增|净增)$"
)
_REACHED = ("达", "达到", "为", "增至", "增加到", "提高到")
#: (六成)以上的税收、(七成): what stands before the comma belongs to the figure before
_OF_THE_OTHER = re.compile(r"(?:以上|左右|以内)?的[^、，。；]{1,16}[、和及与](?=$)")
_ALSO = ("、", "和", "及", "与")
_NAMES = re.compile(r"等$")
#: (新增平台9家，)总数达(78家), 户均(269万元): of what was named before
_WHOLE = re.compile("总数量?|总量|数量|总额")
_LEVEL_BEHIND = re.compile(r"^([^级]{3,}?)(国家级|[省市县区]级)$")
_EACH = re.compile("[户人村家项日月]均|平均每[家户人项个村]|每[户人家项个]")
#: (完成年度任务)(95家): the bracket tells the aim of what was named before
_AIM = re.compile(r"(?:任务|目标|计划|指标|预算)数?$")
_THE_REST = re.compile(r"(?:其余|剩余|余)$")
#: (综合考核)位列32个县直部门(第6): those among which one is ranked, not what is
_FIELD = re.compile(r"(?:居于?|位列|排名?|名列|列)(?:全?[国省市县区州])?$")
_ATTRIBUTE = re.compile(
    "^(?:总量|增速|总额|数量|总数|规模|增幅|人均|均价|占比|排名|位次|增加值|产值|总产值|覆盖率|合格率)$"
)
_SHARE = re.compile(r"占[^，。；]{0,20}$")
_SIMPLE_SHARE = re.compile(r"^(?:占比|比重|比例|占)(?:达到?|为|约|近|超过?)*$")


@dataclass
class Subjects:
    """Carries what was measured last through the clauses of a sentence."""

    last: str = ""
    used: str = ""
    #: whether the subject is a step of the head, which stays the head
    stepped: bool = False
    head: str = ""
    sentence: int = -1
    #: the subjects of the clause before, in order, for 分别
    before: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    #: those of the levels that the sentence has named so far
    levels: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    shared: bool = False
    #: the last subject of the sentence before, for a sentence that names none
    previous: str = ""

    def of(self, place: Place, kind: Kind) -> str:
        if place.opens_sentence:
            self.previous = "" if place.opens_line else self.last
            self.shared = False
            self.last = self.head = self.used = ""
            self.before, self.current, self.waiting, self.levels = [], [], [], []
        elif place.opens_clause:
            waiting = [] if place.lead.strip() else self.waiting
            self.before, self.current, self.waiting = self.current or self.before, [], waiting
        self.stepped = False
        subject = self._subject(place, kind)
        self.current.append(subject)
        if subject and not (kind is Kind.COUNT and _FIELD.search(place.lead)):
            self.last = subject
            if kind not in _MEASURED and not self.stepped:
                self.head = subject
        if kind not in _MEASURED:
            self.levels.append(subject)
        return subject

    def _subject(self, place: Place, kind: Kind) -> str:
        ranked = place.figure.kind is Kind.RANK
        rate = ranked or kind in _MEASURED or place.figure.canonical in ("%", "倍", "个百分点")
        lead = self._unused(place)
        before = phrases.ahead(lead, ranked=ranked, rate=rate)
        if not before and lead.rstrip()[-1:] in ("(", "（"):
            noted = phrases.ahead(lead.rstrip()[:-1], ranked=ranked, rate=rate)
            before = "" if _AIM.search(noted) else noted
        if not before and self.waiting:
            return self.waiting.pop(0)
        if phrases.completed(lead):
            before = ""
        if ("分别" in lead or (self.shared and place.opens_clause and place.tail in _ALSO)) and (
            shared := self._shared(before, place.joined)
        ):
            return shared
        return self._measured(place, lead, before) if rate else self._counted(place, lead, before)

    def _unused(self, place: Place) -> str:
        """The lead without the noun that the figure before has counted: (12家)创新型企业和(60项)."""
        used, self.used = self.used, ""
        if not place.opens_clause and (of_the_other := _OF_THE_OTHER.match(place.lead)):
            return place.lead[of_the_other.end() :]
        if place.opens_clause:
            return place.lead
        if not used:
            return phrases.without_milestone(place.lead)
        at = place.lead.find(used)
        return place.lead[at + len(used) :] if 0 <= at <= 3 else place.lead

    def _shared(self, before: str, joined: int) -> str:
        """The first of the subjects that 分别 hands out; the others wait for the figures that follow."""
        members = phrases.coordinated(before) if before else list(self.before)
        if not before and joined != len(members) and len(self.levels) >= joined > 1:
            members = self.levels[-joined:]
        if len(members) < 2:
            return ""
        self.waiting, self.shared = members[1:], True
        return members[0]

    def _measured(self, place: Place, lead: str, before: str) -> str:
        """A rate, share or rank names its indicator before it, or speaks of the one named last."""
        share = _SHARE.search(lead)
        if share:
            named = phrases.noun_in(phrases.ahead(lead[: share.start()])) or self.head or self.last
            if _SIMPLE_SHARE.match(share[0]):
                return f"{named}占比" if named else phrases.behind(place.tail)
            return f"{named}{_share_words(share[0])}"
        if (what := phrases.completed(lead)) and self.last:
            return self.last + what
        whose = place.opens_clause or place.tail.startswith(("的", "以上的", "左右的"))
        if not before and whose and (after := phrases.behind(place.tail)):
            return after
        noun = phrases.noun_in(before)
        if noun and len(noun) > 1:
            return self.head + noun if _ATTRIBUTE.match(noun) else noun
        if self.last:
            return self.last
        return phrases.behind(place.tail) or before or self._earlier(place)

    def _counted(self, place: Place, lead: str, before: str) -> str:
        if len(self.head) > 2 and (what := phrases.process(lead)) and not phrases.behind(place.tail):
            self.stepped = True
            return phrases.step(self.head, what)
        noun = phrases.noun_in(before)
        if place.figure.canonical == "人" and place.tail.startswith("口"):
            return noun or "人口"
        after = phrases.behind(place.tail)
        if (
            place.figure.canonical in MONEY
            and noun
            and not (after and (phrases.gives(lead) or phrases.is_granted(place.tail)))
        ):
            return self._complete(noun, place)
        if after and not (noun and lead.rstrip().endswith(_REACHED)):
            self.used = after
            return phrases.recognised(place.tail) or after
        if self.last and phrases.is_aim(place.tail):
            return self.last
        if (_NAMES.search(lead) or (not before and phrases.becomes(place.tail))) and (
            named := phrases.object_of(place.tail)
        ):
            return named
        if noun:
            return self._complete(noun, place)
        if place.figure.unit in _PEOPLE and (named := phrases.object_of(place.tail)):
            return named
        if _THE_REST.search(lead):
            return self.head or self.last
        return self.last or phrases.object_of(place.tail) or self._earlier(place) or before

    def _complete(self, noun: str, place: Place) -> str:
        """其中省级(3家): an adjective alone takes the noun of the figure before it."""
        if _LEVEL_BEHIND.match(noun):
            return _LEVEL_BEHIND.sub(r"\2\1", noun)
        if _ADJECTIVE.search(noun) and len(noun) <= 6 and self.head:
            self.stepped = True
            return noun + re.sub(r"^(?:国家|省|市|县)级|(?:国家|省|市|县)级$", "", self.head)
        if _WHOLE.fullmatch(noun) and self.head:
            return noun if self.head.endswith(noun) else self.head + noun
        if _EACH.fullmatch(noun) and (self.head or self.last):
            return noun + (self.head or self.last)
        return noun

    def _earlier(self, place: Place) -> str:
        """The clause before without a figure of its own: 研发投入持续加大,(达3.2亿元)."""
        parts = [part for part in re.split(r"[，,：:]", place.before[: len(place.before) - len(place.clause)]) if part]
        return (phrases.noun_in(phrases.ahead(parts[-1])) if parts else "") or self.previous


def _share_words(words: str) -> str:
    return re.sub(r"的(?=[比份]|$)", "", phrases.without_joins(words))
