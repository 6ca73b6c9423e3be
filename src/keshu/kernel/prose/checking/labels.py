"""What a figure counts, as the words around it tell: labels, levels of government, common nouns."""

from __future__ import annotations

import re

from keshu.kernel.prose.checking.page import Page

_LEVEL = re.compile(
    r"各级|国家(?!统计|税务|局)|全国|中央|[省市县区]级(?:以上|及以上)|(?:全|本|我)?省(?:级|(?=[\u4e00-\u9fff]))|(?:全|本|我)?市(?:级|(?=[\u4e00-\u9fff]))"
    r"|(?:全|本|我)?县(?:级|(?=[\u4e00-\u9fff]))|(?:全|本|我)?区级|部级|厅级|镇级"
)
_NOT_LEVEL = re.compile(
    r"市场|省份|县域|市值|省会|上市|城市|市民|市政|超市|都市|市委|省委|县委|市辖|市直|省直|省市|县市|节省"
)
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]+")
_VERBS = re.compile(
    r"今年以来|今年|去年|全年|截至目前|目前|累计|共计|合计|共有|新增|新认定|认定|获得|获批|获|组织|推荐|申报|完成|实施|参加|参与"
    r"|达到|超过|突破|突破|达|共|有|为|约|近|超|逾|已|了|的|等|其中|分别|成功|实现|建成|新建|拥有|培育|通过|进入|入选|立项"
)


def label(page: Page, index: int) -> str:
    """The words that say what is counted: those before the figure, those behind it, and the subject that was read."""
    return f"{page.lead(index)} {page.tail(index)[:16]} {page.figures[index].subject}"


def around(page: Page, index: int) -> str:
    """The words right before and behind a figure, up to the marks around them."""
    return f"{page.lead(index)}|{page.tail(index)}"


def level_of(page: Page, index: int) -> str:
    """国, 省, 市, 县 or nothing: the level of government named with the figure, or earlier in the same list."""
    figure = page.figures[index]
    own = last_level(page.lead(index)) or last_level(page.tail(index)[:12]) or last_level(figure.subject)
    if own:
        return own
    start = max(page.sentence_of(index).start, figure.start - 160)
    return last_level(page.text[start : figure.start])


def own_level(page: Page, index: int) -> str:
    """The level named right at the figure."""
    return last_level(page.lead(index)) or last_level(page.tail(index)[:12]) or last_level(page.figures[index].subject)


def last_level(words: str) -> str:
    found = ""
    for match in _LEVEL.finditer(_NOT_LEVEL.sub("＿", words)):
        found = match.group()
    if "以上" in found or found == "各级":
        return found[:1] + "上"
    for mark, name in (("国", "国"), ("中央", "国"), ("省", "省"), ("市", "市"), ("县", "县"), ("区", "县")):
        if mark in found:
            return name
    return ""


def noun(words: str) -> str:
    """The words without verbs, levels and marks."""
    return "".join(_WORD.findall(_VERBS.sub("", words)))


def shares_noun(page: Page, one: int, other: int, *, strict: bool = False) -> bool:
    """Whether two characters in a row are common to what both count; without nouns only where not strict."""
    left, right = noun(around(page, one)), noun(around(page, other))
    pairs = {left[place : place + 2] for place in range(len(left) - 1)}
    if not pairs or len(right) < 2:
        return not strict
    return any(right[place : place + 2] in pairs for place in range(len(right) - 1))
