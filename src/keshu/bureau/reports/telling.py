"""All references of a definition, asked for at once and told one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from keshu.bureau.reports.composing.told import Told
from keshu.bureau.reports.wording import Setting, goes_wrong, spoken
from keshu.bureau.statistics.forms import Formed, formed_many
from keshu.catalogue.frames import figures_in, parse_frame
from keshu.catalogue.loader import Catalogue
from keshu.catalogue.schema.summary import Item
from keshu.kernel.prose.changes import Tone
from keshu.kernel.prose.reference import BadReference, Form, Reference

LATEST = "latest"
BORROWED = frozenset(
    {Form.RANK, Form.RANK_MOVED, Form.AGAINST_AVERAGE}
)  # may come from another document than the value


def concrete_period(text: str, year: int) -> str:
    """Periods that definitions name by their place in a five-year plan, as those of this text."""
    for name, period in _named_periods(year).items():
        text = text.replace(f"/{name}", f"/{period}")
    return text


def _named_periods(year: int) -> dict[str, str]:
    start = year - (year - 1) % 5
    return {
        "plan_base": str(start - 1),
        "plan_start": str(start),
        "plan_so_far": f"{start}..{year}",
        "plan_but_last": f"{start}..{year - 1}",
        "plan_end": str(plan_end(year)),
    }


def plan_end(year: int) -> int:
    """The last year of the five-year plan in which the next year lies: 2030 for 2025 and for 2026."""
    return (year // 5 + 1) * 5


FLOWS = frozenset({"flow", "received", "formula", "ratio"})


def references_of(items: Iterable[Item]) -> list[str]:
    """Every reference that the items could print or test, without braces, each once."""
    found: dict[str, None] = {}
    for item in items:
        for sentence in item.sentences():
            for frame in sentence.all_frames:
                found |= dict.fromkeys(figures_in(parse_frame(frame)))
            found |= dict.fromkeys(test.figure for test in sentence.when)
            found |= dict.fromkeys(need for need in sentence.needs if "." in need)
        found |= dict.fromkeys(need for need in item.needs if "." in need)
    return list(found)


@dataclass(frozen=True)
class Tellings:
    """What every reference says. One call to statistics for all of them."""

    setting: Setting
    formed: dict[Reference, Formed]
    known: frozenset[str]
    year: int

    def tell(self, reference: str) -> Told:
        """The reference in words; `/latest` takes the newest period that has a value."""
        reference = concrete_period(reference, self.year)
        if f"/{LATEST}" in reference:
            return self._latest(reference)
        parsed = self._parsed(reference)
        formed = self.formed.get(parsed) if parsed else None
        if parsed is None or formed is None:
            return self._unknown(reference)
        return self._told(formed)

    def raw(self, reference: str) -> Formed | None:
        """The numbers behind a reference, for conditions and tables."""
        parsed = self._parsed(reference)
        return self.formed.get(parsed) if parsed else None

    def latest_period(self, code: str) -> str:
        """The candidate whose value is there: now, last_year or a year; "" where none is."""
        for candidate in _candidates(self.year):
            formed = self.raw(f"{code}/{candidate}")
            if formed is not None and formed.value:
                return candidate
        return ""

    def _latest(self, reference: str) -> Told:
        code = reference.partition("/")[0]
        candidate = self.latest_period(code)
        if not candidate:
            return self._unknown(reference)
        return self.tell(reference.replace(f"/{LATEST}", f"/{candidate}"))

    def _parsed(self, reference: str) -> Reference | None:
        try:
            parsed = Reference.parse("{" + reference + "}")
        except BadReference:
            return None
        return parsed

    def _unknown(self, reference: str) -> Told:
        code = reference.partition("/")[0].partition(":")[0]
        return Told(reference, code, "", code, "", None, self.setting.period, why=f"没有{code}的数据")

    def _told(self, formed: Formed) -> Told:
        said = spoken(formed, self.setting)
        figure = formed.figure
        flow = figure.kind in FLOWS
        bare = said.tone in (Tone.FLAT, Tone.FIRST) or said.words.startswith("由")
        return Told(
            reference=str(formed.reference)[1:-1],
            code=figure.code,
            form=formed.form.value,
            name=figure.name,
            words=said.words,
            value=formed.value,
            period=figure.period,
            flow=flow,
            worse=bool(said.words)
            and (goes_wrong(formed, said.tone) or _in_lower_half(formed) or self._behind(formed)),
            bare=bare,
            public=_is_public(formed),
            why=said.why,
            entries=tuple(entry for one in formed.names for entry in one.entries),
            shown=tuple(entry for one in formed.names[: self.setting.rules.names_listed] for entry in one.entries),
            says=figure.says,
            unit=figure.unit,
            formed=formed,
        )

    def _behind(self, formed: Formed) -> bool:
        """A rate of completion that belongs among the problems: behind the time, or nearly a tenth short at the end."""
        if formed.form is not Form.COMPLETION or formed.value is None or formed.reached:
            return False
        return formed.value < min(self.setting.period.elapsed() * 100, self.setting.rules.nearly_fulfilled)


def _in_lower_half(formed: Formed) -> bool:
    """A position that nobody boasts of."""
    return (
        formed.form is Form.RANK and formed.rank is not None and formed.of is not None and formed.rank * 2 > formed.of
    )


def _is_public(formed: Formed) -> bool:
    """Nothing below any operand stands on a document that is not public; nor does a rank or an average taken from one."""
    borrowed = [one.received.ranked_by for one in formed.operands if one.received and one.received.ranked_by]
    lent = formed.form in BORROWED and not all(ref.published for ref in borrowed)
    return all(one.published for one in formed.operands) and not lent


def _candidates(year: int) -> tuple[str, ...]:
    """Where the newest published value may lie: this period, the years before."""
    return ("now", "last_year", str(year - 2))


def tellings(
    references: Sequence[str], *, place: str, setting: Setting, known_at: datetime, catalogue: Catalogue
) -> Tellings:
    """Everything asked in one go; references to indicators that this catalogue lacks are told as missing."""
    year = setting.period.year
    wanted: dict[Reference, None] = {}
    for text in references:
        for concrete in _concrete(text, year):
            try:
                parsed = Reference.parse("{" + concrete + "}")
            except BadReference:
                continue
            if _answerable(parsed, catalogue):
                wanted[parsed] = None
    formed = formed_many(wanted, place=place, period=setting.period, known_at=known_at, catalogue=catalogue)
    return Tellings(setting, formed, frozenset(catalogue.indicators), year)


def _concrete(text: str, year: int) -> list[str]:
    """A reference to the newest value as references to each candidate, with the plain value that decides."""
    text = concrete_period(text, year)
    if f"/{LATEST}" not in text:
        return [text]
    code = text.partition("/")[0]
    found = []
    for candidate in _candidates(year):
        found += [text.replace(f"/{LATEST}", f"/{candidate}"), f"{code}/{candidate}"]
    return list(dict.fromkeys(found))


def _answerable(reference: Reference, catalogue: Catalogue) -> bool:
    """Whether the code, its scope and what the argument names are in the catalogue."""
    if not _known(reference.code, catalogue):
        return False
    if reference.form is Form.SHARE and reference.argument:
        code = reference.argument.partition("@")[0]
        return not code or _known(code, catalogue)
    return True


def _known(code: str, catalogue: Catalogue) -> bool:
    if code in catalogue.indicators:
        return True
    head, _dot, tail = code.rpartition(".")
    return head in catalogue.indicators and tail in catalogue.indicators[head].scopes
