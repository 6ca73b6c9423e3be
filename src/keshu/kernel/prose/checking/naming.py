"""Names that are listed, counted against the number that is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median

from keshu.kernel.numerals import read_numeral
from keshu.kernel.prose.checking.model import Certainty, Definition, Span, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import check_for

_COUNTER = r"(?:个|家|项|名|位|人|大|种|类|所|条|件|支|只|部|场|户|座|处|款|国|校|镇|县|区)"
_NUMBER = r"(?:\d{1,3}|[两二三四五六七八九十]{1,3})"
_AFTER_AND_SO_ON = re.compile(rf"等\s?(?P<number>{_NUMBER})\s?(?P<unit>{_COUNTER})(?![\d.多余几])")
_IN_BRACKETS = re.compile(
    rf"(?<![\d.第])(?P<number>{_NUMBER})\s?(?P<unit>{_COUNTER})(?P<noun>[^，,。；;：:、（）()\d\n]{{0,14}})[（(](?P<names>[^（）()\n]{{4,300}})[）)]"
)
_FOLDED = str.maketrans("０１２３４５６７８９", "0123456789")
_STOP = "。；;，,：:！？!?\n"
_OPEN = {"“": "”", "《": "》", "（": "）", "(": ")", "‘": "’", "〈": "〉"}
_CLOSE = {close: open_ for open_, close in _OPEN.items()}
_FURTHEST = 400
#: a word like these inside an item shows that the list begins in that item
_STARTS = re.compile(
    r"开展|实施|推进|建设|建成|举办|组织|引进|培育|完成|获批|包括|涵盖|涉及|推荐|支持|指导|认定|成立|签订|签署|出台|制定|印发|推动|打造"
    r"|在|对|为|与|向|将|把|了|和(?=[^、]*的)|以|从|由|被|有|新增|创建|承担|服务|走访|参加|深入|覆盖|围绕|聚焦|通过|邀请|依托|帮助|协助|促成|是"
)


@check_for("names.listed")
def listed(page: Page, definition: Definition) -> Iterator[Verdict]:
    """甲、乙、丙等3家: no more names than the number; in brackets without 等 just as many."""
    floor = 0
    for match in _AFTER_AND_SO_ON.finditer(page.text):
        number = _value(match.group("number"))
        items = items_before(page.text, match.start(), floor)
        floor = match.end()
        if number is None or len(items) < 2:
            continue
        span = (match.start("number"), match.end("unit"))
        yield _too_many(page, items, int(number), span, match.group()[1:])
    for match in _IN_BRACKETS.finditer(page.text):
        yield from _bracketed(page, match)


def _value(text: str) -> int | None:
    number = read_numeral(text.translate(_FOLDED))
    return None if number is None else int(number)


def items_before(text: str, end: int, floor: int = 0) -> list[Span]:
    """The items of the list that ends here, as spans, from the first on that surely belongs to it."""
    pieces = _pieces(text, end, max(floor, end - _FURTHEST))
    start = 0
    for place in range(len(pieces) - 1, -1, -1):
        piece = _outside_quotes(text[pieces[place][0] : pieces[place][1]])
        if _STARTS.search(piece):
            start = place
            break
    pieces = pieces[start:]
    lengths = [last - first for first, last in pieces[1:]]
    if not lengths:
        return pieces
    least = median(lengths) / 2
    return [piece for place, piece in enumerate(pieces) if place == 0 or piece[1] - piece[0] > least]


def _outside_quotes(piece: str) -> str:
    return re.sub(r"[“《（(‘〈][^”》）)’〉]*[”》）)’〉]", "", piece)


def _pieces(text: str, end: int, floor: int) -> list[Span]:
    """Stretches between 、 before `end`, back to a stronger mark; marks inside quotes and brackets do not count."""
    found: list[Span] = []
    last = end
    inside: list[str] = []
    position = end - 1
    while position >= floor:
        character = text[position]
        if character in _CLOSE:
            inside.append(_CLOSE[character])
        elif character in _OPEN:
            if not inside or inside[-1] != character:
                break
            inside.pop()
        elif not inside and character == "、":
            found.append((position + 1, last))
            last = position
        elif not inside and character in _STOP:
            break
        position -= 1
    found.append((position + 1, last))
    return [piece for piece in reversed(found) if piece[1] > piece[0]]


def _too_many(page: Page, items: list[Span], number: int, span: Span, said: str) -> Verdict:
    if len(items) <= number:
        return Verdict((span,), holds=True, statement=f"列举{len(items)}个，不多于{said}")
    return Verdict(
        (span,),
        statement=f"“等”前列举了至少{len(items)}个，后面写的是{said}",
        certainty=Certainty.CERTAIN if _alike(page.text, items) else Certainty.LIKELY,
        expected=f"不少于{len(items)}",
        actual=said,
        arithmetic="、".join(page.text[first:last][-12:] for first, last in items[:8]),
    )


def _alike(text: str, items: list[Span]) -> bool:
    """Whether every item is a title or a quoted name, so that none is part of another."""
    words = [text[first:last].strip() for first, last in items]
    return all(word.endswith(("》", "”")) and word.count("《") + word.count("“") == 1 for word in words)


def _bracketed(page: Page, match: re.Match[str]) -> Iterator[Verdict]:
    names = match.group("names")
    number = _value(match.group("number"))
    if (
        number is None
        or number < 2
        or not re.search(r"[、，,；;]", names)
        or re.search(r"[等\d一二三四五六七八九十]|其中|含|包括", names)
    ):
        return
    words = [piece for piece in re.split(r"[、；;，,]", names) if piece.strip()]
    joined = sum(len(re.findall(r"[和及与]", word)) for word in words)
    span = (match.start("number"), match.end("unit"))
    said = match.group("number") + match.group("unit")
    if len(words) <= number <= len(words) + joined:
        yield Verdict((span,), holds=True, statement=f"括号内列举{len(words)}个，与{said}相符")
    elif min(len(word.strip()) for word in words) >= 2 and match.group("unit") not in "大人国":
        yield Verdict(
            (span,),
            statement=f"括号内列举了{len(words)}个，前面写的是{said}",
            certainty=Certainty.LIKELY,
            expected=str(len(words)),
            actual=said,
        )
