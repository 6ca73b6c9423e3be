"""One paragraph: what was done, the figures, the examples, what came of it; and why a sentence stayed out."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from keshu.bureau.reports.composing.filling import AGAINST_LAST_YEAR, Filled, Filler, Row
from keshu.bureau.reports.composing.nodes import (
    Block,
    Figure,
    Names,
    Node,
    Record,
    Said,
    Standing,
    Text,
    mark_id,
    text_of,
)
from keshu.bureau.reports.composing.told import Told
from keshu.catalogue.schema.summary import PLACES, Item, Paragraph, Sentence, Test
from keshu.kernel.measure.period import Period

MOST_OF_ONE_PATTERN = 3
#: patterns that every paragraph of a plan ends with
OF_PLANS = frozenset({46, 47, 48, 49})
#: characters of a sentence that took another one in; figures that it may then hold
LONGEST, LONGEST_FOLLOWING, MOST_FIGURES = 62, 84, 4
#: a figure sentence below this is too short to stand alone beside another
SHORT = 24


@dataclass(frozen=True)
class Written:
    """Standing text for a place in the outline: a person's words with their year, or a definition's own."""

    words: str
    author: str = ""
    year: int = 0
    carried_over: bool = False


@dataclass(frozen=True)
class Omitted:
    """A sentence that was not written, and why."""

    sentence: str
    why: str


@dataclass(frozen=True)
class Fall:
    """A comparison that goes the wrong way and is not in the text; the leader signs the list of them."""

    told: Told
    section: str


@dataclass
class Desk:
    """What the writing of one item needs and keeps: the material, and what was said so far."""

    filler: Filler
    period: Period
    kind: str
    rows: Callable[[Sentence], Iterable[Row]]
    standing: Callable[[str, str], Written | None]
    has: Callable[[str], bool]
    table_first: bool = False  # the table of the targets stands before the text, which need not tell them again
    written_of: Mapping[str, str] = field(default_factory=dict)
    patterns: Counter[int] = field(default_factory=Counter)
    frames: Counter[str] = field(default_factory=Counter)
    last: int = 0
    running: str = ""
    spoken: set[str] = field(default_factory=set)
    growths: int = 0
    patterns_used: Counter[int] = field(default_factory=Counter)
    falls: list[Fall] = field(default_factory=list)
    omitted: list[Omitted] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def next_item(self) -> None:
        """Patterns and period words are counted item by item."""
        self.patterns.clear()
        self.spoken.clear()
        self.running, self.last, self.growths = "", 0, 0


def compose_paragraph(desk: Desk, item: Item, paragraph: Paragraph) -> Block | None:
    """The paragraph, or None where neither a deed nor a figure of it is there.

    Figures of other days say their days anew: nobody remembers 2024年 from a paragraph before.
    """
    desk.running = ""
    said: list[Told] = []
    composed: list[tuple[Sentence, Said]] = []
    for sentence in _in_order(paragraph.sentences):
        composed += [(sentence, one) for one in _sentence(desk, item, sentence, said)]
    if not any(sentence.stands in ("do", "figure") for sentence, _ in composed):
        return None
    desk.told += said
    desk.patterns_used.update(one.pattern for _sentence, one in composed)
    return Block(f"{item.code}.{paragraph.code}", tuple(_joined(composed)), _lead(paragraph))


def _lead(paragraph: Paragraph) -> str:
    return f"{paragraph.lead}。" if paragraph.lead else ""


def _in_order(sentences: Iterable[Sentence]) -> list[Sentence]:
    return sorted(sentences, key=lambda sentence: PLACES.index(sentence.stands))


def _sentence(desk: Desk, item: Item, sentence: Sentence, said: list[Told]) -> list[Said]:
    reason = obstacle(desk, sentence, said)
    if reason:
        desk.omitted.append(Omitted(f"{item.code}.{sentence.code}", reason))
        return []
    match sentence.kind:
        case "record":
            return _records(desk, item, sentence)
        case "standing":
            return _standing(desk, item, sentence)
        case _:
            return _figures(desk, item, sentence, said)


def obstacle(desk: Desk, sentence: Sentence, said: list[Told]) -> str:
    """Why the sentence may not appear, "" where it may."""
    if sentence.only and desk.kind not in sentence.only:
        return "不用于这一类总结"
    lacking = [need for need in sentence.needs if not _met(desk, need)]
    if lacking:
        return f"没有所需数据：{'、'.join(lacking)}"
    for test in sentence.when:
        if not _passes(desk, test):
            return f"{test.figure} 不满足条件"
    for word in sentence.gate:
        if not desk.filler.passes(word, said):
            return f"“{word}”没有数据支持"
    worn = desk.patterns[sentence.pattern] >= MOST_OF_ONE_PATTERN and sentence.pattern not in OF_PLANS
    if worn and sentence.kind == "figure":
        return f"句式{sentence.pattern}在本栏目已用{MOST_OF_ONE_PATTERN}次"
    return ""


def _met(desk: Desk, need: str) -> bool:
    return desk.has(need)


def _passes(desk: Desk, test: Test) -> bool:
    told = desk.filler.teller.tell(test.figure)
    value = told.value if test.look == "value" else getattr(told.formed, "before", None)
    if value is None:
        return False
    return (test.above is None or value >= test.above) and (test.below is None or value < test.below)


def _figures(desk: Desk, item: Item, sentence: Sentence, said: list[Told]) -> list[Said]:
    filled = _first_that_fills(desk, item, sentence, said)
    desk.falls += [Fall(told, item.code) for told in filled.fallen]
    if filled.missing or not filled.told:
        desk.omitted.append(Omitted(f"{item.code}.{sentence.code}", filled.missing or "没有可写的数字"))
        return []
    nodes = [*_period_words(desk, sentence, filled), *filled.nodes]
    said += filled.told
    desk.used |= {entry for told in filled.told if told.form == "names" for entry in told.shown}
    desk.patterns[sentence.pattern] += 1
    desk.last = sentence.pattern
    if any(told.form == "growth" and not told.bare for told in filled.told):
        desk.growths += 1
    return [Said(sentence.code, sentence.pattern, "figure", tuple(nodes))]


def _first_that_fills(desk: Desk, item: Item, sentence: Sentence, said: list[Told]) -> Filled:
    """The frame that was used least, or the next one that can be filled; the reason of the first where none can."""
    frames = sorted(sentence.frames, key=lambda frame: (desk.frames[frame], sentence.frames.index(frame)))
    if desk.last == sentence.pattern and len(frames) > 1:
        frames = [*frames[1:], frames[0]]
    against = AGAINST_LAST_YEAR[desk.growths % len(AGAINST_LAST_YEAR)]
    first: Filled | None = None
    for frame in [*frames, *sentence.otherwise]:
        filled = desk.filler.fill(
            frame, sentence=sentence.code, section=item.code, write_falls=sentence.falls == "write", said=said,
            against=against, one_period=sentence.period_words,
        )  # fmt: skip
        if not filled.missing:
            desk.frames[frame] += 1
            return filled
        first = first or filled
    assert first is not None
    return first


def _period_words(desk: Desk, sentence: Sentence, filled: Filled) -> list[Node]:
    """When the sentence speaks of other days than those before it, it says so.

    The summary's own months and its own cut-off are each said once, and again after figures of other days.
    """
    if not sentence.period_words or not filled.told:
        return []
    words = period_words(filled.told[0], desk.period)
    if filled.told[0].period.cut_off != desk.period.cut_off:
        again = words != desk.running
        desk.spoken.clear()
    else:
        again = words not in desk.spoken
        desk.spoken.add(words)
    desk.running = words
    return [Text(words + _after(words, text_of(filled.nodes)))] if words and again else []


def _after(words: str, rest: str) -> str:
    """1—10月登记技术合同, but 截至10月底，全市 and 1—10月，5项."""
    return "，" if words.startswith("截至") or rest[:1] in "全年一二三四五六七八九十" or rest[:1].isdigit() else ""


def period_words(told: Told, period: Period) -> str:
    """1—10月 or 截至10月底; with the year where it is not the summary's own."""
    other = told.period.year != period.year
    if told.flow:
        return told.period.flow_words(with_year=other)
    return told.period.stock_words(with_year=other)


