"""A summary composed from the records: everything gathered once, then pure rules make the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import tree_on
from keshu.bureau.records.definitions import newest_content
from keshu.bureau.reports.annex import annex_references, annex_rows
from keshu.bureau.reports.composing.filling import Filler, Row
from keshu.bureau.reports.composing.items import compose_sentences, settle
from keshu.bureau.reports.composing.nodes import Block
from keshu.bureau.reports.composing.outline import Outline, outline_of, with_variables
from keshu.bureau.reports.composing.paragraphs import Desk, Written
from keshu.bureau.reports.composing.text import Draft
from keshu.bureau.reports.falls import fall_references, unwritten
from keshu.bureau.reports.goals import Goals, compose_achieved, compose_goals, compose_numbered_goals, goals_of
from keshu.bureau.reports.phrases import phrases_of
from keshu.bureau.reports.praise import Witness, passing
from keshu.bureau.reports.problems import compose_problems
from keshu.bureau.reports.rows import RowReader
from keshu.bureau.reports.telling import Tellings, plan_end, references_of, tellings
from keshu.bureau.reports.thresholds import rules_for
from keshu.bureau.reports.wording import Setting
from keshu.catalogue.loader import Catalogue
from keshu.catalogue.schema.summary import Item, Rows, Sentence, Summary
from keshu.kernel.measure.period import Period
from keshu.kernel.numerals import write_numeral

#: codes of skeletons that were taken over from a bureau's own text begin with this, the place's code follows
OWN = "own_"


class UnknownSummary(Exception):
    """No definition has this code; the message says which there are."""


@dataclass(frozen=True)
class Wish:
    """Which text is wanted."""

    place: Place
    period: Period
    definition: Summary
    known_at: datetime
    public: bool = False
    order: Mapping[str, Sequence[str]] = field(default_factory=dict)
    standing: Mapping[tuple[str, str], Written] = field(default_factory=dict)


def definition_of(kind: str, catalogue: Catalogue | None = None) -> Summary:
    """The skeleton with this code, from the catalogue, else one that was taken over from a text. Raises UnknownSummary."""
    summaries = (catalogue or site_catalogue()).summaries
    found = summaries.get(kind) or adopted(kind)
    if found is None or found.abstract:
        known = "、".join(code for code, one in summaries.items() if not one.abstract)
        raise UnknownSummary(f"没有“{kind}”这种总结，可用：{known}")
    return found


def adopted(kind: str) -> Summary | None:
    """The newest skeleton under this code that a bureau took over from its own text."""
    content = newest_content("summary", kind) if kind.startswith(OWN) else None
    return Summary.model_validate(content) if content else None


@dataclass
class Material:
    """All that the text may be made of."""

    wish: Wish
    catalogue: Catalogue
    outline: Outline
    setting: Setting
    told: Tellings
    reader: RowReader
    goals: Goals
    variables: dict[str, str]


def gather(wish: Wish) -> Material:
    """Definitions, figures, targets: one question to statistics for every reference that could be printed."""
    catalogue = site_catalogue()
    rules = rules_for(catalogue, wish.place.code, wish.period.cut_off)
    setting = Setting(wish.period, whole_of(wish.place), above_of(wish), rules)
    variables = variables_of(wish, setting) | phrases_of(wish.place.code, wish.period.cut_off, wish.known_at)
    outline = outline_of(reviewed(wish.definition, wish.period.year), catalogue.summaries, wish.order, variables)
    named = wish.definition.annex.indicators if wish.definition.annex else ()
    goals = goals_of(wish.place.code, wish.period.year, wish.known_at, named)
    references = [
        *references_of(outline.items()),
        *goals.references,
        *annex_references(wish.definition, goals),
    ]
    references += fall_references(references, catalogue)
    told = tellings(references, place=wish.place.code, setting=setting, known_at=wish.known_at, catalogue=catalogue)
    reader = RowReader(catalogue, wish.place.code, wish.period, wish.known_at, rules)
    return Material(wish, catalogue, outline, setting, told, reader, goals, variables)


def reviewed(definition: Summary, year: int) -> Summary:
    """The skeleton without the look back on a five-year plan where the plan has just begun."""
    if year != plan_start(year):
        return definition
    chapters = tuple(chapter for chapter in definition.chapters if chapter.role != "review")
    return definition.model_copy(update={"chapters": chapters})


def compose(wish: Wish) -> Draft:
    """The whole text with its lists. Nothing is written to the database."""
    material = gather(wish)
    desk = desk_for(material)
    composed = {item.code: compose_item(material, desk, item) for item in material.outline.items()}
    parts = settle(material.outline, composed, seed=wish.period.year)
    printed = {node.reference for blocks in composed.values() for block in blocks for said in block.sentences
               for node in said.nodes if hasattr(node, "reference")}  # fmt: skip
    annex = list(annex_rows(wish.definition, material.goals, material.told, material.catalogue, public=wish.public))
    falls = unwritten(
        desk.falls,
        printed,
        [row.code for row in annex if not row.period],
        material.outline.items(),
        material.told,
        material.catalogue,
    )
    return Draft(
        title=title_of(wish.definition, material.variables),
        parts=tuple(parts),
        falls=falls,
        omitted=tuple(desk.omitted),
        warnings=tuple(material.goals.warnings(material.told)),
        promises=tuple(material.goals.promises(material.told)),
        annex=tuple(annex),
    )


def compose_item(material: Material, desk: Desk, item: Item) -> tuple[Block, ...]:
    """The paragraphs of one item, built in the way that its definition says."""
    match item.build:
        case "goals":
            return compose_goals(material.goals, material.told, desk, item)
        case "numbered_goals":
            return compose_numbered_goals(material.goals, material.told, desk, item)
        case "achieved":
            return compose_achieved(material.goals, material.told, desk, item)
        case "problems":
            return compose_problems(desk, item)
        case _:
            return compose_sentences(desk, item)


def desk_for(material: Material) -> Desk:
    reader, told = material.reader, material.told
    filler = Filler(
        told, material.variables, passing(_witness(reader), material.setting.rules), material.wish.public,
        material.setting.rules, seed_of(material.wish), any(one.build == "achieved" for one in material.outline.items()),
    )  # fmt: skip

    def rows(sentence: Sentence) -> list[Row]:
        assert sentence.rows is not None
        return reader.rows(sentence.rows)

    def standing(section: str, sentence: str) -> Written | None:
        return material.wish.standing.get((section, sentence))

    @lru_cache(maxsize=512)
    def has(code: str) -> bool:
        if code in material.catalogue.ledgers:
            return reader.has(code)
        return told.tell(code).present

    annex = material.wish.definition.annex
    return Desk(
        filler, material.wish.period, material.wish.definition.code, rows, standing, has, bool(annex and annex.first)
    )  # fmt: skip


def seed_of(wish: Wish) -> str:
    """What tells the marks of this text from those of any other."""
    return f"{wish.definition.code}/{wish.place.code}/{wish.period}"


def _witness(reader: RowReader) -> Witness:
    """Rows behind claims: honours with evidence, instructions with their number, reports at city level or above."""

    @lru_cache(maxsize=8)
    def count(ledger: str, field_code: str) -> int:
        return len(reader.rows(Rows(ledger=ledger, where=_PROOF[ledger], on=field_code, at_most=1)))

    return Witness(
        lambda: count("honour", "named"), lambda: count("worklog", "date"), lambda: count("media", "published")
    )


_PROOF = {
    "honour": Rows.model_validate({"ledger": "honour", "where": {"claim": {"in": ["first", "only", "few"]}}}).where,
    "worklog": Rows.model_validate({"ledger": "worklog", "where": {"kind": "instruction"}}).where,
    "media": Rows.model_validate(
        {"ledger": "media", "where": {"level": {"in": ["national", "provincial", "municipal"]}}}
    ).where,
}


def whole_of(place: Place) -> str:
    """What the text calls the whole of the place: 全市, 全县, 全区."""
    return {"province": "全省", "city": "全市", "zone": "全区"}.get(place.kind) or f"全{place.name[-1]}"


def above_of(wish: Wish) -> str:
    """The place whose children are ranked."""
    parent = tree_on(wish.period.cut_off, known_at=wish.known_at).parent(wish.place.code)
    found = Place.objects.filter(code=parent).first()
    return whole_of(found) if found else "全省"


def variables_of(wish: Wish, setting: Setting) -> dict[str, str]:
    """Words of the document that frames may use."""
    place, year = wish.place, wish.period.year
    unit = setting.whole[-1]
    upper = {"全省": "省科技厅", "全市": "市科技局"}.get(setting.above, "上级科技部门")
    return {
        "place": place.name,
        "whole": setting.whole,
        "our": f"我{unit}",
        "bureau": f"{unit}科技局",
        "party": f"{unit}委、{unit}政府" if unit != "区" or place.kind != "zone" else "党工委、管委会",
        "upper": upper,
        "year": str(year),
        "next_year": str(year + 1),
        "last_year": str(year - 1),
        "plan_base": str(plan_start(year) - 1),
        "plan_start": str(plan_start(year)),
        "plan_end": str(plan_end(year)),
        "full_year": str(year) if wish.period.is_whole_year else "",
        "at_end": f"{year}年末" if wish.period.is_whole_year else f"{year}年{wish.period.end.month}月底",
        "many_years": f"{write_numeral(year - plan_start(year) + 1)}年".replace("二年", "两年"),
        "review": "" if year == plan_start(year) else f"、{_five_years(year)}回顾",
        "five": _five_years(year),
        "next_five": _five_years(plan_end(year)),
        "part": _part(wish.period),
        "rest": _rest(wish.period),
        "period": wish.period.flow_words(),
        "since": "今年以来" if not wish.period.is_whole_year else f"{year}年",
    }


_PARTS = {6: ("上半年", "下半年"), 9: ("前三季度", "第四季度")}


def _part(period: Period) -> str:
    """上半年, 前三季度, 1—10月; nothing for a whole year."""
    return "" if period.is_whole_year else _PARTS.get(period.end.month, (period.flow_words(), ""))[0]


def _rest(period: Period) -> str:
    """What is left of the year."""
    return "下一年" if period.is_whole_year else _PARTS.get(period.end.month, ("", "年底前"))[1]


def plan_start(year: int) -> int:
    """The first year of the five-year plan in which the year lies."""
    return year - (year - 1) % 5


def _five_years(year: int) -> str:
    """“十五五” for 2026 to 2030."""
    return f"“{write_numeral((year - 1951) // 5)}五”"


def title_of(definition: Summary, variables: Mapping[str, str]) -> str:
    return with_variables(definition.title or "{$place}科学技术局{$year}年工作总结", variables)
