"""Comments stand on the exact words, and nothing else of the file changes."""

from __future__ import annotations

import copy
import io
import random
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from lxml import etree

from keshu.office.annotating import Note, annotate
from keshu.office.gbt9704 import write_official
from keshu.office.soffice import convert
from keshu.office.texts import Text, TextProblem, read_text
from keshu.office.verify import compare, freeze, read_marks

from .office_documents import report
from .word_files import W, box, field, paragraph, run, table, word_file

MARKS = {f"{{{W}}}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference")}


def on(text: Text, words: str, said: str = "说明", severity: str = "", nth: int = 0) -> Note:
    start = [found.start() for found in re.finditer(re.escape(words), text.text)][nth]
    return Note(start, start + len(words), "核校", said, severity)


def commented(data: bytes) -> list[tuple[str, str]]:
    """(words that the range of the comment holds, words of the comment), read by walking the body."""
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    held: dict[str, list[str]] = {}
    still: set[str] = set()
    order: list[str] = []
    for element in root.iter():
        number = element.get(f"{{{W}}}id", "")
        if element.tag == f"{{{W}}}commentRangeStart":
            still.add(number)
            order.append(number)
            held[number] = []
        elif element.tag == f"{{{W}}}commentRangeEnd":
            still.remove(number)
        elif element.tag == f"{{{W}}}t" and not any(one.tag.endswith("Fallback") for one in element.iterancestors()):
            for one in still:
                held[one].append(element.text or "")
    assert not still
    document = docx.Document(io.BytesIO(data))
    texts = {str(comment.comment_id): comment.text for comment in document.comments}
    return [("".join(held[number]), texts[number]) for number in order]


def without_marks(data: bytes) -> bytes:
    """The canonical body with the marks of comments taken out and runs of one look joined again."""
    root = etree.fromstring(data)
    for element in list(root.iter(*MARKS)):
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)
        if parent.tag == f"{{{W}}}r" and len(parent) == 0:
            parent.getparent().remove(parent)
    for one in list(root.iter(f"{{{W}}}r")):
        _join_run(one)
    for element in root.iter(f"{{{W}}}t"):
        element.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)
    return etree.tostring(root, method="c14n")


def _join_run(one: etree._Element) -> None:
    before = one.getprevious()
    if before is None or before.tag != one.tag or dict(before.attrib) != dict(one.attrib):
        return
    looks = [run.find(f"{{{W}}}rPr") for run in (before, one)]
    if len({b"" if look is None else etree.tostring(look, method="c14n") for look in looks}) > 1:
        return
    for child in list(one):
        if child.tag == f"{{{W}}}rPr":
            continue
        last = before[-1] if len(before) else None
        if child.tag == f"{{{W}}}t" and last is not None and last.tag == child.tag:
            last.text = (last.text or "") + (child.text or "")
        else:
            before.append(copy.copy(child))
    after = before.getnext()
    assert after is one
    one.getparent().remove(one)


def _joined(data: bytes) -> bytes:
    """Joining once over runs in order leaves chains of three: repeat until nothing changes."""
    while (once := without_marks(data)) != data:
        data = once
    return data


