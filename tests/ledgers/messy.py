"""Workbooks as bureaus send them, from a seed: forms of many ledgers, laid out and typed in every way that people do.

A sheet is made of a form (what its columns are), a dress (title, notes, heading in one line or two, units, serial
numbers, totals, signatures, pages) and a hand (how days, amounts and blanks are typed).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from tests.ledgers.office_forms import COUNTIES, Col, Form
from tests.ledgers.workbooks import Sheet, Styled, patent_number

ALIASES = {"江川区": ["江川区", "江川", "云岭市江川区", "江川 区"], "临湖区": ["临湖区", "临湖"], "青岩县": ["青岩县", "青岩"],
           "石门县": ["石门县", "石门", "云岭市石门县"]}  # fmt: skip


@dataclass
class Dress:
    """How the sheet looks around its rows."""

    titled: bool = True
    grouped: bool = False  # headings in two lines with groups over them
    unit: str = "head"  # head | note | line | cell | none: where 万元 is said
    magnitude: str = "万元"
    serial: bool = True
    blank_rows: bool = False
    totals: str = ""  # "" | total | subtotals
    signed: bool = False
    pages: int = 0  # rows on a printed page, after which title and heading come again
    reporter: bool = False
    noted: bool = False
    numbered: bool = False  # the line 1 2 3 4 under the heading
    per_county: bool = False


def dress_of(draw: Random) -> Dress:
    unit = draw.choice(["head", "note", "line", "cell", "none"])
    per_county = draw.random() < 0.25
    return Dress(
        titled=True, grouped=draw.random() < 0.5 and unit != "line", unit=unit,
        magnitude=draw.choice(["万元", "万元", "元", "亿元"]), serial=draw.random() < 0.7,
        blank_rows=draw.random() < 0.4, totals=draw.choice(["", "total", "subtotals"]), signed=draw.random() < 0.5,
        pages=draw.choice([0, 0, 7]), reporter=draw.random() < 0.3, noted=draw.random() < 0.5,
        numbered=draw.random() < 0.2, per_county=per_county,
    )  # fmt: skip


FACTOR = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
NOTHING = ["", "/", "-", "—", "——", "无", "\u3000", "\xa0", "暂无", "N/A"]
FULL = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
DAYS: list[Callable[[date], Any]] = [
    lambda d: d,
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}.{d.month:02d}.{d.day:02d}.",
    lambda d: f"{d:%Y-%m-%d}",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: int(f"{d:%Y%m%d}"),
    lambda d: (d - date(1899, 12, 30)).days,
    lambda d: str((d - date(1899, 12, 30)).days),
    lambda d: f"{d:%Y-%m-%d} 00:00:00",
    lambda d: f"{d:%Y-%m-%dT%H:%M:%S}",
    lambda d: f"{d:%Y-%m-%d}\xa0",
    lambda d: f" {d.year} 年 {d.month} 月 {d.day} 日",
    lambda d: f"{d.year}年{d.month}月{d.day}号".translate(FULL),
    lambda d: f"{d.year}、{d.month}、{d.day}",
    lambda d: f"{d.year}-{d.month}-{d.day} 星期一",
    lambda d: f"{d:%Y.%m.%d} 09:30",
    lambda d: f"{d.year}/{d.month:02d}/{d.day:02d} 0:00",
]


@dataclass
class Made:
    """A sheet as made: its rows, where each datum stands ([sheet][n] -> row number), and its columns."""

    sheets: list[Sheet] = field(default_factory=list)
    at: dict[int, tuple[str, int]] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)


def typed(col: Col, value: Any, dress: Dress, draw: Random, plain: bool = False) -> Any:
    """The cell as somebody types it."""
    match col.kind:
        case "money":
            return money(value, dress, draw)
        case "date":
            return draw.choice(DAYS)(value)
        case "year":
            return draw.choice([value, str(value), f"{value}年", f"{value}年度", f"{value} "])
        case "count":
            unit = "人" if "人" in col.head else "件" if "件" in col.head else "项"
            return draw.choice([value, str(value), f"{value}{unit}", str(value).translate(FULL), f"{value}\xa0"])
        case "percent":
            return draw.choice([f"{value}%", f"{value}％", Styled(float(value / 100), "0.00%"), f"{value}"])
        case "place":
            return draw.choice(ALIASES[value])
        case "uscc":
            return draw.choice(
                [value, value.lower(), f" {value} ", f"{value[:8]} {value[8:]}", value.translate(FULL), f"{value}\xa0"]
            )
        case "patent":
            return draw.choice(PATENTS)(*value)
        case "firms":
            return draw.choice(["、", ";", "；", "\n", "，", ",", " ; "]).join(value)
        case "firm":
            return draw.choice(
                [value, f"{value} ", f"\u3000{value}", value.replace("云岭", "云岭\n", 1), f"{value}\xa0"]
            )
        case _:
            return draw.choice([value, value, f"{value} ", f"{value}\xa0"])


PATENTS: list[Callable[[int, int, int], str]] = [
    patent_number,
    lambda *p: patent_number(*p, style="ZL{body}.{check}"),
    lambda *p: patent_number(*p, style="{body}{check}"),
    lambda *p: patent_number(*p, style="CN{body}.{check}"),
    lambda *p: patent_number(*p, style="ZL {body}.{check}"),
    lambda *p: patent_number(*p, style="zl{body}.{check}"),
    lambda *p: patent_number(*p, style="{body}．{check}").translate(FULL),
    lambda *p: patent_number(*p, style="ZL{body}·{check}"),
    lambda *p: patent_number(*p, style="ZL{body}。{check}"),
    lambda *p: patent_number(*p, style="ZL{body}.{check}\n"),
    lambda *p: spaced(patent_number(*p)),
]


def spaced(number: str) -> str:
    return f"ZL {number[:4]} {number[4]} {number[5:]}"


def money(value: Decimal, dress: Dress, draw: Random) -> Any:
    said = dress.magnitude if dress.unit in ("head", "note", "line") else "元"
    amount = value / FACTOR[said]
    text = f"{amount:f}"
    if dress.unit == "cell":
        return draw.choice(
            [
                f"{value / 10_000:f}万元",
                f"{value / 10_000:f}万",
                f"{value / 100_000_000:f}亿元",
                f"{value:,}元",
                f"￥{value:,}元",
            ]
        )
    return draw.choice([
        float(amount), text, f"{amount:,}", text.translate(FULL), f"{text} ", f"{text}\xa0", f"¥{amount:,}",
        f"{amount:,}".replace(",", "，"), f"{text}{said}",
    ])  # fmt: skip


def build(
    form: Form,
    dress: Dress,
    draw: Random,
    *,
    rows: int = 16,
    year: int = 2025,
    change: Any = None,
    styles: bool = True,
    only: Sequence[int] | None = None,
) -> Made:
    """The workbook's sheets. `change(n, values)` may alter the values that row n is typed from, or give cells as typed."""
    made = Made()
    numbers = list(only if only is not None else range(rows))
    county_of = lambda n: COUNTIES[n % len(COUNTIES)][0]  # noqa: E731
    if dress.per_county and form.places:
        for name, _ in COUNTIES:
            _sheet(made, name, form, dress, draw, [n for n in numbers if county_of(n) == name], year, change)
    else:
        if dress.totals == "subtotals":
            numbers = sorted(numbers, key=lambda n: (n % len(COUNTIES), n))
        _sheet(made, "Sheet1", form, dress, draw, numbers, year, change)
    return made


