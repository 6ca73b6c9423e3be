"""Words of figures: the table of what is said, and laws of what is never said."""

import re
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.measure.arithmetic import FirstOver, Rank
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.targets import Direction, Level, Target, TargetKind
from keshu.kernel.prose import words as w
from keshu.kernel.prose.words import Rules, Tone, Versus

firms = w.printer(unit="家")
money = w.printer(unit="元")


def text(phrase):
    return None if phrase is None else str(phrase)


@pytest.mark.parametrize(
    ("yuan", "expected"),
    [
        ("846000000", "8.46亿元"), ("100000000", "1.00亿元"), ("99999999", "1.00亿元"), ("99990000", "9999万元"),
        ("7352680", "735.27万元"), ("21070000", "2107万元"), ("3500", "3500元"), ("0", "0万元"), ("-846000000", "-8.46亿元"),
    ],
)  # fmt: skip
def test_amounts_choose_their_unit(yuan, expected):
    assert w.amount(D(yuan)) == expected


def test_one_unit_inside_a_sentence():
    assert w.common_unit([D(846000000), D(120000000)]) == "亿元"
    assert w.common_unit([D(101000000), D(63000000)]) == "亿元"
    assert w.common_unit([D(166150000), D(1910000)]) == "", "1.66亿元 and 191万元, each in its own"
    assert w.common_unit([D(544000000), D(46710000)]) == "", "5.44亿元 and 4671万元"
    assert w.common_unit([D(3000000), D(50)]) == "元"
    assert w.common_unit([]) == "万元"
    assert w.amount(D(846000000), unit="万元") == "84600万元"
    assert w.amount(D(846000000), unit="万元", precision=1) == "84600.0万元"


def test_numbers_are_not_grouped_by_default():
    assert w.number(D("1234567.5"), precision=0) == "1234568"
    assert w.number(D(1234567), grouped=True) == "1,234,567"
    assert w.percent(D("23.0769")) == "23.1%"
    assert w.percentage_points(D("-10.6667")) == "10.7个百分点"
    assert w.quantity(D("2.640"), unit="件", precision=2) == "2.64件"
    assert w.scaled_quantity(D(12345), unit="万人次", precision=2) == "1.23万人次"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1534", "1500余人"), ("2970", "近3000人"), ("300", "300人"), ("345", "340余人"), ("12345", "1.2万余人"), ("98", "近100人"),
        ("9950", "近1万人"), ("123456", "12万余人"), ("7", "7人"), ("34", "30余人"), ("1500", "1500人"), ("99500", "近10万人"),
    ],
)  # fmt: skip
def test_rough_numbers(value, expected):
    assert w.rough(D(value), unit="人") == expected


@pytest.mark.parametrize("unit", ["家", "件", "项", "份合同", "元"])
def test_exact_things_are_never_rough(unit):
    with pytest.raises(ValueError, match="概数"):
        w.rough(D(1534), unit=unit)


@pytest.mark.parametrize(
    ("now", "before", "expected", "tone"),
    [
        pytest.param(96, 78, "同比增长23.1%", Tone.UP, id="growth"),
        pytest.param(70, 78, "同比下降10.3%", Tone.DOWN, id="fall, without a minus"),
        pytest.param(5, 2, "由2家增至5家", Tone.UP, id="a small base has no rate"),
        pytest.param(2, 5, "由5家减至2家", Tone.DOWN, id="a small base falling"),
        pytest.param(3, 0, "实现零的突破", Tone.FIRST, id="from zero"),
        pytest.param(0, 5, "较上年同期减少5家", Tone.DOWN, id="to zero, without printing a zero"),
        pytest.param(1005, 1000, "与上年同期基本持平", Tone.FLAT, id="below one percent"),
        pytest.param(1000, 1000, "与上年同期持平", Tone.FLAT, id="the same"),
        pytest.param(330, 100, "同比增长2.3倍", Tone.UP, id="so much that times say it better"),
        pytest.param(0, 0, None, None, id="nothing and nothing"),
        pytest.param(5, None, None, None, id="last year missing"),
        pytest.param(None, 5, None, None, id="this year missing"),
    ],
)
def test_change(now, before, expected, tone):
    phrase = w.change(now=None if now is None else D(now), before=None if before is None else D(before), show=firms)
    assert text(phrase) == expected and (phrase is None or phrase.tone is tone)


