"""From a frame to nodes: figures looked up, optional parts left out, praise tested, falls held back."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from keshu.bureau.reports.composing.nodes import Figure, Names, Node, Record, Text, mark_id, text_of, value_text
from keshu.bureau.reports.composing.told import COMPARISONS, Teller, Told
from keshu.catalogue import frames
from keshu.catalogue.frames import Gated, Listing, Literal, Optional, Piece, RowField, Variable, figures_in, parse_frame
from keshu.kernel.prose.rules import DEFAULT, Rules
from keshu.kernel.prose.words import amount, common_unit

MARKS = "，；、："
PLAIN = frozenset({"value", "sum", "entered", "left"})
_DOUBLED = re.compile(r"[，；、][，；、。]+")
#: what comparisons are measured against; said once in a sentence
LEADS = ("同比", "较上年末", "较上年同期", "较上年")
#: ways to say "against the same months of last year", in the order in which a text uses them
AGAINST_LAST_YEAR = ("同比", "", "较上年同期")
#: a whole year is held against the year before, not against its same months
OF_WHOLE_YEARS = "较上年"


@dataclass(frozen=True)
class Row:
    """A row that a record sentence tells of; `values` are printed texts by field code."""

    ledger: str
    entry: int
    revision: int
    values: Mapping[str, str]
    story: str = ""
    starred: bool = False
    tells: bool = True  # the story names whom or what it is about; else a frame with names says more


@dataclass
class Filled:
    """What a frame became. `missing` is the reason why it cannot appear at all."""

    nodes: list[Node] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    fallen: list[Told] = field(default_factory=list)
    missing: str = ""


class Missing(Exception):
    """A figure of the frame that is not optional is not there."""


@dataclass(frozen=True)
class Filler:
    """Fills the frames of one summary. `passes` tells whether a word of praise stands, given what the paragraph tells."""

    teller: Teller
    variables: Mapping[str, str]
    passes: Callable[[str, list[Told]], bool]
    public: bool = False
    rules: Rules = DEFAULT
    seed: str = ""  # tells this text's marks from those of other years
    targets_told: bool = False  # a chapter of this text holds every target against its actual value

    def fill(
        self, frame: str, *, sentence: str, section: str, write_falls: bool, said: list[Told], against: str,
        row: Row | None = None, one_period: bool = False,
    ) -> Filled:  # fmt: skip
        """Nodes of the frame, or the reason why it stays out. `said` is what the paragraph told before.

        `one_period`: figures of another cut-off than the first one stay out, because the sentence says its period once.
        """
        filled = Filled()
        work = _Work(self, filled, sentence, section, write_falls, said, against, row, one_period)
        try:
            nodes = work.pieces(parse_frame(frame))
        except Missing as reason:
            filled.missing = str(reason)
            return filled
        filled.nodes = tidy(_scoped(self._sober(_folded(self.in_one_unit(nodes, filled.told))), filled.told))
        return filled

    def _sober(self, nodes: list[Node]) -> list[Node]:
        """总数达12家 tells of something reached: where it was more the year before, it is 总数12家."""
        made = list(nodes)
        for at, (before, node) in enumerate(pairwise(nodes)):
            reached = isinstance(before, Text) and before.words.endswith("达") and not before.words.endswith("分别达")
            if reached and isinstance(node, Figure) and node.form == "value" and self._fell(node.reference):
                made[at] = Text(before.words[:-1])
        return made

    def _fell(self, reference: str) -> bool:
        return any(self.teller.tell(f"{reference}:{form}").worse for form in ("growth", "points"))

    def in_one_unit(self, nodes: list[Node], told: list[Told]) -> list[Node]:
        """One unit for the amounts of money between two semicolons; what they have in common ends there."""
        amounts = {
            one.reference: one for one in told if one.unit == "元" and one.form in PLAIN and one.value is not None
        }
        if len(amounts) < 2:
            return nodes
        return [node for group in _clauses(nodes) for node in self._in_common(group, amounts)]

    def _in_common(self, nodes: list[Node], amounts: Mapping[str, Told]) -> list[Node]:
        values = [
            amounts[node.reference].value for node in nodes if isinstance(node, Figure) and node.reference in amounts
        ]
        unit = common_unit([value for value in values if value is not None], rules=self.rules)
        return [_in_unit(node, amounts, unit, self.rules) for node in nodes] if len(values) > 1 else nodes


def _clauses(nodes: list[Node]) -> list[list[Node]]:
    """The nodes up to each semicolon."""
    groups: list[list[Node]] = [[]]
    for node in nodes:
        groups[-1].append(node)
        if isinstance(node, Text) and "；" in node.words:
            groups.append([])
    return groups


def _in_unit(node: Node, amounts: Mapping[str, Told], unit: str, rules: Rules) -> Node:
    if not isinstance(node, Figure) or node.reference not in amounts:
        return node
    value = amounts[node.reference].value
    assert value is not None
    lead = "预计" if node.words.startswith("预计") else ""
    return replace(node, words=lead + amount(value, unit=unit, rules=rules))


def _folded(nodes: list[Node]) -> list[Node]:
    """专利授权4件，由2件增至4件 says the four twice: 专利授权由2件增至4件."""
    made: list[Node] = []
    for index, node in enumerate(nodes):
        if _repeats(nodes[index : index + 3]):
            if made and isinstance(made[-1], Text):
                made[-1] = Text(_REACHED.sub("", made[-1].words))
            continue
        if index and _repeats(nodes[index - 1 : index + 2]):
            continue
        made.append(node)
    return made


_REACHED = re.compile(r"(?:达到?|共|为)$")


def _repeats(three: list[Node]) -> bool:
    """A value, a comma, and the same indicator's 由…增至…."""
    match three:
        case [Figure() as value, Text("，"), Figure() as change]:
            same = value.reference.partition(":")[0] == change.reference.partition(":")[0]
            return same and value.form == "value" and change.words.startswith("由")
    return False