def assert_nothing_else_changed(before: bytes, after: bytes) -> None:
    old, new = zipfile.ZipFile(io.BytesIO(before)), zipfile.ZipFile(io.BytesIO(after))
    written = {"word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    comments = {name for name in new.namelist() if "comments" in name}
    assert [name for name in new.namelist() if name not in comments] == [n for n in old.namelist() if n not in comments]
    for name in old.namelist():
        if name not in written | comments:
            assert old.read(name) == new.read(name), name
    assert _joined(old.read("word/document.xml")) == _joined(new.read("word/document.xml"))
    for name in written - {"word/document.xml"}:
        had, has = (etree.fromstring(package.read(name)) for package in (old, new))
        rows = [etree.tostring(one, method="c14n") for one in has]
        assert [etree.tostring(one, method="c14n") for one in had] == rows[: len(had)]
        assert len(rows) - len(had) <= 1


def checked(data: bytes, *wanted: tuple[str, int] | str) -> list[tuple[str, str]]:
    """Annotate each of the words; see that they, and only they, are in the ranges and that the rest stayed."""
    text = read_text(data, "a.docx")
    notes = [on(text, *((one,) if isinstance(one, str) else (one[0],))) for one in wanted]
    made = annotate(data, notes, text)
    assert_nothing_else_changed(data, made)
    assert read_text(made, "a.docx").text == text.text
    return commented(made)


def test_a_comment_stands_on_the_exact_words_in_a_run() -> None:
    data = word_file(paragraph(run("全市高企1,272家，增长12.5%。", "<w:b/>")))
    text = read_text(data, "a.docx")
    notes = [on(text, "1,272家", "算式：1+1=2\n请核对", "error"), on(text, "12.5%", "第二条", "warning")]
    made = annotate(data, notes, text, at=datetime(2026, 10, 31, 9, tzinfo=UTC))
    assert commented(made) == [("1,272家", "【错误】算式：1+1=2\n请核对"), ("12.5%", "【疑问】第二条")]
    assert_nothing_else_changed(data, made)
    comment = next(iter(docx.Document(io.BytesIO(made)).comments))
    assert (comment.author, comment.initials, comment.timestamp) == (
        "核校",
        "核校",
        datetime(2026, 10, 31, 9, tzinfo=UTC),
    )
    bold = etree.fromstring(zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml"))
    assert len(bold.findall(f".//{{{W}}}rPr/{{{W}}}b")) == 5  # every part of the run kept its look


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        pytest.param(run("全市高", "<w:b/>") + run("企1,2") + run("72家，"), "高企1,272家", id="across runs"),
        pytest.param(f"{run('达')}<w:sdt><w:sdtPr><w:tag w:val='m1'/></w:sdtPr><w:sdtContent>{run('1,272')}</w:sdtContent></w:sdt>{run('家')}", "1,272", id="a whole control"),
        pytest.param(f"<w:sdt><w:sdtPr/><w:sdtContent>{run('共1,272家')}</w:sdtContent></w:sdt>", "1,272", id="inside a control"),
        pytest.param(f"<w:sdt><w:sdtPr/><w:sdtContent>{run('达1,2')}</w:sdtContent></w:sdt>{run('72家')}", "1,272家", id="out of a control"),
        pytest.param(f'<w:hyperlink r:id="x">{run("见1,272家")}</w:hyperlink>{run("等")}', "1,272家等", id="out of a hyperlink"),
        pytest.param(f'<w:ins w:id="5" w:author="a">{run("新增1,272家")}</w:ins><w:del w:id="6" w:author="a"><w:r><w:delText>旧</w:delText></w:r></w:del>{run("。")}', "1,272家。", id="insertion and deletion"),
        pytest.param(field("X", "共45.7亿元") + run("整"), "45.7亿元", id="a field's result"),
        pytest.param("<w:r><w:rPr><w:i/></w:rPr><w:t>甲</w:t><w:tab/><w:t>乙1丙</w:t><w:br/><w:t>丁</w:t></w:r>", "乙1", id="a run with tabs and breaks"),
        pytest.param("<w:r><w:t>甲</w:t><w:sym w:font='Symbol' w:char='F0B1'/><w:t>0.5个</w:t></w:r>", "0.5", id="behind a symbol"),
        pytest.param(run("a") + '<w:bookmarkStart w:id="3" w:name="b"/>' + run("12家") + '<w:bookmarkEnd w:id="3"/>', "12", id="in a bookmark"),
    ],
)  # fmt: skip
def test_ranges_in_all_kinds_of_inline(xml: str, words: str) -> None:
    assert checked(word_file(paragraph(xml)), words) == [(words, "说明")]


def test_what_must_stay_in_one_piece_is_marked_as_a_whole() -> None:
    plain = f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{run('共1,272家')}</w:sdtContent></w:sdt>"
    assert checked(word_file(paragraph(plain, "。")), "272") == [("共1,272家", "说明")]


def test_overlapping_nested_and_equal_ranges() -> None:
    data = word_file(paragraph("一二三四五六七八"))
    text = read_text(data, "a.docx")
    notes = [
        Note(2, 5, "a", "1"),
        Note(0, 8, "a", "2"),
        Note(2, 5, "a", "3"),
        Note(4, 6, "a", "4"),
        Note(3, 3, "a", "5"),
        Note(8, 8, "a", "6"),
    ]
    assert sorted(commented(annotate(data, notes, text)), key=lambda one: one[1]) == [
        ("三四五", "1"), ("一二三四五六七八", "2"), ("三四五", "3"), ("五六", "4"), ("四", "5"), ("八", "6"),
    ]  # fmt: skip


