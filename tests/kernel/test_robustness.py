"""Whatever is typed, a reader answers: a value, nothing, or a problem with message and remedy. None of them raises."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from keshu.kernel import typed
from keshu.kernel.ids import certificate, contract, document, idcard, own, patent, phone, uscc
from keshu.kernel.prose.gates import gated_words
from keshu.kernel.prose.machine import betrayals
from keshu.kernel.prose.profile import profile
from keshu.kernel.prose.reading import scan
from keshu.kernel.prose.reference import find_references

ALPHABET = "0123456789０１５.．,，、;；:-－—~至/年月日约近余多第万亿千百十元%％家人次()（）[]〔〕《》一二三〇零点xX增长下降同比 \n{}@|甲公司无"
messy = st.text(ALPHABET, max_size=24) | st.text(max_size=12)
cells = messy | st.integers() | st.floats() | st.booleans() | st.none() | st.dates() | st.datetimes()


@given(cells)
@example("点")
@example("1.1.1.1")
@example("２０２５年１３月")
def test_cell_readers_answer(cell):
    reads = [
        typed.read_date(cell),
        typed.read_date(cell, year=2025),
        typed.read_span(cell),
        typed.read_month(cell),
        typed.read_year(cell),
        typed.read_number(cell),
        typed.read_number(cell, unit="万元"),
        typed.read_names(cell),
        typed.read_bool(cell),
        typed.read_choice(cell, codes={"a": ["甲"], "b": []}),
    ]
    for read in reads:
        assert not (read.value is not None and read.problem)
        if read.problem:
            assert read.problem.code and read.problem.message and read.problem.remedy
    if typed.is_missing(cell):
        assert all(read.missing for read in reads[:8])


@given(messy)
def test_identifier_checks_answer(text):
    for check in (
        uscc.check,
        idcard.check,
        patent.check,
        phone.check,
        certificate.check,
        contract.check,
        document.check,
        own.check,
    ):
        verdict = check(text)
        assert verdict.ok or (verdict.code and verdict.message and verdict.remedy)
        if verdict.ok:
            assert check(verdict.value).ok and check(verdict.value).value == verdict.value


@given(st.text(ALPHABET, max_size=80))
def test_text_readers_answer(text):
    figures = scan(text)
    assert all(text[figure.start : figure.end] == figure.text for figure in figures)
    assert all(first.end <= second.start for first, second in pairwise(figures))
    for finding in betrayals(text, firms=["甲公司"], indicators={"增长": ["同比"]}):
        assert 0 <= finding.start < finding.end <= len(text)
    for claim in gated_words(text):
        assert text[claim.start : claim.end] == claim.word
    found, faults = find_references(text)
    assert all(text[located.start] == "{" for located in found) and all(fault.remedy for fault in faults)
    assert profile(text).sentences >= 0
