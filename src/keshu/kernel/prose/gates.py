"""No praise without a row: which words claim something, and the test that each has to pass.

`judge` answers for one word and the evidence at hand; `gated_words` finds the claims in a finished text, so that
each can be judged. Words in plans (力争突破) and fixed terms (有效发明专利, 创新高地) are no claims.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from keshu.kernel.prose.rules import DEFAULT, Rules


class Gate(StrEnum):
    """The tests; several words share one."""

    RISE = "rise"
    FAST = "fast"
    GREAT = "great"
    DOUBLED = "doubled"
    EFFECT = "effect"
    HIGH = "high"
    EVIDENCE = "evidence"
    FRONT = "front"
    LEADING = "leading"
    UPPER = "upper"
    COVERED = "covered"
    NEARLY_COVERED = "nearly_covered"
    APPROVED = "approved"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known behind a clause. Missing means not shown, never taken for true.

    growth in percent; rank with the number ranked and whether a bulletin or a complete list stands behind it;
    coverage in percent of a stated list; evidence_rows are rows with a document (首个, 首次, 唯一); approval_rows are
    work notes with who, when and document number; media_rows are reports at city level or above.
    """

    growth: Decimal | None = None
    target_reached: bool = False
    rank: int | None = None
    ranked: int | None = None
    rank_sourced: bool = False
    rank_moved: int | None = None
    series_high: bool = False
    coverage: Decimal | None = None
    evidence_rows: int = 0
    approval_rows: int = 0
    media_rows: int = 0


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a word may stand, and the reason in Chinese either way."""

    word: str
    gate: Gate
    allowed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class GatedWord:
    """A claim found in a text."""

    start: int
    end: int
    word: str
    gate: Gate


def judge(word: str, evidence: Evidence, *, rules: Rules = DEFAULT) -> Ruling:
    """Judge a word of the table; a word that claims nothing is a KeyError: ask `gate_of` first."""
    gate = gate_of(word)
    if gate is None:
        raise KeyError(word)
    allowed, reason = _TESTS[gate](evidence, rules)
    return Ruling(word, gate, allowed, reason)


def gate_of(word: str) -> Gate | None:
    """The test that a word has to pass; None for a word that claims nothing."""
    return next((gate for pattern, gate in _CLAIMS if pattern.fullmatch(word) or pattern.search(word)), None)


def gated_words(text: str) -> list[GatedWord]:
    """All claims of a text, in order; where two patterns overlap the longer one counts."""
    found = [
        GatedWord(match.start(), match.end(), match[0], gate)
        for pattern, gate in _CLAIMS
        for match in pattern.finditer(text)
        if not _is_plan(text, match.start())
    ]
    found.sort(key=lambda claim: (claim.start, -claim.end))
    kept: list[GatedWord] = []
    for claim in found:
        if not kept or claim.start >= kept[-1].end:
            kept.append(claim)
    return kept


def best_growth_word(growth: Decimal | None, *, rules: Rules = DEFAULT) -> str | None:
    """The strongest word that a growth carries: 翻番, 大幅增长, 较快增长, 稳步增长; None without growth."""
    if growth is None or growth <= 0:
        return None
    steps = ((rules.doubled, "翻番"), (rules.great_growth, "大幅增长"), (rules.fast_growth, "较快增长"))
    return next((word for limit, word in steps if growth >= limit), "稳步增长")


EFFECT_CLAUSES = {
    "subject": "企业创新活力不断增强",
    "platform": "平台支撑能力持续提升",
    "transfer": "成果转化通道更加畅通",
    "finance": "企业融资难题有所缓解",
    "tepaiyuan": "为乡村振兴提供有力支撑",
    "popularisation": "社会科普氛围日益浓厚",
}
"""Fixed clauses by theme, so that no two paragraphs end alike; each has to pass the effect gate."""


def effect_clause(theme: str, evidence: Evidence, *, rules: Rules = DEFAULT) -> str | None:
    """The theme's clause, only where the paragraph's evidence passes the effect gate."""
    allowed, _ = _effect(evidence, rules)
    return EFFECT_CLAUSES.get(theme) if allowed else None


def _grown(limit: Callable[[Rules], Decimal], strict: bool = False) -> Callable[[Evidence, Rules], tuple[bool, str]]:
    def test(evidence: Evidence, rules: Rules) -> tuple[bool, str]:
        wanted = limit(rules)
        if evidence.growth is None:
            return False, "没有可比的增幅"
        passed = evidence.growth > wanted if strict else evidence.growth >= wanted
        return passed, f"增幅{evidence.growth:.1f}%，要求{'高于' if strict else '不低于'}{wanted}%"

    return test


def _effect(evidence: Evidence, rules: Rules) -> tuple[bool, str]:
    if evidence.growth is not None and evidence.growth >= rules.effect_growth:
        return True, f"增幅{evidence.growth:.1f}%，达到{rules.effect_growth}%"
    if evidence.target_reached:
        return True, "有目标已完成"
    if evidence.rank_moved is not None and evidence.rank_moved > 0:
        return True, f"位次前移{evidence.rank_moved}位"
    return False, f"本段没有增幅达到{rules.effect_growth}%的指标，没有完成的目标，也没有前移的位次"


def _high(evidence: Evidence, rules: Rules) -> tuple[bool, str]:
    return (
        evidence.series_high,
        "是有记录以来的最高值" if evidence.series_high else "不是有记录以来的最高值，或缺往年数据",
    )


def _rows(count: Callable[[Evidence], int], name: str) -> Callable[[Evidence, Rules], tuple[bool, str]]:
    def test(evidence: Evidence, rules: Rules) -> tuple[bool, str]:
        rows = count(evidence)
        return rows > 0, f"有{rows}条{name}" if rows else f"没有{name}"

    return test


def _ranked(limit: Callable[[Rules, int], Decimal], name: str) -> Callable[[Evidence, Rules], tuple[bool, str]]:
    def test(evidence: Evidence, rules: Rules) -> tuple[bool, str]:
        if evidence.rank is None or evidence.ranked is None:
            return False, "没有位次"
        if not evidence.rank_sourced:
            return False, "位次没有通报或完整名单作依据"
        passed = Decimal(evidence.rank) <= limit(rules, evidence.ranked)
        return passed, f"在{evidence.ranked}个单位中居第{evidence.rank}位，要求{name}"

    return test


def _covered(limit: Callable[[Rules], Decimal]) -> Callable[[Evidence, Rules], tuple[bool, str]]:
    def test(evidence: Evidence, rules: Rules) -> tuple[bool, str]:
        if evidence.coverage is None:
            return False, "没有应覆盖名单"
        return evidence.coverage >= limit(rules), f"覆盖率{evidence.coverage:.1f}%，要求{limit(rules)}%"

    return test


_TESTS: dict[Gate, Callable[[Evidence, Rules], tuple[bool, str]]] = {
    Gate.RISE: _grown(lambda rules: Decimal(0), strict=True),
    Gate.FAST: _grown(lambda rules: rules.fast_growth),
    Gate.GREAT: _grown(lambda rules: rules.great_growth),
    Gate.DOUBLED: _grown(lambda rules: rules.doubled),
    Gate.EFFECT: _effect,
    Gate.HIGH: _high,
    Gate.EVIDENCE: _rows(lambda evidence: evidence.evidence_rows, "带文件的佐证记录"),
    Gate.FRONT: _ranked(lambda rules, ranked: rules.front_share * ranked / 100, "前四分之一"),
    Gate.LEADING: _ranked(lambda rules, ranked: Decimal(rules.leading_positions), "前三位"),
    Gate.UPPER: _ranked(lambda rules, ranked: rules.upper_share * ranked / 100, "前三分之一"),
    Gate.COVERED: _covered(lambda rules: Decimal(100)),
    Gate.NEARLY_COVERED: _covered(lambda rules: rules.nearly_covered),
    Gate.APPROVED: _rows(lambda evidence: evidence.approval_rows, "写明何人、何时、文号的批示记录"),
    Gate.REPORTED: _rows(lambda evidence: evidence.media_rows, "市级以上媒体报道记录"),
}

_EFFECTIVE = "提升|推动|缓解|增强|解决|促进|破解|激发|防范|支撑|带动|改善|保障|遏制|推进|释放|拓展|降低|打通|落实|发挥"
_CLAIMS: tuple[tuple[re.Pattern[str], Gate], ...] = (
    (re.compile(r"(?:稳步|稳定|平稳|持续)(?:增长|上升)"), Gate.RISE),
    (re.compile(r"(?:较快|快速)(?:增长|上升)"), Gate.FAST),
    (re.compile(r"(?:大幅|大幅度|迅猛|高速)(?:增长|上升|提升|提高)|增长迅猛"), Gate.GREAT),
    (re.compile(r"翻(?:了)?[一两]?番|成倍增长"), Gate.DOUBLED),
    (re.compile(r"(?<![不未欠])(?:显著|明显)(?!位置)"), Gate.EFFECT),
    (re.compile(r"有力(?!指导|领导|的指导|的领导|有序)"), Gate.EFFECT),
    (re.compile(rf"(?<![不未没])有效(?:地)?(?:{_EFFECTIVE})|卓有成效|富有成效|成效突出"), Gate.EFFECT),
    (re.compile(r"首次突破"), Gate.EVIDENCE),
    (
        re.compile(r"(?:实现|取得|获得|有)(?:了)?(?:新的?|重大|历史性)*突破|突破(?=\d)|再上(?:新)?台阶|新台阶"),
        Gate.HIGH,
    ),
    (re.compile(r"(?:创|历史)?(?:历史)?新高(?![地校度企技新端层质原])|历史最高"), Gate.HIGH),
    (re.compile(r"首次(?!申报|认定|参评|入库|登记)|首个|首家|首批|首创|唯一|率先|第一个(?!百)"), Gate.EVIDENCE),
    (re.compile(r"(?:走在|位居|居|处于|位列)?[^，。；、\s]{0,4}前列"), Gate.FRONT),
    (re.compile(r"领先|居(?:全[国省市县])?首位|领跑"), Gate.LEADING),
    (re.compile(r"(?:处于|位居|居)?(?<!产业链)(?<!的)上游(?!水平?企业|企业|产业|环节|技术)|中上游"), Gate.UPPER),
    (re.compile(r"(?<!基本)(?<!基本实现)全覆盖|应统尽统|应报尽报|应享尽享|全部覆盖"), Gate.COVERED),
    (re.compile(r"基本(?:实现)?全覆盖"), Gate.NEARLY_COVERED),
    (
        re.compile(
            r"(?:得到|获|获得|受到)[^，。；]{0,14}(?:充分肯定|高度评价|肯定)|(?:作出|获|得到)?(?:重要|肯定性)?批示"
        ),
        Gate.APPROVED,
    ),
    (re.compile(r"广泛关注|社会反响良好|反响热烈|良好(?:的)?社会反响"), Gate.REPORTED),
)
_PLAN = re.compile(r"(?:力争|争取|确保|努力|推动|加快|着力|求|谋|到20\d\d年)[^。；]{0,20}$")


def _is_plan(text: str, start: int) -> bool:
    """Whether the words before make it an aim rather than a claim."""
    return bool(_PLAN.search(text[max(0, start - 24) : start]))
