"""Targets in the text: next year's as the plan's promises, this year's against what became of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from keshu.bureau.reports.composing.nodes import Block, Figure, Node, Said, Text, mark_id, value_text
from keshu.bureau.reports.composing.paragraphs import Desk, Omitted, compose_paragraph
from keshu.bureau.reports.composing.text import Caution, Promise
from keshu.bureau.reports.telling import Tellings
from keshu.bureau.reports.wording import plain_name, shower
from keshu.bureau.statistics.forms import Formed, TargetRef
from keshu.bureau.targets.queries import targets_of
from keshu.catalogue.schema.summary import Item
from keshu.kernel.measure.targets import Direction, Level, TargetKind
from keshu.kernel.prose import words as say

#: beginnings of names that are verbs: 新认定高新技术企业20家以上, not 达20家以上
VERBS = (
    "新增",
    "新入",
    "新认定",
    "新建成",
    "登记",
    "争取",
    "申报",
    "推荐",
    "举办",
    "兑现",
    "立项",
    "征集",
    "选派",
    "选认",
    "获",
    "转化",
    "解决",
    "引进",
)
IN_ONE_SENTENCE = 3
ACHIEVED_IN_ONE = 12
PLAIN_KINDS = (TargetKind.EXACT, TargetKind.AT_LEAST, TargetKind.RANGE, TargetKind.ABOUT)
MOST_GOALS = 12


@dataclass(frozen=True)
class Goals:
    """Which indicators have targets for this year and the next, in the order of the definition."""

    codes: tuple[str, ...]
    year: int

    @property
    def references(self) -> list[str]:
        """What has to be asked for targets, promises and warnings."""
        found = []
        for code in self.codes:
            found += [
                code,
                f"{code}:target(next)",
                f"{code}:target(next,strive)",
                f"{code}:target",
                f"{code}:completion",
                f"{code}:completion(strive)",
            ]
        return found

    def next_year(self, told: Tellings) -> Iterator[Formed]:
        """The targets of next year that are set."""
        for code in self.codes:
            formed = told.raw(f"{code}:target(next)")
            if formed is not None and formed.target is not None:
                yield formed

    def promises(self, told: Tellings) -> Iterator[Promise]:
        """What last year's plan promised for this year, with what became of it."""
        for code in self.codes:
            formed = told.raw(f"{code}:completion")
            if formed is None or formed.target is None:
                continue
            actual, completion = told.tell(code), told.tell(f"{code}:completion")
            yield Promise(
                clause(formed, formed.target, told)[0] + clause(formed, formed.target, told)[1],
                actual.words or actual.why, completion.words, formed.reached, f"{code}:completion",
            )  # fmt: skip

    def warnings(self, told: Tellings) -> Iterator[Caution]:
        """Next year's targets below what this year has already reached; no targets at all."""
        found = list(self.next_year(told))
        if not found:
            yield Caution("no-goals", f"{self.year + 1}年目标尚未录入，请在“目标任务”中补录后重新生成计划部分", "goals")
        for formed in found:
            if formed.target is not None and _too_low(formed, formed.target):
                show = shower(formed.figure, told.setting.rules)
                actual = formed.figure.value
                assert actual is not None
                aim = _value(formed, formed.target, told)
                words = f"{plain_name(formed.figure.name)}{self.year + 1}年目标{aim}，低于今年实绩{show(actual)}"
                yield Caution("below-actual", words, "goals")


def goals_of(place: str, year: int, known_at: datetime, named: Sequence[str] = ()) -> Goals:
    """The indicators with targets of the place: those that the definition names first, then all others."""
    return Goals(tuple(dict.fromkeys([*named, *_with_targets(place, year, known_at)])), year)


def _with_targets(place: str, year: int, known_at: datetime) -> Iterable[str]:
    """The indicators that have a target for the whole place this year or next."""
    for one in (year, year + 1):
        yield from (target.code for target in targets_of(place, one, known_at=known_at) if not target.section)


def _too_low(formed: Formed, target: TargetRef) -> bool:
    actual = formed.figure.value
    value = target.high if target.high is not None else target.low
    if actual is None or value is None or target.kind not in PLAIN_KINDS:
        return False
    return value < actual if target.direction is not Direction.LOWER else value > actual


