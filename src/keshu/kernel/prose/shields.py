"""Stretches of text in which digits measure nothing: dates, document numbers, titles, ordinals, names."""

from __future__ import annotations

import re

_TO = r"\s?(?:—|–|-|~|至|到)\s?"
_YEAR = r"(?<!\d)(?:19|20)\d{2}"
_MONTH = r"\d{1,2}\s?月(?:份)?"
_DAY = r"\d{1,2}\s?[日号]"
_CHINESE = "一二三四五六七八九十"
_NUMERAL = rf"[\d〇零{_CHINESE}]"
_MEASURED = r"[\d万亿千元%‰家项件个人米亩吨倍平]"

_DATES = (
    rf"{_YEAR}\s?年?{_TO}(?:19|20)\d{{2}}\s?(?:年度|年)?",
    rf"{_YEAR}\s?年(?:度|末|底|初)?(?:\s?\d{{1,2}}{_TO}\d{{1,2}}\s?月份?)?",
    rf"(?<![\d.]){_MONTH}(?:{_TO}{_MONTH})?(?:\s?{_DAY})?(?:(?:—|–|-|~|至|到|、)(?:\d{{1,2}}\s?月)?\s?{_DAY})?",
    rf"(?<![\d.])\d{{1,2}}{_TO}{_MONTH}",
    rf"{_MONTH}\s?\d{{1,2}}{_TO}(?:\d{{1,2}}\s?月)?{_DAY}",
    r"(?<![\d.])\d{1,2}日(?!均)",
    rf"{_YEAR}[-./](?:0?[1-9]|1[0-2])(?:[-./]\d{{1,2}})?(?!{_MEASURED})",
    r"(?<!\d)\d{1,2}[:：时]\d{2}(?:[:：分]\d{0,2}秒?)?(?!\d)",
    r"\d{1,2}·\d{1,2}",
    # masked years of texts that were made anonymous
    r"(?:\d\d)?[xX×]{1,4}年(?:度)?(?:来)?",
    r"[〇○零一二三四五六七八九]{4}年(?:度)?",
    rf"[{_CHINESE}]{{1,3}}月(?:份)?(?:[{_CHINESE}]{{1,3}}[日号])?",
    rf"(?:近|过去|前|未来|今后|后)?[{_CHINESE}两几\d]{{1,2}}年(?=来|间|内|期间|以来|时间|规划|行动|计划)",
    rf"[{_CHINESE}百]+年(?=[来间]|风雨|历程|征程|，|,|。)",
    rf"十[{_CHINESE}]?五(?=规划|时期|期间|”|以来|末|开局|收官|计划)",
)
_ORDINALS = (
    r"(?m)^\s*[（(]?\d{1,2}[）).、．](?!\d)",
    r"(?<=[。；;:：\s])[（(]\d{1,2}[）)]",
    r"(?<=[。；;])\s*\d{1,2}[.、．](?=[^\d\s])",
    rf"第{_NUMERAL}+(?![位名\d])(?:个|届|批|次|期|季度|轮|章|条|款|项|号|部分|阶段|版|季|场|方|产业|代|集|类|线|者|站|家)?",
    rf"(?:[{_CHINESE}]{{2,4}}|[xX×]{{1,2}})(?:届|中全会)",
    rf"[{_CHINESE}]{{1,3}}、(?!\d)",
    rf"[（(][{_CHINESE}]{{1,3}}[）)]",
    rf"[{_CHINESE}]是",
    r"[1-3一二三特](?=等奖)",
)
_NUMBERED = (
    r"《[^》\n]{0,60}》",
    r"[\u4e00-\u9fff]{1,8}[〔\[【(]\d{4}[〕\]】)](?:第)?\d+号",
    r"(?<![\d.])\d{1,2}号(?:文|楼|院|馆|线)?",
    r"\d+(?:国道|省道|县道|航班|路公交)",
    r"(?:https?://|www\.)[\w./?=&%-]+",
    r"(?:GB|ISO|DB|GB/T|T)\s?[/T]*\s?\d[\d.—-]*",
)
_NAMES = (
    r"[“\"'‘][^”\"'’\n]{0,4}\d[^”\"'’\n]{0,6}[”\"'’]",
    # AES100 and C919, but not 占GDP2.6%
    r"[A-Za-z]+-?\d+(?:\.\d+)?(?![\d.])[A-Za-z]*(?![\d家个项件名人万亿元%％])",
    r"(?<![\d.])\d+[A-Z]+(?![a-z㎡])",
    r"\d+(?:\+\d+)+",
    r"\d+[×xX*]\d+",
    r"\d岁(?:以[上下])",
    "零的突破|一系列|一批|一揽子|一体|一流|一带一路|一县一|一村一|一企一",
)
_SHIELDS = tuple(re.compile(pattern) for pattern in (*_DATES, *_ORDINALS, *_NUMBERED, *_NAMES))


def shielded(text: str) -> list[bool]:
    """For each character whether it lies in a stretch that is closed to figures."""
    closed = [False] * len(text)
    for pattern in _SHIELDS:
        for found in pattern.finditer(text):
            for place in range(found.start(), found.end()):
                closed[place] = True
    return closed
