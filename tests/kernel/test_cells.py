"""Figures of a table: subject, unit, period and role come from its headings."""

from decimal import Decimal

from keshu.kernel.prose.cells import Cell, read_cells
from keshu.kernel.prose.figure import Figure, Kind, Role
from keshu.kernel.prose.reading import read


def table(*rows: str) -> tuple[str, list[Cell]]:
    text, cells = "", []
    for row, line in enumerate(rows, start=1):
        for column, words in enumerate(line.split("|"), start=1):
            cells.append(Cell(len(text), len(text) + len(words), 1, row, column))
            text += words + "\n"
    return text, cells


def figures(*rows: str) -> dict[str, list[Figure]]:
    text, cells = table(*rows)
    found = read_cells(text, read(text, 2026), cells)
    assert all(text[one.start : one.end] == one.text for one in found)
    by: dict[str, list[Figure]] = {}
    for one in found:
        by.setdefault(one.subject, []).append(one)
    return by


def test_a_table_of_indicators_with_target_actual_and_last_year() -> None:
    found = figures(
        "序号|指标|年度目标|完成情况|完成率|上年|同比|位次",
        "1|有效高新技术企业|80家|81家|101.3%|63家|28.6%|第3位",
        "2|技术合同成交额|5.50亿元|5.44亿元|98.9%|4.98亿元|9.3%|第6位",
    )
    assert set(found) == {"有效高新技术企业", "技术合同成交额"}
    target, actual, done, last, growth, rank = found["技术合同成交额"]
    assert (target.role, actual.role) == (Role.TARGET, Role.ACTUAL)
    assert actual.value == Decimal(544000000)
    assert (done.kind, done.base) == (Kind.RATIO, "目标")
    assert last.period == "去年"
    assert (growth.kind, growth.base) == (Kind.GROWTH, "同比")
    assert rank.kind is Kind.RANK


def test_bare_numbers_take_the_unit_of_their_heading() -> None:
    found = figures("指标|单位数（家）|成交额（万元）|占比（%）", "登记技术合同|810|54,400|12.5", "科技成果|114|—|3")
    units = [(one.text, one.value, one.unit) for one in found["登记技术合同单位数"] + found["登记技术合同成交额"]]
    assert units == [("810", Decimal(810), "家"), ("54,400", Decimal(544000000), "元")]


def test_a_matrix_of_places_names_the_indicator_in_the_column() -> None:
    found = figures("县区|高新技术企业（家）|技术合同成交额（亿元）", "江川区|21|1.2", "青岩县|6|0.4")
    assert [(one.scope, one.value) for one in found["高新技术企业"]] == [
        ("江川区", Decimal(21)),
        ("青岩县", Decimal(6)),
    ]
    assert [one.value for one in found["技术合同成交额"]] == [Decimal(120000000), Decimal(40000000)]


def test_years_numbers_of_rows_and_dates_are_no_figures() -> None:
    assert figures("序号|年份|名称", "1|2025|甲公司", "2|2026|乙公司") == {}
