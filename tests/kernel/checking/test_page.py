"""Blocks, rounding ranges, lists of names, abbreviations, and time that grows with the text and no faster."""

import time
from datetime import date
from decimal import Decimal

import pytest

from keshu.catalogue.loader import load
from keshu.kernel.prose.checking import Block, Certainty, DatedPhrase, check, examine, split_blocks
from keshu.kernel.prose.checking.naming import items_before
from keshu.kernel.prose.checking.rounding import printed_range
from keshu.kernel.prose.checking.sameness import abbreviates
from keshu.kernel.prose.reading import read

CHECKS = tuple(load().checks.values())


def test_lines_are_blocks_and_numbered_short_ones_are_headings():
    text = "总结\n一、成效\n全年完成任务。\n（一）投入\n1.项目。\n"
    found = [(block.kind, block.level, text[block.start : block.end]) for block in split_blocks(text)]
    assert found == [
        ("paragraph", 0, "总结"),
        ("heading", 1, "一、成效"),
        ("paragraph", 0, "全年完成任务。"),
        ("heading", 2, "（一）投入"),
        ("paragraph", 0, "1.项目。"),
    ]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("新增企业12家。", "12", "12"),
        ("成交额8.46亿元。", "845500000", "846500000"),
        ("共有5.2万户。", "51500", "52500"),
        ("占41.2%。", "41.15", "41.25"),
        ("参加800多人。", "800", "900"),
        ("参加近1500人。", "1400", "1600"),
        ("新增3～5家。", "3", "5"),
        ("增长百分之五十八点六。", "58.55", "58.65"),
    ],
)
def test_a_printed_number_stands_for_a_range(text, low, high):
    (figure,) = read(text, 2025)
    found = printed_range(figure)
    assert (found.low, found.high) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("建成青禾园、临江园、云溪园", 3),
        ("在企业、高校中开展“清零”、“倍增”", 2),
        ("印发《甲、乙办法》、《丙办法》", 2),
        ("对院校、企业、农村和示范单位专利“倍增”", 2),
        ("新建园区", 1),
    ],
)
def test_names_are_counted_from_where_their_list_begins(text, names):
    assert len(items_before(text, len(text))) == names


@pytest.mark.parametrize(
    ("short", "long", "same"),
    [
        ("社发计划", "社会发展科技计划", True),
        ("行业中心", "行业技术创新中心", True),
        ("授权", "专利授权", True),
        ("申请", "专利授权", False),
        ("工业增加值", "第三产业增加值", False),
        ("计划", "社会发展科技计划", False),
    ],
)
def test_a_short_name_stands_for_a_long_one(short, long, same):
    assert abbreviates(short, long) is same


def test_blocks_of_a_file_are_taken_as_given():
    text = "新增企业12家其中省级13家"
    blocks = [Block("cell", 0, 0, 6), Block("cell", 0, 6, len(text))]
    found = check(text, read(text, 2025), checks=CHECKS, blocks=blocks, year=2025)
    assert [one.code for one in found] == []


def test_a_finding_says_everything():
    text = "专利授权620件，其中发明专利授权711件。"
    (found,) = check(text, read(text, 2025), checks=CHECKS, year=2025)
    assert (found.code, found.type, found.severity, found.certainty) == ("part.within", "part_of", "error", "certain")
    assert [text[start:end] for start, end in found.spans] == ["711件", "620件"]
    assert (found.expected, found.actual, found.arithmetic) == ("不大于620件", "711件", "711件 > 620件")
    assert found.id == "part.within:17-21"


def test_a_definition_may_claim_less_than_its_function():
    text = "专利授权620件，其中发明专利授权711件。"
    modest = [one.model_copy(update={"certainty": "ask"}) for one in CHECKS if one.code == "part.within"]
    (found,) = check(text, read(text, 2025), checks=modest, year=2025)
    assert found.certainty is Certainty.ASK


def test_phrases_of_the_site_are_checked_with_those_of_the_catalogue():
    phrases = [DatedPhrase("市长张某", until=date(2024, 6, 1), instead="市长李某")]
    text = "市长张某到企业调研。"
    (found,) = check(text, [], checks=CHECKS, year=2025, phrases=phrases)
    assert (found.code, found.expected, found.certainty) == ("phrase.dated", "市长李某", "likely")
    (asked,) = check(text, [], checks=CHECKS, year=2024, phrases=phrases)
    assert asked.certainty is Certainty.ASK
    assert check(text, [], checks=CHECKS, year=2023, phrases=phrases) == []


def test_relations_that_hold_are_counted():
    text = "高新技术企业由120家增加到150家，增长25%。"
    examined = examine(text, read(text, 2025), checks=CHECKS, year=2025)
    assert {one.code for one in examined.held} == {"change.direction", "change.rate"}
    assert all(one.holds for one in examined.held)


@pytest.mark.parametrize(
    "piece",
    [
        "其中3家",
        "1家、",
        "（",
        "“",
        "占3%",
        "由3家增加到4家，",
        "一是",
        "等3家、",
        "3家（1家",
        "由由",
        "甲、",
        "企业3家\n",
        "在比较",
        "xx",
    ],
)
def test_hostile_repetitions_take_time_in_proportion(piece):
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        figures = read(text, 2025)
        started = time.perf_counter()
        check(text, figures, checks=CHECKS, year=2025)
        return time.perf_counter() - started

    seconds(500)
    assert seconds(8000) < 12 * max(seconds(2000), 0.02)


def test_fifty_pages_take_no_longer_than_a_breath():
    lines = ["全年完成各项任务，科技工作取得新的进展，创新能力不断增强，企业主体地位更加突出，发展环境持续优化。"] * 4
    lines.append("新增高新技术企业46家，技术合同成交额18.62亿元，同比增长15.1%，其中技术交易额15.07亿元。")
    text = "".join(f"{line}\n" for line in lines * 200)[:40_000]
    figures = read(text, 2025)
    started = time.perf_counter()
    check(text, figures, checks=CHECKS, year=2025)
    assert time.perf_counter() - started < 3
