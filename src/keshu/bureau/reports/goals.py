"""Targets in the text: next year's as the plan's promises, this year's against what became of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.reports.composing.nodes import Block, Figure, Node, Said, Text, mark_id, value_text
from keshu.bureau.reports.composing.paragraphs import Desk, Omitted, compose_paragraph
from keshu.bureau.reports.composing.text import Caution, Promise
from keshu.bureau.reports.telling import Tellings
from keshu.bureau.reports.wording import plain_name, shower, target_shower
from keshu.bureau.statistics.forms import Formed, TargetRef
from keshu.bureau.targets.queries import targets_of
from keshu.catalogue.schema.summary import Item
from keshu.kernel.measure.presence import Presence
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
ACHIEVED_IN_ONE, LEAST_TOGETHER = 6, 2
PLAIN_KINDS = (TargetKind.EXACT, TargetKind.AT_LEAST, TargetKind.RANGE, TargetKind.ABOUT)
MOST_GOALS = 12
OURS = "本局"


@dataclass(frozen=True)
class Goals:
    """Which indicators have targets for this year and the next: in the order of the definition, then by theme."""

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
                f"{code}:growth",
                f"{code}:rank",
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
            promised = "".join(clause(formed, formed.target, told))
            completion = told.tell(f"{code}:completion").words
            yield Promise(promised, _actual(formed, told), completion, formed.reached, f"{code}:completion")

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


def _actual(formed: Formed, told: Tellings) -> str:
    """What became of a promise: the figure, or in words that there is none yet and from whom it comes."""
    code = formed.figure.code
    position = told.tell(f"{code}:rank").words if formed.target and formed.target.kind is TargetKind.RANK else ""
    words = position or told.tell(code).words
    if words:
        return words
    if formed.figure.presence is Presence.ZERO:
        return "今年尚无"
    if formed.figure.presence is Presence.PARTIAL:
        return "今年数据尚不完整"
    source = site_catalogue().indicators[code].available.from_
    waits = "今年数据尚未统计" if source == OURS else f"今年数据待{source}提供"
    period = told.latest_period(code)
    before = told.tell(f"{code}/{period}") if period else None
    return f"{waits}，{before.period.year}年为{before.words}" if before is not None and before.present else waits


def goals_of(place: str, year: int, known_at: datetime, named: Sequence[str] = ()) -> Goals:
    """The indicators with targets of the place: those that the definition names first, then all others."""
    found = sorted(_with_targets(place, year, known_at), key=lambda code: _place_of(theme_of(code)))
    return Goals(tuple(dict.fromkeys([*named, *found])), year)


#: themes in the order in which a bureau tells them, with what a plan calls each; those that are not named come last
AIMS = {
    "创新主体": "培育创新主体", "研发投入": "引导研发投入", "平台载体": "建设平台载体", "项目资金": "争取项目资金",
    "成果转化": "推动成果转化", "科技金融": "深化科技金融", "科技人才": "引进科技人才", "知识产权": "强化知识产权",
    "农业科技": "服务农业农村", "科学普及": "开展科学普及",
}  # fmt: skip
OTHER_AIM = "落实其他任务"


def theme_of(code: str) -> str:
    indicator = site_catalogue().indicators.get(code)
    return indicator.theme if indicator else ""


def _place_of(theme: str) -> int:
    return list(AIMS).index(theme) if theme in AIMS else len(AIMS)


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
    show = target_shower(formed.figure, told.setting.rules)
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
    show = target_shower(formed.figure, told.setting.rules)
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
    """What its sentences say, then a numbered line with every target of a theme."""
    desk.next_item()
    blocks = [block for paragraph in item.paragraphs if (block := compose_paragraph(desk, item, paragraph)) is not None]
    themes: dict[str, list[Formed]] = {}
    for formed in goals.next_year(told):
        themes.setdefault(theme_of(formed.figure.code), []).append(formed)
    where = f"{desk.filler.seed}|{item.code}"
    for number, (theme, targets) in enumerate(themes.items(), 1):
        said = [
            _sentence(where, targets[place : place + IN_ONE_SENTENCE], told, number * 100 + place)
            for place in range(0, len(targets), IN_ONE_SENTENCE)
        ]
        lead = Text(f"{number}.{AIMS.get(theme, OTHER_AIM)}。")
        said[0] = replace(said[0], nodes=(lead, *said[0].nodes))
        blocks.append(Block(f"{item.code}.target{number}", tuple(said)))
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
    """Sentences of targets that were fulfilled to the same degree; many of them theme by theme."""
    groups: dict[str, list[tuple[str, list[Node]]]] = {}
    for code in goals.codes:
        formed = told.raw(f"{code}:completion")
        if formed is None or formed.target is None or not (nodes := _achieved(code, formed, told, desk, item)):
            continue
        groups.setdefault(_degree(formed, told), []).append((theme_of(code), nodes))
    for degree in sorted(groups, key=DEGREES.index):
        clauses = groups[degree]
        if len(clauses) <= ACHIEVED_IN_ONE:
            yield (Text(f"{degree}的有："), *_listed([nodes for _theme, nodes in clauses]))
            continue
        lead = f"{degree}的，分领域看："
        for together in _enough(clauses, LEAST_TOGETHER * (2 if desk.table_first else 1)):
            yield (Text(lead), *_listed(together))
            lead = ""


def _enough(clauses: list[tuple[str, list[Node]]], least: int) -> list[list[list[Node]]]:
    """The clauses theme by theme, 创新主体方面 before each; small themes share a sentence with the next."""
    made: list[list[list[Node]]] = [[]]
    for theme, group in groupby(clauses, key=lambda clause: clause[0]):
        if len(made[-1]) >= least:
            made.append([])
        first, *rest = [nodes for _theme, nodes in group]
        made[-1] += [[Text(f"{theme or '其他工作'}方面，"), *first], *rest]
    if len(made) > 1 and len(made[-1]) < least:
        made[-2:] = [made[-2] + made[-1]]
    return made


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
    """A target with what became of it, in the target's own terms: a growth beside a growth, a position beside one."""
    assert formed.target is not None
    actual = f"{code}:{_TERMS.get(formed.target.kind, 'value')}".removesuffix(":value")
    own = told.tell(actual)
    reference = actual if own.present else code
    aim = "" if desk.table_first else f"（目标{{{code}:target}}）"
    frame = f"{plain_name(formed.figure.name)}{{{reference}}}{aim}"
    filled = desk.filler.fill(
        frame, sentence=f"achieved.{code}", section=item.code, write_falls=True, said=[], against=""
    )
    if filled.missing:
        return []
    nodes = [_without_kind(node, formed.target.kind) for node in filled.nodes]
    words = say.two_level_words(_level(code, told))
    return [*nodes, Text(f"，{words}")] if words else nodes


