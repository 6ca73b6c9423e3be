"""What only the whole table shows: sums that do not add up, a sum ten thousand times the others, an odd date."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from keshu.bureau.ledgers.importing.columns import Column
from keshu.bureau.ledgers.importing.drafts import HAPPENED, Draft, RowReader
from keshu.bureau.ledgers.importing.findings import WARNING, Finding, column_letters
from keshu.bureau.ledgers.importing.tables import Table, Total, text_of
from keshu.kernel import typed

ENOUGH = 8
_LONG_NUMBER = re.compile(r"[A9.-]*9{8,}[A9.-]*")  # no numbers of documents, whose serials grow
_COUNT = re.compile(r"^(?:共|共计|合计)?\s*([\d,]+)\s*(?:家|件|项|个|人|户|条|场|名|份|次|行)$")


@dataclass
class Ledgerful:
    """Numbers and days of one table, kept small while its rows go by: for each column, value by row."""

    numbers: dict[str, list[Decimal | None]] = field(default_factory=dict)
    firm: dict[str, list[bool]] = field(default_factory=dict)
    days: dict[str, list[date | None]] = field(default_factory=dict)
    years: dict[str, list[int | None]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    no_day: list[bool] = field(default_factory=list)  # the row leaves its only day blank
    rows: list[int] = field(default_factory=list)
    repeated: set[int] = field(default_factory=set)

    def note(self, draft: Draft, reader: RowReader) -> None:
        """A cell that could not be read is not firm: sums over it are not compared. A day already named is let be."""
        self.rows.append(draft.row)
        values, findings = draft.values, draft.findings
        spoilt = {finding.column for finding in findings if finding.severity == "error"} if findings else ()
        for column in reader.number_columns:
            code = column.field.code
            self.numbers.setdefault(code, []).append(values.get(code))
            self.firm.setdefault(code, []).append(
                code in values or (code not in draft.typed_as and column.heading not in spoilt)
            )
        for column in reader.number_texts:
            told = bool(findings) and any(finding.column == column.heading for finding in findings)
            self.texts.setdefault(column.field.code, []).append("" if told else values.get(column.field.code) or "")
        self.no_day.append(bool(reader.day_columns) and draft.blank_day)
        for column in reader.day_columns:
            told = bool(findings) and any(finding.column == column.heading for finding in findings)
            self.days.setdefault(column.field.code, []).append(None if told else values.get(column.field.code))
        for column in reader.year_columns:
            self.years.setdefault(column.field.code, []).append(values.get(column.field.code))


def outliers(seen: Ledgerful, reader: RowReader) -> Iterable[Finding]:
    """A sum of money that fits the others only when it is divided, or multiplied, by ten thousand."""
    for column, _ in reader.columns:
        if column.field.type != "money":
            continue
        there = [(row, n) for row, n in zip(seen.rows, seen.numbers.get(column.field.code, []), strict=True) if n]
        if len(there) < ENOUGH:
            continue
        ordered = sorted(number for _, number in there)
        low, high = ordered[len(ordered) // 20], ordered[-1 - len(ordered) // 20]
        low, high = _without_one(ordered, low, high)
        for row, number in there:
            factor = _misfit(number, low, high)
            if factor:
                yield _suspicion(column, row, number, factor, reader)


def percent_slips(seen: Ledgerful, reader: RowReader) -> Iterable[Finding]:
    """0.0365 among 3.65, 3.85 …: a share typed as a fraction, or a percentage taken for one."""
    for column in reader.number_columns:
        if not typed.read_unit(column.field.unit or "").is_percent:
            continue
        there = [(row, n) for row, n in zip(seen.rows, seen.numbers.get(column.field.code, []), strict=True) if n]
        if len(there) < ENOUGH:
            continue
        middle = sorted(abs(number) for _, number in there)[len(there) // 2]
        for row, number in there:
            ratio = abs(number) / middle
            if not (50 <= ratio <= 200 or Decimal("0.005") <= ratio <= Decimal("0.02")):
                continue
            message = f"{column.heading}为{number:f}%，与本列其他各行相差约100倍，疑似百分数写错"
            cell = f"{column_letters(column.index)}{row}"
            remedy = "百分数请写成12.3%或12.3，不要写成0.123"
            yield Finding(reader.sheet, row, column.heading, "percent-suspected", message, remedy, WARNING, cell)


def _without_one(ordered: list[Decimal], low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """In a short column the odd one must not set the scale."""
    if len(ordered) < 20:
        middle = ordered[len(ordered) // 2]
        kept = [n for n in ordered if middle / 500 < n < middle * 500] or ordered
        return kept[0], kept[-1]
    return low, high


def _misfit(number: Decimal, low: Decimal, high: Decimal) -> str:
    if low <= 0:
        return ""
    if number > high * 100 and low / 10 <= number / 10_000 <= high * 10:
        return "大"
    if number < low / 100 and low / 10 <= number * 10_000 <= high * 10:
        return "小"
    return ""


def _suspicion(column: Column, row: int, number: Decimal, factor: str, reader: RowReader) -> Finding:
    message = f"{column.heading}折合{number:,f}元，比本列其他各行{factor}约1万倍，疑似单位错误"
    cell = f"{column_letters(column.index)}{row}"
    remedy = "请核对该格的单位（元、万元、亿元）"
    return Finding(reader.sheet, row, column.heading, "unit-suspected", message, remedy, WARNING, cell)


def odd_numbers(seen: Ledgerful, reader: RowReader) -> Iterable[Finding]:
    """A registration number that is one slip away from the shape that all the others share."""
    for column in reader.number_texts:
        there = [(row, text) for row, text in zip(seen.rows, seen.texts[column.field.code], strict=True) if text]
        shapes = Counter(_shape(text) for _, text in there)
        if len(there) < ENOUGH:
            continue
        shape, n = shapes.most_common(1)[0]
        if n * 10 < len(there) * 9 or not _LONG_NUMBER.fullmatch(shape):
            continue
        for row, text in there:
            slip = _slip(text, shape)
            if slip:
                cell = f"{column_letters(column.index)}{row}"
                message = f"“{text}”{slip}，其余各行多为{len(shape)}位"
                remedy = "请对照原件核对编号"
                yield Finding(reader.sheet, row, column.heading, "number-odd", message, remedy, WARNING, cell)


def _shape(text: str) -> str:
    return re.sub(r"[A-Za-z]", "A", re.sub(r"\d", "9", text))


def _slip(text: str, shape: str) -> str:
    """What went wrong, "" when the number is simply of another kind."""
    mine = _shape(text)
    if mine == shape:
        return ""
    if len(text) == len(shape):
        differing = [(have, want) for have, want in zip(text, shape, strict=True) if _shape(have) != want]
        letters = all(want == "9" and have in "OoQIlSBZ" for have, want in differing)
        return "疑似把数字写成了字母" if letters and len(differing) <= 2 else ""
    same_kind = re.sub(r"9+", "9", mine) == re.sub(r"9+", "9", shape)
    gap = len(text) - len(shape)
    return f"比其余各行{'多' if gap > 0 else '少'}{abs(gap)}位" if same_kind and abs(gap) <= 2 else ""


def other_years(seen: Ledgerful, reader: RowReader, year: int | None) -> Iterable[Finding]:
    """A day outside the year that the title names, where nearly all other rows lie in it."""
    if year is None:
        return
    for column in reader.day_columns:
        if column.field.maps not in HAPPENED:
            continue
        days = seen.days.get(column.field.code, [])
        yield from _of_other_years(
            column, [(row, day, day.year) for row, day in zip(seen.rows, days, strict=True) if day], reader, year
        )
    for column in reader.year_columns:
        years = seen.years.get(column.field.code, [])
        yield from _of_other_years(
            column, [(row, f"{y}年", y) for row, y in zip(seen.rows, years, strict=True) if y], reader, year
        )


def _of_other_years(
    column: Column, there: Sequence[tuple[int, object, int]], reader: RowReader, year: int
) -> Iterable[Finding]:
    years = Counter(of for _, _, of in there)
    if len(there) < 5 or years[year] * 5 < len(there) * 4:
        return
    for row, said, of in there:
        if of != year:
            message = f"{column.heading}{said}不在表头所写的{year}年内，其余各行多在该年"
            cell = f"{column_letters(column.index)}{row}"
            yield Finding(reader.sheet, row, column.heading, "date-other-year", message, "请核对年份", WARNING, cell)


def missing_days(seen: Ledgerful, reader: RowReader) -> Iterable[Finding]:
    """A row without its only day, where nearly all others have it: no figure would count it."""
    columns = [column for column in reader.day_columns if column.field.maps in HAPPENED]
    if len(columns) != 1 or columns[0].field.required:
        return
    column = columns[0]
    blank = [row for row, empty in zip(seen.rows, seen.no_day, strict=True) if empty]
    if len(seen.rows) < ENOUGH or len(blank) * 10 > len(seen.rows):
        return
    for row in blank:
        message = f"缺少{column.heading}，按日期统计时不会计入"
        cell = f"{column_letters(column.index)}{row}"
        yield Finding(reader.sheet, row, column.heading, "date-missing", message, "请补填", WARNING, cell)


def counts(table: Table, seen: Ledgerful) -> Iterable[Finding]:
    """Lines that say how many rows there are, against the rows."""
    for total in table.totals:
        yield from _count_total(table, total, seen)


def sums(table: Table, seen: Ledgerful, reader: RowReader) -> Iterable[Finding]:
    """Lines of sums against the rows above them."""
    for total in table.totals:
        for column, read in reader.columns:
            if column.field.type in ("money", "quantity", "integer", "number"):
                yield from _sum_total(total, column, read(_cell(total.cells, column.index)), seen, reader)


def _cell(cells: Sequence[Any], index: int) -> Any:
    return cells[index] if index < len(cells) else None


def _count_total(table: Table, total: Total, seen: Ledgerful) -> Iterable[Finding]:
    """合计 38家: as many rows, or as many different ones."""
    rows = seen.rows[total.first : total.last]
    different = sum(row not in seen.repeated for row in rows)
    for index, value in enumerate(total.cells):
        found = _COUNT.match(text_of(value))
        if found is None:
            continue
        said = int(found.group(1).replace(",", ""))
        if not different <= said <= len(rows):
            message = f"{total.label}行写{said}，实际读到{len(rows)}行" + (
                f"（其中不重复的{different}行）" if different != len(rows) else ""
            )
            cell = f"{column_letters(index)}{total.number}"
            remedy = "请核对是否漏行、多行，或合计未更新"
            yield Finding(table.sheet, total.number, total.label, "total-count", message, remedy, WARNING, cell)


def _sum_total(
    total: Total, column: Column, read: typed.Read[Any], seen: Ledgerful, reader: RowReader
) -> Iterable[Finding]:
    said, code = read.value, column.field.code
    values, firm = seen.numbers.get(code, []), seen.firm.get(code, [])
    span = range(total.first, total.last)
    if said is None or read.approx or not all(firm[i] for i in span) or not span:
        return
    whole = sum((values[i] or Decimal(0) for i in span), Decimal(0))
    different = sum((values[i] or Decimal(0) for i in span if seen.rows[i] not in seen.repeated), Decimal(0))
    scale = typed.read_unit(column.unit or column.field.unit or "").factor
    slack = scale * max(Decimal("0.01") * len(span), Decimal("0.05"))
    if min(abs(said - whole), abs(said - different)) <= slack:
        return
    message = f"{total.label}行为{said / scale:,f}，各行相加为{whole / scale:,f}，相差{abs(said - whole) / scale:,f}"
    cell = f"{column_letters(column.index)}{total.number}"
    remedy = "请核对是否漏行、多行或有数字录错；入库以各行为准"
    yield Finding(reader.sheet, total.number, column.heading, "total-disagrees", message, remedy, WARNING, cell)
