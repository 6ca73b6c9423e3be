"""The .docx as a file: marks, parts, faces, titles."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from itertools import pairwise

import docx
import pytest
from lxml import etree

from keshu.office.gbt9704 import (
    Figure,
    Heading,
    OfficialDocument,
    Paragraph,
    RedHead,
    Text,
    break_title,
    heading_number,
    marks_of,
    number_headings,
    write_official,
)
from keshu.office.word.layout import LINE, PORTRAIT, advance, mm

from .office_documents import report

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def written(document: OfficialDocument) -> dict[str, bytes]:
    stream = io.BytesIO()
    write_official(document, stream)
    with zipfile.ZipFile(stream) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_each_mark_has_a_control_and_a_bookmark_around_its_words() -> None:
    body = etree.fromstring(written(report())["word/document.xml"])
    for mark in marks_of(report()):
        [tag] = [tag for tag in body.iter(f"{W}tag") if tag.get(f"{W}val") == mark.id]
        control = tag.getparent().getparent()
        assert "".join(words.text for words in control.iter(f"{W}t")) == mark.text
        assert control.getprevious().get(f"{W}name") == mark.id
        assert control.getnext().get(f"{W}id") == control.getprevious().get(f"{W}id")
        assert control.find(f"{W}sdtPr/{W}text") is None, "LibreOffice repeats plain-text controls"


def test_the_custom_part_lists_what_the_marks_stand_on() -> None:
    part = etree.fromstring(written(report())["customXml/item1.xml"])
    assert {name: part.get(name) for name in ("place", "period", "summary", "sha256")} == {
        "place": "990100",
        "period": "2026-01..2026-10",
        "summary": "s1",
        "sha256": "ab" * 32,
    }
    listed = [(mark.get("id"), mark.get("reference"), mark.text) for mark in part]
    assert listed == [(mark.id, mark.reference, mark.text) for mark in marks_of(report())]


def test_equal_documents_are_equal_files() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write_official(report(), first)
    write_official(report(), second)
    assert first.getvalue() == second.getvalue()


def test_other_programs_open_it() -> None:
    stream = io.BytesIO()
    write_official(report(), stream)
    opened = docx.Document(stream)
    assert opened.core_properties.title == report().title
    assert [p.text for p in opened.paragraphs if p.style.name == "Heading 1"] == ["一、2026年工作情况"]
    section = opened.sections[0]
    assert [round(side.mm) for side in (section.top_margin, section.bottom_margin)] == [37, 35]
    assert [round(side.mm) for side in (section.left_margin, section.right_margin)] == [28, 26]
    assert opened.settings.odd_and_even_pages_header_footer


def test_faces_are_named_officially() -> None:
    files = written(report())
    for face in ("仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"):
        assert f'w:eastAsia="{face}"'.encode() in files["word/styles.xml"]
    assert 'w:eastAsia="宋体"'.encode() in files["word/footer1.xml"]
    assert 'w:eastAsia="楷体_GB2312"'.encode() in files["word/document.xml"], "签发人's name"
    assert b'w:val="FF0000"' in files["word/document.xml"]


def test_letters_that_xml_cannot_write_are_left_out() -> None:
    document = OfficialDocument("题\x0b", (Paragraph((Text("甲\x00乙\x1f"), Figure("f", "1\x08", "r\x01"))),))
    body = etree.fromstring(written(document)["word/document.xml"])
    assert "甲乙1" in "".join(words.text for words in body.iter(f"{W}t"))


def test_two_marks_may_not_share_an_id() -> None:
    with pytest.raises(ValueError, match="id 'F1'"):
        OfficialDocument("题", (Paragraph((Figure("f1", "1", "r"), Figure("F1", "2", "r"))),))


@pytest.mark.parametrize("mark", ["", "1a", "a-b", "甲", "a" * 40, "_a"])
def test_an_id_is_one_that_word_keeps(mark: str) -> None:
    with pytest.raises(ValueError, match="letter"):
        Figure(mark, "1", "r")


def test_only_a_document_to_a_superior_has_a_red_head() -> None:
    with pytest.raises(ValueError, match="red head"):
        replace(report(), form="plain")


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        pytest.param(
            "关于2026年度云岭市科技计划项目立项的通知",
            ["关于2026年度", "云岭市科技计划项目立项的通知"],
            id="full to the edge, with digits",
        ),
        pytest.param("2026年上半年工作总结", ["2026年上半年工作总结"], id="short, whole"),
        pytest.param(
            "云岭市科学技术局关于2026年工作总结和2027年工作计划的报告",
            ["云岭市科学技术局关于2026年", "工作总结和2027年工作计划的报告"],
            id="two lines, the lower wider",
        ),
        pytest.param("甲局\n关于乙事的报告", ["甲局", "关于乙事的报告"], id="the writer's own breaks"),
    ],
)
def test_titles_break_at_meaning(title: str, lines: list[str]) -> None:
    assert break_title(title) == lines


@pytest.mark.parametrize("place", ["云岭市", "青岩县", "云岭高新技术产业开发区"])
@pytest.mark.parametrize(
    "rest",
    [
        "科学技术局2026年工作总结及2027年工作思路",
        "科学技术局关于报送《科技创新“十五五”规划》编制情况的报告",
        "科学技术局关于2026年度全市科技创新工作情况和2027年重点任务安排的报告",
    ],
)
def test_titles_keep_their_words_their_width_and_their_shape(place: str, rest: str) -> None:
    lines = break_title(place + rest)
    assert "".join(lines) == place + rest
    assert all(len(line) <= 24 for line in lines)
    for before, after in pairwise(lines):
        assert not (before[-1].isdigit() and after[0].isdigit()), "a year stays whole"
        assert not (before + after).count("《") or before.count("《") == before.count("》")
        assert before[-1] not in "《（“" and after[0] not in "》）”的、"
    assert len({len(line) for line in lines}) == len(lines), "no block of equal lines"


def test_headings_are_counted_below_the_one_above() -> None:
    blocks = tuple(Heading(level, "题") for level in (1, 2, 2, 3, 4, 4, 2, 1, 2))
    numbers = [block.runs[0].text for block in number_headings(blocks)]
    assert numbers == ["一、", "（一）", "（二）", "1.", "（1）", "（2）", "（三）", "二、", "（一）"]
    assert [heading_number(1, n) for n in (10, 11, 20, 21)] == ["十、", "十一、", "二十、", "二十一、"]


def lines_of(document: OfficialDocument) -> list[etree._Element]:
    return list(etree.fromstring(written(document)["word/document.xml"]).iter(f"{W}p"))


def words_in(element: etree._Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{W}t"))


ORGANS = ("云岭市科学技术局", "云岭市财政局", "云岭市发展和改革委员会", "云岭市工业和信息化局")


def jointly(count: int, *, sealed: bool = True) -> OfficialDocument:
    """A document that several organs issue together."""
    first, *others = ORGANS[:count]
    head = RedHead(f"{first}文件", "云科〔2026〕12号", joint=tuple(others))
    return OfficialDocument(
        title="关于下达经费的通知", blocks=(Paragraph("现予下达。"),), form="downward", head=head, organ=first,
        joint=tuple(others), date=date(2026, 11, 22), sealed=sealed,
    )  # fmt: skip


def test_several_organs_stand_in_one_column_and_the_word_for_document_beside_it() -> None:
    (table,) = etree.fromstring(written(jointly(3))["word/document.xml"]).iter(f"{W}tbl")
    names, suffix = table.iter(f"{W}tc")
    assert [words_in(line) for line in names.iter(f"{W}p")] == [*ORGANS[:3]]
    assert {line.find(f"{W}pPr/{W}jc").get(f"{W}val") for line in names.iter(f"{W}p")} == {"distribute"}
    assert words_in(suffix) == "文件"
    assert suffix.find(f"{W}tcPr/{W}vAlign").get(f"{W}val") == "center"
    width = sum(int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol"))
    assert width <= PORTRAIT.text_width


def test_seals_of_several_organs_do_not_touch_and_the_last_lies_over_the_date() -> None:
    lines = [line for line in lines_of(jointly(4)) if line.find(f"{W}pPr/{W}tabs") is not None]
    places = [[int(tab.get(f"{W}pos")) for tab in line.iter(f"{W}tab") if tab.get(f"{W}pos")] for line in lines]
    assert [words_in(line) for line in lines] == ["".join(ORGANS[:2]), "".join(ORGANS[2:])]
    for row in places:
        assert all(after - before >= mm(42) for before, after in pairwise(row))
        assert row[-1] <= PORTRAIT.text_width - mm(21)
    assert int(lines[1].find(f"{W}pPr/{W}spacing").get(f"{W}before")) + LINE >= mm(42)
    date_line = next(line for line in lines_of(jointly(4)) if words_in(line) == "2026年11月22日")
    left = int(date_line.find(f"{W}pPr/{W}ind").get(f"{W}left"))
    assert abs(left + advance("2026年11月22日") // 2 - places[1][-1]) <= 1


def test_without_seals_the_organs_stand_one_below_the_other_before_the_date() -> None:
    said = [words_in(line) for line in lines_of(jointly(3, sealed=False))]
    assert said[-4:] == [*ORGANS[:3], "2026年11月22日"]