def _scoped(nodes: list[Node], told: list[Told]) -> list[Node]:
    """The words of a scope stand behind its first figure, unless the sentence says them already."""
    whole = text_of(nodes)
    says = {one.reference: one.says for one in told if one.says and one.says not in whole}
    made: list[Node] = []
    spoken: set[str] = set()
    for node in nodes:
        made.append(node)
        words = says.get(node.reference, "") if isinstance(node, Figure) else ""
        if words and words not in spoken:
            spoken.add(words)
            made.append(Text(f"（{words}）"))
    return made


def tidy(nodes: list[Node]) -> list[Node]:
    """No comma at the start, none before another mark, where optional parts were left out."""
    made: list[Node] = []
    for piece in nodes:
        node = piece
        if isinstance(node, Text):
            before = text_of(made)[-1:]
            words = node.words.lstrip(MARKS) if not made or before in MARKS else node.words
            if not words:
                continue
            node = Text(_DOUBLED.sub(lambda hit: hit[0][-1] if hit[0][-1] in "。；" else hit[0][0], words))
        if made and isinstance(node, Text) and isinstance(made[-1], Text):
            made[-1] = Text(made[-1].words + node.words)
        else:
            made.append(node)
    while made and isinstance(made[-1], Text) and made[-1].words[-1:] in MARKS:
        rest = made[-1].words.rstrip(MARKS)
        made = [*made[:-1], Text(rest)] if rest else made[:-1]
    return made


