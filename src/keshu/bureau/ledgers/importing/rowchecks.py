"""What is checked on every row beyond reading its cells: the definition's rules, dates, numbers, swapped columns."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from keshu.bureau.forms.readers import Surroundings
from keshu.bureau.forms.rules import broken, fields_of
from keshu.bureau.ledgers.importing.drafts import Draft, RowReader
from keshu.bureau.ledgers.importing.findings import ERROR, WARNING
from keshu.kernel.ids import certificate
from keshu.kernel.typed import Problem

_CODE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{18}$")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{3}")


def check_row(draft: Draft, reader: RowReader) -> None:
    """Add everything that the row itself gives away to its findings."""
    _rules(draft, reader)
    _days(draft, reader)
    _numbers(draft, reader)
    _region(draft, reader)
    _swapped(draft, reader)


def _rules(draft: Draft, reader: RowReader) -> None:
    """The definition's checks; a doubt about fields that an error already names is left unsaid."""
    found = broken(reader.ledger.checks, draft.values)
    named = [set(fields_of(check)) for check in found if check.severity == ERROR]
    for check in found:
        fields = fields_of(check)
        if check.severity != ERROR and any(set(fields) <= names for names in named):
            continue
        shown = "、".join(f"{reader.heading(code)}{_shown(draft.values.get(code))}" for code in fields)
        problem = Problem(check.code, f"{check.message}（{shown}）", check.remedy)
        draft.findings.append(reader.finding(draft, fields[0], problem, check.severity))
    if reader.ends is not None:
        first, last = reader.ends
        begun, over = draft.values.get(first.code), draft.values.get(last.code)
        if begun is not None and over is not None and over < begun:
            message = f"{reader.heading(last.code)}{over}早于{reader.heading(first.code)}{begun}"
            draft.findings.append(reader.finding(draft, last.code, Problem("date-order", message, "请核对两个日期")))


def _shown(value: Any) -> str:
    """Amounts and days; parties, codes and texts stand in the row itself."""
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return str(value) if isinstance(value, date) else ""


def _days(draft: Draft, reader: RowReader) -> None:
    around: Surroundings = reader.around
    for item in reader.days:
        day = draft.values.get(item.code)
        if day is None:
            continue
        if day > around.today and not planned(draft):
            problem = Problem(
                "date-future", f"{reader.heading(item.code)}{day}晚于今天", "请核对年份；尚未发生的请勿登记"
            )
            draft.findings.append(reader.finding(draft, item.code, problem))
        elif around.cut_off and day > around.cut_off:
            message = f"{reader.heading(item.code)}{day}晚于表头的截止日{around.cut_off}"
            problem = Problem("date-after-cut-off", message, "请核对日期，或确认该行是否属于本期")
            draft.findings.append(reader.finding(draft, item.code, problem, WARNING))


def planned(draft: Draft) -> bool:
    """Rows that say themselves that they are still to come."""
    return draft.values.get("status") in ("planned", "applied", "collected", "building")


def _numbers(draft: Draft, reader: RowReader) -> None:
    """Certificate numbers whose shape the law fixes although their field is plain text."""
    number = draft.values.get("number")
    if draft.ledger != "title" or not isinstance(number, str):
        return
    rule = {"hte": certificate.check, "tsme": certificate.check_sme}.get(draft.values.get("kind", ""))
    if rule is None:
        return
    verdict = rule(number)
    if verdict.ok:
        draft.values["number"] = verdict.value
        _registered_in(draft, reader)
    else:
        problem = Problem(verdict.code, verdict.message, verdict.remedy)
        draft.findings.append(reader.finding(draft, "number", problem, ERROR))


def _registered_in(draft: Draft, reader: RowReader) -> None:
    """The year in a technology SME's registration number; for certificates a rule of the definition asks it."""
    issued, year = draft.values.get("issued"), certificate.year_of(draft.values["number"])
    if draft.values.get("kind") != "tsme" or issued is None or year is None or issued > reader.around.today:
        return
    if issued.year != year:
        message = f"登记编号中的年份{year}与{reader.heading('issued')}{issued}不同"
        problem = Problem("certificate-year", message, "请对照公告核对编号和日期")
        draft.findings.append(reader.finding(draft, "number", problem, WARNING))


def _region(draft: Draft, reader: RowReader) -> None:
    """The county in the code against the county in the row; parks overlap counties and are left alone."""
    place = draft.values.get(reader.place)
    if place is None or not draft.place_told:
        return
    here = reader.around.county_of.get(place, "")
    for item in reader.codes:
        uscc = draft.values.get(item.code)
        if not uscc or not here:
            continue
        there = uscc[2:8]
        if there in reader.around.counties and there != here:
            names = reader.around.counties
            message = f"代码第3至8位是{names[there]}({there})，所属区划却是{names[here]}"
            problem = Problem("region-differs", message, "请核对所属区划和代码；迁移过的企业可以不同")
            draft.findings.append(reader.finding(draft, item.code, problem, WARNING))


def _swapped(draft: Draft, reader: RowReader) -> None:
    """A name in the code's column and a code in the name's: say that once, instead of two complaints."""
    for item in reader.codes if draft.findings else ():
        if not item.of:
            continue
        code_there = draft.raw.get(item.code, "")
        name_there = draft.raw.get(item.of, "")
        if _CHINESE.search(code_there) and _CODE.match(name_there.replace(" ", "").upper()):
            columns = {reader.heading(item.code), reader.heading(item.of)}
            draft.findings = [f for f in draft.findings if f.column not in columns]
            message = f"“{reader.heading(item.of)}”与“{reader.heading(item.code)}”两栏疑似填反"
            draft.findings.append(reader.finding(draft, item.code, Problem("swapped", message, "请对调两栏后重新导入")))