def _value(formed: Formed, target: TargetRef, told: Tellings) -> str:
    show = shower(formed.figure, told.setting.rules)
    issuer = target.issuer or "上级"
    return say.target_value(target.rule, show=show, issuer=issuer, scope=told.setting.above)


def clause(formed: Formed, target: TargetRef, told: Tellings) -> tuple[str, str]:
    """A clause of the plan in two pieces: what is promised, and the target that is marked."""
    name = plain_name(formed.figure.name)
    if target.kind is TargetKind.SHARE and name.endswith(("占比", "比重", "份额")):
        return name, _value(formed, target, told).removeprefix("占比")
    if target.kind is TargetKind.COVERAGE:
        name = name.removesuffix("覆盖率")
    verb = next((verb for verb in VERBS if name.startswith(verb)), "")
    show = shower(formed.figure, told.setting.rules)
    words = say.target_words(
        target.rule, name=name.removeprefix(verb), show=show, verb=verb,
        issuer=target.issuer or "上级", scope=told.setting.above,
    )  # fmt: skip
    value = _value(formed, target, told)
    return (words.removesuffix(value), value) if words.endswith(value) else ("", words)


def compose_goals(goals: Goals, told: Tellings, desk: Desk, item: Item) -> tuple[Block, ...]:
    """The promises of next year: what its sentences say, then every target, some of them to a sentence."""
    desk.next_item()
    blocks = [block for paragraph in item.paragraphs if (block := compose_paragraph(desk, item, paragraph)) is not None]
    targets = list(goals.next_year(told))[: item.at_most or MOST_GOALS]
    if not targets:
        desk.omitted.append(Omitted(item.code, f"{goals.year + 1}年目标尚未录入"))
        return tuple(blocks)
    said = [
        _sentence(f"{desk.filler.seed}|{item.code}", chunk, told, index) for index, chunk in enumerate(_chunks(targets))
    ]
    if blocks:
        first = blocks[0]
        return (Block(first.code, (*first.sentences, *said), first.lead), *blocks[1:])
    return (Block(f"{item.code}.targets", tuple(said)),)


def compose_numbered_goals(goals: Goals, told: Tellings, desk: Desk, item: Item) -> tuple[Block, ...]:
    """What its sentences say, then a numbered line for each target."""
    desk.next_item()
    blocks = [block for paragraph in item.paragraphs if (block := compose_paragraph(desk, item, paragraph)) is not None]
    for number, formed in enumerate(list(goals.next_year(told))[: item.at_most or MOST_GOALS], 1):
        said = _sentence(f"{desk.filler.seed}|{item.code}", [formed], told, number)
        blocks.append(Block(f"{item.code}.target{number}", (replace(said, nodes=(Text(f"{number}."), *said.nodes)),)))
    return tuple(blocks)


def compose_achieved(goals: Goals, told: Tellings, desk: Desk, item: Item) -> tuple[Block, ...]:
    """Every target of this year with its actual value and what of it is done, some of them to a sentence."""
    desk.next_item()
    blocks = [block for paragraph in item.paragraphs if (block := compose_paragraph(desk, item, paragraph)) is not None]
    said = [
        Said(f"achieved{number}", 21, "figure", nodes)
        for number, nodes in enumerate(_by_degree(goals, told, desk, item))
    ]
    if blocks and said:
        first = blocks[0]
        return (replace(first, sentences=(*first.sentences, *said)), *blocks[1:])
    return (Block(f"{item.code}.achieved", tuple(said)),) if said else tuple(blocks)


def _by_degree(goals: Goals, told: Tellings, desk: Desk, item: Item) -> Iterator[tuple[Node, ...]]:
    """Sentences of targets that were fulfilled to the same degree: 全面完成目标任务的有：…."""
    groups: dict[str, list[list[Node]]] = {}
    for code in goals.codes:
        formed = told.raw(f"{code}:completion")
        if formed is None or formed.target is None or not (nodes := _achieved(code, formed, told, desk, item)):
            continue
        groups.setdefault(_degree(formed, told), []).append(nodes)
    for degree in sorted(groups, key=DEGREES.index):
        clauses = groups[degree]
        for place in range(0, len(clauses), ACHIEVED_IN_ONE):
            lead = f"{degree}的{'还' if place else ''}有："
            yield (Text(lead), *_listed(clauses[place : place + ACHIEVED_IN_ONE]))


