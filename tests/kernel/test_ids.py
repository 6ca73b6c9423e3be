"""Identifiers: known vectors, every spelling, and the law that one wrong character is caught."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keshu.kernel.ids import certificate, contract, document, idcard, own, patent, phone, uscc

GOOD_USCC = [
    "91350402MA0000015H",
    "123410000001234573",
    "93321183MA0000X90K",
    "52330304MJ0000018U",
    "913501000000001660",
    "9135010000000006XH",
]


@pytest.mark.parametrize("code", GOOD_USCC)
def test_uscc_holds(code):
    verdict = uscc.check(code)
    assert verdict.ok and verdict.value == code and not verdict.message


@pytest.mark.parametrize(
    "typed",
    [" 91350402ma0000015h ", "９１３５０４０２ＭＡ０００００１５Ｈ", "91350402-MA000001-5H", "91350402 MA00 0001 5H"],
)
def test_uscc_spellings(typed):
    assert uscc.check(typed).value == "91350402MA0000015H"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("91350402MA0000015J", "uscc-check"),
        ("91350402MA0000015I", "uscc-character"),
        ("9135040ZMA0000015H", "uscc-character"),
        ("91350402MA000001", "uscc-length"),
        ("9135A402MA0000015H", "uscc-region"),
        ("9.13504E+17", "lost-digits"),
    ],
)
def test_uscc_faults_have_a_remedy(typed, code):
    verdict = uscc.check(typed)
    assert (verdict.ok, verdict.code) == (False, code)
    assert verdict.message and verdict.remedy


def test_uscc_inner_check_only_warns():
    body = "91350402MA0000016"
    verdict = uscc.check(body + uscc.check_character(body))
    assert verdict.ok and "组织机构代码" in verdict.warnings[0]
    assert uscc.check("91350402MA0000015H").warnings == ()


@given(st.sampled_from(GOOD_USCC), st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_uscc_catches_every_single_wrong_character(code, place, character):
    assume(code[place] != character)
    assert not uscc.check(code[:place] + character + code[place + 1 :]).ok


@pytest.mark.parametrize(
    "number", ["350423198506153024", "34100219900101001X", "510181199202291235", "330304198812310018"]
)
def test_idcard_holds(number):
    assert idcard.check(number).ok


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("350423198506153025", "idcard-check"),
        ("350423198513153024", "idcard-birth"),
        ("35042319850615302", "idcard-length"),
        ("35042319850615302A", "idcard-character"),
        ("350423190102291235", "idcard-birth"),
        ("3.50423E+17", "lost-digits"),
    ],
)
def test_idcard_faults(number, code):
    assert idcard.check(number).code == code


def test_idcard_parts():
    assert idcard.birth_date("350423198506153024") == date(1985, 6, 15)
    assert not idcard.is_male("350423198506153024")
    assert idcard.mask("350423198506153024") == "350423********3024"
    assert idcard.check("34100219900101001x").value == "34100219900101001X"
    assert idcard.check("350423198506153024", today=date(1985, 1, 1)).code == "idcard-birth"


def test_idcard_of_fifteen_digits_becomes_eighteen():
    verdict = idcard.check("350423850615302")
    assert verdict.ok and verdict.value == "350423198506153024" and verdict.warnings


@pytest.mark.parametrize(
    ("typed", "value", "kind"),
    [
        ("200710308494.X", "200710308494.X", "发明"),
        ("201710601862.3", "201710601862.3", "发明"),
        ("201310699744.2", "201310699744.2", "发明"),
        ("95115608.X", "95115608.X", "发明"),
        ("97101765.4", "97101765.4", "发明"),
        ("202310000123.4", "202310000123.4", "发明"),
        ("202420000456.7", "202420000456.7", "实用新型"),
        ("202330000789.0", "202330000789.0", "外观设计"),
        ("ZL2024 1 0977336.7", "202410977336.7", "发明"),
        ("2023107977632", "202310797763.2", "发明"),
        ("202310429119X", "202310429119.X", "发明"),
        ("202310429119x", "202310429119.X", "发明"),
        ("CN202410713661.2", "202410713661.2", "发明"),
        ("ＺＬ２０２１１０９６０８０６．５", "202110960806.5", "发明"),
        ("专利号：ZL 2021 1 0960806.5", "202110960806.5", "发明"),
        ("zl202110960806.5（发明）", "202110960806.5", "发明"),
        ("971017654", "97101765.4", "发明"),
        ("2023107977632.0", "202310797763.2", "发明"),
    ],
)
def test_patent_spellings(typed, value, kind):
    verdict = patent.check(typed)
    assert verdict.ok and verdict.value == value and verdict.warnings == ()
    assert patent.normalise(typed) == value
    assert patent.kind_of(typed).label == kind


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ZL202310235010.0", "patent-check"),
        ("202340000789.0", "patent-kind"),
        ("199910000123.4", "patent-year"),
        ("20231000012", "patent-shape"),
        ("CN112345678B", "patent-publication"),
        ("无", "patent-shape"),
        ("2.0231E+12", "lost-digits"),
    ],
)
def test_patent_faults(typed, code):
    verdict = patent.check(typed)
    assert (verdict.ok, verdict.code) == (False, code)
    assert verdict.remedy
    assert patent.parse(typed) is None


def test_patent_without_check_character_gets_it_and_a_warning():
    verdict = patent.check("ZL202310000123")
    assert verdict.ok and verdict.value == "202310000123.4" and "校验位" in verdict.warnings[0]


def test_patent_parts():
    number = patent.parse("95115608.X")
    assert (number.year, str(number), number.pct) == (1995, "95115608.X", False)
    body = "202380000001"
    assert patent.parse(body + patent.check_character(body)).pct


@given(
    st.integers(2004, 2026), st.sampled_from("123"), st.integers(0, 9_999_999), st.sampled_from(["", "ZL", "CN", "zl "])
)
def test_patent_spellings_all_give_one_value(year, kind, serial, prefix):
    body = f"{year}{kind}{serial:07d}"
    check = patent.check_character(body)
    expected = f"{body}.{check}"
    spaced = f"{prefix}{body[:4]} {body[4]} {body[5:]}.{check}"
    for typed in (prefix + expected, prefix + body + check, spaced):
        assert patent.check(typed).value == expected
        assert patent.check(typed).ok


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("13800138000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("13800138000.0", "13800138000"),
        ("0598-1234567", "0598-1234567"),
        ("（0598）1234567", "0598-1234567"),
        ("010 12345678", "010-12345678"),
        ("0598-1234567转801", "0598-1234567转801"),
        ("400-123-4567", "400-123-4567"),
    ],
)
def test_phone_spellings(typed, value):
    verdict = phone.check(typed)
    assert verdict.ok and verdict.value == value


def test_phone_faults():
    assert phone.check("1380013800").code == "phone-mobile"
    assert phone.check("见通讯录").code == "phone-shape"
    assert phone.check("8234567").warnings
    assert phone.mask("13800138000") == "138****8000"


def test_certificates():
    assert certificate.check("gr202335000123").value == "GR202335000123"
    assert certificate.check("GR202335000123").ok
    assert certificate.check("202335000123").code == "certificate-prefix"
    assert certificate.check("GR2023350001").code == "certificate-shape"
    assert certificate.check("GR200035000123").code == "certificate-year"
    assert certificate.year_of("GR202335000123") == 2023
    assert certificate.check_sme("2025990102A8000123").ok
    assert certificate.check_sme("20259901020800012").code == "sme-shape"


@pytest.mark.parametrize(
    "typed",
    [
        "国科发火[2016]32号",
        "国科发火【2016】32号",
        "国科发火（2016）32号",
        "国科发火(2016)第32号",
        "国科发火〔2016〕 032 号",
        "国科发火［２０１６］３２号",
    ],
)
def test_document_numbers_have_one_spelling(typed):
    assert document.check(typed).value == "国科发火〔2016〕32号"


def test_document_number_faults_and_notices():
    assert document.check("科技部公告2023年第27号").ok
    assert document.check("国科发火32号").code == "document-shape"
    assert document.check("国科发火〔1016〕32号").code == "document-year"
    assert document.check("国科发火〔2016〕0号").code == "document-number"
    parsed = document.parse("国科发火〔2016〕32号")
    assert (parsed.organ, parsed.year, parsed.number) == ("国科发火", 2016, 32)


def test_contract_numbers():
    assert contract.check("202599010000000").ok
    assert contract.check(" 2025 9901 0000 000 ").value == "202599010000000"
    assert contract.check("202599010000000.0").value == "202599010000000"
    assert contract.check("2.02599E+14").code == "lost-digits"
    assert contract.check("990100000012345").code == "contract-year"
    assert contract.check("2025号").code == "contract-shape"


@given(st.text("ABXZ", min_size=2, max_size=4), st.integers(1990, 2090), st.integers(0, 99999), st.data())
def test_own_numbers_catch_a_wrong_or_swapped_digit(prefix, year, serial, data):
    number = own.make(prefix=prefix, year=year, serial=serial)
    assert own.check(number).ok
    assert own.check(f" {number.lower()} ").value == number
    place = data.draw(st.integers(len(prefix), len(number) - 2))
    digit = data.draw(st.sampled_from("0123456789").filter(lambda new: new != number[place]))
    assert not own.check(number[:place] + digit + number[place + 1 :]).ok
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert not own.check(swapped).ok


def test_own_numbers_refuse_what_does_not_fit():
    with pytest.raises(ValueError, match="流水号"):
        own.make(prefix="XM", year=2026, serial=100000)
    with pytest.raises(ValueError, match="大写字母"):
        own.make(prefix="项目", year=2026, serial=1)
    assert own.check("乱写").code == "own-shape"
