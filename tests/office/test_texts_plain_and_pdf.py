"""Plain text letter by letter in every encoding; the lines of a PDF as paragraphs."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.office.gbt9704 import Column, Heading, OfficialDocument, Paragraph, Table, write_official
from keshu.office.soffice import to_pdf
from keshu.office.texts import Text, TextProblem, read_text
from keshu.office.texts.headings import heading_level, page_numbers

from .pdf_files import latin_pdf

SAMPLE = "某市总结\r\n\r\n一、成效\r\n　　全市高企1,272家，增长12.5%。\r（一）企业\n5、万元\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-be-bom"])
def test_the_string_is_the_decoded_file(encoding: str) -> None:
    data = b"\xfe\xff" + SAMPLE.encode("utf-16-be") if encoding.endswith("bom") else SAMPLE.encode(encoding)
    text = read_text(data, "a.txt")
    assert text.text == SAMPLE
    assert [(b.kind, b.level, b.where, text.text[b.start : b.end]) for b in text.blocks] == [
        ("paragraph", 0, "第1行", "某市总结"),
        ("heading", 1, "第3行", "一、成效"),
        ("paragraph", 0, "第4行", "　　全市高企1,272家，增长12.5%。"),
        ("heading", 2, "第5行", "（一）企业"),
        ("paragraph", 0, "第6行", "5、万元"),
    ]


@given(st.text(alphabet="一、（）12,.家%万元\r\n\t\f —-第页 ab"))
def test_any_text_comes_back_letter_by_letter(written: str) -> None:
    written += "\n正文"
    text = read_text(written.encode(), "a.txt")
    assert text.text == written
    for block in text.blocks:
        line = written[block.start : block.end]
        assert line.strip() and "\n" not in line and "\r" not in line
    assert [b.start for b in text.blocks] == sorted(b.start for b in text.blocks)


def test_a_markdown_file_has_its_own_headings() -> None:
    text = read_text("# 总结\n\n## 一、成效\n#不是\n正文\n".encode(), "a.md")
    assert [(block.kind, block.level) for block in text.blocks] == [
        ("heading", 1), ("heading", 2), ("paragraph", 0), ("paragraph", 0),
    ]  # fmt: skip
    assert text.kind == "md"


def test_a_file_that_was_cut_in_a_letter_is_read_with_a_note() -> None:
    text = read_text((SAMPLE * 5).encode()[:-200][:-1] + "家".encode()[:2], "a.txt")
    assert "无法识别" in text.notes[0]
    assert text.encoding == "UTF-8"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("一、主要成效", 1), ("（二）企业", 2), ("(二)企业", 2), ("3.平台建设", 3), ("（4）人才", 4), ("第一章 总则", 1),
        ("一、主要成效。", 0), ("5、万元", 0), ("3.5万家", 0), ("一是抓企业", 0), ("（二）" + "长" * 60, 0), ("一、", 0), ("2025年工作", 0),
    ],
)  # fmt: skip
def test_headings_by_their_words(line: str, level: int) -> None:
    assert heading_level(line) == level


def test_page_numbers_among_lines() -> None:
    lines = ["甲", "— 1 —", "乙", "第 2 页 共 9 页", "3/9", "12", "13", "14", "－4－", "2025"]
    assert page_numbers(lines) == {1, 3, 4, 8}
    scattered = [str(line // 6 + 1) if line % 6 == 5 else "正文" for line in range(24)]
    assert page_numbers(scattered) == {5, 11, 17, 23}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Text:
    folder = tmp_path_factory.mktemp("pdf")
    long = "全市有效高新技术企业达到1,272家，比上年增长12.5%，登记技术合同386项，成交额45.7亿元，同比增长8.3个百分点"
    blocks = (Heading(1, "一、工作情况"), *(Paragraph(f"第{n}件实事：{long}，{long}，{long}。") for n in range(12)))
    write_official(OfficialDocument("某市科学技术局工作总结", blocks), folder / "a.docx")
    to_pdf(folder / "a.docx", folder / "a.pdf")
    return read_text(folder / "a.pdf")


def test_lines_of_a_pdf_are_joined_into_the_paragraphs_that_were_printed(printed: Text) -> None:
    paragraphs = [printed.text[b.start : b.end] for b in printed.blocks if b.kind == "paragraph"]
    assert len([one for one in paragraphs if one.startswith("第") and one.endswith("百分点。")]) == 12
    assert all("1,272家，比上年增长12.5%，登记技术合同386项，成交额45.7亿元" in one for one in paragraphs[1:])
    assert [printed.text[b.start : b.end] for b in printed.blocks if b.kind == "heading"] == ["一、工作情况"]
    pages = {b.page for b in printed.blocks}
    footers = [b for b in printed.blocks if b.kind == "footer"]
    assert len(footers) == len(pages) and all(b.debris for b in footers)
    assert any("—" in b.where for b in printed.blocks)  # a paragraph over the end of a page


def test_rows_of_a_table_in_a_pdf_stay_rows_with_columns_apart(tmp_path: Path) -> None:
    columns = tuple(Column(name, 1, "right") for name in ("县区", "高企", "合同", "成交额", "增速", "排名"))
    rows = tuple((f"青岩{n}县", str(n * 1234), str(n * 45), f"{n}.7", f"{n}.5%", str(n)) for n in range(1, 6))
    blocks = (Paragraph("各县区完成情况见下表。"), Table(columns, rows))
    write_official(OfficialDocument("总结", blocks), tmp_path / "a.docx")
    to_pdf(tmp_path / "a.docx", tmp_path / "a.pdf")
    lines = read_text(tmp_path / "a.pdf").text.split("\n")
    assert "县区\t高企\t合同\t成交额\t增速\t排名" in lines
    for row in rows:
        assert "\t".join(row) in lines


def test_a_pdf_with_a_password_or_without_words_gets_a_sentence(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    blank = io.BytesIO()
    writer.write(blank)
    with pytest.raises(TextProblem, match=r"没有文字层.*OCR"):
        read_text(blank.getvalue(), "扫描.pdf")
    writer.encrypt("secret", algorithm="AES-256")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(TextProblem, match="设有打开密码"):
        read_text(locked.getvalue(), "加密.pdf")


def test_a_pdf_under_another_name_is_read_with_a_note() -> None:
    text = read_text(latin_pdf("Total 1,272", "second 12.5%"), "a.docx")
    assert text.text == "Total 1,272\nsecond 12.5%\n"
    assert text.notes == ("文件扩展名是 .docx，内容却是PDF 文档，已按内容读取。",)