DEGREES = (
    "超额完成全年目标任务",
    "全面完成全年目标任务",
    "已提前完成全年目标任务",
    "基本完成全年目标任务",
    "达到序时进度",
    "进度偏慢",
    "未完成全年目标任务",
)


def _degree(formed: Formed, told: Tellings) -> str:
    rules, period = told.setting.rules, told.setting.period
    if not period.is_whole_year:
        ahead = formed.value is not None and formed.value >= period.elapsed() * 100
        return DEGREES[2] if formed.reached else DEGREES[4] if ahead else DEGREES[5]
    plain = formed.target is not None and formed.figure.unit != "%" and formed.target.kind in PLAIN_KINDS
    verb = say.completion_verb(formed.value, rules=rules) if plain else "全面完成" if formed.reached else None
    return f"{verb}全年目标任务" if verb else DEGREES[6]


def _achieved(code: str, formed: Formed, told: Tellings, desk: Desk, item: Item) -> list[Node]:
    frame = f"{plain_name(formed.figure.name)}{{{code}}}（目标{{{code}:target}}）"
    filled = desk.filler.fill(
        frame, sentence=f"achieved.{code}", section=item.code, write_falls=True, said=[], against=""
    )
    if filled.missing:
        return []
    words = say.two_level_words(_level(code, told))
    return [*filled.nodes, Text(f"，{words}")] if words else filled.nodes


def _level(code: str, told: Tellings) -> Level | None:
    """Which of two levels is reached; None where there is only one."""
    ensure, strive = told.raw(f"{code}:completion"), told.raw(f"{code}:completion(strive)")
    if (
        strive is None
        or strive.target is None
        or ensure is None
        or ensure.target is None
        or ensure.target.tier == "strive"
    ):
        return None
    return Level.STRIVEN if strive.reached else Level.ENSURED if ensure.reached else None


def _listed(clauses: list[list[Node]]) -> tuple[Node, ...]:
    nodes: list[Node] = []
    for clause_nodes in clauses:
        nodes += [Text("；"), *clause_nodes] if nodes else clause_nodes
    return (*nodes, Text("。"))


def _chunks(targets: list[Formed]) -> Iterator[list[Formed]]:
    """Targets of one theme together, not more than a sentence bears."""
    chunk: list[Formed] = []
    for formed in targets:
        if chunk and len(chunk) >= IN_ONE_SENTENCE:
            yield chunk
            chunk = []
        chunk.append(formed)
    if chunk:
        yield chunk


def _sentence(where: str, chunk: list[Formed], told: Tellings, index: int) -> Said:
    nodes: list[Node] = []
    for place, formed in enumerate(chunk):
        if place:
            nodes.append(Text("，" if place % 2 else "；"))
        nodes += _nodes(where, formed, told)
    nodes.append(Text("。"))
    return Said(f"targets{index}", 46, "figure", tuple(nodes))


def _nodes(where: str, formed: Formed, told: Tellings) -> list[Node]:
    assert formed.target is not None
    before, value = clause(formed, formed.target, told)
    strive = told.raw(f"{formed.figure.code}:target(next,strive)")
    code = formed.figure.code
    nodes: list[Node] = [Text(before)] if before else []
    if strive is None or strive.target is None or strive.target.tier != "strive" or formed.target.tier == "strive":
        return [*nodes, _mark(where, code, "target(next)", value, formed)]
    return [
        Text(before.removesuffix("达")), Text("确保"),
        _mark(where, code, "target(next)", value.removesuffix("以上"), formed), Text("、力争"),
        _mark(where, code, "target(next,strive)", _value(strive, strive.target, told).removesuffix("以上"), strive),
    ]  # fmt: skip


def _mark(where: str, code: str, form: str, words: str, formed: Formed) -> Figure:
    reference = f"{code}:{form}"
    return Figure(mark_id("f", where, reference), reference, words, formed.figure.name, "target", str(formed.figure.period),
                  value_text(formed.value))  # fmt: skip