def _records(desk: Desk, item: Item, sentence: Sentence) -> list[Said]:
    made: list[Said] = []
    for row in desk.rows(sentence):
        if len(made) == _most(sentence):
            break
        if (said := _record(desk, item, sentence, row)) is not None:
            made.append(said)
    if not made:
        desk.omitted.append(Omitted(f"{item.code}.{sentence.code}", "本期没有这类记录"))
    if len(made) > 1 and sentence.rows is not None and sentence.rows.join == "clauses":
        return [_clauses(made)]
    return made


def _most(sentence: Sentence) -> int:
    return sentence.rows.at_most if sentence.rows else 0


def _record(desk: Desk, item: Item, sentence: Sentence, row: Row) -> Said | None:
    """One row as a sentence: the clerk's own line, or the frame with its fields. No row is told twice in a text."""
    assert sentence.rows is not None
    if row.entry in desk.used:
        return None
    if row.story and sentence.rows.say != "frame" and (sentence.rows.say == "only_story" or row.tells):
        words = row.story.rstrip("。；;.，, ") + "。"
        mark = mark_id("r", desk.filler.seed, item.code, sentence.code, row.entry, "story")
        node = Record(mark, words, row.ledger, row.entry, row.revision)
        desk.used.add(row.entry)
        return Said(sentence.code, sentence.pattern, "record", (node,))
    if sentence.rows.say == "only_story" or not sentence.text:
        return None
    filled = desk.filler.fill(
        sentence.text, sentence=sentence.code, section=item.code, write_falls=False, said=[], against="", row=row
    )
    if filled.missing:
        return None
    desk.used.add(row.entry)
    return Said(sentence.code, sentence.pattern, "record", tuple(filled.nodes))


