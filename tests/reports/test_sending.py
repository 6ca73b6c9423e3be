"""The upward form: a red head with number and signers, checked before anything is downloaded."""

import io
from argparse import Namespace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from docx import Document

from keshu.bureau.reports.build import build_text, wish_for
from keshu.bureau.reports.forms import SendingForm
from keshu.bureau.reports.papers import BadSending, read_sending
from keshu.bureau.targets.services import TargetSpec, set_target
from keshu.office.gbt9704 import Annex, Table
from keshu.site.commands import catalogue
from tests.reports.conftest import CLERK, COUNTY, PERIOD


@pytest.mark.parametrize(
    ("typed", "number"),
    [("云科[2026]12号", "云科〔2026〕12号"), (" 云科〔2026〕12号 ", "云科〔2026〕12号"), ("", "")],
)
def test_a_number_is_taken_in_any_brackets(typed, number):
    form = SendingForm({"number": typed, "signers": "方正、林远", "addressee": "市政府"})
    assert form.is_valid()
    assert (form.sending.number, form.sending.signers) == (number, ("方正", "林远"))


@pytest.mark.parametrize(
    ("number", "signers", "field"), [("云科12号", "方正", "number"), ("云科〔2026〕12号", "", "signers")]
)
def test_what_is_missing_is_said_beside_its_field(number, signers, field):
    form = SendingForm({"number": number, "signers": signers})
    assert list(form.errors) == [field]


def test_the_document_bears_them():
    from keshu.bureau.reports.papers import Paper, document_of
    from keshu.office.gbt9704 import write_official

    paper = Paper(organ="云岭市科学技术局", number="云科〔2026〕12号", signers=("方正",), addressee="市政府")
    stream = io.BytesIO()
    write_official(document_of("工作总结", [], [], "", paper), stream)
    text = "\n".join(p.text for p in Document(io.BytesIO(stream.getvalue())).paragraphs)
    assert "云科〔2026〕12号" in text
    assert "方正" in text
    assert "市政府" in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"signers": ["张三"]}, "还须写发文字号"),
        ({"number": "青科〔2026〕12号"}, "签发人"),
        ({"number": "青科2026-12", "signers": ["张三"]}, "不是规范的发文字号"),
    ],
)
def test_half_of_an_upward_form_is_refused_with_a_remedy(given, said):
    with pytest.raises(BadSending, match=said):
        read_sending(**given)


@pytest.mark.django_db
def test_a_number_and_signers_make_an_upward_document(bureau, tmp_path):
    sending = read_sending(number="青科〔2026〕12号", signers=["张三", " "], addressee="云岭市科学技术局")
    document = build_text(wish_for(COUNTY, PERIOD, "county", datetime.now(UTC)), sending).document
    assert document.form == "upward" and document.addressee == "云岭市科学技术局"
    assert (document.head.number, document.head.signers) == ("青科〔2026〕12号", ("张三",))
    assert build_text(wish_for(COUNTY, PERIOD, "county", datetime.now(UTC))).document.form == "plain"


@pytest.mark.django_db
def test_the_self_report_begins_with_its_table(bureau):
    set_target(
        TargetSpec(
            indicator="hte.new",
            place=COUNTY,
            year=2026,
            kind="at_least",
            low=Decimal(2),
            issuer="县政府",
            document="青政〔2026〕1号",
        ),
        by=CLERK,
    )
    document = build_text(wish_for(COUNTY, PERIOD, "self", datetime.now(UTC))).document
    table = document.blocks[0]
    assert isinstance(table, Table) and not any(isinstance(block, Annex) for block in document.blocks)
    assert [column.title for column in table.columns] == [
        "指标",
        "目标",
        "完成",
        "完成率",
        "同比",
        "位次",
        "责任科室",
        "来源",
        "佐证",
    ]
    (row,) = [cells for cells in table.rows if cells[0] == "新认定高新技术企业数"]
    assert (row[1][0].text, row[2][0].text, row[6:]) == ("2家以上", "2家", ("高新科", "资质认定台账", "2条"))


def test_libraries_of_items_are_no_summaries_to_choose_from():
    codes = {row["code"] for row in catalogue._list(Namespace(kind="summaries")).data}
    assert {"city", "county", "closing", "half", "targets", "self", "highlights", "brief"} == codes
    assert catalogue._show(Namespace(code="items_work")).data["abstract"] is True
