"""Which indicator a figure of a text speaks of: by the names and aliases of indicators, measure words and scope.

Nothing is guessed: a link is `sure` only where the subject says an indicator's name and nothing else, and only one
indicator of that name fits the measure word and the kind of figure. Everything else is a list of candidates.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from keshu.kernel.prose.figure import Figure, Kind, Role
from keshu.kernel.prose.reference import Form
from keshu.kernel.width import half_width, no_spaces

_NEW = re.compile(
    r"^本?[年期]?(?:净增|新增加|新增|新认定|新获批|新获得|新获|新组建|新培育|新备案|新建成|新建|新引进|新设立|新登记"
    r"|新(?!型|产品|品种|技术|材料|能源|业态|兴))"
)
_HELD = re.compile(
    r"有效期内|有效的?|累计|现有|拥有|共有|保有|建有|已有|在册|实有|存量|保有量|拥有量|总数达|总数|总量|达到?"
)
_TAIL = re.compile(
    r"(?:[家户个人件项场份处条台次起名位篇]|家次|人次|场次|户次)?(?:数量|总数|总量|数额|数|量)$|(?:的?比重|比例|占比)$|(?:总金额|总额|金额|资金额|家次|人次|场次|户次)$"
)
_NEUTRAL = re.compile(
    r"^(?:全|我|本)[市县区州]|辖区内?|区域内?|今年以来|今年|本年|全年|年度|年末|年底|目前|全社会(?=R)|共计|总计|合计|共|"
    r"其中|已经|已|等$|的|了|完成|实现|帮助|新建档|我局|市本级|本级|[,，、:：;；\"“”'‘’《》]"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_SHORT = (
    ("国家级高新技术企业", "高新技术企业"), ("国家高新技术企业", "高新技术企业"), ("国家高企", "高新技术企业"),
    ("高企", "高新技术企业"), ("科小", "科技型中小企业"), ("研究与试验发展", "R&D"), ("研究与实验发展", "R&D"),
    ("研发经费", "R&D经费"), ("规上", "规模以上"),
    ("R&D经费支出占", "R&D经费占"), ("国内生产总值", "GDP"), ("地区生产总值", "GDP"), ("平台载体", "平台"),
)  # fmt: skip
_SEGMENT = re.compile(r"[，,；;、：:]")
_WEIGHTLESS = re.compile(
    r"举办|开展|组织|实施|选派|派出|建设|建成|获得|共获|登记|签订|发放|兑现|引导|支持|推动|年|级别|国家级?(?=$)|企业(?=$)"
)
_FILLER = re.compile(
    r"分别|达到|达|为|是|共|计|累计|完成|实现|增至|升至|增加到|降至|总数|总量|数量|同比|环比|较|比|上年|去年|同期|年末|年底|年初|末|底|增长|增加|"
    r"净增|新增|新|下降|减少|提高|提升|降低|回落|上升|多|少|约|近|超过|突破|超|逾|仅|占|居|列|位|排名|排|全[省市县区国]|年均|预计|力争|确保|"
    r"截至|截止|今年以来|今年|全年|其|已|有|了|的|至|到|目前|\d+(?:\.\d+)?|年|月|日|[\s,，、()（）“”\-—–]"
)
_AIM = re.compile(r"(?:目标|任务|计划)(?:数|值|任务)?\s*[（(]$")
_NET = re.compile(r"净(?:增加?|减少?)了?\s*$")
_DIFFERENCE = re.compile(r"(?:增加|减少|增长|多|少|较\S{0,6}增|下降)了?\s*$")
_COMPLETION = re.compile(r"完成.{0,14}(?:目标|任务|计划)(?:数|值|任务)?(?:[（(][^（）()]*[）)])?的?\s*$|完成率\S{0,3}$")
_ALIKE = (
    frozenset("家户个所"), frozenset("件项个宗"), frozenset(("人", "名", "位", "个")), frozenset(("人次", "人")),
    frozenset(("场", "次", "期", "场次", "个")), frozenset(("项", "个")), frozenset(("份", "个", "件", "项")),
    frozenset(("条", "个", "项", "篇")), frozenset(("处", "个", "台", "套")), frozenset(("家次", "次", "家", "户次")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """An indicator (with a scope: `code.scope`) under the names by which texts call it."""

    code: str
    names: tuple[str, ...]
    unit: str
    kind: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An indicator that the figure may mean, in the form in which it is said. `rest` letters stayed unexplained."""

    code: str
    form: Form
    rest: int
    argument: str = ""  # what a share is of


