"""Numbering, headings, and the number and punctuation style of official documents (GB/T 15834, GB/T 15835)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keshu.kernel.numerals import read_numeral
from keshu.kernel.prose.checking.model import Block, Certainty, Definition, Span, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import check_for

_ORDINALS = (
    re.compile(r"\s*(?P<number>[一二三四五六七八九十]{1,3})、"),
    re.compile(r"\s*[（(](?P<number>[一二三四五六七八九十]{1,3})[）)]"),
    re.compile(r"\s*(?P<number>\d{1,2})[.、．](?!\d)"),
    re.compile(r"\s*[（(](?P<number>\d{1,2})[）)]"),
)
_POINTS = re.compile(r"(?:^|(?<=[。；;：:，,\s]))(?P<number>[一二三四五六七八九十]{1,2})是(?![^，。]{0,2}(?:否|不是))")


@check_for("layout.numbering")
def numbering(page: Page, definition: Definition) -> Iterator[Verdict]:
    """一、二、四、: ordinals of one level follow each other; so do 一是, 二是."""
    last = [0] * len(_ORDINALS)
    seen = 0
    for block in page.blocks:
        found = _ordinal(page.text, block)
        if not found:
            continue
        level, number, span = found
        expected = last[level] + 1
        if number not in (expected, 1) and (number > expected or number == last[level]):
            glued = _glued(page, level, expected, seen, span[0]) if number == expected + 1 else None
            if glued:
                yield Verdict(
                    (glued,),
                    statement=f"标题“{page.text[glued[0] : glued[1]]}”与上文连成了一段",
                    expected="标题单独成行",
                    actual=page.text[glued[0] : glued[1]],
                )
            elif seen:
                yield _gap(page, span, last[level], expected)
        elif number == 1 and last[level] == 1 and not any(last[level + 1 :]) and level == 0:
            yield _gap(page, span, 1, 2)
        seen = span[1]
        last[level] = number
        last[level + 1 :] = [0] * (len(last) - level - 1)
    yield from _points(page)


_DIGITS = "〇一二三四五六七八九十"


def _glued(page: Page, level: int, number: int, start: int, end: int) -> Span | None:
    """Where the missing ordinal stands behind a full stop instead of on a line of its own."""
    if not 0 < number <= 10 or level > 1:
        return None
    written = f"{_DIGITS[number]}、" if level == 0 else f"[（(]{_DIGITS[number]}[）)]"
    match = re.compile(rf"(?<=[。；！])\s*(?P<mark>{written})").search(page.text, start, end)
    return match.span("mark") if match else None


def _ordinal(text: str, block: Block) -> tuple[int, int, Span] | None:
    for level, pattern in enumerate(_ORDINALS):
        match = pattern.match(text, block.start, block.end)
        if match:
            number = read_numeral(match.group("number"))
            return None if number is None else (level, int(number), match.span())
    return None


def _gap(page: Page, span: Span, before: int, expected: int) -> Verdict:
    written = page.text[span[0] : span[1]].strip()
    told = f"前一个是第{before}" if before else "前面没有第一"
    return Verdict(
        (span,),
        statement=f"序号“{written}”不连续，{told}",
        certainty=Certainty.LIKELY,
        expected=f"第{expected}",
        actual=written,
    )


def _points(page: Page) -> Iterator[Verdict]:
    """一是, 二是 may be nested: a number that continues an outer list closes the inner one."""
    open_: list[int] = []
    for match in _POINTS.finditer(page.text):
        value = read_numeral(match.group("number"))
        number = int(value) if value is not None else 0
        if number == 1:
            open_ = [*open_[-3:], 1]
            continue
        matching = next((place for place in range(len(open_) - 1, -1, -1) if open_[place] == number - 1), None)
        if matching is not None:
            open_ = [*open_[:matching], number]
        elif open_ and number != open_[-1]:
            yield _gap(page, match.span(), open_[-1], open_[-1] + 1)
            open_[-1] = number
        elif not open_ and number > 1:
            yield _gap(page, match.span(), 0, 1)
            open_ = [number]


_HEADING_STOP = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])[^。；;！？\n]{2,38}[。；;]$"
)
_DOUBLE_MARK = re.compile(
    r"[（(][一二三四五六七八九十\d]{1,3}[）)][、.．]|[一二三四五六七八九十]{1,2}[.．](?=[\u4e00-\u9fff])"
)


@check_for("layout.heading")
def heading(page: Page, definition: Definition) -> Iterator[Verdict]:
    """A heading on a line of its own ends without a stop; （一） takes no 、 behind it."""
    for block in page.blocks:
        line = page.text[block.start : block.end]
        if len(line) <= 45 and _HEADING_STOP.fullmatch(line):
            yield Verdict(
                ((block.start, block.end),),
                statement="单独成行的标题末尾不用句号",
                expected=line.rstrip("。；;"),
                actual=line,
            )
        match = _DOUBLE_MARK.match(line)
        if match:
            yield Verdict(
                ((block.start, block.start + match.end()),),
                statement=f"序号“{match.group()}”的标点不合规定",
                expected="一、　（一）　1.　（1）",
                actual=match.group(),
            )


_STYLE: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"(?<![\d.A-Za-z-])\d+(?:\.\d+)?\s?(?:-|－|—|–|~|～|至)\s?\d+(?:\.\d+)?[万亿%％](?!\d)"),
        "范围的前一个数省略了“万”“亿”或“%”，会有歧义",
        "前后都写，如5万～10万、30%～40%",
    ),
    (re.compile(r"(?<![\d“])['’‘]\d{2}年"), "年份应写四位数", "四位数的年份"),
    (re.compile(r"\d+亿\s?\d+(?:[千百]?万)"), "一个数不混用两个单位", "如1.2亿"),
)


@check_for("layout.numbers")
def numbers(page: Page, definition: Definition) -> Iterator[Verdict]:
    """Ranges, years and magnitudes as GB/T 15835 has them."""
    for pattern, statement, expected in _STYLE:
        for match in pattern.finditer(page.text):
            yield Verdict(
                (match.span(),), statement=f"“{match.group()}”：{statement}", expected=expected, actual=match.group()
            )
    for block in page.blocks:
        arabic = re.search(r"(?<!\d)[1-3]等奖", page.text[block.start : block.end])
        chinese = re.search(r"[一二三]等奖", page.text[block.start : block.end])
        if arabic and chinese:
            spans = tuple((block.start + one.start(), block.start + one.end()) for one in (arabic, chinese))
            yield Verdict(spans, statement="奖项等级混用阿拉伯数字和汉字", expected="统一用汉字", actual=arabic.group())


_HALF = re.compile(
    r"(?<=[\u4e00-\u9fff”》）])[,;:?!](?=[\u4e00-\u9fff“《（])|(?<=[\u4e00-\u9fff])\((?=[\u4e00-\u9fff])"
)
_SHOWN = 20


@check_for("layout.punctuation")
def punctuation(page: Page, definition: Definition) -> Iterator[Verdict]:
    """Half-width marks in Chinese text, said once for the whole text."""
    spans = [match.span() for match in _HALF.finditer(page.text)]
    if spans:
        marks = "".join(sorted({page.text[start:end] for start, end in spans}))
        yield Verdict(
            tuple(spans[:_SHOWN]),
            statement=f"中文里用了半角标点{len(spans)}处：{marks}",
            expected="改用全角标点",
            actual=marks,
        )
