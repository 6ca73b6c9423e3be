"""Amounts of many cases in one table: written out to be filled in, read again with every error by its cell."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.programmes.handling.advising import read_amount
from keshu.bureau.programmes.handling.tables import read_lines
from keshu.bureau.programmes.models import Advice, Application
from keshu.bureau.programmes.problems import CaseProblem

HEADINGS = ("受理编号", "名称", "申报单位", "科室建议金额(元)", "核定金额(元)")
NUMBER, AMOUNT = 0, 4


def rows_for(applications: Iterable[Application], advices: Mapping[int, Advice]) -> Iterator[list[Any]]:
    """One line a case; the last column is to be filled in."""
    for one in applications:
        advice = advices.get(one.pk)
        amount = advice.amount if advice is not None else None
        yield [one.number, one.title, one.party.name, amount, amount]


def read_table(content: bytes, name: str, applications: Iterable[Application]) -> tuple[dict[int, str], list[str]]:
    """Case to amount as text, and what is wrong, by its cell; empty amounts stay empty."""
    lines, problem = read_lines(content, name)
    if problem:
        return {}, [problem]
    by_number = {one.number: one.pk for one in applications if one.number}
    found: dict[int, str] = {}
    wrong: list[str] = []
    for line, row in lines[1:]:
        _read_line(line, row, by_number, found, wrong)
    return found, wrong


def _read_line(
    line: int, row: list[str], by_number: Mapping[str, int], found: dict[int, str], wrong: list[str]
) -> None:
    number = row[NUMBER] if row else ""
    text = row[AMOUNT] if len(row) > AMOUNT else ""
    if number not in by_number:
        wrong.append(
            _("A%(line)s：受理编号“%(number)s”不在所选的申报中，请核对或删去这一行") % {"line": line, "number": number}
        )
        return
    if by_number[number] in found:
        wrong.append(_("A%(line)s：受理编号“%(number)s”出现了两次，请只留一行") % {"line": line, "number": number})
        return
    try:
        amount = read_amount(text, _("核定金额"))
    except CaseProblem as problem:
        wrong.append(f"E{line}：{problem}")
        return
    if amount is not None:
        found[by_number[number]] = str(amount)