@dataclass(frozen=True, slots=True)
class Linked:
    """All candidates, best first; `sure` when there is one and its name explains the whole subject."""

    links: tuple[Link, ...]

    @property
    def sure(self) -> bool:
        return len(self.links) == 1 and self.links[0].rest == 0


@dataclass(frozen=True, slots=True)
class _Term:
    code: str
    core: str
    new: bool
    says: str
    unit: str
    kind: str
    doubtful: bool  # a short name, which after 其中 may be said of other things too


class Index:
    """Names of indicators, made once for a catalogue; `places` are words that only say where."""

    def __init__(self, meanings: Iterable[Meaning], places: Iterable[str] = ()) -> None:
        self._places = sorted((place for place in places if len(place) > 1), key=len, reverse=True)
        self._by_head: dict[str, list[_Term]] = defaultdict(list)
        self._with_ends: dict[str, list[_Term]] = defaultdict(list)
        self._scopes: dict[str, set[str]] = defaultdict(set)
        seen: set[tuple[str, str, bool, str]] = set()
        for meaning in meanings:
            if meaning.says:
                self._scopes[meaning.code.rpartition(".")[0]].add(meaning.says)
            for name in meaning.names:
                core, new = self._core(name)
                key = (meaning.code, core, new, meaning.says)
                if len(core) < 2 or key in seen:
                    continue
                seen.add(key)
                says = self._plain(meaning.says)
                term = _Term(meaning.code, core, new, says, meaning.unit, meaning.kind, len(core) < 5)
                self._by_head[core[:2]].append(term)
                for cut in range(2, len(core) - 1):
                    self._with_ends[core[:cut]].append(term)
                    self._with_ends[core[-cut:]].append(term)

    def link(self, figure: Figure, before: str = "") -> Linked:
        """Candidates for a figure; `before` is what stands before it in its sentence."""
        form = _form(figure, before)
        if form is None or not figure.subject:
            return Linked(())
        if figure.kind is Kind.RATIO and form is Form.VALUE and "占" in figure.subject[1:]:
            return self._share(figure, before) or self._plainly(figure, before, form)
        return self._plainly(figure, before, form)

    def _share(self, figure: Figure, before: str) -> Linked | None:
        """发明专利占专利申请量: both sides have to be sure."""
        part, _, whole = figure.subject.rpartition("占")
        if len(self._core(part)[0]) < 5:  # 发明专利 alone may be the filed or the valid ones
            return None
        sides = [self._plainly(replace(figure, subject=side, unit="", canonical="", kind=Kind.COUNT), before, Form.SHARE)
                 for side in (part, _TAIL.sub("", whole) or whole)]  # fmt: skip
        if not all(side.links and side.links[0].rest <= 1 and len(side.links) == 1 for side in sides):
            return None
        return Linked((Link(sides[0].links[0].code, Form.SHARE, 0, sides[1].links[0].code),))

    def _plainly(self, figure: Figure, before: str, form: Form) -> Linked:
        core, new = self._core(figure.subject)
        segment = self._plain(_SEGMENT.split(before)[-1])
        core = self._longer(core, segment)
        new = new or bool(re.search(r"(?:新增|新认定|新获批|新组建|新培育|新备案|新建)\S{0,2}$", before[-8:]))
        held = bool(_HELD.search(figure.subject)) or bool(
            re.search(r"(?:累计|拥有|现有|总数|达|达到|共有)$", before[-6:])
        )
        part = f"其中{figure.subject}" in before
        found = [(self._rest(core, term), term) for term in self._inside(core) if _fits(term, figure, form)]
        if not found or (part and any(term.doubtful for _, term in found)):
            completed = self._completed(core, before, figure, form)
            if completed:
                return Linked(completed)
        best = _best(found, form, new=new, held=held and not new)
        part = part and any(term.doubtful for _, term in found)
        short = len(core) < 4 or core not in segment
        scoped = short and any(says in before for link in best for says in self._scopes.get(link.code, ()))
        if part or scoped or len(core) < 3 or self._unsaid(segment, self._plain(figure.subject), core):
            best = tuple(replace(link, rest=link.rest + 1) for link in best)
        return Linked(best)

    def _completed(self, core: str, before: str, figure: Figure, form: Form) -> tuple[Link, ...]:
        """登记技术合同237项，成交额: a name of which the sentence said the rest before; none where two names fit."""
        if len(core) < 2:
            return ()
        plain = self._plain(before)
        codes = {
            term.code
            for term in self._with_ends.get(core, ())
            if not term.says and not term.new and term.core.replace(core, "", 1) in plain and _fits(term, figure, form)
        }
        return (Link(codes.pop(), form, 0),) if len(codes) == 1 else ()

    def _longer(self, core: str, segment: str) -> str:
        """组织申报高新技术企业: the words right before the subject may belong to a longer name."""
        at = segment.rfind(core)
        for length in range(min(at, 6), 0, -1):
            name = segment[at - length : at] + core
            if any(term.core == name for term in self._by_head.get(name[:2], ())):
                return name
        return core

    def _unsaid(self, segment: str, subject: str, core: str) -> bool:
        """Words of the clause, besides the subject and what merely links it, that may make it another thing (发布177项)."""
        rest = segment.replace(subject, "", 1).replace(core, "", 1)
        rest = _HELD.sub("", rest)
        bare = _TAIL.sub("", _WEIGHTLESS.sub("", _FILLER.sub("", rest)))
        return len(bare) > 0 and bare not in core

    def _inside(self, core: str) -> list[_Term]:
        """Terms whose name stands in the subject; a name inside a longer one that stands there too does not count."""
        found = [
            term
            for at in range(len(core) - 1)
            for term in self._by_head.get(core[at : at + 2], ())
            if core.startswith(term.core, at)
        ]
        cores = {term.core for term in found}
        return [term for term in found if not any(term.core != other and term.core in other for other in cores)]

    def _rest(self, core: str, term: _Term) -> int:
        """Letters of the subject that neither the name nor the scope explains; a scope not said counts as missing."""
        rest = core.replace(term.core, "", 1)
        missing = len(term.says)
        for says in (term.says, term.says.removesuffix("级")) if term.says else ():
            if says in rest:
                rest, missing = rest.replace(says, "", 1), 0
        return len(_WEIGHTLESS.sub("", rest)) + missing

    def _core(self, name: str) -> tuple[str, bool]:
        plain = self._plain(name)
        bare = _NEW.sub("", plain, count=1)
        new = bare != plain
        held = _HELD.sub("", bare) or bare
        return _TAIL.sub("", held) or held, new

    def _plain(self, name: str) -> str:
        plain = _BRACKETS.sub("", no_spaces(half_width(name)))
        for place in self._places:
            plain = plain.replace(place, "")
        for long, short in _SHORT:
            if short not in plain or len(long) > len(short):
                plain = plain.replace(long, short)
        return _NEUTRAL.sub("", plain)


