"""The papers of programmes: each opens in Word, is the same twice, says what it was given and names the official faces."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from dataclasses import replace
from decimal import Decimal

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from keshu.catalogue.schema.programme_words import TEMPLATES
from keshu.office.papers import PAPERS, render, shapes
from keshu.office.papers.lists import is_wide
from keshu.office.papers.parts import Grid, Head, Item, Listing, LongText, Section, Verification
from keshu.office.word.model import Face

from .papers_samples import CASE, DAY, ISSUER, NARROW, PROOF, SAMPLES, WIDE, form

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FACES = {face.value for face in Face}
# What each paper has to say of its sample, wherever it stands.
SAYS = {
    "application_form": ("云岭市科技计划项目申报书", "一、基本信息", "三、经费预算", "55.50", "六、签章与意见", "（未填写）", "不适用"),
    "task_book": ("35万元", "申报时：40万元", "节水两成"),
    "receipt": ("提 交 回 执", "2026年9月18日 16:03:27", "3f" * 32, "https://keshu.example.cn/v/"),
    "acceptance_notice": ("受理通知书", "云科受〔2026〕17号", "予以受理", "2. 专家评审，20个工作日。"),
    "correction_notice": ("有3处需要补正", "补传加盖公章的扫描件", "2026年9月25日前", "按撤回申报处理"),
    "refusal_notice": ("不予受理", "《申报指南》第二条第一项", "2. 负责人已有两项在研项目。", "5个工作日"),
    "recommendation_list": ("推荐汇总表", "高级工程师", "审核人：", "青岩县科学技术局"),
    "check_report": ("共审查4项：通过2项，不通过1项，不适用1项。", "人工认定：另一项已于8月结题", "退回补正。"),
    "score_sheet": ("84.5", "100", "建议支持。", "专家07"),
    "review_report": ("不计入", "平均得分 83 分，第3名（共42项）", "甲专家、乙专家"),
    "publicity_notice": ("2026年9月28日至10月12日，共5个工作日", "更正说明", "签署真实姓名", "身份严格保密", "共30项"),
    "approval_document": ("云科发〔2026〕12号", "核定资金465万元，首批拨付279万元", "465.00", "抄送：市财政局，市审计局"),
    "change_reply": ("同意下列2项变更", "变更前", "2029年6月", "何川"),
    "conclusion_reply": ("三方结论", "云岭中和会计师事务所", "计划财务科", "实际完成", "两个月内提交科技报告"),
    "certificate": ("认定证书", "YLGC-2026-004", "特授予", "2026年9月18日至2029年9月17日"),
    "payment_notice": ("24万元（人民币贰拾肆万元整）", "0万元", "16万元", "6222 0000 1234 5678"),
    "report_letter": ("云州省科学技术厅", "签发人：", "郑局长", "共15项", "特此报告"),
}  # fmt: skip


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def words_of(data: bytes) -> str:
    """Everything that is printed, paragraph by paragraph, feet included."""
    parts = parts_of(data)
    found = []
    for name in ("word/document.xml", "word/footer1.xml"):
        paragraphs = etree.fromstring(parts[name]).iter(f"{W}p")
        found += ["".join(text.text or "" for text in one.iter(f"{W}t")) for one in paragraphs]
    return "\n".join(found)


def test_every_template_of_the_catalogue_has_its_paper() -> None:
    assert set(PAPERS) == set(TEMPLATES) == set(SAMPLES) == set(SAYS)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_paper_opens_says_what_it_was_given_and_is_the_same_twice(template: str) -> None:
    made = render(template, SAMPLES[template])
    assert made == render(template, SAMPLES[template])
    opened = docx.Document(io.BytesIO(made))
    assert opened.sections
    assert opened.core_properties.title
    words = words_of(made)
    assert [wanted for wanted in SAYS[template] if wanted not in words] == []
    assert "None" not in words


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_face_is_an_official_one(template: str) -> None:
    named = set()
    for name, part in parts_of(render(template, SAMPLES[template])).items():
        if name.startswith("word/") and name.endswith(".xml") and name != "word/fontTable.xml":
            for fonts in etree.fromstring(part).iter(f"{W}rFonts"):
                named |= {fonts.get(f"{W}{script}") for script in ("ascii", "hAnsi", "eastAsia", "cs")}
    assert named
    assert named <= FACES


@pytest.mark.parametrize("template", TEMPLATES)
def test_tables_fit_their_page_and_stand_apart(template: str) -> None:
    """Word makes one table of two that touch, and none may end the body."""
    body = etree.fromstring(parts_of(render(template, SAMPLES[template]))["word/document.xml"])[0]
    tags = [child.tag for child in body]
    assert (f"{W}tbl", f"{W}tbl") not in list(itertools.pairwise(tags))
    assert tags[-2:] == [f"{W}p", f"{W}sectPr"]
    for table in body.iter(f"{W}tbl"):
        grid = [int(column.get(f"{W}w")) for column in table.find(f"{W}tblGrid")]
        assert int(table.find(f"{W}tblPr").find(f"{W}tblW").get(f"{W}w")) == sum(grid)
        for row in table.iter(f"{W}tr"):
            assert sum(int(cell.get(f"{W}w")) for cell in row.iter(f"{W}tcW")) == sum(grid)


def test_another_paper_s_content_is_refused() -> None:
    with pytest.raises(TypeError, match="Receipt"):
        render("receipt", SAMPLES["certificate"])
    with pytest.raises(KeyError):
        render("letter_of_love", SAMPLES["receipt"])


def test_the_foot_of_an_application_names_its_content_on_every_page() -> None:
    foot = etree.fromstring(parts_of(render("application_form", form()))["word/footer1.xml"])
    words = "".join(text.text or "" for text in foot.iter(f"{W}t"))
    assert PROOF.sha256 in words
    assert CASE.number in words
    assert [code.text.strip() for code in foot.iter(f"{W}instrText")] == ["PAGE", "NUMPAGES"]


def test_the_attachments_are_listed_with_their_whole_hashes() -> None:
    words = words_of(render("application_form", form())).replace("\n", "")
    assert [paper.name for paper in form().attachments if paper.sha256 not in words] == []


def test_a_draft_has_no_number_yet() -> None:
    draft = replace(form(), case=replace(CASE, number=""), attachments=(), pledge="", opinions=())
    words = words_of(render("application_form", draft))
    assert "（提交后编号）" in words
    assert "附件清单" not in words
    assert "承诺" not in words


def test_only_what_changed_is_shown_as_changed() -> None:
    words = words_of(render("task_book", SAMPLES["task_book"]))
    assert words.count("申报时") == 2  # one value of the grid and one long text
    assert words.count("二百亩") == 2  # the area that stayed, and the long text


def test_signs_that_no_file_may_hold_are_left_out() -> None:
    broken = replace(form(), case=replace(CASE, title="甲\x00乙\x0b<丙>&"))
    docx.Document(io.BytesIO(render("application_form", broken)))


@given(st.text(max_size=60), st.text(max_size=900))
@settings(max_examples=40, deadline=None)
def test_whatever_was_typed_the_paper_opens(value: str, text: str) -> None:
    """Line ends of Windows, direction marks, lonely surrogates, tabs: what people paste."""
    parts = (Grid((Item(value, value, before=text), Item("乙", text))), LongText(value, text))
    paper = replace(form(1), sections=(Section(value, parts),), pledge=text, note=value)
    made = docx.Document(io.BytesIO(render("application_form", paper)))
    assert "\r" not in "".join(paragraph.text for paragraph in made.paragraphs)
    defect = shapes.Defect(value, text, value)
    docx.Document(io.BytesIO(render("correction_notice", replace(SAMPLES["correction_notice"], defects=(defect,)))))


def test_a_form_with_very_long_texts_and_tables_prints_all_of_them() -> None:
    rows = tuple((str(n), "说明" * 30) for n in range(500))
    parts = (
        LongText("研究内容", "\r\n".join(["很长的一段话。" * 100] * 20)),
        Listing((Head("序号"), Head("说明")), rows),
    )
    paper = replace(form(), sections=(Section("内容", parts),))
    words = words_of(render("application_form", paper))
    assert words.count("很长的一段话。") == 2000
    assert "499" in words


def test_a_list_of_nothing_says_so() -> None:
    empty = Listing((Head("甲"), Head("乙")), ())
    paper = replace(form(), sections=(replace(form().sections[0], parts=(empty,)),))
    assert "（无）" in words_of(render("application_form", paper))


def test_a_wide_list_lies_and_a_narrow_one_stands() -> None:
    assert (is_wide(WIDE), is_wide(NARROW)) == (True, False)
    for listing, turned in ((WIDE, True), (NARROW, False)):
        made = render("recommendation_list", shapes.ListPaper("汇总表", ISSUER, listing, DAY))
        section = docx.Document(io.BytesIO(made)).sections[0]
        assert (section.page_width > section.page_height) is turned


def test_a_downward_document_has_its_number_in_the_middle_under_a_red_head() -> None:
    body = etree.fromstring(parts_of(render("approval_document", SAMPLES["approval_document"]))["word/document.xml"])
    for paragraph in body.iter(f"{W}p"):
        if "".join(paragraph.itertext()) == "云科发〔2026〕12号":
            assert paragraph.find(f"{W}pPr/{W}jc").get(f"{W}val") == "center"
            assert paragraph.find(f"{W}pPr/{W}pBdr/{W}bottom").get(f"{W}color") == "FF0000"
            break
    else:
        pytest.fail("no number under the red head")


def test_nobody_signs_in_the_head_of_a_document_to_those_below() -> None:
    from keshu.office.gbt9704 import OfficialDocument, RedHead

    with pytest.raises(ValueError, match="superior"):
        OfficialDocument("甲", (), form="downward", head=RedHead("局文件", "〔2026〕1号", ("某",)))


def test_a_sheet_without_all_scores_has_no_sum() -> None:
    sheet = SAMPLES["score_sheet"]
    lines = (*sheet.lines[:2], replace(sheet.lines[2], score=None))
    words = words_of(render("score_sheet", replace(sheet, lines=lines)))
    assert "51.5" not in words
    assert "84.5" not in words
    given = tuple(replace(one, score=Decimal(0)) for one in sheet.lines)
    table = docx.Document(io.BytesIO(render("score_sheet", replace(sheet, lines=given)))).tables[1]
    assert [cell.text for cell in table.rows[-1].cells] == ["合计", "", "100", "0", ""]


def test_an_acceptance_needs_all_three_verdicts() -> None:
    paper = SAMPLES["conclusion_reply"]
    with pytest.raises(ValueError, match="绩效"):
        render("conclusion_reply", replace(paper, verdicts=paper.verdicts[:2]))


def test_no_notice_pays_more_than_was_approved() -> None:
    paper = replace(SAMPLES["payment_notice"], paid_before=Decimal("160000.01"))
    with pytest.raises(ValueError, match="approved"):
        render("payment_notice", paper)


def test_a_refused_change_does_not_say_that_it_was_made() -> None:
    words = words_of(render("change_reply", replace(SAMPLES["change_reply"], agreed=False)))
    assert "不同意下列2项变更" in words
    assert "变更后" not in words
    assert "任务书的组成部分" not in words


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda: Verification("3F" * 32, "https://a"), id="a hash in capitals"),
        pytest.param(lambda: Verification("", "https://a"), id="no hash"),
        pytest.param(lambda: Listing((Head("甲"),), (("1", "2"),)), id="a row with too many cells"),
        pytest.param(lambda: Listing((Head("甲"), Head("乙")), (), total=("1",)), id="a total with too few"),
    ],
)
def test_what_cannot_be_printed_is_refused(wrong) -> None:
    with pytest.raises(ValueError):
        wrong()


def test_long_values_have_the_row_for_themselves() -> None:
    items = (Item("甲", "短"), Item("乙", "长" * 40), Item("丙", "短"), Item("丁", "短"))
    paper = replace(form(), sections=(replace(form().sections[0], parts=(Grid(items),)),))
    tables = docx.Document(io.BytesIO(render("application_form", paper))).tables
    grid = next(table for table in tables if table.rows[0].cells[0].text == "甲")
    assert [len(row._tr.tc_lst) for row in grid.rows] == [2, 2, 4]


def test_no_sentence_ends_twice() -> None:
    for template, content in SAMPLES.items():
        assert not re.search(r"。。|；。|，。|：：", words_of(render(template, content))), template
