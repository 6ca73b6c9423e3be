"""The upward form: a red head with number and signers, checked before anything is downloaded."""

import io

import pytest
from docx import Document

from keshu.bureau.reports.forms import SendingForm


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