def _clauses(made: list[Said]) -> Said:
    nodes: list[Node] = []
    for index, one in enumerate(made):
        nodes += _without_stop(one.nodes)
        nodes.append(Text("；" if index < len(made) - 1 else "。"))
    return Said(made[0].code, made[0].pattern, made[0].kind, tuple(nodes))


def _standing(desk: Desk, item: Item, sentence: Sentence) -> list[Said]:
    """What people wrote for this place; the definition's own words only where it may speak for itself."""
    written = desk.standing(item.code, sentence.code) or _own_words(desk, item, sentence)
    if written is None:
        return []
    node = Standing(written.words, written.author, written.year, written.carried_over, f"{item.code}.{sentence.code}")
    return [Said(sentence.code, sentence.pattern, "standing", (node,))]


def _own_words(desk: Desk, item: Item, sentence: Sentence) -> Written | None:
    """The first frame of the definition whose words are all there."""
    reasons = []
    for frame in sentence.all_frames:
        filled = desk.filler.fill(
            frame, sentence=sentence.code, section=item.code, write_falls=False, said=[], against=""
        )
        if not filled.missing:
            return Written(text_of(filled.nodes), sentence.author, sentence.written_in or 0, bool(sentence.author))
        reasons.append(filled.missing)
    desk.omitted.append(Omitted(f"{item.code}.{sentence.code}", reasons[0]))
    return None


def _joined(composed: list[tuple[Sentence, Said]]) -> list[Said]:
    """Every sentence with its full stop; clauses that follow, what came of it and what is too short run on."""
    joined: list[Said] = []
    for sentence, said in composed:
        mark = _mark_between(joined[-1], sentence, said) if joined else ""
        if mark:
            nodes = (*_without_stop(joined[-1].nodes), Text(mark), *_without_stop(said.nodes), Text("。"))
            joined[-1] = _of_both(joined[-1], said, nodes)
        else:
            joined.append(Said(said.code, said.pattern, said.kind, _with_stop(said.nodes)))
    return joined


def _of_both(before: Said, said: Said, nodes: tuple[Node, ...]) -> Said:
    """A sentence with a figure in it is a figure sentence, whichever clause brought it."""
    leading = said if before.kind != "figure" and said.kind == "figure" else before
    return Said(leading.code, leading.pattern, leading.kind, nodes)


def _mark_between(before: Said, sentence: Sentence, said: Said) -> str:
    """The mark with which the sentence runs on, "" where it stands alone."""
    length = len(before.words) + len(said.words)
    if sentence.stands == "effect":
        return "，"
    if sentence.follows:
        return "，" if length <= LONGEST_FOLLOWING and "；" not in before.words else ""
    if before.kind != "figure" or said.kind != "figure" or said.words.startswith(("截至", "20")):
        return ""
    short = min(len(before.words), len(said.words)) < SHORT
    if not short or length > LONGEST or _figures_in(before) + _figures_in(said) > MOST_FIGURES:
        return ""
    return "，" if said.words.startswith("其中") else "；"


def _figures_in(said: Said) -> int:
    return sum(1 for node in said.nodes if isinstance(node, Figure | Names))


def _with_stop(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    return nodes if text_of(nodes).endswith(("。", "！", "？")) else (*nodes, Text("。"))


def _without_stop(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    last = nodes[-1]
    words = last.words.rstrip("。；")
    return (*nodes[:-1], replace(last, words=words)) if words else nodes[:-1]