#: in which form a target is held against what became of it
_TERMS = {TargetKind.GROWTH: "growth", TargetKind.RANK: "rank"}


def _without_kind(node: Node, kind: TargetKind) -> Node:
    """（目标25%）, not （目标占比达25%）, beside 25.7%."""
    if not isinstance(node, Figure) or node.form != "target" or kind not in (TargetKind.SHARE, TargetKind.COVERAGE):
        return node
    return replace(node, words=node.words.removeprefix("占比达").removeprefix("覆盖率"))


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
    """Targets of one theme together, small themes with their neighbours, not more than a sentence bears."""
    chunk: list[Formed] = []
    for _theme, group in groupby(targets, key=lambda formed: theme_of(formed.figure.code)):
        mine = list(group)
        if chunk and len(chunk) + len(mine) > IN_ONE_SENTENCE:
            yield chunk
            chunk = []
        chunk += mine
        while len(chunk) > IN_ONE_SENTENCE:
            yield chunk[:IN_ONE_SENTENCE]
            chunk = chunk[IN_ONE_SENTENCE:]
    if chunk:
        yield chunk


def _sentence(where: str, chunk: list[Formed], told: Tellings, index: int) -> Said:
    """A comma inside a theme, a semicolon between two."""
    nodes: list[Node] = []
    before = ""
    for formed in chunk:
        theme = theme_of(formed.figure.code)
        if nodes:
            nodes.append(Text("，" if theme == before else "；"))
        before = theme
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
