"""What a .docx says, as its reader sees it."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from keshu.office.gbt9704 import write_official
from keshu.office.marks import read_marks_from
from keshu.office.soffice import convert
from keshu.office.texts import Text, TextBlock, read_text

from .office_documents import report
from .word_files import box, field, paragraph, run, table, word_file


def said(text: Text) -> list[tuple[str, str, str]]:
    return [(block.kind, block.where, text.text[block.start : block.end]) for block in text.blocks]


def words(*body: str, **more: dict[str, str]) -> list[str]:
    return [words for _, _, words in said(read_text(word_file(*body, **more), "a.docx"))]


def test_paragraphs_and_headings_have_a_place_and_a_level() -> None:
    text = read_text(
        word_file(
            paragraph("一、主要工作"), paragraph(""), paragraph("高企", "1,272", "家。"), paragraph("（一）企业")
        ),
        "a.docx",
    )
    assert text.text == "一、主要工作\n高企1,272家。\n（一）企业\n"
    assert [(b.kind, b.level, b.where, b.locator) for b in text.blocks] == [
        ("heading", 1, "第1段", "word/document.xml#1"),
        ("paragraph", 0, "第2段", "word/document.xml#2"),
        ("heading", 2, "第3段", "word/document.xml#3"),
    ]
    assert text.block_at(9) == text.blocks[1]


@pytest.mark.parametrize(
    ("xml", "seen"),
    [
        pytest.param(f"<w:ins>{run('增')}</w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del>", "增", id="insertions in, deletions out"),
        pytest.param(f"<w:moveFrom>{run('移')}</w:moveFrom>{run('，')}<w:moveTo>{run('移')}</w:moveTo>", "，移", id="moves once"),
        pytest.param(f"<w:sdt><w:sdtPr/><w:sdtContent>{run('72')}</w:sdtContent></w:sdt>", "72", id="content control"),
        pytest.param(f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处')}</w:sdtContent></w:sdt>{run('正')}", "正", id="prompt out"),
        pytest.param(f'<w:hyperlink r:id="x">{run("链接")}</w:hyperlink>', "链接", id="hyperlink"),
        pytest.param(field("SUM(ABOVE)", "45.7"), "45.7", id="a field's result, not its code"),
        pytest.param(f'<w:fldSimple w:instr="DATE">{run("8")}</w:fldSimple>', "8", id="simple field"),
        pytest.param(f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{run("码")}<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("内")}<w:r><w:fldChar w:fldCharType="end"/><w:fldChar w:fldCharType="separate"/></w:r>{run("果")}<w:r><w:fldChar w:fldCharType="end"/></w:r>', "果", id="a field in a field's code"),
        pytest.param("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>d</w:t></w:r>", "a\tb\nc-d", id="tabs, breaks, hyphens"),
        pytest.param('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="Nope" w:char="F041"/><w:sym w:char="4E2D"/><w:sym w:char="D800"/><w:sym w:char="zz"/></w:r>', "☑□中", id="symbols"),
        pytest.param(run("隐", "<w:vanish/>") + run("现", '<w:vanish w:val="0"/>'), "现", id="hidden text out"),
        pytest.param("<w:r><w:ruby><w:rt><w:r><w:t>yin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>音</w:t></w:r></w:rubyBase></w:ruby></w:r>", "音", id="phonetic guide out"),
        pytest.param("<m:oMath><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f></m:oMath>", "3/4", id="formula"),
        pytest.param(f"<w:smartTag>{run('智')}</w:smartTag><w:customXml>{run('能')}</w:customXml>", "智能", id="tags"),
        pytest.param("<w:r><w:t>两\n行</w:t></w:r>", "两 行", id="a line feed in the XML is a blank"),
    ],
)  # fmt: skip
def test_a_reader_sees(xml: str, seen: str) -> None:
    assert words(paragraph(xml)) == [seen]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    gone = '<w:rPr><w:del w:id="1"/></w:rPr>'
    assert words(paragraph("前半", properties=gone), paragraph("后半"), paragraph("另")) == ["前半后半", "另"]
    assert words(paragraph("最后", properties=gone)) == ["最后"]


def test_a_field_whose_end_was_lost_hides_no_more_than_its_paragraph() -> None:
    assert words(paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', "码"), paragraph("正文")) == ["正文"]


def test_tables_nested_and_merged() -> None:
    inner = f"<w:tc>{table(('内甲', '内乙'))}<w:p/></w:tc>"
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("宽")}</w:tc>'
    top = f'<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{paragraph("并")}</w:tc>'
    below = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('不显示')}</w:tc>"
    gone = f'<w:tr><w:trPr><w:del w:id="3"/></w:trPr><w:tc>{paragraph("删行")}</w:tc></w:tr>'
    body = table((wide, "末"), (top, "12", inner), (below, "7", "8")).replace("</w:tbl>", f"{gone}</w:tbl>", 1)
    text = read_text(word_file(paragraph("前"), table(("甲",)), body.replace(gone, "", 1) + paragraph("后")), "a.docx")
    assert said(text) == [
        ("paragraph", "第1段", "前"),
        ("cell", "表1第1行第1列", "甲"),
        ("cell", "表2第1行第1列", "宽"),
        ("cell", "表2第1行第3列", "末"),
        ("cell", "表2第2行第1列", "并"),
        ("cell", "表2第2行第2列", "12"),
        ("cell", "表2第2行第3列中的表第1行第1列", "内甲"),
        ("cell", "表2第2行第3列中的表第1行第2列", "内乙"),
        ("cell", "表2第3行第2列", "7"),
        ("cell", "表2第3行第3列", "8"),
        ("paragraph", "第2段", "后"),
    ]
    assert text.blocks[5].cell == (2, 2, 2)
    assert words(table(("留",)).replace("</w:tbl>", f"{gone}</w:tbl>")) == ["留"]


def test_text_boxes_once_and_notes_headers_footers_after_the_body() -> None:
    note = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId_header1"/><w:headerReference w:type="first" r:id="rId_header2"/>'
        '<w:footerReference w:type="default" r:id="rId_footer1"/></w:sectPr>'
    )
    text = read_text(
        word_file(
            paragraph("正文", box(paragraph("框中", note.replace("7", "8"))), note), paragraph("再"), section,
            parts={
                "footnotes": f'<w:footnote w:id="-1">{paragraph("线")}</w:footnote><w:footnote w:id="8">{paragraph("框注")}</w:footnote><w:footnote w:id="7">{paragraph("文注")}</w:footnote>',
                "header1": paragraph("某市科技局"), "header2": paragraph("首页不用"), "footer1": paragraph("— ", field("PAGE", "3"), " —"),
            },
        ),
        "a.docx",
    )  # fmt: skip
    assert said(text) == [
        ("paragraph", "第1段", "正文"),
        ("textbox", "第1段处的文本框", "框中"),
        ("paragraph", "第2段", "再"),
        ("footnote", "脚注1", "文注"),
        ("footnote", "脚注2", "框注"),
        ("header", "页眉", "某市科技局"),
        ("footer", "页脚", "— 3 —"),
    ]
    assert [block.debris for block in text.blocks] == [False] * 6 + [True]


def _numbering(*levels: tuple[str, str]) -> str:
    rows = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for at, (form, pattern) in enumerate(levels)
    )
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    return (
        f'<w:abstractNum w:abstractNumId="0">{rows}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{restart}</w:num>'
    )


def _item(words: str, level: int = 0, number: int = 1) -> str:
    return paragraph(words, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def test_automatic_numbers_stand_beside_the_string() -> None:
    lists = _numbering(
        ("chineseCounting", "%1、"),
        ("chineseCounting", "（%2）"),
        ("decimal", "%1.%3"),
        ("decimalEnclosedCircle", "%4"),
    )
    text = read_text(
        word_file(
            _item("甲"), _item("乙", 1), _item("丙", 1), _item("丁", 2), _item("戊"), _item("己", 1), _item("庚", 3),
            _item("辛", 0, 2), _item("壬"), _item("无", 0, 0), parts={"numbering": lists},
        ),
        "a.docx",
    )  # fmt: skip
    assert [block.number for block in text.blocks] == [
        "一、",
        "（一）",
        "（二）",
        "一.1",
        "二、",
        "（一）",
        "①",
        "五、",
        "六、",
        "",
    ]
    assert text.text.startswith("甲\n乙\n")
    assert [block.level for block in text.blocks[:3]] == [1, 2, 2]


def test_styles_say_heading_hidden_and_contents() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="c"><w:name w:val="toc 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="d"><w:basedOn w:val="d"/><w:name w:val="Title"/></w:style>'
        '<w:style w:type="character" w:styleId="e"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    text = read_text(
        word_file(
            paragraph("题", properties='<w:pStyle w:val="d"/>'), paragraph("一、目录\t3", properties='<w:pStyle w:val="c"/>'),
            paragraph("节", properties='<w:pStyle w:val="b"/>'), paragraph("正", run("隐", '<w:rStyle w:val="e"/>')),
            paragraph("纲", properties='<w:outlineLvl w:val="3"/>'), parts={"styles": styles},
        ),
        "a.docx",
    )  # fmt: skip
    assert [(b.kind, b.level, b.debris) for b in text.blocks] == [
        ("heading", 0, False), ("paragraph", 0, True), ("heading", 2, False), ("paragraph", 0, False), ("heading", 4, False),
    ]  # fmt: skip
    assert "隐" not in text.text


def test_our_own_export_says_the_same_as_verify_reads() -> None:
    stream = io.BytesIO()
    write_official(report(), stream)
    text = read_text(stream.getvalue(), "总结.docx")
    plain = read_marks_from(stream).plain_text
    body = [words for kind, _, words in said(text) if kind not in ("header", "footer")]
    assert "\n".join(body).split("\n") == [line for line in plain.split("\n") if line.strip()]
    assert "有效高新技术企业达到1,272家，比上年增长12.5%" in text.text


def test_a_file_of_python_docx_with_lists_tables_and_header() -> None:
    made = docx.Document()
    made.add_heading("工作总结", 0)
    made.add_heading("一、主要成效", 1)
    made.add_paragraph("第一项", style="List Number")
    made.add_paragraph("第二项", style="List Number")
    cells = made.add_table(2, 2).rows[1].cells
    cells[1].text = "386"
    made.sections[0].header.paragraphs[0].text = "内部资料"
    stream = io.BytesIO()
    made.save(stream)
    text = read_text(stream.getvalue(), "a.docx")
    assert said(text) == [
        ("heading", "第1段", "工作总结"),
        ("heading", "第2段", "一、主要成效"),
        ("paragraph", "第3段", "第一项"),
        ("paragraph", "第4段", "第二项"),
        ("cell", "表1第2行第2列", "386"),
        ("header", "页眉", "内部资料"),
    ]
    assert [block.number for block in text.blocks[2:4]] == ["1.", "2."]
    assert [block.level for block in text.blocks[:2]] == [0, 1]


@pytest.fixture(scope="module")
def office_made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Our own words, saved by LibreOffice in each of the forms that it writes."""
    folder = tmp_path_factory.mktemp("office")
    source = folder / "源.docx"
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    footnotes = f'<w:footnote w:id="2">{paragraph("注文128件")}</w:footnote>'
    source.write_bytes(
        word_file(paragraph("一、成效"), paragraph("高企1,272家", note, "。"), table(("甲", "12"), ("乙", "34")), parts={"footnotes": footnotes})
    )  # fmt: skip
    return {form: convert(source, form, folder / form) for form in ("odt", "doc", "pdf")}


