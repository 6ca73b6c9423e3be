"""Bulletins as they come: two-row headings, averages, ranks, units, and what is wrong with them."""

from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.records.services import Actor
from keshu.bureau.statistics.bulletins.importing import read_sheets, take_in
from keshu.bureau.statistics.bulletins.reading import Grid, period_in
from keshu.bureau.statistics.models import ReceivedValue
from keshu.bureau.statistics.services import SourceProblem, SourceSpec, Upload
from keshu.kernel.measure.period import Period

CLERK = Actor("clerk", "周经办")
CITY, RIVER, ROCK = "990100", "990102", "990121"
SPEC = SourceSpec("省统计局", "主要科技指标通报", date(2025, 12, 31), date(2026, 3, 1), "省统〔2026〕7号")
TWO_ROWS = [
    ["2025年各县区主要科技指标", None, None, None, None, None, None],
    ["单位:万元", None, None, None, None, None, None],
    ["地区", "研发强度(%)", None, None, "奖金额", None, "常住人口(万人)"],
    [None, "数值", "同比", "位次", "数值", "位次", None],
    ["全市平均", 2.1, None, None, 500, None, None],
    ["江川区", 2.3, "8.8%", 1, "1,234.5", "2", 30.5],
    ["青岩县", 1.9, -1.2, "第2位", 2000, "1/6", "/"],
    ["全市", 2.15, None, None, 3234.5, None, 80],
    ["注:数据来源于年报", None, None, None, None, None, None],
]


@pytest.fixture
def read(places, small):
    def ask(rows, merged=(), period=None):
        return read_sheets([Grid("表1", rows, merged)], root=CITY, catalogue=small, period=period)

    return ask


def test_a_matrix_with_two_rows_of_headings(read):
    bulletin = read(TWO_ROWS)
    assert bulletin.troubles == []
    assert bulletin.period == Period.parse("2025")
    found = {(spec.indicator, spec.place): spec for spec in bulletin.values}
    river = found["rd.share", RIVER]
    assert (river.value, river.growth, river.rank, river.rank_of, river.average, river.cell) == (
        Decimal("2.3"), Decimal("8.8"), 1, 2, Decimal("2.1"), "表1!B6",
    )  # fmt: skip
    rock = found["award.money", ROCK]
    assert (rock.value, rock.rank, rock.rank_of, rock.average) == (20_000_000, 1, 6, 5_000_000)
    assert found["award.money", CITY].value == Decimal(32345000)
    assert found["people", RIVER].value == 305_000
    assert ("people", ROCK) not in found


def test_one_row_of_headings_with_what_they_hold_in_their_names(read):
    rows = [
        ["县区", "研发占比", "研发占比位次", "奖金额(亿元)", "同比增长", "没听说过的指标"],
        ["青岩县", 1.9, 2, 0.2, 5, 1],
        ["江川区", 2.3, 1, 0.1, -5, 1],
    ]
    bulletin = read(rows, period=Period.parse("2025-01..2025-10"))
    found = {(spec.indicator, spec.place): spec for spec in bulletin.values}
    assert (found["rd.share", ROCK].value, found["rd.share", ROCK].rank) == (Decimal("1.9"), 2)
    assert (found["award.money", RIVER].value, found["award.money", RIVER].growth) == (10_000_000, -5)
    assert [(t.code, t.column, t.severity) for t in bulletin.troubles] == [("unknown-indicator", "F", "warning")]
    assert bulletin.ready


def test_a_note_that_lists_units_gives_each_column_its_own(read):
    rows = [
        ["2025年主要指标", None, None, None],
        ["（单位：亿元、%、人次）", None, None, None],
        ["地区", "奖金额", "研发占比", "常住人口(万人)"],
        ["江川区", 1.5, 2.3, 30],
    ]
    bulletin = read(rows)
    assert bulletin.troubles == []
    assert [spec.value for spec in bulletin.values] == [150_000_000, Decimal("2.3"), 300_000]


