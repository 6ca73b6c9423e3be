"""What betrays a machine is found, and a paragraph as it should come out has none of it."""

import pytest

from keshu.kernel.prose.machine import betrayals, frame
from keshu.kernel.prose.profile import Wanted, plan_of, profile, shortfalls
from keshu.kernel.prose.sentences import paragraphs, sentences

CLEAN = (
    "（二）创新主体不断壮大。健全科技型企业梯次培育机制，开展上门辅导，举办申报培训6场，参训企业300余家次。"
    "截至10月底，全市有效高新技术企业96家，较上年末净增18家，增长23.1%，完成年度任务（95家）的101.1%；其中规上企业61家，占63.5%。"
    "1—10月登记技术合同312项，成交额8.46亿元，同比增长12.8%，超序时进度10.7个百分点。云岭精密、青岩制药等4家企业获省级项目支持。"
)


def codes(text, **options):
    return [finding.code for finding in betrayals(text, **options)]


def test_a_good_paragraph_has_no_findings():
    assert codes(CLEAN) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("新增平台3家，其中国家级0家。", "zero-count"),
        ("合同额同比增长0.0%。", "zero-change"),
        ("合同额同比下降-3%。", "negative-change"),
        ("甲同比增长2.0%，乙。开展丙同比工作3项。丁为5家，同比减少。", "year-on-year"),
        ("组织甲5项，增长2.1%。开展乙6项，共8家，增长3.1%。举办丙7场，下降4.1%。", "rate-endings"),
        ("甲占23.1%，乙占12.5%，丙占23.08%。", "decimals"),
        ("甲为8.46亿元，乙为2.10亿元，丙为3.5亿元。", "decimals"),
        ("一、创新主体\n新增企业5家。\n二、平台\n组织申报5项。建成平台6个。", "lonely-heading"),
        ("组织申报5项，完成3项。组织立项6项，完成4项。", "same-frame"),
        ("有企业5家，人员6名。产值8.46亿元，占比20.0%。", "no-doing"),
    ],
)
def test_each_sign_is_found(text, code):
    assert code in codes(text)
    finding = next(found for found in betrayals(text) if found.code == code)
    assert finding.message and finding.remedy and 0 <= finding.start < finding.end <= len(text)


def test_worn_frames_and_quiet_neighbours():
    worn = "举办讲座5场，参加60人。天气好。" * 4
    assert "frame-worn" in codes(worn)
    assert "same-frame" not in codes("组织申报5项，完成3项。启动建设。组织立项6项，完成4项。")


def test_ratios_that_are_published_with_two_decimals_stand_beside_rates_with_one():
    assert codes("推动投入增长11.3%，占GDP的2.04%，居第5位。产值增长9.1%。") == []


def test_a_problem_needs_no_doing():
    quiet = "平台共167个，仅56个为省级以上。占比33.5%，作用有限。"
    assert "no-doing" in codes(f"一、工作完成情况\n{quiet}")
    assert "no-doing" not in codes(f"一、存在问题\n{quiet}")


def test_full_names_and_synonyms():
    text = "云岭精密机械有限公司获奖。云岭精密机械有限公司扩产。高新技术企业5家，高企新增2家。"
    found = betrayals(text, firms=["云岭精密机械有限公司"], indicators={"高新技术企业": ["高企"]})
    assert [finding.code for finding in found] == ["full-name", "synonym"]
    assert text[found[0].start : found[0].end] == "云岭精密机械有限公司" and found[0].start > 0
    assert codes("高新技术企业5家，高新技术企业新增2家。", indicators={"高新技术企业": ["高企"]}) == []


def test_frames_keep_the_pattern_and_lose_the_figures():
    assert frame("新增企业5家，增长3.2%。") == frame("新增企业12家，下降8.0%。") == "新增企业#，增长#。"


def test_paragraphs_headings_and_sentences():
    text = "一、工作情况\n（一）主体壮大。开展培训5场。新增“小巨人”3家！\n\n导语在此。"
    parts = paragraphs(text)
    assert [(part.heading, part.level) for part in parts] == [("一、工作情况", 1), ("（一）主体壮大。", 2), ("", 0)]
    assert [sentence.text for sentence in sentences(text)] == ["开展培训5场。", "新增“小巨人”3家！", "导语在此。"]
    assert all(text[sentence.start : sentence.end].strip() == sentence.text for sentence in sentences(text))


WHOLE = f"""一、工作完成情况
{CLEAN}
（三）平台建设有序推进。建立平台联席机制。加强与高校院所合作。推动资源共享。完善考核办法。选派专员驻点服务。
二、2027年工作打算
（一）目标任务。新增有效高新技术企业20家以上，技术合同成交额增长10%以上。
（二）工作举措。以梯次培育为抓手，建立储备库，开展上门辅导，强化政策兑现，落实研发费用加计扣除，做优服务专窗。"""


def test_profile_measures_the_text():
    measured = profile(WHOLE, names=["云岭精密", "青岩制药"])
    assert (measured.sentences, measured.figure_sentences) == (11, 5)
    assert measured.name_share == 20 and round(measured.figure_share, 1) == 45.5
    assert 25 < measured.plan_share < 40
    assert [part.text[:4] for part in plan_of(paragraphs(WHOLE))] == ["二、20", "（一）目", "（二）工"]


def test_shortfalls_say_what_is_missing():
    assert shortfalls(profile("开展工作。")) == [
        "含数字的句子占比为0.0%，应在25—40%之间",
        "含数字句子的长度中位数为0.0字，应在40—65字之间",
        "每个含数字句子的数字个数为0.0个，应在2—3个之间",
        "含数字的句子中点到名称的占比为0.0%，应不低于20%",
        "下一年计划所占篇幅为0.0%，应不低于25%",
    ]
    measured = profile(WHOLE, names=["云岭精密"])
    free = Wanted(figure_share=(0, 100), median_length=(0, 999), figures_each=(0, 9), name_share=0, plan_share=0)
    assert shortfalls(measured, wanted=free) == []