@pytest.mark.parametrize("form", ["odt", "doc"])
def test_what_libreoffice_saved_is_read_through_it(office_made: dict[str, Path], form: str) -> None:
    text = read_text(office_made[form])
    assert text.kind == form
    assert [one for one in said(text) if one[0] != "footer"] == [
        ("heading", "第1段", "一、成效"),
        ("paragraph", "第2段", "高企1,272家。"),
        ("cell", "表1第1行第1列", "甲"),
        ("cell", "表1第1行第2列", "12"),
        ("cell", "表1第2行第1列", "乙"),
        ("cell", "表1第2行第2列", "34"),
        ("footnote", "脚注1", "注文128件"),
    ]
    assert any("LibreOffice" in note for note in text.notes)


def test_wps_by_content_and_a_wrong_extension_with_a_note(office_made: dict[str, Path]) -> None:
    data = office_made["doc"].read_bytes()
    assert not any("扩展名" in note for note in read_text(data, "a.wps").notes)
    assert read_text(word_file(paragraph("正文")), "a.doc").notes == (
        "文件扩展名是 .doc，内容却是Word 文档，已按内容读取。",
    )


def test_without_libreoffice_a_sentence_says_what_to_do(
    office_made: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Exception, match=r"需要 LibreOffice.*另存为 \.docx"):
        read_text(office_made["doc"])


def test_block_at_between_and_before() -> None:
    text = read_text(word_file(paragraph("甲"), paragraph("乙")), "a.docx")
    here: TextBlock | None = text.block_at(1)
    assert here == text.blocks[0]
    assert text.block_at(-1) is None
