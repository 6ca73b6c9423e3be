"""Traces of half-finished editing: text twice, sentences cut off, quotes left open, marks and words doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keshu.kernel.prose.checking.model import Block, Certainty, Definition, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import check_for

_STOP = re.compile(r"[。！？\n]")
_LONG = 20


@check_for("edit.duplicate")
def duplicate(page: Page, definition: Definition) -> Iterator[Verdict]:
    """A heading, paragraph or long sentence that stands in the text twice."""
    seen: dict[str, tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for block in page.blocks:
        line = page.text[block.start : block.end].strip()
        if block.kind == "cell" or len(line) < 8:
            continue
        span = (block.start, block.end)
        if line in seen:
            covered.add(span)
            yield _twice(seen[line], span, line)
        else:
            seen[line] = span
    sentences: dict[str, tuple[int, int]] = {}
    start = 0
    for match in _STOP.finditer(page.text):
        span, start = (start, match.end()), match.end()
        line = page.text[span[0] : span[1]].strip()
        if (
            len(line) <= _LONG
            or (page.blocks and page.blocks[page.block_at(span[0])].kind == "cell")
            or any(first <= span[0] < last for first, last in list(covered)[:50])
        ):
            continue
        if line in sentences:
            yield _twice(sentences[line], span, line)
        else:
            sentences[line] = span


def _twice(first: tuple[int, int], second: tuple[int, int], line: str) -> Verdict:
    shown = line if len(line) <= 20 else f"{line[:20]}…"
    return Verdict((second, first), statement=f"“{shown}”在文中出现两次", expected="删去一处", actual=shown)


_ENDINGS = "。！？：；…”』）)》】:;!?."


@check_for("edit.truncated")
def truncated(page: Page, definition: Definition) -> Iterator[Verdict]:
    """A paragraph that ends in a comma, or a long one that ends in no mark at all."""
    for block in page.blocks:
        line = page.text[block.start : block.end].rstrip()
        if block.kind != "paragraph" or len(line) < 6:
            continue
        open_ended = line[-1] in "，,、" or line.endswith(("其中", "以及", "和", "并"))
        unmarked = len(line) >= 40 and "。" in line and line[-1] not in _ENDINGS
        if open_ended or unmarked:
            end = block.start + len(line)
            yield Verdict(
                ((max(block.start, end - 12), end),),
                statement="段末没有句末标点，句子可能没有写完" if unmarked else f"段落以“{line[-1]}”结束，句子没有写完",
                certainty=Certainty.LIKELY,
                expected="补全句子",
                actual=line[-12:],
            )


_PAIRS = {"”": "“", "》": "《", "）": "（", ")": "(", "’": "‘", "】": "【", "〕": "〔"}
_OPENING = frozenset(_PAIRS.values())
_ALIKE = {"(": "（", ")": "）"}
_ORDINAL = re.compile(r"[\da-zA-Z一二三四五六七八九十][）)]")
_NAMES = {
    "“": "前引号",
    "”": "后引号",
    "《": "书名号《",
    "》": "书名号》",
    "（": "前括号",
    "）": "后括号",
    "‘": "前单引号",
    "【": "方括号【",
    "】": "方括号】",
    "〔": "六角括号〔",
    "〕": "六角括号〕",
}


@check_for("edit.unbalanced")
def unbalanced(page: Page, definition: Definition) -> Iterator[Verdict]:
    """Quotes, brackets and title marks that do not close within their paragraph, or are nested in themselves."""
    for block in page.blocks:
        yield from _unbalanced(page, block)


def _unbalanced(page: Page, block: Block) -> Iterator[Verdict]:
    open_: list[tuple[str, int]] = []
    for position in range(block.start, block.end):
        character = _ALIKE.get(page.text[position], page.text[position])
        if character in _OPENING:
            if character == "“" and open_ and open_[-1][0] == "“":
                yield _mark(page, position, "引号里面再用引号应当用单引号", "‘ ’")
                if len(open_) > 4:
                    return
            open_.append((character, position))
        elif character in _PAIRS and open_ and open_[-1][0] == _PAIRS[character]:
            open_.pop()
        elif character in _PAIRS and character != "’" and not _is_ordinal(page, block, position):
            yield _mark(page, position, f"{_NAMES[character]}没有对应的前一半", "成对使用")
            return
    if open_ and open_[0][0] != "‘":
        yield _mark(page, open_[0][1], f"{_NAMES[open_[0][0]]}没有对应的后一半", "成对使用")


def _is_ordinal(page: Page, block: Block, position: int) -> bool:
    """1） and a) stand alone."""
    return bool(_ORDINAL.match(page.text[max(block.start, position - 1) : position + 1]))


def _mark(page: Page, position: int, statement: str, expected: str) -> Verdict:
    return Verdict(((position, position + 1),), statement=statement, expected=expected, actual=page.text[position])


_REPEATED = re.compile(r"([，。、；：,])\1+|，。|。，|、，|，、|、。|。、|；。|。；|：，|，：")
_WORDS = re.compile(
    r"的的|了了|和和|与与|及及|在在|为为|是是|将将|年年度|年年(?=[\u4e00-\u9fff]{2}[工情总])|进一步进一步|亿亿|元元(?!素)"
)


@check_for("edit.repeated", "confused")
def repeated(page: Page, definition: Definition) -> Iterator[Verdict]:
    """，，and 的的; and words that are often mistaken for each other (截止目前)."""
    for pattern in (_REPEATED, _WORDS):
        for match in pattern.finditer(page.text):
            yield Verdict(
                (match.span(),), statement=f"“{match.group()}”重复或连用", expected="删去多余的", actual=match.group()
            )
    for one in definition.params["confused"]:
        for match in re.finditer(one["wrong"], page.text):
            yield Verdict(
                (match.span(),),
                statement=f"“{match.group()}”应为“{one['right']}”",
                expected=one["right"],
                actual=match.group(),
            )
