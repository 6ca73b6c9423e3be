"""Laws of reading on generated sentences: variations say the same, offsets point home, no text takes longer than its length."""

import time
from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keshu.kernel.numerals import write_numeral
from keshu.kernel.prose.reading import read, scan

_FULL = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
NOUNS = ["高新技术企业", "有效发明专利", "技术合同", "科技特派员", "新型研发机构", "科普基地", "院士工作站"]
UNITS = ["家", "件", "项", "名", "个", "人次", "场", "台套", "亩", "公里", "吨", "平方米", "元"]


@st.composite
def quantities(draw):
    """A number as it may be written, with its value and unit."""
    unit = draw(st.sampled_from(UNITS))
    style = draw(st.sampled_from(["plain", "grouped", "scaled", "numeral", "full", "blank", "infix"]))
    value = D(draw(st.integers(11, 99999)))
    if style == "numeral":
        return write_numeral(int(value)) + unit, value, unit
    if style == "scaled":
        tenths = D(draw(st.integers(11, 9999))) / 10
        scale, factor = draw(st.sampled_from([("万", 10**4), ("亿", 10**8)]))
        return f"{tenths}{scale}{unit}", tenths * factor, unit
    if style == "infix":
        value = value // 10 * 10 + 10
        return f"{value}{draw(st.sampled_from('多余'))}{unit}", value, unit
    text = f"{value:,}" if style == "grouped" else str(value)
    text = f"{text} " if style == "blank" else text
    return (text + unit).translate(_FULL) if style == "full" else text + unit, value, unit


@st.composite
def clauses(draw):
    """One statement in one of its builds, with what must be read out of it."""
    text, value, unit = draw(quantities())
    noun = draw(st.sampled_from(NOUNS))
    rate = D(draw(st.integers(11, 980))) / 10
    build = draw(
        st.sampled_from(["{n}达{q}", "新增{q}{n}", "{n}{q}", "累计培育{n}{q}", "{n}突破{q}", "{n}由12家增至{q}"])
    )
    said = [(D(12), "家")] if "由12家" in build else []
    sentence, said = build.format(n=noun, q=text), [*said, (value, unit)]
    growth = draw(st.sampled_from(["", "，同比增长{r}%", "，较上年下降{r}%", "，增长百分之{w}", "，提高{r}个百分点"]))
    if "{w}" in growth:
        sentence, said = sentence + growth.format(w=write_numeral(int(rate))), [*said, (D(int(rate)), "%")]
    elif growth:
        unit = "个百分点" if "个百分点" in growth else "%"
        sentence, said = sentence + growth.format(r=rate), [*said, (rate, unit)]
    return sentence, said, noun


@given(
    parts=st.lists(clauses(), min_size=1, max_size=5),
    lead=st.sampled_from(["", "2026年，", "截至9月底，", "一是", "其中："]),
)
def test_whatever_the_writing_the_same_values_are_read(parts, lead):
    text = lead + "；".join(sentence for sentence, _, _ in parts) + "。"
    assert [(f.value, f.unit) for f in scan(text)] == [one for _, said, _ in parts for one in said]


@given(parts=st.lists(clauses(), min_size=1, max_size=4))
def test_every_figure_of_a_statement_is_about_its_noun(parts):
    figures = iter(read("；".join(sentence for sentence, _, _ in parts) + "。"))
    for _, said, noun in parts:
        for _ in said:
            assert next(figures).subject.endswith(noun)


@given(parts=st.lists(clauses(), min_size=2, max_size=5), data=st.data())
def test_clauses_may_stand_in_any_order(parts, data):
    shuffled = data.draw(st.permutations(parts))
    one = read("。".join(sentence for sentence, _, _ in parts))
    other = read("。".join(sentence for sentence, _, _ in shuffled))
    assert sorted((str(f.value), f.unit, f.kind, f.subject) for f in one) == sorted(
        (str(f.value), f.unit, f.kind, f.subject) for f in other
    )


_PIECES = [
    "12", "3.5", "１２", "，", "、", "。", "\n", " ", "万", "亿", "千", "家", "%", "％", "个百分点", "第", "百分之", "二十", "x", "××",
    "《", "》", "“", "”", "(", "）", "—", "至", "年", "月", "：", "1:", "http://", "其中", "分别", "占", "增长", "达到", "等", "的", "AI", "全市企业",
]  # fmt: skip


@given(text=st.lists(st.sampled_from(_PIECES), max_size=40).map("".join) | st.text(max_size=80))
@settings(max_examples=300)
def test_offsets_point_home_and_reading_adds_to_scanning(text):
    figures = scan(text)
    assert all(text[f.start : f.end] == f.text and f.text.strip() for f in figures)
    assert all(one.end <= two.start for one, two in pairwise(figures))
    assert [(f.start, f.end, f.value, f.upper, f.unit) for f in read(text)] == [
        (f.start, f.end, f.value, f.upper, f.unit) for f in figures
    ]


_HOSTILE = [
    "1", "1,", "1、", "1 000", "1-", "1:", "1+", "12.", "1家", "1家、", "1亿2", "1\n", "万", "一", "二十", "百分之", "第", "第一", "x", "x_", "xx.",
    "____", "《", "“", "\"", "(", "（", "（1", " ", "，", "、", "的", "等", "占", "近", "分别", "增长5%，", "比上年", "其中", "全市", "2026年", "A1", "http://",
]  # fmt: skip


@pytest.mark.parametrize("piece", _HOSTILE)
def test_time_is_linear_in_the_text(piece):
    """Eight times the text may take sixteen times as long at the most; a quadratic reader takes sixty-four times."""
    small, large = (_seconds(piece * (count // len(piece))) for count in (4_000, 32_000))
    assert large < max(small * 16, 0.4)


def _seconds(text):
    taken = []
    for _ in range(2):
        start = time.process_time()
        read(text)
        taken.append(time.process_time() - start)
    return min(taken)