@pytest.mark.parametrize(
    ("note", "heading", "codes"),
    [
        pytest.param("单位：%、家", "奖金额", ["unit-missing"], id="no money among the units"),
        pytest.param("", "奖金额", ["unit-missing"], id="no note at all"),
        pytest.param("报送单位：科技局", "奖金额", ["unit-missing"], id="an office is no unit"),
        pytest.param("单位：亿坪", "奖金额", ["unit-unknown", "unit-missing"], id="a unit that nobody knows"),
        pytest.param("单位：万元、亿元", "奖金额", ["unit-ambiguous"], id="two units for money"),
        pytest.param("单位：亿元", "奖金额(%)", ["unit-mismatch"], id="percent over money"),
        pytest.param("单位：亿元、人（次）（不含军队）", "奖金额", [], id="a remark behind the units"),
    ],
)
def test_a_unit_that_cannot_be_told_is_never_the_base_unit(read, note, heading, codes):
    bulletin = read([["2025年", None], [note, None], ["地区", heading], ["江川区", 1.5]])
    assert [trouble.code for trouble in bulletin.troubles] == codes
    assert [spec.value for spec in bulletin.values] == ([] if codes else [150_000_000])
    assert bulletin.ready is not bool(codes)


def test_the_whole_is_the_place_of_the_reader_but_never_a_province_for_a_city(read, places, small):
    from keshu.bureau.places.models import Place

    rows = [["2025年", None], ["地区", "研发占比"], ["全市", 2.5], ["合计", 2.5]]
    assert {spec.place for spec in read([*rows[:2], rows[2]]).values} == {CITY}
    Place.objects.filter(code=CITY).update(kind="province")
    bulletin = read(rows)
    assert [(t.row, t.code) for t in bulletin.troubles] == [(3, "unknown-whole")]
    assert [spec.place for spec in bulletin.values] == [CITY]


def test_every_problem_is_named_with_its_cell(read):
    rows = [
        ["2025年通报", None, None],
        ["地区", "研发强度", "位次"],
        ["青岩县", "见附件", 2],
        ["大荒县", 2.3, 1],
        ["江川区", 2.5, "首位"],
    ]
    troubles = [(t.row, t.column, t.code) for t in read(rows).troubles]
    assert [(row, column) for row, column, _ in troubles] == [(3, "B"), (4, "A"), (5, "C")]
    assert not read(rows).ready
    assert all(t.remedy for t in read(rows).troubles)


def test_a_rank_against_its_values_is_a_warning(read):
    rows = [["2025年", None, None], ["地区", "研发强度", "位次"], ["青岩县", 1.9, 1], ["江川区", 2.5, 2]]
    bulletin = read(rows)
    assert [(t.code, t.severity) for t in bulletin.troubles] == [("rank-order", "warning")]


def test_without_a_matrix_or_a_period_nothing_is_taken(read, small):
    nothing = read([["会议通知"], ["请各单位参会"]])
    assert [t.code for t in nothing.troubles] == ["no-matrix"]
    timeless = read([["地区", "研发强度"], ["青岩县", 1.9]])
    assert [t.code for t in timeless.troubles] == ["no-period"]
    with pytest.raises(SourceProblem, match="没有写入"):
        take_in(nothing, SPEC, Upload(b"x", "x.xlsx"), by=CLERK, catalogue=small)


def test_the_same_file_twice_changes_nothing(read, small):
    from keshu.bureau.records.models import Act

    upload = Upload(b"the bytes of a workbook", "通报.xlsx")
    first = take_in(read(TWO_ROWS), SPEC, upload, by=CLERK, catalogue=small)
    acts = Act.objects.count()
    again = take_in(read(TWO_ROWS), SPEC, upload, by=CLERK, catalogue=small)
    assert (first.new, again.new, again.changed, again.unchanged) == (8, 0, 0, 8)
    assert (Act.objects.count(), ReceivedValue.objects.count()) == (acts, 8)


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("2026年1—10月主要指标", "2026-01..2026-10"),
        ("2025年上半年通报", "2025H1"),
        ("截至2026年9月底", "2026-01..2026-09"),
        ("2025年前三季度", "2025-01..2025-09"),
        ("2025年度", "2025"),
    ],
)
def test_titles_say_their_period(title, period):
    assert str(period_in([title])) == str(Period.parse(period))
