"""What somebody typed: figures without a source and praise without a row keep a summary from being frozen."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.reports.blocking import obstacles
from keshu.bureau.reports.checks import sheet_rows
from keshu.bureau.reports.composing.editing import BadEdit, editable
from keshu.bureau.reports.composing.nodes import block_from_json
from keshu.bureau.reports.handing_on import sign_off
from keshu.bureau.reports.models import Signature
from keshu.bureau.reports.proofs import loose_of, prove
from keshu.bureau.reports.services import StaleSection, SummaryProblem, compose_summary, edit_section, recompose_summary
from keshu.bureau.reports.signing import Scan
from tests.reports.conftest import CLERK, COUNTY, PERIOD, contract, viewer
from tests.reports.test_freezing import DIRECTOR, OFFICE, signed

pytestmark = pytest.mark.django_db
TYPED = "新增专精特新企业38家，居全省首位"
PDF = b"%PDF-1.4\n%%EOF\n"
SCAN = Scan(PDF, "通报.pdf", "application/pdf", "")
PAPER = "省工信厅关于公布专精特新企业名单的通知（云工信〔2026〕9号）第3页"


@pytest.fixture
def summary(bureau):
    return compose_summary(COUNTY, PERIOD, "county", by=CLERK)


def typed(summary, words=TYPED, code="subjects"):
    section = summary.sections.get(code=code)
    return edit_section(section.pk, {}, seen=section.version, by=CLERK, own=words)


def blocking(summary):
    return [one.words for one in obstacles(summary) if one.blocks and one.code == "loose"]


def test_a_composed_text_has_nothing_loose_after_its_words_were_adopted(summary):
    assert blocking(signed(summary)) == []


def test_a_typed_figure_and_typed_praise_must_be_settled_with_the_ways_out(summary):
    typed(summary)
    (words,) = blocking(summary)
    assert "“38家”没有出处" in words and "“居全省首位”没有依据" in words
    assert "改为引用" in words and "以文件为据" in words and "删去" in words


def test_they_keep_the_summary_from_being_frozen_though_all_have_signed(summary):
    typed(summary)
    with pytest.raises(NotAllowed) as refused:
        sign_off(signed(summary).pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
    assert "没有出处" in str(refused.value) and "没有依据" in str(refused.value)


@pytest.mark.parametrize("words", ["服务更加主动。", "力争实现新的突破。"])
def test_words_without_figure_and_claim_are_free(summary, words):
    typed(summary, words)
    assert blocking(summary) == []


def test_praise_alone_blocks_and_an_aim_in_the_plan_does_not(summary):
    typed(summary, "培育成效显著提升，走在全省前列")
    (words,) = blocking(summary)
    assert "没有依据" in words and "没有出处" not in words
    plan = summary.sections.filter(included=True, role="goals").first()
    edit_section(plan.pk, {}, seen=plan.version, by=CLERK, own="推动各项工作走在全省前列")
    assert len(blocking(summary)) == 1


def test_praise_stands_where_the_figures_of_its_sentence_carry_it(summary):
    """The contracts have grown by more than a tenth: 较快增长 may be said of them, 翻番 may not."""
    section = summary.sections.get(code="transfer")
    for word, stands in (("较快增长", True), ("翻番", False)):
        section.refresh_from_db()
        block = next(b for b in map(block_from_json, section.blocks) if "增长" in b.words and "成交额" in b.words)
        text = editable(block)
        sentence = next(s for s in text.split("。") if "成交额" in s and "增长" in s)
        changed = sentence.replace("，实现翻番", "").replace("，实现较快增长", "") + f"，实现{word}"
        edit_section(section.pk, {block.code: text.replace(sentence, changed)}, seen=section.version, by=CLERK)
        assert (blocking(summary) == []) is stands, word


def test_a_document_behind_the_sentence_settles_it_and_says_who_and_when(summary):
    section = typed(summary)
    (loose,) = loose_of(summary)
    prove(section.pk, loose.key, seen=section.version, viewer=OFFICE, document=PAPER, scan=SCAN)
    assert blocking(summary) == []
    proof = Signature.objects.get(step="proof")
    assert (proof.by, proof.note, proof.scan.name, proof.version) == ("office", PAPER, "通报.pdf", section.version)
    sign_off(signed(summary).pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
    summary.refresh_from_db()
    row = sheet_rows(summary)[-1]
    assert (row.sentence, row.value) == (f"{TYPED}。", "38家") and PAPER in row.source and "王主任" in row.source


def test_a_proof_lapses_with_the_first_word_that_is_changed(summary):
    section = typed(summary)
    (loose,) = loose_of(summary)
    prove(section.pk, loose.key, seen=section.version, viewer=OFFICE, document=PAPER, scan=SCAN)
    section.refresh_from_db()
    own = section.blocks[-1]["attrs"]["code"]
    edit_section(section.pk, {own: TYPED.replace("38", "39")}, seen=section.version, by=CLERK)
    assert "“39家”没有出处" in blocking(summary)[0]


def test_a_proof_needs_the_right_section_the_sentence_and_the_version_that_was_read(summary):
    section = typed(summary)
    (loose,) = loose_of(summary)
    other = viewer("head", sections=["办公室"])
    with pytest.raises(NotAllowed):
        prove(section.pk, loose.key, seen=section.version, viewer=other, document=PAPER, scan=SCAN)
    with pytest.raises(StaleSection):
        prove(section.pk, loose.key, seen=section.version - 1, viewer=OFFICE, document=PAPER, scan=SCAN)
    with pytest.raises(SummaryProblem):
        prove(section.pk, "0" * 64, seen=section.version, viewer=OFFICE, document=PAPER, scan=SCAN)
    assert not Signature.objects.exists()


def test_the_page_of_a_proof_asks_for_the_document_and_its_file(client_as, summary):
    section = typed(summary)
    (loose,) = loose_of(summary)
    client, page = client_as("office"), f"/summaries/{summary.pk}/"
    url = f"{page}sections/subjects/proof/{loose.key}/"
    assert url in client.get(page).content.decode()
    assert TYPED in client.get(url).content.decode()
    assert client.post(url, {"seen": section.version, "note": PAPER}).status_code == 422
    text = SimpleUploadedFile("通报.pdf", b"no pdf at all")
    assert client.post(url, {"seen": section.version, "note": PAPER, "scan": text}).status_code == 422
    file = SimpleUploadedFile("通报.pdf", PDF)
    assert client.post(url, {"seen": section.version, "note": PAPER, "scan": file}).status_code == 302
    assert client.get(url).status_code == 404, "it needs no document any more"
    proof = Signature.objects.get(step="proof")
    shown = client.get(page).content.decode()
    assert PAPER in shown and f"{page}signatures/{proof.pk}/scan/" in shown


def figures_of(section):
    return [part["attrs"] for block in section.blocks for part in block["content"] if part["type"] == "figure"]


def test_a_typed_reference_becomes_the_figure_and_blocks_nothing(summary, add, firms):
    words = "登记合同的金额为{contract.total}，{contract.total:growth}，去年为{技术合同成交额/last_year}"
    section = typed(summary, words, "transfer")
    own = block_from_json(section.blocks[-1])
    assert re.fullmatch(r"登记合同的金额为156万元，.*增长\d+\.\d%，去年为\d+万元。", own.words)
    assert blocking(summary) == []
    marks = [one["id"] for one in figures_of(section)]
    assert len(marks) == len(set(marks))
    contract(add, firms[0], "2026Z1", date(2026, 9, 1), 440000)
    recompose_summary(summary.pk, by=CLERK)
    section.refresh_from_db()
    assert "登记合同的金额为200万元" in block_from_json(section.blocks[-1]).words
    summary.refresh_from_db()
    frozen = sign_off(signed(summary).pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
    assert frozen.marks.filter(reference="contract.total", printed="200万元").count() == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [("有{no.such}", "no.such"), ("有{}", ""), ("有{hte.valid:grow}", "不是引用"), ("有{hte.valid:names}", "名单"),
     ("有{rd.expenditure}", "没有可写的数")],
)  # fmt: skip
def test_a_typed_reference_that_says_nothing_is_refused(summary, words, why):
    if not why:
        assert block_from_json(typed(summary, words).blocks[-1]).words == f"{words}。"
        return
    with pytest.raises(BadEdit) as refused:
        typed(summary, words)
    assert why in str(refused.value)