def _form(figure: Figure, before: str) -> Form | None:
    """How the figure is said; None for what is said of no indicator in a way that can be recomputed."""
    if figure.kind is Kind.RANK:
        return Form.RANK
    if figure.kind is Kind.TARGET_CHANGE:
        return None
    if figure.kind is Kind.GROWTH:
        if figure.unit in ("‰", "个基点", "基点"):  # nothing that we keep is told in these
            return None
        return Form.POINTS if figure.unit.endswith("点") else Form.GROWTH
    if figure.unit == "%" and (figure.base == "目标" or _COMPLETION.search(before)):
        return Form.COMPLETION
    if figure.role is Role.TARGET or _AIM.search(before):
        return Form.TARGET
    if figure.kind in (Kind.COUNT, Kind.AMOUNT) and _NET.search(before):
        return Form.NET
    if figure.kind in (Kind.COUNT, Kind.AMOUNT) and _DIFFERENCE.search(before) and not re.search(r"新增$", before):
        return Form.DIFFERENCE
    return Form.VALUE


def _fits(term: _Term, figure: Figure, form: Form) -> bool:
    """Whether the measure word can be the indicator's; growth, ranks and completion have none of their own."""
    if form in (Form.GROWTH, Form.RANK, Form.COMPLETION, Form.SHARE):
        return True
    if form is Form.POINTS:
        return term.unit == "%"
    unit = figure.canonical or figure.unit
    if not unit:
        return figure.kind is not Kind.AMOUNT or term.unit == "元"
    return unit == term.unit or any(unit in alike and term.unit in alike for alike in _ALIKE)


def _best(found: list[tuple[int, _Term]], form: Form, *, new: bool, held: bool) -> tuple[Link, ...]:
    """The terms that explain most, those whose kind (came new, or stands there) is the one said before the others."""
    if not found:
        return ()
    least = min(rest for rest, _ in found)
    best = [(rest, term) for rest, term in found if rest <= max(least, 0)]
    if new:
        best = [one for one in best if one[1].new] or [one for one in best if one[1].kind == "flow"] or best
    if held:
        best = [one for one in best if one[1].kind == "stock"] or best
    if not new and not held:
        best = [one for one in best if not one[1].new] or best
    links = {term.code: Link(term.code, form, rest + (2 if new and term.kind == "stock" else 0)) for rest, term in best}
    return tuple(sorted(links.values(), key=lambda link: (link.rest, link.code)))[:6]