numbers = st.decimals(min_value=0, max_value=10**10, places=2)


@given(now=st.none() | numbers, before=st.none() | numbers, versus=st.sampled_from(list(Versus)))
def test_change_never_says_what_betrays_a_machine(now, before, versus):
    said = text(w.change(now=now, before=before, show=w.printer(unit="家", precision=2), versus=versus)) or ""
    assert "-" not in said and not re.search(r"(?<!\d)0\.0%", said) and "None" not in said
    if "下降" in said or "减" in said:
        assert now < before
    if "增" in said:
        assert now > before


def test_change_without_lead_and_with_other_words():
    options = {"now": D(90), "before": D(100), "show": firms}
    assert text(w.change(**options, lead=False, fall="回落")) == "回落10.0%"
    assert text(w.change(now=D("8.2"), before=D(4), show=firms, small_bases=False)) == "同比增长105.0%"
    assert text(w.change(**options, rules=Rules(flat_below=D(15)))) == "与上年同期基本持平"
    assert text(w.rate_words(D(-3), versus=Versus.LAST_YEAR)) == "较上年下降3.0%"


def test_differences_points_and_net():
    assert text(w.difference_words(now=D(96), before=D(78), show=firms, verbs=("净增", "净减"))) == "较上年末净增18家"
    assert text(w.difference_words(now=D(78), before=D(78), show=firms)) == "与上年末持平"
    assert text(w.net_words(net=D(-6), show=firms)) == "较上年末净减6家" and w.net_words(net=D(0), show=firms) is None
    assert text(w.net_words(net=D(18), show=firms, versus=None)) == "净增18家"
    assert text(w.points_words(now=D("2.5"), before=D("2.1"))) == "较上年提高0.4个百分点"
    assert text(w.points_words(now=D("2.1"), before=D("2.5"))) == "较上年下降0.4个百分点"
    assert text(w.points_words(now=D("2.12"), before=D("2.1"))) == "与上年基本持平"
    assert w.points_words(now=None, before=D(1)) is None


def test_share_average_rank_and_streak():
    assert text(w.share_words(share=D("63.54"), whole="总数")) == "占总数的63.5%"
    assert w.share_words(share=D("0.01")) is None and w.share_words(share=None) is None
    assert text(w.average_words(distance=D("0.5"))) == "高于全省平均0.5个百分点"
    assert text(w.average_words(distance=D("-2.1"), show=w.printer(unit="件", precision=2))) == "低于全省平均2.10件"
    assert text(w.average_words(distance=D("0.01"))) == "与全省平均持平"
    assert text(w.rank_words(position=3, moved=2)) == "居全省第3位，较上年前移2位"
    assert w.rank_words(position=3, moved=-1).tone is Tone.DOWN
    assert text(w.rank_words(position=3, moved=0, scope="全市")) == "居全市第3位"
    assert text(w.rank_of_words(Rank(2, 7, True), scope="全市")) == "并列居全市第2位"
    assert text(w.streak_words(length=3, held="居全市首位")) == "连续3年居全市首位"
    assert w.streak_words(length=1, held="居全市首位") is None


def test_first_and_long_series():
    assert text(w.first_over_words(outcome=FirstOver.FIRST, threshold="10亿元")) == "首次突破10亿元"
    assert text(w.first_over_words(outcome=FirstOver.OVER_UNKNOWN, threshold="10亿元")) == "突破10亿元"
    assert w.first_over_words(outcome=FirstOver.NOT_OVER, threshold="10亿元") is None
    assert text(w.yearly_growth_words(D("8.26"))) == "年均增长8.3%" and w.yearly_growth_words(D("0.01")) is None
    assert text(w.fold_words(now=D(23), before=D(10))) == "是上个五年的2.3倍"
    assert w.fold_words(now=D(12), before=D(10)) is None
    assert text(w.raised_words(now=D("2.6"), before=D("2.1"), show=w.percent)) == "由2.1%提高到2.6%"