def test_over_paragraphs_and_cells() -> None:
    data = word_file(paragraph("前一段"), paragraph("后一段"), table(("甲", "12"), ("乙", "34")), paragraph("末"))
    text = read_text(data, "a.docx")
    made = annotate(data, [on(text, "段\n后一"), on(text, "12\n乙"), on(text, "34")], text)
    assert [words for words, _ in commented(made)] == ["段后一", "12乙", "34"]
    assert_nothing_else_changed(data, made)


def test_where_word_allows_no_comment_it_stands_beside_and_says_so() -> None:
    note = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    data = word_file(
        paragraph("首段"), paragraph("正文", note, "后", box(paragraph("框中8家"))),
        '<w:sectPr><w:headerReference w:type="default" r:id="rId_header1"/></w:sectPr>',
        parts={"footnotes": f'<w:footnote w:id="7">{paragraph("注9件")}</w:footnote>', "header1": paragraph("页上10份")},
    )  # fmt: skip
    text = read_text(data, "a.docx")
    made = annotate(data, [on(text, "8家"), on(text, "9件"), on(text, "10份")], text)
    assert_nothing_else_changed(data, made)
    assert commented(made) == [
        ("首段", "说明（所指文字在页眉：“10份”）"),
        ("", "说明（所指文字在脚注1：“9件”）"),
        ("框中8家", "说明（所指文字在第2段处的文本框：“8家”）"),
    ]


def test_comments_that_were_there_are_kept() -> None:
    old = '<w:comment w:id="41" w:author="李"><w:p><w:r><w:t>旧批注</w:t></w:r></w:p></w:comment>'
    body = (
        '<w:commentRangeStart w:id="41"/>'
        + run("旧文")
        + '<w:commentRangeEnd w:id="41"/><w:r><w:commentReference w:id="41"/></w:r>'
    )
    data = word_file(paragraph(body, "新文"), parts={"comments": old})
    text = read_text(data, "a.docx")
    made = annotate(data, [on(text, "文新")], text)
    assert commented(made) == [("旧文", "旧批注"), ("文新", "说明")]
    again = annotate(made, [on(text, "新文")], read_text(made, "a.docx"))
    assert [comment.comment_id for comment in docx.Document(io.BytesIO(again)).comments] == [41, 42, 43]


def test_a_body_without_words_takes_a_note_on_its_header() -> None:
    data = word_file(
        '<w:sectPr><w:headerReference w:type="default" r:id="rId_header1"/></w:sectPr>',
        parts={"header1": paragraph("只有页眉")},
    )
    text = read_text(data, "a.docx")
    assert commented(annotate(data, [on(text, "页眉")], text)) == [("", "说明（所指文字在页眉：“页眉”）")]


def test_macros_are_left_out_and_the_file_is_a_document() -> None:
    data = word_file(paragraph("正文1家"), extra={"word/vbaProject.bin": b"macro"})
    text = read_text(data, "a.docm")
    assert text.notes == ("文件带有宏，未予运行，只读取了文字。",)
    made = zipfile.ZipFile(io.BytesIO(annotate(data, [on(text, "1家")], text)))
    assert "word/vbaProject.bin" not in made.namelist()


def test_a_file_that_is_no_longer_the_same_is_refused() -> None:
    text = read_text(word_file(paragraph("正文")), "a.docx")
    with pytest.raises(TextProblem, match="不一致"):
        annotate(word_file(paragraph("改了")), [Note(0, 1, "a", "b")], text)
    with pytest.raises(ValueError):
        annotate(b"", [Note(0, 99, "a", "b")], text)


