"""The texts of the demo city and its small county, measured as a reader would measure them.

The city is built once, by the real command, on data of its own; all texts are composed in one go.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from keshu.catalogue.loader import load
from keshu.kernel.prose.gates import gated_words
from keshu.kernel.prose.machine import betrayals
from keshu.kernel.prose.profile import profile, shortfalls
from tests.city import demo_city, environment

HERE = Path(__file__).parent
CITY, COUNTY = "990100", "990121"
AUTUMN, WHOLE = "2026-01..2026-10", "2025"
REQUESTS = {
    "city in autumn": {"kind": "city", "place": CITY, "period": AUTUMN},
    "city's year": {"kind": "city", "place": CITY, "period": WHOLE},
    "county in autumn": {"kind": "county", "place": COUNTY, "period": AUTUMN},
    "county's year": {"kind": "county", "place": COUNTY, "period": WHOLE},
    "closing": {"kind": "closing", "place": CITY, "period": WHOLE},
    "half": {"kind": "half", "place": CITY, "period": "2026H1"},
    "county's three quarters": {"kind": "half", "place": COUNTY, "period": "2026-01..2026-09"},
    "targets": {"kind": "targets", "place": CITY, "period": WHOLE},
    "self": {"kind": "self", "place": CITY, "period": WHOLE},
    "highlights": {"kind": "highlights", "place": CITY, "period": WHOLE},
    "brief": {"kind": "brief", "place": CITY, "period": WHOLE},
    **{f"county's {kind}": {"kind": kind, "place": COUNTY, "period": WHOLE}
       for kind in ("closing", "targets", "self", "highlights", "brief")},
    **{f"{kind} in autumn": {"kind": kind, "place": CITY, "period": AUTUMN}
       for kind in ("closing", "targets", "self", "highlights", "brief")},
    **{f"county's {kind} in autumn": {"kind": kind, "place": COUNTY, "period": AUTUMN}
       for kind in ("targets", "self", "highlights", "brief")},
    "another county": {"kind": "county", "place": "990122", "period": AUTUMN},
    "city without patents": {"kind": "city", "place": CITY, "period": AUTUMN, "themes": ["ip"],
                             "without": ["patent", "trademark", "geo_indication", "ip_standard", "ip_enforcement"]},
    "county without farming": {"kind": "county", "place": COUNTY, "period": AUTUMN, "themes": ["agriculture"],
                               "without": ["tepaiyuan", "tepaiyuan_log", "activity", "project_output"]},
    "everything falls": {"kind": "city", "place": CITY, "period": AUTUMN, "shrunk": True},
}  # fmt: skip
#: every skeleton, for the city and its small county, is asked for the same measures
SPECIAL = ("another county", "city without patents", "county without farming", "everything falls")
MEASURED = tuple(name for name in REQUESTS if name not in SPECIAL)
LENGTHS = {
    "city in autumn": (6000, 8000), "city's year": (6000, 8000), "county in autumn": (3000, 4500), "county's year": (3000, 4500),
    "closing": (8000, 13000), "half": (2500, 3500), "targets": (6000, 8000), "highlights": (1700, 3000), "brief": (300, 1500),
}  # fmt: skip
NORMAL = tuple(name for name in REQUESTS if name != "everything falls")


@pytest.fixture(scope="session")
def composed(tmp_path_factory):
    folder = demo_city(tmp_path_factory.mktemp("composed"))
    done = subprocess.run(
        [sys.executable, HERE / "composed.py"], env=environment(folder), input=json.dumps(list(REQUESTS.values())), check=True,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return dict(zip(REQUESTS, json.loads(done.stdout), strict=True))


def measured(text):
    return profile(text["text"], names=[*text["firms"], *(name for name in text["names"] if len(name) > 3)])


@pytest.mark.parametrize("name", MEASURED)
def test_it_reads_like_a_real_one(composed, name):
    """Share and length of figure sentences, figures in each, names among them, share of the plan."""
    assert shortfalls(measured(composed[name])) == []


@pytest.mark.parametrize("name", sorted(LENGTHS))
def test_it_is_as_long_as_its_skeleton_promises(composed, name):
    low, high = LENGTHS[name]
    assert low <= composed[name]["letters"] <= high


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_no_figure_and_no_claim_is_loose(composed, name):
    assert composed[name]["loose"] == []


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_every_figure_and_name_stands_on_rows_a_document_or_a_target(composed, name):
    assert composed[name]["unfounded"] == []


@pytest.mark.parametrize("name", NORMAL)
def test_nothing_betrays_a_machine(composed, name):
    found = betrayals(composed[name]["title"] + "\n\n" + composed[name]["text"])
    assert [(one.code, one.message) for one in found] == []


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_headings_of_one_chapter_are_of_one_family_and_of_one_length(composed, name):
    for chapter, headings in composed[name]["headings"].items():
        if chapter in ("opening", "problems", "plan", "measures", "done"):
            continue
        lengths = [len(heading) for heading in headings]
        assert max(lengths) - min(lengths) <= 3, headings
        assert len({"，" in heading for heading in headings}) == 1, headings


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_headings_are_numbered_without_a_gap(composed, name):
    place, chapters = 0, 0
    for line in composed[name]["text"].split("\n"):
        if hit := re.match(r"([一二三四五六七八九十])、", line):
            chapters, place = chapters + 1, 0
            assert hit[1] == "一二三四五六七八九十"[chapters - 1]
        elif hit := re.match(r"（([一二三四五六七八九十]{1,2})）", line):
            place += 1
            assert hit[1] == [*"一二三四五六七八九十", "十一", "十二", "十三"][place - 1]


def test_a_text_on_the_last_of_october_says_up_to_when_its_figures_go(composed):
    text = composed["city in autumn"]["text"]
    work = text.split("存在问题")[0]
    assert "截至10月底，全市有效高新技术企业达" in work and "1—10月" in work
    assert re.search(r"2025年，?全社会R&D经费支出", work), "a figure of another year carries its year"
    assert "全年" not in work


def test_a_whole_year_is_told_as_one(composed):
    work = composed["city's year"]["text"].split("存在问题")[0]
    assert "全年" in work and "截至12月底" in work
    assert "1—10月" not in work


def test_half_a_year_is_held_against_the_time_and_plans_the_rest(composed):
    text = composed["half"]["text"]
    assert "超序时进度" in text and "较序时进度慢" in text.split("存在问题")[1]
    assert "三、下半年工作打算" in text and "截至6月底" in text
    assert composed["half"]["title"].endswith("2026年上半年工作总结和下半年工作打算")


def test_the_closing_year_looks_back_on_five_and_ahead_to_five(composed):
    text = composed["closing"]["text"]
    review = text.split("“十四五”工作回顾")[1].split("存在问题")[0]
    assert re.search(r"由2021年的\d+\.\d\d亿元增加到2025年的\d+\.\d\d亿元，年均增长\d+\.\d%", review)
    assert re.search(r"五年累计登记技术合同\d+项，成交额\d+\.\d\d亿元", review)
    assert "到2030年，力争有效高新技术企业达200家以上" in text.split("“十五五”工作思路和目标")[1]


def test_targets_are_told_by_degree_and_the_next_ones_are_numbered(composed):
    text = composed["targets"]["text"]
    assert "超额完成全年目标任务的有：" in text and "完成确保目标" in text
    numbered = re.findall(r"^(\d+)\.", text, re.MULTILINE)
    assert numbered == [str(n) for n in range(1, len(numbered) + 1)] and len(numbered) > 6
    ahead = text.split("2026年目标任务")[1].split("2026年工作举措")[0]
    for name in ("有效高新技术企业", "R&D经费投入强度", "技术合同成交额", "有效发明专利拥有量", "科普活动"):
        assert name in ahead
    assert "完成年度任务" not in text.split("存在问题")[0], "what every target came to is said once"


@pytest.mark.parametrize("name", NORMAL)
def test_amounts_print_in_one_way(composed, name):
    """亿元 from one hundred million on, 万元 below; a smaller one shares 亿元 only with what it is held against."""
    text = composed[name]["text"]
    assert re.findall(r"\d{5,}(?:\.\d+)?万元|\d\.00亿元以上|(?<!\d)0\.[0-4]\d?亿元", text) == []
    opening = text.split("\n一、")[0]
    assert not re.search(r"(?<!\d)0\.\d+亿元", opening)


def test_an_average_is_beaten_only_beside_the_bulletin_that_told_it(composed):
    assert "R&D经费投入强度高于全省平均0.1个百分点" in composed["city's year"]["text"]
    assert composed["city's year"]["patterns"]["17"] == 1
    assert "R&D经费投入强度居全市第1位，高于全市平均0.2个百分点" in composed["county in autumn"]["text"]


def test_a_plan_that_has_just_begun_is_not_looked_back_on(composed):
    text, title = composed["closing in autumn"]["text"], composed["closing in autumn"]["title"]
    assert "回顾" not in text + title and "五年累计" not in text
    assert "到2030年，力争有效高新技术企业达200家以上" in text


def test_a_theme_without_rows_is_gone_with_its_section(composed):
    whole, cut = composed["city in autumn"], composed["city without patents"]
    assert any("知识产权" in heading or "创造运用" in heading for heading in whole["headings"]["work"])
    assert not any("知识产权" in heading or "创造运用" in heading for heading in cut["headings"]["work"])
    assert len(cut["headings"]["work"]) == len(whole["headings"]["work"]) - 1
    assert "发明专利" not in cut["text"].split("工作思路")[0]


def test_a_county_without_farming_tells_nothing_of_it(composed):
    cut = composed["county without farming"]
    assert not any("农业" in heading or "科技下沉" in heading for heading in cut["headings"]["work"])
    assert "在岗个人科技特派员" not in cut["text"]


def test_where_everything_falls_nothing_is_praised_and_the_list_is_long(composed):
    text = composed["everything falls"]
    work = text["text"].split("存在问题")[0]
    assert [claim.word for claim in gated_words(work)] == []
    for praise in ("活力不断增强", "支撑能力持续提升", "通道更加畅通", "有所缓解", "氛围日益浓厚", "意愿进一步增强"):
        assert praise not in work
    assert len(text["falls"]) >= 20


@pytest.mark.parametrize("name", ["city in autumn", "county in autumn"])
def test_no_document_is_told_twice_and_no_indicator_twice_in_one_sentence(composed, name):
    for line in composed[name]["text"].split("\n"):
        titles = re.findall(r"《[^》]+》", line)
        assert len(titles) == len(set(titles)), line
        for sentence in re.findall(r"[^。]+。", line):
            assert not re.search(r"净增\d+[家项件个].{0,12}由\d+[家项件个]增至", sentence), sentence
    assert not re.search(r"(?:、|，)(?:、|，|。)", composed[name]["text"])


def test_falls_that_are_problems_are_written_among_them(composed):
    problems = composed["city in autumn"]["text"].split("存在问题")[1].split("工作思路")[0]
    assert re.search(r"同比下降\d+\.\d%", problems)


def test_targets_below_what_is_reached_are_warned_of(composed):
    assert any("低于今年实绩" in words for words in composed["city in autumn"]["warnings"])


def test_all_fifty_patterns_are_in_the_definitions():
    catalogue = load()
    used = {
        sentence.pattern for one in catalogue.summaries.values() for item in one.items for sentence in item.sentences()
    }
    built = {21, 46}  # made from the targets themselves
    assert used | built == set(range(1, 51))


def test_no_heading_claims_what_a_gate_would_have_to_pass():
    """Headings are chosen before the figures are known, so that none of them may praise."""
    headings = [
        heading for one in load().summaries.values() for item in one.items for heading in item.headings.values()
    ]
    assert [heading for heading in headings if gated_words(heading)] == []


def test_every_theme_of_the_indicators_has_its_sentences():
    catalogue = load()
    told = set()
    for summary in catalogue.summaries.values():
        for item in summary.items:
            for sentence in item.sentences():
                for code in re.findall(r"\{([a-z][a-z0-9_.]*)", " ".join(sentence.all_frames)):
                    indicator = catalogue.indicators.get(code) or catalogue.indicators.get(code.rpartition(".")[0])
                    assert indicator is not None, f"{summary.code}.{sentence.code}: {code}"
                    told.add(indicator.theme)
    assert {indicator.theme.replace("与", "") for indicator in catalogue.indicators.values()} <= {
        theme.replace("与", "") for theme in told
    }
