"""Values and units: every way of writing a number, every measure word, and what is no figure."""

from decimal import Decimal as D

import pytest

from keshu.kernel.prose.figure import Approx
from keshu.kernel.prose.reading import scan
from keshu.kernel.prose.reading.listed import listed
from keshu.kernel.prose.reading.measures import canonical


def found(text):
    return [(f.text, f.value, f.unit) for f in scan(text)]


@pytest.mark.parametrize(
    ("text", "span", "value", "unit"),
    [
        ("服务二十八万人，", "二十八万人", 280000, "人"),
        ("一百三十万人受益", "一百三十万人", 1300000, "人"),
        ("产粮四亿五千六百四十万吨，", "四亿五千六百四十万吨", 456400000, "吨"),
        ("一万八千多个", "一万八千多个", 18000, "个"),
        ("安置二万人", "二万人", 20000, "人"),
        ("回落到百分之二十七点八，", "百分之二十七点八", D("27.8"), "%"),
        ("百分之百", "百分之百", 100, "%"),
        ("千分之三", "千分之三", D("0.3"), "%"),
        ("增长三倍多", "三倍", 3, "倍"),
        ("增长两倍", "两倍", 2, "倍"),
        ("近千名群众", "千名", 1000, "名"),
        ("上千家企业", "千家", 1000, "家"),
        ("逾万家企业", "万家", 10000, "家"),
        ("近百万美元", "百万美元", 1000000, "美元"),
        ("突破万亿元大关", "万亿元", 10**12, "元"),
        ("上亿人次", "亿人次", 10**8, "人次"),
        ("1.2万亿元", "1.2万亿元", 1200000000000, "元"),
        ("1亿2000万元", "1亿2000万元", 120000000, "元"),
        ("1万2千人", "1万2千人", 12000, "人"),
        ("8千多人", "8千多人", 8000, "人"),
        ("3百余户", "3百余户", 300, "户"),
        ("10多万条", "10多万条", 100000, "条"),
        ("1200余万元", "1200余万元", 12000000, "元"),
        ("12 345 万元", "12 345 万元", 123450000, "元"),
        ("6696 万元", "6696 万元", 66960000, "元"),
        ("１２，３４５户", "１２，３４５户", 12345, "户"),
        ("２３６７亿美元", "２３６７亿美元", 236700000000, "美元"),
        ("占５８．６％", "５８．６％", D("58.6"), "%"),
        ("比例为5∶1，", "5∶1", 5, ""),
        ("比例为2.5：1，", "2.5：1", D("2.5"), ""),
        ("参加人数达23万多，", "23万", 230000, ""),
        ("惠及71.3万监测对象", "71.3万", 713000, ""),
        ("比例仅为8，", "8", 8, ""),
        ("约12家左右", "12家", 12, "家"),
        ("培训xxx多人(次)", "xxx多人(次)", None, "人(次)"),
        ("补助x.xx万元", "x.xx万元", None, "元"),
        ("新增____家", "____家", None, "家"),
        ("新增××家", "××家", None, "家"),
        ("用户数为xxxx，", "xxxx", None, ""),
        ("推荐12项(人)参评", "12项(人)", 12, "项(人)"),
        # a word that no list knows, by its place before the end of the clause
        ("试种药材18畦，", "18畦", 18, "畦"),
        ("新发菌棒3万棒。", "3万棒", 30000, "棒"),
    ],
)
def test_ways_of_writing_a_number(text, span, value, unit):
    assert found(text) == [(span, value if value is None else D(value), unit)]


_COMMON = listed("""家 个 项 件 人 人次 名 位 户 台 套 亩 公里 平方米 平方公里 公顷 吨 吨标准煤 千瓦 千瓦时 兆瓦 吉瓦 立方米 米 次 场 期 份
    篇 部 所 座 条 处 元 美元 港元 欧元 % ‰ 个百分点 倍 架次 标箱 户次 家次 场次 床 张 颗 只 头 株 公斤 毫克/升 微克/立方米 EFLOPS PB TB Mbps
    例 宗 起 门 支 间 幢 栋 辆 艘 列 班 岁 代 层 天 个月 年 小时 册 种 类 笔 款 枚 片 根 口 羽 尾 节 课时 学分 度 对 单 车次""")