@pytest.mark.parametrize(
    ("rate", "verb"),
    [("110", "超额完成"), ("109.9", "全面完成"), ("100", "全面完成"), ("99.9", "基本完成"), ("95", "基本完成"), ("94.9", None), (None, None)],
)  # fmt: skip
def test_completion_verbs_are_measured(rate, verb):
    assert w.completion_verb(None if rate is None else D(rate)) == verb


def test_completion_and_pace():
    assert text(w.completion_words(rate=D("101.05"), target="95家")) == "完成年度任务（95家）的101.1%"
    assert text(w.completion_words(rate=D(94), issuer="省科技厅")) == "完成省科技厅下达任务的94.0%"
    assert w.completion_words(rate=D(0)) is None
    assert text(w.fulfilment_words(rate=D(120), target="95家")) == "超额完成年度任务（95家）"
    assert text(w.fulfilment_words(rate=D(60))) == "完成年度任务的60.0%"
    assert text(w.pace_words(pace=D("10.6667"))) == "超序时进度10.7个百分点"
    assert text(w.pace_words(pace=D("-3.2"))) == "较序时进度慢3.2个百分点"
    assert text(w.pace_words(pace=D("0.01"))) == "与序时进度持平"
    assert text(w.two_level_words(Level.ENSURED)) == "完成确保目标" and w.two_level_words(Level.NONE) is None
    assert text(w.gap_words(gap=D(8), against="年度目标", show=firms)) == "与年度目标相比尚差8家"
    assert w.gap_words(gap=D(0), against="年度目标", show=firms) is None
    said = w.without_largest_words(value=D(210000000), largest="云岭精密", name="技术合同成交额", show=money)
    assert said.text == "剔除云岭精密后，技术合同成交额仅2.10亿元"


NAMES = ["云岭精密机械有限公司", "青岩制药有限公司", "江川软件有限公司", "临湖环保有限公司"]


def test_names_lists():
    assert w.names_list(NAMES[:2], total=4) == "云岭精密机械有限公司、青岩制药有限公司等4家企业"
    assert w.names_list(NAMES[:2]) == "云岭精密机械有限公司、青岩制药有限公司2家企业"
    assert w.names_list(NAMES) == "云岭精密机械有限公司、青岩制药有限公司、江川软件有限公司等4家企业"
    assert w.names_list(NAMES[:1]) == NAMES[0] and w.names_list([], total=3) == "3家企业" and w.names_list([]) == ""
    with pytest.raises(ValueError, match="多于总数"):
        w.names_list(NAMES, total=2)
    assert w.names_in_brackets(["甲", "乙"]) == "（甲、乙）"
    assert w.names_in_brackets(["甲"] * 7) == "" and w.names_in_brackets([]) == ""


def test_a_full_legal_name_stands_only_once():
    short = w.short_names([*NAMES, "海安农业有限公司", "海安农业股份有限公司"])
    assert short["云岭精密机械有限公司"] == "云岭精密机械"
    assert short["海安农业有限公司"] == "海安农业有限公司"
    assert w.mention(NAMES[0], seen=[], short=short) == NAMES[0]
    assert w.mention(NAMES[0], seen=[NAMES[0]], short=short) == "云岭精密机械"
    assert w.short_names(NAMES, known={NAMES[0]: "云岭精密"})[NAMES[0]] == "云岭精密"


def test_parts_have_no_zero_class():
    parts = [("国家级", D(3)), ("省级", D(0)), ("市级", None), ("县级", D(2))]
    assert w.parts_words(parts, show=firms) == "其中国家级3家、县级2家"
    assert w.parts_words(parts, show=firms, complete=False) == "主要包括国家级3家、县级2家"
    assert w.parts_words([("省级", D(0))], show=firms) == ""


