"""Payments of many cases from one table: which case each line means, and every error by its cell."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from keshu.bureau.money.models import Instalment, Level, Payment
from keshu.bureau.money.paying import LONGEST_VOUCHER, too_long
from keshu.bureau.money.problems import yuan
from keshu.bureau.money.services import ToPay
from keshu.bureau.programmes.handling.advising import read_amount
from keshu.bureau.programmes.problems import CaseProblem
from keshu.kernel.typed import read_date
from keshu.kernel.typed.hidden import hidden_sign
from keshu.kernel.typed.names import normal_name
from keshu.office.tables import letters

ALIASES = {
    "number": ("受理编号", "项目编号", "编号", "申报编号"),
    "party": ("单位名称", "收款单位", "申报单位", "收款人", "收款人名称", "承担单位", "单位"),
    "amount": ("金额", "拨付金额", "支付金额", "金额（元）", "金额(元)", "拨付金额（元）", "拨付金额(元)", "支付金额(元)"),
    "paid_on": ("拨付日期", "支付日期", "日期", "付款日期"),
    "voucher_no": ("凭证号", "支付凭证号", "国库支付凭证号", "凭证编号", "支付令号"),
    "instalment": ("款项", "期次", "拨款期次"),
    "level": ("资金级次", "级次", "资金来源"),
}  # fmt: skip
NEEDED = ("amount", "paid_on", "voucher_no")
LABELS = {code: names[0] for code, names in ALIASES.items()}
MOST = 500
TITLES = 10  # so many lines are looked at for the heading: sheets of a treasury bear titles above it
SUMS = frozenset({"合计", "总计", "小计", "本页合计", "本页小计"})


@dataclass
class Line:
    """A line of the table: what it says, what it means, what is wrong with it by cell."""

    number: int
    texts: Mapping[str, str]
    row: Instalment | None = None
    amount: Decimal | None = None
    paid_on: date | None = None
    level: str = ""
    wrong: list[str] = field(default_factory=list)

    @property
    def voucher_no(self) -> str:
        return self.texts.get("voucher_no", "").strip()


def pasted(text: str) -> list[tuple[int, list[str]]]:
    """Lines of a text that was copied out of a sheet, with their numbers; only a line feed ends a line."""
    lines = text.replace("\r\n", "\n").split("\n")
    rows = [(n, [cell.strip(" \u3000\r") for cell in line.split("\t")]) for n, line in enumerate(lines, 1)]
    return [(n, row) for n, row in rows if any(row)]


def read_payments(
    lines: Sequence[tuple[int, list[str]]], open_: Sequence[Instalment], *, today: date
) -> tuple[list[Line], list[str]]:
    """The lines matched with instalments that are due; or what is wrong with the table as a whole.

    `open_` are the instalments with sums that this person may pay now.
    """
    if not lines:
        return [], [_("表格里没有内容")]
    place, columns, wrong = _heading(lines)
    if wrong:
        return [], wrong
    rows = [(number, row) for number, row in lines[place + 1 :] if not _is_sum(row)]
    if len(rows) > MOST:
        return [], [_("一次最多登记 %(most)s 笔，请分几次登记") % {"most": MOST}]
    found = [_line(number, row, columns, today) for number, row in rows]
    found = [line for line in found if any(line.texts.values())]
    _match(found, columns, open_)
    _vouchers(found, columns)
    return found, [] if found else [_("表头下面没有内容")]


def _heading(lines: Sequence[tuple[int, list[str]]]) -> tuple[int, dict[str, int], list[str]]:
    """Which line is the heading, titles above it left out; else what the first line lacks for being one."""
    for place, (_number, row) in enumerate(lines[:TITLES]):
        columns, wrong = _columns(row)
        if not wrong:
            return place, columns, []
    return 0, *_columns(max((row for _number, row in lines[:TITLES]), key=lambda row: len(_columns(row)[0])))


def _is_sum(row: Sequence[str]) -> bool:
    """The line below a table that adds it up."""
    first = next((cell for cell in row if cell), "")
    return "".join(first.split()).rstrip("：:") in SUMS


def _columns(heading: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    words = {name: code for code, names in ALIASES.items() for name in names}
    columns: dict[str, int] = {}
    for index, cell in enumerate(heading):
        code = words.get("".join(cell.split()))
        if code and code not in columns:
            columns[code] = index
    missing = [LABELS[code] for code in NEEDED if code not in columns]
    if "number" not in columns and "party" not in columns:
        missing.insert(0, _("受理编号（或单位名称）"))
    return columns, [_("表头缺少：%(names)s；表头要在前十行以内") % {"names": "、".join(missing)}] if missing else []


def _line(number: int, row: Sequence[str], columns: Mapping[str, int], today: date) -> Line:
    line = Line(number, {code: row[index] if index < len(row) else "" for code, index in columns.items()})

    for code, wrong in _unreadable(line, today):
        line.wrong.append(f"{letters(columns[code] + 1)}{number}：{wrong}")
    return line


def _unreadable(line: Line, today: date) -> Iterator[tuple[str, str]]:
    """Reads the cells into the line; which of them cannot be read, and why."""
    yield from _unseen(line)
    try:
        line.amount = read_amount(line.texts["amount"], _("金额"))
        if not line.amount:
            yield "amount", _("没有填金额")
    except CaseProblem as problem:
        yield "amount", str(problem)
    line.paid_on = read_date(line.texts["paid_on"][:10]).value
    if line.paid_on is None:
        yield "paid_on", _("拨付日期没有填写或不是日期")
    elif line.paid_on > today:
        yield "paid_on", _("拨付日期晚于今天，请核对")
    if text := line.texts.get("level", "").strip():
        line.level = _level(text)
        if not line.level:
            yield "level", _("资金级次只能是中央、省级、市级、县级")


def _unseen(line: Line) -> Iterator[tuple[str, str]]:
    """Signs in any cell that nobody sees, and a voucher number that cannot be one."""
    for code, text in line.texts.items():
        if sign := hidden_sign(text):
            yield code, _("有看不见的字符（%(sign)s），请删去后重新填写") % {"sign": sign}
    if not line.voucher_no:
        yield "voucher_no", _("没有填凭证号")
    elif len(line.voucher_no) > LONGEST_VOUCHER:
        yield "voucher_no", too_long()


def _level(text: str) -> str:
    """By its name, or by the sign with which it begins: 省 is 省级; "" for anything else."""
    names = {str(label): code for code, label in Level.choices}
    return names.get(text) or next((code for name, code in names.items() if text[0] == name[0]), "")


def _match(lines: Iterable[Line], columns: Mapping[str, int], open_: Sequence[Instalment]) -> None:
    by_number: dict[str, list[Instalment]] = defaultdict(list)
    by_party: dict[str, list[Instalment]] = defaultdict(list)
    for row in open_:
        by_number[row.application.number or ""].append(row)
        by_party[normal_name(row.application.party.name)].append(row)
    left = {row.pk: row.rest for row in open_}
    for line in lines:
        number, party = line.texts.get("number", "").strip(), line.texts.get("party", "").strip()
        code = "number" if number else "party" if party or "number" not in columns else "number"
        cell = f"{letters(columns[code] + 1)}{line.number}"
        rows = by_number.get(number, []) if number else by_party.get(normal_name(party), []) if party else []
        if name := line.texts.get("instalment", "").strip():
            rows = [row for row in rows if row.name == name]
        _choose(line, cell, rows, left)
        if (
            line.row is not None
            and party
            and number
            and normal_name(party) != normal_name(line.row.application.party.name)
        ):
            line.wrong.append(
                _("%(cell)s：编号 %(number)s 的申报单位是“%(name)s”，与表中的单位不一致")
                % {
                    "cell": f"{letters(columns['party'] + 1)}{line.number}",
                    "number": number,
                    "name": line.row.application.party.name,
                }
            )


def _choose(line: Line, cell: str, rows: Sequence[Instalment], left: dict[int, Decimal]) -> None:
    """The one instalment that the line can mean: of several the one with exactly this amount."""
    if not rows:
        line.wrong.append(_("%(cell)s：没有找到待拨付的款项；核对编号或单位，或先看拨款条件是否具备") % {"cell": cell})
        return
    exact = [row for row in rows if left[row.pk] == line.amount]
    wanted = exact or ([row for row in rows if line.amount and left[row.pk] >= line.amount] if len(rows) == 1 else [])
    if len(wanted) == 1:
        line.row = wanted[0]
        left[line.row.pk] -= line.amount or Decimal(0)
    elif len(rows) == 1:
        line.wrong.append(
            _("%(cell)s：“%(name)s”只剩 %(rest)s 元未拨，表中金额超过")
            % {"cell": cell, "name": rows[0].name, "rest": yuan(left[rows[0].pk])}
        )
    else:
        line.wrong.append(
            _("%(cell)s：有 %(n)s 笔待拨付的款项，请用受理编号或“款项”列指明是哪一笔") % {"cell": cell, "n": len(rows)}
        )


def _vouchers(lines: Iterable[Line], columns: Mapping[str, int]) -> None:
    """A voucher number is used once: in the table, and in what is booked already."""
    seen: dict[str, int] = {}
    booked = _booked(line.voucher_no for line in lines)
    for line in lines:
        cell = f"{letters(columns['voucher_no'] + 1)}{line.number}"
        if line.voucher_no and line.voucher_no in seen:
            line.wrong.append(_("%(cell)s：凭证号与第 %(n)s 行相同") % {"cell": cell, "n": seen[line.voucher_no]})
        seen.setdefault(line.voucher_no, line.number)
        if (earlier := _same(line, booked.get(line.voucher_no, []))) is not None:
            words = {"cell": cell, "no": line.voucher_no, "case": earlier.instalment.application.number or ""}
            said = _("%(cell)s：凭证号 %(no)s 已登记过（%(case)s），不再重复登记") % words
            line.wrong = [said] if line.row is None else [*line.wrong, said]


def _booked(numbers: Iterable[str]) -> dict[str, list[Payment]]:
    found: dict[str, list[Payment]] = defaultdict(list)
    rows = Payment.objects.filter(voucher_no__in=[one for one in numbers if one], voided_by__isnull=True)
    for row in rows.select_related("instalment__application__party"):
        found[row.voucher_no].append(row)
    return found


def _same(line: Line, rows: Iterable[Payment]) -> Payment | None:
    """The payment of the line's year that has its number: of its treasury, or where nothing is due any more of its case."""
    for row in rows:
        if line.paid_on is None or row.year != line.paid_on.year:
            continue
        case = row.instalment.application
        if line.row is None:
            told = {line.texts.get("number", "").strip(), normal_name(line.texts.get("party", ""))}
            if told & {case.number, normal_name(case.party.name)}:
                return row
        elif row.place_id == _treasury(line, line.row):
            return row
    return None


def _treasury(line: Line, row: Instalment) -> int:
    return row.application.place_id if line.level == Level.COUNTY else row.application.call.place_id


def to_pay(lines: Iterable[Line]) -> list[ToPay]:
    """The lines as payments."""
    return [
        ToPay(
            line.row.application_id,
            {
                "instalment": str(line.row.pk), "amount": str(line.amount), "paid_on": str(line.paid_on),
                "voucher_no": line.voucher_no, "level": line.level,
            },
            _("第 %(n)s 行") % {"n": line.number},
        )
        for line in lines
        if line.row is not None
    ]  # fmt: skip