@dataclass
class _Work:
    filler: Filler
    filled: Filled
    sentence: str
    section: str
    write_falls: bool
    said: list[Told]
    against: str
    row: Row | None
    one_period: bool = False
    marks: Counter[str] = field(default_factory=Counter)
    leads: set[str] = field(default_factory=set)

    def pieces(self, pieces: tuple[Piece, ...]) -> list[Node]:
        nodes: list[Node] = []
        for piece in pieces:
            nodes += self.piece(piece)
        return nodes

    def piece(self, piece: Piece) -> list[Node]:
        match piece:
            case Literal(text):
                return [Text(text)]
            case Variable(name):
                return self.variable(name)
            case Gated(word, otherwise):
                return [Text(word if self.filler.passes(word, [*self.said, *self.filled.told]) else otherwise)]
            case RowField(name):
                return self.field(name)
            case Optional(inner):
                return self.optional(inner)
            case Listing(lead, items):
                return self.listing(lead, items)
            case frames.Figure(reference):
                return self.figure(reference)

    def variable(self, name: str) -> list[Node]:
        if not self.filler.variables.get(name):
            raise Missing(f"没有可用的“{name}”")
        return [Text(self.filler.variables[name])]

    def optional(self, inner: tuple[Piece, ...]) -> list[Node]:
        """The part, or nothing: when a figure right inside it is missing or falls, or all that it could tell is.

        What it told is then untold. 其中 with a part that is the whole says nothing either.
        """
        told, leads = len(self.filled.told), set(self.leads)
        try:
            nodes = self.pieces(inner)
        except Missing:
            nodes = []
        silent = len(self.filled.told) == told and any(True for _ in figures_in(inner))
        if nodes and not silent and not self._is_the_whole(nodes, told):
            return nodes
        del self.filled.told[told:]
        self.leads = leads
        return []

    def _is_the_whole(self, nodes: list[Node], told: int) -> bool:
        if not text_of(nodes).lstrip(MARKS).startswith("其中"):
            return False
        plain = [one for one in self.filled.told if one.form in PLAIN and one.value is not None]
        parts = [one for one in self.filled.told[told:] if one in plain]
        wholes = [one for one in self.filled.told[:told] if one in plain]
        return any(
            part.value >= whole.value  # type: ignore[operator]
            for part in parts
            for whole in [one for one in wholes if one.unit == part.unit][-1:]
        )

    def listing(self, lead: str, items: tuple[tuple[Piece, ...], ...]) -> list[Node]:
        """The lead and the items that are there."""
        made: list[Node] = []
        for item in items:
            nodes = self.optional(item)
            if nodes:
                made += [Text("、"), *nodes] if made else [Text(lead), *nodes] if lead else nodes
        return made

    def field(self, name: str) -> list[Node]:
        words = self.row.values.get(name, "") if self.row else ""
        if not words or self.row is None:
            raise Missing(f"记录没有填写 {name}")
        return [Record(self.mark("r", name), words, self.row.ledger, self.row.entry, self.row.revision)]

    def figure(self, reference: str) -> list[Node]:
        told = self.filler.teller.tell(reference)
        if not told.present:
            raise Missing(told.why or f"没有{told.name}")
        if self.filler.public and not told.public:
            raise Missing(f"{told.name}尚未公布")
        if told.form in COMPARISONS and told.worse and not self.write_falls:
            self.filled.fallen.append(told)
            raise Missing(f"{told.name}下降")
        if told.form in ("rank", "completion") and told.worse and not self.write_falls:
            raise Missing(f"{told.name}的{'位次不在前一半' if told.form == 'rank' else '完成进度偏慢'}")
        if self.filler.targets_told and told.form in ("completion", "pace") and not self.write_falls:
            raise Missing(f"{told.name}的完成情况已在前面逐项写明")
        if self._said_otherwise(told):
            raise Missing(f"{told.name}在本句已写")
        self.filled.told.append(told)
        if told.form == "names":
            return [Names(self.mark("n", reference), told.reference, told.words, told.entries, value_text(told.value))]
        words = self._with_lead(told)
        return [Figure(self.mark("f", reference), told.reference, words, told.name, told.form, str(told.period),
                       value_text(told.value))]  # fmt: skip

    def _said_otherwise(self, told: Told) -> bool:
        """净增2家 and 由5家增至7家 are one thing; a figure of another cut-off needs a sentence of its own."""
        before = self.filled.told
        if self.one_period and before and told.period.cut_off != before[0].period.cut_off:
            return True
        moved = told.form == "growth" and told.words.startswith("由")
        return moved and any(one.code == told.code and one.form in ("net", "difference") for one in before)

    def _with_lead(self, told: Told) -> str:
        """同比 and 较上年末 are not said twice in a sentence, and 同比 not in sentence after sentence."""
        lead = next((lead for lead in LEADS if told.words.startswith(lead)), "")
        if not lead:
            return told.words
        rest = told.words.removeprefix(lead)
        if lead in self.leads:
            return rest
        self.leads.add(lead)
        if lead != AGAINST_LAST_YEAR[0]:
            return told.words
        whole = told.period.is_whole_year and self.against == AGAINST_LAST_YEAR[2]
        return (OF_WHOLE_YEARS if whole else self.against) + rest

    def mark(self, kind: str, what: str) -> str:
        """The same reference in the same sentence keeps its mark when the text is composed again."""
        self.marks[what] += 1
        entry = self.row.entry if self.row else ""
        return mark_id(kind, self.filler.seed, self.section, self.sentence, entry, what, self.marks[what])