@pytest.mark.parametrize("unit", _COMMON)
@pytest.mark.parametrize("frame", ["全年共计{}，", "达到{}。", "（{}）", "其中甲类{}、乙类3家", "{}以上，"])
def test_every_common_measure_word(unit, frame):
    if frame.startswith("{}以上") and unit in ("岁", "类"):
        return  # 65岁以上 and Ⅲ类以上 name a class
    text = frame.format(f"1250{unit}")
    figure = scan(text)[0]
    assert (figure.value, figure.text) == (D(125) if unit == "‰" else D(1250), f"1250{unit}")
    assert figure.canonical == canonical("%" if unit == "‰" else unit)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("分别增长8.3%、7.9%和6%。", [("8.3%", "%"), ("7.9%", "%"), ("6%", "%")]),
        ("分别提高15、22个百分点，", [("15", "个百分点"), ("22个百分点", "个百分点")]),
        ("提高3.2个、4.5个百分点，", [("3.2个", "个百分点"), ("4.5个百分点", "个百分点")]),
        ("获奖3、5和8项。", [("3", "项"), ("5", "项"), ("8项", "项")]),
    ],
)
def test_a_coordination_shares_its_unit(text, values):
    assert [(f.text, f.unit) for f in scan(text)] == values


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("3至5家", 3, 5, "家"),
        ("1-2家", 1, 2, "家"),
        ("8—10%", 8, 10, "%"),
        ("10%—12%", 10, 12, "%"),
        ("５～８项", 5, 8, "项"),
        ("3万—5万元", 30000, 50000, "元"),
        ("2-3万元", 20000, 30000, "元"),
        ("8000万元至1.2亿元", 80000000, 120000000, "元"),
    ],
)
def test_ranges(text, low, high, unit):
    (figure,) = scan(f"力争{text}，")
    assert (figure.text, figure.value, figure.upper, figure.unit, figure.approx) == (
        text,
        low,
        high,
        unit,
        Approx.RANGE,
    )


def test_from_one_value_to_another_is_no_range():
    assert [f.value for f in scan("由2家至5家，从10%到12%。")] == [2, 5, 10, 12]


def test_a_page_number_between_a_number_and_its_unit():
    assert found("成交额123\n6、万元，") == [("123", D(1230000), "元")]
    assert found("合同数456\n- 7 -\n项，") == [("456", D(456), "项")]
    assert found("企业320\n家，") == [("320\n家", D(320), "家")]


@pytest.mark.parametrize(
    ("text", "approx"),
    [
        ("近70场", "about"), ("约5万多人", "about"), ("70场左右", "about"), ("超70场", "over"), ("70多场", "over"),
        ("70场以上", "over"), ("上千场", "over"), ("跃上70亿元新台阶", "over"), ("不足70场", "under"),
        ("70场以内", "under"), ("70场", "exact"), ("签约70场", "exact"), ("线上70场", "exact"),
    ],
)  # fmt: skip
def test_hedges(text, approx):
    assert scan(text)[0].approx.value == approx


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月5日9时30分，3月—5月，2021-2025年，2024/2025年度，2025.3.12，3·15晚会，9:30-11:00，20xx年x-xx月",
        "二〇二五年十二月三十一日，十四五末，党的二十大，十九届六中全会，六十周年，近3年，五年来，3年行动计划",
        "云科发〔2026〕12号、GB/T 15834、Q345B钢、G7高速、331国道、12345热线、863计划、3号楼、5号线",
        "“331”工程、“1+N”政策、“十件”实事、“2·21”宣传日、4×4体系、3+5+X格局、《2026年10项任务清单》",
        "GPT-4、COVID-19、PM2.5、C919、AES100、5G、4K、3D、3A级、1类创新药、65岁以上、Ⅲ类水",
        "三分之一、七八家、三五个月、数千家、几十个、千家万户、万元GDP能耗、每万人、千人计划、百县千乡",
        "第3批、第十届、第一季度、第12条、一等奖、附件1，图2，表3，1. 概况\n2、进展\n（3）问题",
        "xx市xx县xx村、xx有限公司、xx处、共有xx、xx等企业、5:40:55、10.2:45.6:44.2、编号20260012，",
    ],
)
def test_what_measures_nothing(text):
    assert found(text) == []