def test_our_own_export_is_verified_as_untouched(tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_official(report(), stream)
    data, frozen = stream.getvalue(), freeze(report())
    text = read_text(data, "a.docx")
    chance = random.Random(7)
    starts = [chance.randrange(len(text.text)) for _ in range(80)]
    notes = [
        Note(a, min(a + chance.choice((1, 3, 8, 40)), len(text.text)), "核校", f"第{n}条") for n, a in enumerate(starts)
    ]
    notes += [on(text, "1,272"), on(text, "72家"), on(text, "12.5%；")]
    made = annotate(data, notes, text)
    assert_nothing_else_changed(data, made)
    (tmp_path / "a.docx").write_bytes(made)
    comparison = compare(frozen.marks, read_marks(tmp_path / "a.docx"), frozen_text=frozen.text)
    assert comparison.untouched
    assert comparison.figures == len(frozen.marks)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A file with comments on everything that there is."""
    folder = tmp_path_factory.mktemp("many")
    note = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('45.7')}</w:sdtContent></w:sdt>"
    data = word_file(
        paragraph("首段1家", run("粗2家", "<w:b/>"), control, note), paragraph("次段3家"), table(("甲4", "乙5"), ("丙6", "丁7")),
        paragraph(f'<w:ins w:id="5" w:author="a" w:date="2026-01-01T00:00:00Z">{run("插8家")}</w:ins>', box(paragraph("框9家"))),
        parts={"footnotes": f'<w:footnote w:id="7">{paragraph("注10件")}</w:footnote>'},
    )  # fmt: skip
    text = read_text(data, "a.docx")
    words = ["1家", "粗2", "家45", "45.7", "1家粗2家45.7\n次段", "甲4\n乙", "丁7", "插8", "9家", "10件"]
    path = folder / "批注.docx"
    path.write_bytes(annotate(data, [on(text, one) for one in words], text, at=datetime(2026, 1, 1, tzinfo=UTC)))
    return path, len(words)


def test_a_file_that_libreoffice_wrote(tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_official(report(), stream)
    (tmp_path / "a.docx").write_bytes(stream.getvalue())
    data = convert(convert(tmp_path / "a.docx", "odt", tmp_path), "docx", tmp_path / "again").read_bytes()
    text = read_text(data, "a.docx")
    assert "达到1,272家，比上年增长12.5%" in text.text
    chance = random.Random(2)
    starts = [chance.randrange(len(text.text) - 9) for _ in range(60)]
    made = annotate(data, [Note(at, at + chance.randrange(9), "核校", "说明") for at in starts], text)
    assert_nothing_else_changed(data, made)
    assert len(commented(made)) == 60


def test_a_file_of_python_docx_with_a_comment_of_its_own() -> None:
    document = docx.Document()
    first = document.add_paragraph("全市高企")
    first.add_run("1,272家").bold = True
    document.add_comment(first.runs, text="早先", author="李")
    document.sections[0].header.paragraphs[0].text = "内部资料3份"
    stream = io.BytesIO()
    document.save(stream)
    text = read_text(stream.getvalue(), "a.docx")
    made = annotate(stream.getvalue(), [on(text, "企1,27"), on(text, "3份")], text)
    assert_nothing_else_changed(stream.getvalue(), made)
    assert sorted(commented(made)) == sorted(
        [("全市高企1,272家", "早先"), ("企1,27", "说明"), ("全市高", "说明（所指文字在页眉：“3份”）")]
    )


@pytest.mark.parametrize("form", ["docx", "odt", "pdf"])
def test_libreoffice_opens_it_with_all_comments(many: tuple[Path, int], tmp_path: Path, form: str) -> None:
    path, count = many
    made = convert(path, form, tmp_path)
    if form == "docx":
        assert len(list(docx.Document(str(made)).comments)) == count
    elif form == "odt":
        content = zipfile.ZipFile(made).read("content.xml")
        assert content.count(b"<office:annotation ") == count
    else:
        assert "首段1家粗2家45.7" in read_text(made).text.replace(" ", "")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param(
            "a.txt",
            "某市工作总结\r\n\r\n一、成效\r\n　　全市高企1,272家，\x0c增长12.5%。\x01\r\n".encode("gbk"),
            id="txt",
        ),
        pytest.param("a.md", "# 总结\n\n正文1,272家，增长12.5%。\n".encode(), id="md"),
    ],
)
def test_of_a_plain_text_a_document_is_made(name: str, data: bytes) -> None:
    text = read_text(data, name)
    made = annotate(data, [on(text, "1,272家"), on(text, "12.5%", "算式")], text)
    assert commented(made) == [("1,272家", "说明"), ("12.5%", "算式")]


def test_of_a_pdf_and_an_old_word_file(tmp_path: Path) -> None:
    source = tmp_path / "a.docx"
    source.write_bytes(word_file(paragraph("全市高企1,272家。"), table(("甲", "12")), paragraph("末")))
    for form in ("pdf", "doc"):
        data = convert(source, form, tmp_path).read_bytes()
        text = read_text(data, f"a.{form}")
        made = annotate(data, [on(text, "272家"), on(text, "12", nth=-1)], text)
        assert [words for words, _ in commented(made)] == ["272家", "12"]
        assert len(docx.Document(io.BytesIO(made)).tables) == (form == "doc")