def test_marks_and_ordinals():
    assert w.scoped("有效高新技术企业", says="含公示") == "有效高新技术企业（含公示）"
    assert w.title("关于印发《办法》的通知") == "《关于印发〈办法〉的通知》"
    assert w.quoted("面向“双碳”的装置") == "“面向‘双碳’的装置”"
    assert [w.heading_number(11, level=level) for level in (1, 2, 3, 4)] == ["十一、", "（十一）", "11.", "（11）"]
    assert [w.item_lead(place) for place in (1, 2, 10)] == ["一是", "二是", "十是"]
    with pytest.raises(ValueError, match="层次"):
        w.heading_number(1, level=5)


@pytest.mark.parametrize(
    ("kind", "value", "upper", "expected"),
    [
        ("exact", 20, None, "新增高企20家"),
        ("at_least", 20, None, "新增高企20家以上"),
        ("range", 3, 5, "新增高企3—5家"),
        ("about", 20, None, "新增高企20家左右"),
        ("growth", 10, None, "高企增长10%以上"),
        ("share", 40, None, "高企占比达40%"),
        ("coverage", "95.5", None, "高企覆盖率95.5%"),
        ("rank", 5, None, "高企进入全省前5位"),
        ("zero_break", None, None, "高企实现零的突破"),
        ("as_handed_down", None, None, "全面完成省下达的高企任务"),
    ],
)
def test_targets_in_words(kind, value, upper, expected):
    number, top = (None if given is None else D(given) for given in (value, upper))
    target = Target(kind=TargetKind(kind), value=number, upper=top)
    assert w.target_words(target, name="高企", show=firms, verb="新增", issuer="省") == expected


def test_targets_of_money_and_two_levels():
    span = Target(kind=TargetKind.RANGE, value=D(80000000), upper=D(120000000))
    assert w.target_value(span, show=money) == "8000万元—1.20亿元"
    low = Target(kind=TargetKind.AT_LEAST, value=D(3), direction=Direction.LOWER)
    assert w.target_value(low, show=w.printer(unit="%")) == "3%以内"
    assert w.two_level_target(ensure="20家", strive="25家") == "确保20家，力争25家"
    assert w.long_range(year=2030, name="有效高新技术企业", value="150家") == "到2030年，力争有效高新技术企业达150家"
    plain = Target(kind=TargetKind.EXACT, value=D(900000000))
    assert w.target_words(plain, name="技术合同成交额", show=money) == "技术合同成交额达9.00亿元"


def test_period_words_speak_only_where_they_must():
    here = Period.parse("2026-01..2026-10")
    assert w.period_words(here, stock=False, understood=here) == ""
    assert w.period_words(here, stock=False) == "1—10月"
    assert w.period_words(here, stock=True) == "截至10月底"
    assert w.period_words(Period.parse("2025"), stock=False, understood=here) == "2025年"
    assert w.period_words(Period.parse("2026"), stock=False, understood=here, forecast=True) == "预计全年"
    assert w.period_words(Period.parse("2026Q3"), stock=False, understood=here) == "三季度"


def test_coverage_and_tasks():
    said = [text(w.coverage_words(D(value))) for value in (100, 96, "82.5", 0)]
    assert said == ["实现全覆盖", "基本实现全覆盖", "覆盖率82.5%", None]
    assert text(w.tasks_words(total=12, done=9)) == "12项重点任务完成9项，其余3项按计划推进"
    assert text(w.tasks_words(total=12, done=12)) == "12项重点任务全部完成"
    assert text(w.tasks_words(total=12, done=9, unreported=1)) == "12项重点任务完成9项，2项按计划推进，1项未更新进展"
    assert text(w.tasks_words(total=3, done=0)) == "3项重点任务，3项按计划推进"
    assert w.tasks_words(total=0, done=0) is None and w.tasks_words(total=3, done=4) is None
