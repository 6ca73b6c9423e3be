"""What betrays a machine as the writer: findings with place and remedy; a composed text must have none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from keshu.kernel.prose.figure import Figure
from keshu.kernel.prose.reading import scan
from keshu.kernel.prose.sentences import Paragraph, Sentence, paragraphs

_CHANGE = r"(?:增长|下降|提高|增加|减少|回落|上升|降低)"
_NOTHING = re.compile(rf"{_CHANGE}(?:了)?0(?:\.0+)?(?:%|个百分点)")
_DOUBLE_NEGATIVE = re.compile(rf"{_CHANGE}(?:了)?[-－]\d")
_RATE_AT_END = re.compile(rf"{_CHANGE}\d+(?:\.\d+)?(?:%|倍|个百分点)[。！]?$")
_DOING = re.compile(
    "开展|组织|举办|建立|健全|出台|印发|推进|推动|实施|落实|制定|完善|加强|强化|深化|引导|支持|帮助|指导|培育|培训|走访|对接|征集"
    "|签订|签约|申报|推荐|认定|登记|兑现|拨付|搭建|打造|建设|建成|聚焦|突出|坚持|做好|抓好|服务|宣传|召开|承办|选派|选聘|协调|梳理|摸排|辅导|上门|启动|探索|优化|争取|联合|邀请|发布|评审|验收|编制|召集|设立|新增|获批|命名|遴选|引进|招引|举行|参加|报送|调研|督促|整改|学习"
)
_SLOT = re.compile(r"\d+(?:\.\d+)?")
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》|（[^）]*）")


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that no clerk would have written, and what to do about it."""

    code: str
    start: int
    end: int
    message: str
    remedy: str


def betrayals(
    text: str, *, firms: Iterable[str] = (), indicators: Mapping[str, Sequence[str]] | None = None
) -> list[Finding]:
    """All findings in the order of the text. `firms` are full legal names, `indicators` names with their synonyms."""
    parts = paragraphs(text)
    found = [
        *_zeros(text),
        *_repeated_leads(parts),
        *_rates_at_every_end(parts),
        *_changing_decimals(text),
        *_lonely_headings(parts),
        *_repeated_frames(parts),
        *_nothing_done(parts),
        *_full_names_again(text, firms),
        *_synonyms(text, indicators or {}),
    ]
    return sorted(found, key=lambda finding: (finding.start, finding.code))


def _zeros(text: str) -> list[Finding]:
    found = [
        Finding("zero-count", figure.start, figure.end, f"“{figure.text}”把零写进了正文", "没有的类别应略去")
        for figure in scan(text)
        if figure.value == 0 and figure.unit not in ("%", "个百分点") and not figure.rank
    ]
    for pattern, code, remedy in (
        (_NOTHING, "zero-change", "改为“基本持平”"),
        (_DOUBLE_NEGATIVE, "negative-change", "去掉负号，方向由“增长”“下降”表达"),
    ):
        found += [
            Finding(code, hit.start(), hit.end(), f"“{hit[0]}”不合行文习惯", remedy) for hit in pattern.finditer(text)
        ]
    return found


def _repeated_leads(parts: list[Paragraph]) -> list[Finding]:
    """同比 in three sentences running."""
    found = []
    for part in parts:
        run: list[Sentence] = []
        for sentence in part.sentences:
            run = [*run, sentence] if "同比" in sentence.text else []
            if len(run) == 3:
                found.append(
                    Finding(
                        "year-on-year",
                        run[0].start,
                        sentence.end,
                        "连续三句都用“同比”",
                        "省去其中一处，或改用完成率、位次",
                    )
                )
    return found


def _rates_at_every_end(parts: list[Paragraph]) -> list[Finding]:
    """Three or more sentences with figures, and each of them ends with a rate."""
    found = []
    for part in parts:
        figured = [sentence for sentence in part.sentences if scan(sentence.text)]
        if len(figured) >= 3 and all(_RATE_AT_END.search(sentence.text) for sentence in figured):
            found.append(
                Finding(
                    "rate-endings",
                    figured[0].start,
                    figured[-1].end,
                    "每句都以增幅收尾",
                    "变换句式，穿插完成率、位次或企业名称",
                )
            )
    return found


def _decimals(figure: Figure) -> int:
    shown = re.match(r"[\d,]+(?:\.(\d+))?", figure.text)
    return len(shown[1] or "") if shown else 0


