"""Reading figures out of text, and the law that what was composed is read back."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.measure.arithmetic import round_to
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.targets import Target, TargetKind
from keshu.kernel.prose import words as w
from keshu.kernel.prose.figure import Approx
from keshu.kernel.prose.reading import scan


def read(text):
    return [(f.text, f.value, f.unit, f.approx.value) for f in scan(text)]


@pytest.mark.parametrize(
    ("text", "text_of", "value", "unit", "approx"),
    [
        ("全市有效高新技术企业96家，", "96家", "96", "家", "exact"),
        ("成交额8.46亿元。", "8.46亿元", "846000000", "元", "exact"),
        ("参训企业300余家次", "300余家次", "300", "家次", "over"),
        ("培训近3000人次", "3000人次", "3000", "人次", "about"),
        ("吸引1.2万余人次", "1.2万余人次", "12000", "人次", "over"),
        ("完成９４．０％", "９４．０％", "94.0", "%", "exact"),
        ("下降百分之五点六", "百分之五点六", "5.6", "%", "exact"),
        ("近六成企业", "六成", "60", "%", "about"),
        ("突破10亿元", "10亿元", "1000000000", "元", "over"),
        ("超序时进度10.7个百分点", "10.7个百分点", "10.7", "个百分点", "exact"),
        ("新增20家以上", "20家", "20", "家", "over"),
        ("约5万平方米", "5万平方米", "50000", "平方米", "about"),
        ("不足50家", "50家", "50", "家", "under"),
        ("二十八万人参加", "二十八万人", "280000", "人", "exact"),
        ("研发经费占GDP2.6%", "2.6%", "2.6", "%", "exact"),
        ("增长2.3倍", "2.3倍", "2.3", "倍", "exact"),
        ("1,234,567元", "1,234,567元", "1234567", "元", "exact"),
    ],
)
def test_one_figure(text, text_of, value, unit, approx):
    assert read(text) == [(text_of, D(value), unit, approx)]


def test_ranges_ranks_and_slots():
    (span,) = scan("新立项3—5项")
    assert (span.value, span.upper, span.approx, span.text) == (3, 5, Approx.RANGE, "3—5项")
    (money,) = scan("争取8000万元—1.20亿元")
    assert (money.value, money.upper, money.unit) == (80_000_000, 120_000_000, "元")
    (rank,) = scan("居全省第3位")
    assert (rank.value, rank.unit, rank.rank) == (3, "位", True)
    (slot,) = scan("新增xx家企业")
    assert (slot.value, slot.unit) == (None, "家")


@pytest.mark.parametrize(
    "text",
    [
        "2025年10月31日",
        "1—10月，",
        "5月19-25日",
        "2021—2025年",
        "截至10月底",
        "云科发〔2026〕5号",
        "《关于2026年10项工作的通知》",
        "一、工作情况",
        "（二）创新主体",
        "一是抓主体。二是抓平台。",
        "第一批、第十届、第三季度",
        "“十四五”期间",
        "3.加大投入",
        "上午9:30",
        "GB/T 9704标准",
        "5G、AES100",
        "零的突破",
    ],
)
def test_what_measures_nothing_is_left_alone(text):
    assert scan(text) == []


def test_offsets_point_into_the_text():
    text = "截至１０月底，全市有效高新技术企业９６家，增长２３．１％；2025年技术合同312项。"
    assert [(f.start, f.end) for f in scan(text)] == [
        (text.index("９６家"), text.index("９６家") + 3),
        (text.index("２３．１％"), text.index("２３．１％") + 5),
        (text.index("312项"), text.index("312项") + 4),
    ]


counts = st.integers(1, 10**7).map(D)
units = st.sampled_from(["家", "项", "件", "个", "名", "人次", "家次", "场", "平方米"])
frames = st.sampled_from(["{}。", "截至10月底，全市共有{}，", "2025年1—10月{}；", "其中新增{}", "（{}）", "、{}、"])


def only(text, sentence):
    """The one figure that stands where the composed text stands."""
    at = sentence.index(text)
    return [f for f in scan(sentence) if at <= f.start and f.end <= at + len(text)]


@given(value=counts, unit=units, precision=st.integers(0, 2), frame=frames)
def test_counts_are_read_back(value, unit, precision, frame):
    text = w.quantity(value, unit=unit, precision=precision)
    (figure,) = only(text, frame.format(text))
    assert (figure.value, figure.unit, figure.text) == (value, unit, text)


@given(
    value=st.decimals(min_value=100, max_value=10**12, places=2),
    unit=st.sampled_from(["", "亿元", "万元"]),
    precision=st.none() | st.integers(0, 4),
    frame=frames,
)
def test_amounts_are_read_back_at_printed_precision(value, unit, precision, frame):
    text = w.amount(value, unit=unit, precision=precision)
    (figure,) = only(text, frame.format(text))
    shown = text.rstrip("亿万元")
    factor = D(10) ** (8 if "亿" in text else 4 if "万" in text else 0)
    decimals = len(shown.partition(".")[2])
    assert figure.unit == "元" and figure.value == round_to(value / factor, decimals) * factor


@given(value=st.integers(1, 10**7).map(D), unit=st.sampled_from(["人", "人次", "家次", "册"]), frame=frames)
def test_rough_numbers_are_read_back_as_bounds(value, unit, frame):
    text = w.rough(value, unit=unit)
    (figure,) = only(text, frame.format(text))
    assert figure.unit == unit
    if figure.approx is Approx.OVER:
        assert figure.value < value < figure.value * D("1.5")
    elif figure.approx is Approx.ABOUT:
        assert value < figure.value <= value * D("1.021")
    else:
        assert figure.value == value


rates = st.decimals(min_value="1.0", max_value=199, places=3)


@given(rate=rates, sign=st.sampled_from([1, -1]), versus=st.sampled_from(list(w.Versus)))
def test_growth_is_read_back(rate, sign, versus):
    phrase = w.rate_words(rate * sign, versus=versus)
    (figure,) = scan(phrase.text)
    assert (figure.value, figure.unit) == (round_to(rate, 1), "%")
    assert phrase.tone is (w.Tone.UP if sign > 0 else w.Tone.DOWN)


@given(now=counts, before=counts)
def test_changes_are_read_back(now, before):
    show = w.printer(unit="家")
    phrase = w.change(now=now, before=before, show=show)
    values = [f.value for f in scan(phrase.text)]
    if phrase.text.startswith("由"):
        assert values == [before, now]
    elif phrase.tone is w.Tone.FLAT:
        assert values == []
    elif "倍" in phrase.text:
        assert abs(values[0] - (now / before - 1)) <= D("0.05")
    else:
        assert abs(values[0] - abs(now / before - 1) * 100) <= D("0.05")


@given(rate=st.decimals(min_value="0.05", max_value=300, places=2), target=counts)
def test_completion_is_read_back(rate, target):
    phrase = w.completion_words(rate=rate, target=w.quantity(target, unit="家"))
    assert [(f.value, f.unit) for f in scan(phrase.text)] == [(target, "家"), (round_to(rate, 1), "%")]


@given(points=st.decimals(min_value=-80, max_value=80, places=2))
def test_pace_and_points_are_read_back(points):
    for phrase in (
        w.pace_words(pace=points),
        w.points_words(now=points, before=D(0)),
        w.average_words(distance=points),
    ):
        values = [(f.value, f.unit) for f in scan(phrase.text)]
        assert values == ([] if round_to(points, 1) == 0 else [(abs(round_to(points, 1)), "个百分点")])


@given(position=st.integers(1, 60), moved=st.none() | st.integers(-9, 9))
def test_ranks_are_read_back(position, moved):
    figures = scan(w.rank_words(position=position, moved=moved).text)
    assert figures[0].rank and figures[0].value == position
    assert [f.value for f in figures[1:]] == ([abs(moved)] if moved else [])


@given(low=st.integers(1, 50), more=st.integers(1, 50), kind=st.sampled_from(["exact", "at_least", "range", "about"]))
def test_targets_are_read_back(low, more, kind):
    upper = D(low + more) if kind == "range" else None
    target = Target(kind=TargetKind(kind), value=D(low), upper=upper)
    (figure,) = scan(w.target_words(target, name="高新技术企业", verb="新增", show=w.printer(unit="家")))
    assert (figure.value, figure.upper, figure.unit) == (low, upper, "家")


@given(st.integers(2015, 2035), st.integers(1, 12), st.integers(1, 12), st.booleans())
def test_period_words_are_never_taken_for_figures(year, first, last, with_year):
    first, last = min(first, last), max(first, last)
    period = Period.parse(f"{year}-{first:02}..{year}-{last:02}")
    text = f"{period.flow_words(with_year=with_year)}，{period.stock_words(with_year=with_year)}，"
    assert scan(text) == []