class Raw:
    """A cell exactly as it stands; whatever the hand would do."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _sheet(
    made: Made, name: str, form: Form, dress: Dress, draw: Random, numbers: Sequence[int], year: int, change: Any
) -> None:
    rows: list[list[Any]] = []
    merge: list[str] = []
    width = len(form.cols) + dress.serial
    for index, col in enumerate(form.cols, start=int(dress.serial)):
        made.columns[col.head] = index

    def add(row: list[Any]) -> int:
        rows.append(row)
        return len(rows)

    def across(text: str) -> None:
        at = add([text, *[""] * (width - 1)])
        merge.append(f"A{at}:{_letter(width - 1)}{at}")

    def heading() -> None:
        said = f"({dress.magnitude})" if dress.unit == "head" else ""
        heads = [
            *(["序号"] if dress.serial else []),
            *(c.head + (said if c.kind == "money" else "") for c in form.cols),
        ]
        groups = [*([""] if dress.serial else []), *(c.group for c in form.cols)]
        if dress.grouped and any(groups):
            _grouped(rows, merge, heads, groups)
        else:
            add(list(heads))
        if dress.unit == "line":
            add(
                [
                    *([""] if dress.serial else []),
                    *(f"({dress.magnitude})" if c.kind == "money" else "" for c in form.cols),
                ]
            )
        if dress.numbered:
            add([str(n + 1) for n in range(width)])

    def top() -> None:
        if dress.titled:
            across(form.title.format(year=year))
        if dress.unit == "note":
            across(f"单位：{dress.magnitude}")

    top()
    if dress.reporter:
        across("填报单位：云岭市科学技术局          填报日期：2026年1月8日")
    heading()
    serial, since = 0, 0
    county = numbers[0] % len(COUNTIES) if numbers else 0
    sums: list[list[Decimal]] = []
    for place, n in enumerate(numbers):
        if dress.totals == "subtotals" and n % len(COUNTIES) != county:
            add(_sums("小计", form, dress, sums[since:]))
            since, county, serial = len(sums), n % len(COUNTIES), 0
        if dress.pages and place and place % dress.pages == 0:
            top()
            heading()
        if dress.blank_rows and place % 5 == 4:
            add([])
        values = [col.make(n, year) for col in form.cols]
        if change is not None:
            values = change(n, values)
        if values is None:
            continue
        serial += 1
        cells = [
            v.value if isinstance(v, Raw) else typed(c, v, dress, draw) for c, v in zip(form.cols, values, strict=True)
        ]
        made.at[n] = (name, add([*([serial] if dress.serial else []), *cells]))
        sums.append(
            [
                v if c.kind == "money" and isinstance(v, Decimal) else Decimal(0)
                for c, v in zip(form.cols, values, strict=True)
            ]
        )
    if dress.totals:
        if dress.totals == "subtotals":
            add(_sums("小计", form, dress, sums[since:]))
        add(_sums("合  计", form, dress, sums))
    if dress.noted:
        add(["注：1.以上数据由企业填报；2.金额保留两位小数。"])
    if dress.signed:
        add([])
        add(["填表人：周某", "", "审核人：吴某", "", "联系电话：0990-1234567"])
        add(["", "", "", "云岭市科学技术局"])
        add(["", "", "", "2026年1月8日"])
    made.sheets.append(Sheet(name, rows, merge=merge))


def _sums(label: str, form: Form, dress: Dress, values: list[list[Decimal]]) -> list[Any]:
    said = dress.magnitude if dress.unit in ("head", "note", "line") else "元"
    line: list[Any] = [label] if dress.serial else []
    for index, col in enumerate(form.cols):
        if not dress.serial and index == 0:
            line.append(label)
        elif col.kind == "money":
            line.append(float(sum((row[index] for row in values), Decimal(0)) / FACTOR[said]))
        else:
            line.append("")
    return line


def _grouped(rows: list[list[Any]], merge: list[str], heads: list[str], groups: list[str]) -> None:
    upper, lower, at = [], [], len(rows) + 1
    for index, (head, group) in enumerate(zip(heads, groups, strict=True)):
        first = index == 0 or groups[index - 1] != group or not group
        upper.append(group if group and first else "" if group else head)
        lower.append(head if group else "")
        if not group:
            merge.append(f"{_letter(index)}{at}:{_letter(index)}{at + 1}")
        elif first:
            end = index
            while end + 1 < len(groups) and groups[end + 1] == group:
                end += 1
            if end > index:
                merge.append(f"{_letter(index)}{at}:{_letter(end)}{at}")
    rows += [upper, lower]


def _letter(index: int) -> str:
    return chr(65 + index) if index < 26 else chr(64 + index // 26) + chr(65 + index % 26)


def csv_of(sheet: Sheet) -> list[list[str]]:
    """The sheet as a program exports it to text."""
    return [
        [
            ""
            if v is None
            else f"{v:%Y/%m/%d}"
            if isinstance(v, date)
            else f"{v.value * 100:g}%"
            if isinstance(v, Styled)
            else str(v)
            for v in row
        ]
        for row in sheet.rows
    ]