def _changing_decimals(text: str) -> list[Finding]:
    """Rates keep one number of decimals, so do amounts in 亿元, and each ratio under its own name.

    占GDP的2.04% beside 增长11.3% is how both are published; whole numbers are targets or exact values and do not count.
    """
    found = []
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in scan(text):
        name = "亿元" if figure.text.endswith("亿元") else figure.unit
        if name in ("%", "亿元") and _decimals(figure) > 0:
            groups.setdefault((name, _ratio_before(text, figure) if name == "%" else ""), []).append(figure)
    for (name, _ratio), figures in groups.items():
        counted = Counter(_decimals(figure) for figure in figures)
        usual = counted.most_common(1)[0][0] if counted else 0
        for figure in figures:
            if _decimals(figure) != usual:
                message = f"“{figure.text}”的小数位数与文中其他“{name}”不一致"
                found.append(Finding("decimals", figure.start, figure.end, message, f"统一为{usual}位小数"))
    return found


#: ratios that are published with two decimals
_RATIO = re.compile(
    r"(占GDP(?:比重|的)?|强度(?:提高到|达|为)?|占营业收入的?|占一般公共预算支出的?|"
    r"相当于GDP的|提高到(?:20\d\d年的)?|由(?:20\d\d年的)?|（目标)$"
)


def _ratio_before(text: str, figure: Figure) -> str:
    hit = _RATIO.search(text[max(figure.start - 16, 0) : figure.start])
    return "ratio" if hit and _decimals(figure) == 2 else ""


def _lonely_headings(parts: list[Paragraph]) -> list[Finding]:
    """A heading under which stands one sentence only."""
    found = []
    for place, part in enumerate(parts):
        if not part.level:
            continue
        body = list(part.sentences)
        for below in parts[place + 1 :]:
            if below.level and below.level <= part.level:
                break
            body += below.sentences
        if len(body) == 1:
            message = f"标题“{part.heading.strip('。')}”下只有一句话"
            found.append(Finding("lonely-heading", part.start, part.end, message, "并入相邻部分，或补充做法和例子"))
    return found


def frame(sentence: str) -> str:
    """A sentence without its figures, names and brackets: what is left is its pattern."""
    bare = _QUOTED.sub("", sentence)
    for figure in reversed(scan(bare)):
        bare = f"{bare[: figure.start]}#{bare[figure.end :]}"
    return _SLOT.sub("#", bare).replace("下降", "增长").replace("减少", "增加")


def _shape(sentence: str) -> str:
    """The frame without the words that name the indicator: only figures, change words, marks of order are kept."""
    kept = re.findall(r"#|同比|增长|持平|增加|完成|超序时|占|居|其中|累计|新增|达到|达|，|；|。", frame(sentence))
    return "".join(kept)


def _repeated_frames(parts: list[Paragraph]) -> list[Finding]:
    """The same pattern twice in succession, or more than three times in one paragraph."""
    found = []
    for part in parts:
        shapes = [(sentence, _shape(sentence.text)) for sentence in part.sentences]
        figured = [(sentence, shape) for sentence, shape in shapes if shape.count("#") >= 2]
        for (first, shape), (second, again) in pairwise(shapes):
            if shape == again and shape.count("#") >= 2:
                found.append(Finding("same-frame", first.start, second.end, "相邻两句句式相同", "换一种句式"))
        for shape, times in Counter(shape for _, shape in figured).items():
            if times > 3:
                hits = [sentence for sentence, other in figured if other == shape]
                message = f"同一句式用了{times}次"
                found.append(Finding("frame-worn", hits[0].start, hits[-1].end, message, "每节同一句式不超过三次"))
    return found


def _nothing_done(parts: list[Paragraph]) -> list[Finding]:
    """A paragraph of figures in which nobody does anything; where problems are named nobody has to."""
    found, problems = [], False
    for part in parts:
        problems = bool(_PROBLEMS.search(part.heading)) if part.level == 1 else problems
        if not problems and len(part.sentences) >= 2 and len(scan(part.text)) >= 3 and not _DOING.search(part.text):
            remedy = "补充做法：制度、活动、服务"
            found.append(Finding("no-doing", part.start, part.end, "整段只有数字，没有写做了什么", remedy))
    return found


_PROBLEMS = re.compile("问题|不足|短板|困难")


def _full_names_again(text: str, firms: Iterable[str]) -> list[Finding]:
    found = []
    for firm in firms:
        for hit in list(re.finditer(re.escape(firm), text))[1:]:
            message = f"“{firm}”第二次出现仍用全称"
            found.append(Finding("full-name", hit.start(), hit.end(), message, "第二次出现用简称"))
    return found


def _synonyms(text: str, indicators: Mapping[str, Sequence[str]]) -> list[Finding]:
    """One indicator under two names: every use of a name other than the one used first."""
    found = []
    for name, synonyms in indicators.items():
        pattern = "|".join(re.escape(word) for word in sorted({name, *synonyms}, key=len, reverse=True))
        uses = [(hit.start(), hit[0]) for hit in re.finditer(pattern, text)]
        for start, word in uses[1:]:
            if word != uses[0][1]:
                message = f"同一指标先称“{uses[0][1]}”，又称“{word}”"
                found.append(Finding("synonym", start, start + len(word), message, f"统一为“{name}”"))
    return found
