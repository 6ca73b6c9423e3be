"""The budget of a grant head by head: promised, changed, spent; what is left, and what went beyond the unit's own room.

The heads and kinds of money are those of the programme's own budget table; the final account 决算 has the same paths as
the task book, and the same readers read it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from keshu.bureau.forms.readers import Surroundings, reader_of
from keshu.bureau.places.queries import Gazetteer
from keshu.bureau.programmes.applying.layout import fixed_rows, layout_of
from keshu.bureau.programmes.applying.reading import form_with, opened
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.facts import About, known_facts
from keshu.bureau.programmes.grants.reading import books_of, changes_of, granted, parameter
from keshu.bureau.programmes.models import CaseReport, ChangeRequest
from keshu.catalogue.schema.programme_form import FormField, Table
from keshu.kernel.measure.budget import Excess, Head, excesses
from keshu.kernel.typed.read import Read
from keshu.office.papers import parts
from keshu.office.papers.words import yuan

TABLE, GRANT, NOTE = "budget", "grant", "note"  # the table, its column of granted money, the column of words
INDIRECT, CAP = "间接费用", "indirect_cap"  # the head that may not be raised, the field that computes its cap
NOTHING = Decimal(0)
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Amounts:
    """One head of one kind of money through its life. `spent` None: nobody said yet; `approved`: as the bureau last agreed."""

    promised: Decimal
    approved: Decimal
    now: Decimal
    spent: Decimal | None

    @property
    def changed(self) -> bool:
        return self.now != self.promised

    @property
    def left(self) -> Decimal | None:
        return None if self.spent is None else self.now - self.spent


@dataclass(frozen=True)
class Line:
    """A head with the amounts of each kind of money, in the order of the columns."""

    row: str
    name: str
    amounts: tuple[Amounts, ...]
    note: str = ""


@dataclass(frozen=True)
class Account:
    """A whole budget. `columns` are the kinds of money; `remarks` what has to be looked at, in sentences."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line
    filed_on: date | None
    paid: Decimal | None
    remarks: tuple[str, ...] = ()

    @property
    def left_over(self) -> Decimal | None:
        """Of what was paid out of granted money: what was not spent."""
        spent = self.total.amounts[0].spent
        return None if spent is None or self.paid is None else self.paid - spent


def table_of(case: Case) -> Table | None:
    """The budget table of the programme's form, if it has one with fixed heads."""
    found = layout_of(case.programme).tables.get(TABLE)
    return found[0] if found is not None and found[0].rows else None


def columns_of(table: Table) -> list[FormField]:
    """The kinds of money, granted money first."""
    return sorted((one for one in table.columns if one.type == "money"), key=lambda one: one.code != GRANT)


def path_of(row: str, column: str) -> str:
    return f"{TABLE}:{row}:{column}"


def cells_of(case: Case) -> list[tuple[str, str, bool]]:
    """Path and label of every cell of a final account; the last says whether it holds words instead of an amount."""
    table = table_of(case)
    if table is None:
        return []
    cells = []
    for row, head in zip(fixed_rows(table), table.rows, strict=True):
        cells += [(path_of(row, one.code), f"{head} {one.name}", False) for one in columns_of(table)]
        cells.append((path_of(row, NOTE), _("%(head)s 说明") % {"head": head}, True))
    return cells


def account_of(case: Case) -> Account | None:
    """Promised, changed and spent side by side; None for a case without a task book or without a budget."""
    table, books = table_of(case), list(books_of(case.application))
    if table is None or not books:
        return None
    filed = CaseReport.objects.filter(
        application=case.application, kind=CaseReport.Kind.ACCEPTANCE, filed_on__isnull=False, replaced_by__isnull=True
    ).first()
    spent = filed.values.get("spent") if filed is not None else None
    now = books[-1].values
    lines = tuple(_lines(case, table, books[0].values, approved_texts(case, now), now, spent))
    account = Account(
        tuple(one.name for one in columns_of(table)), lines, _total(lines), filed.filed_on if filed and spent else None,
        _paid(case),
    )  # fmt: skip
    remarks = [*_against_approval(case, account), *(remarks_of(case, account, {**now, **spent}) if spent else ())]
    return Account(**{**vars(account), "remarks": tuple(remarks)})


def approved_texts(case: Case, now: Texts) -> dict[str, str]:
    """The budget as the bureau last agreed to it: the task book without what the unit shifted by itself since."""
    texts = dict(now)
    for change in changes_of(case.application).filter(kind=ChangeRequest.Kind.BUDGET).order_by("-number"):
        if change.state == ChangeRequest.State.ALLOWED:
            break
        if change.state == ChangeRequest.State.FILED:
            texts.update(change.before)
    return texts


def _lines(
    case: Case, table: Table, promised: Texts, approved: Texts, now: Texts, spent: Texts | None
) -> Iterator[Line]:
    columns = columns_of(table)
    for row, name in zip(fixed_rows(table), table.rows, strict=True):
        amounts = tuple(
            Amounts(
                *(_amount(case, one, row, texts) or NOTHING for texts in (promised, approved, now)),
                None if spent is None else _amount(case, one, row, spent),
            )
            for one in columns
        )
        yield Line(row, name, amounts, (spent or {}).get(path_of(row, NOTE), ""))


def _amount(case: Case, column: FormField, row: str, texts: Texts) -> Decimal | None:
    value = _read(case, column, texts.get(path_of(row, column.code), "")).value
    return value if isinstance(value, Decimal) else None


def _read(case: Case, column: FormField, text: str) -> Read[Decimal]:
    return reader_of(column, "", Surroundings(case.today, Gazetteer({}), {}))(text)


def _total(lines: Sequence[Line]) -> Line:
    """The sums of every column; what is spent only where every head says it."""
    sums = []
    for amounts in zip(*(line.amounts for line in lines), strict=True):
        spent = [one.spent for one in amounts]
        known = [one for one in spent if one is not None]
        sums.append(
            Amounts(
                sum((one.promised for one in amounts), NOTHING),
                sum((one.approved for one in amounts), NOTHING),
                sum((one.now for one in amounts), NOTHING),
                sum(known, NOTHING) if len(known) == len(spent) else None,
            )
        )
    return Line("", _("合计"), tuple(sums))


def _paid(case: Case) -> Decimal | None:
    about = About(case.call, case.application.party_id, case.today, case.at, case.application)
    found = known_facts(about, ["已拨金额"]).get("已拨金额")
    return found if isinstance(found, Decimal) else None


# what may be shifted


def beyond(case: Case, lines: Sequence[Line], taken: str) -> list[Excess]:
    """Heads of granted money that took more than the unit may shift by itself; `taken` is `now` or `spent`."""
    heads = [
        Head(line.name, line.amounts[0].approved, getattr(line.amounts[0], taken) or NOTHING, line.name == INDIRECT)
        for line in lines
    ]
    shares = (_share(case, "budget.shift_direct"), _share(case, "budget.shift_indirect"))
    return excesses(heads, direct_share=shares[0], indirect_share=shares[1])


def _share(case: Case, code: str) -> Decimal | None:
    percent = parameter(code, case)
    return None if percent is None else percent / 100


def shifts_beyond(case: Case, now: Texts, after: Texts) -> list[Excess]:
    """The same for a wish to change the budget from `now` to `after`."""
    table = table_of(case)
    if table is None:
        return []
    return beyond(case, list(_lines(case, table, now, approved_texts(case, now), {**now, **after}, None)), "now")


def moves_total(case: Case, now: Texts, after: Texts) -> bool:
    """Whether a budget's totals are others afterwards: granted and own money are two totals."""
    table = table_of(case)
    if table is None:
        return False
    total = _total(list(_lines(case, table, now, now, {**now, **after}, None)))
    return any(one.changed for one in total.amounts)


# the final account


def wrong_in(case: Case, now: Texts, spent: Texts) -> dict[str, str]:
    """What is wrong with a final account, by path; "" for what concerns the whole. Nothing spent is 0, not empty."""
    table = table_of(case)
    if table is None:
        return {}
    found = {}
    for row, head in zip(fixed_rows(table), table.rows, strict=True):
        for column in columns_of(table):
            path = path_of(row, column.code)
            if said := _wrong(_read(case, column, spent.get(path, "")), head, column):
                found[path] = said
    return found or _wrong_whole(case, table, now, spent)


def _wrong(read: Read[Decimal], head: str, column: FormField) -> str:
    if read.problem is not None:
        return f"{read.problem.message}；{read.problem.remedy}"
    if read.value is None:
        return _("没有填写“%(head)s”%(column)s的决算数；没有支出的填 0") % {"head": head, "column": column.name}
    return ""


def _wrong_whole(case: Case, table: Table, now: Texts, spent: Texts) -> dict[str, str]:
    lines = list(_lines(case, table, now, approved_texts(case, now), now, spent))
    granted = _total(lines).amounts[0]
    if granted.spent is not None and granted.spent > granted.now:
        return {"": _("专项经费支出合计 %(spent)s 元，超过预算 %(now)s 元；超出的部分应列入自筹经费") % {
            "spent": yuan(granted.spent), "now": yuan(granted.now),
        }}  # fmt: skip
    notes = {line.name: (line.row, line.note) for line in lines}
    return {
        path_of(notes[one.name][0], NOTE): _("%(what)s，请写明原因") % {"what": excess_words(one)}
        for one in beyond(case, lines, "spent")
        if not notes[one.name][1].strip()
    }


def excess_words(one: Excess) -> str:
    words = {"name": one.name, "over": yuan(one.over), "free": yuan(one.free)}
    if one.free == 0:
        return _("“%(name)s”比批准的预算多 %(over)s 元，单位不能自行调增") % words
    return _("“%(name)s”比批准的预算多 %(over)s 元，超过单位可自行调剂的 %(free)s 元") % words


def _against_approval(case: Case, account: Account) -> Iterator[str]:
    """The budget of granted money is the total that was approved; where they part, both numbers are said."""
    approved, total = granted(case), account.total.amounts[0]
    if approved is not None and total.now != approved:
        words = {"now": yuan(total.now), "approved": yuan(approved)}
        yield _("任务书的专项经费预算 %(now)s 元，与核定金额 %(approved)s 元不一致，请变更预算或调整核定金额") % words
    if approved is not None and (total.spent or NOTHING) > approved:
        words = {"spent": yuan(total.spent or NOTHING), "approved": yuan(approved)}
        yield _("专项经费支出 %(spent)s 元，超过核定金额 %(approved)s 元") % words


def remarks_of(case: Case, account: Account, texts: Texts) -> Iterator[str]:
    """What whoever judges the money has to look at, each with its numbers."""
    for one in beyond(case, account.lines, "spent"):
        yield excess_words(one)
    cap, indirect = _cap(case, texts), next((line for line in account.lines if line.name == INDIRECT), None)
    if cap is not None and indirect is not None and (indirect.amounts[0].spent or NOTHING) > cap:
        yield _("间接费用支出 %(spent)s 元，超过按决算直接费用分档计算的上限 %(cap)s 元") % {
            "spent": yuan(indirect.amounts[0].spent or NOTHING), "cap": yuan(cap),
        }  # fmt: skip
    for name, one in zip(account.columns[1:], account.total.amounts[1:], strict=True):
        if one.left is not None and one.left > 0:
            yield _("%(name)s支出 %(spent)s 元，比预算少 %(left)s 元") % {
                "name": name, "spent": yuan(one.spent or NOTHING), "left": yuan(one.left),
            }  # fmt: skip


def _cap(case: Case, texts: Texts) -> Decimal | None:
    """The cap of indirect costs by the tiers of the day, computed by the programme's own field."""
    field = layout_of(case.programme).fields.get(CAP)
    if field is None:
        return None
    form = form_with(case.application, {path: opened(text) for path, text in texts.items()}, at=case.at)
    value = form.computed(field[0])
    return value if isinstance(value, Decimal) else None


# on paper


def listing_of(account: Account | None) -> parts.Listing | None:
    """The account as a table of a paper: of each kind of money what was budgeted, changed (if it was), spent and left."""
    if account is None:
        return None
    lines = (*account.lines, account.total)
    changed = [any(line.amounts[n].changed for line in lines) for n in range(len(account.columns))]
    heads = [parts.Head(_("科目"), 1.1)]
    for name, moved in zip(account.columns, changed, strict=True):
        words = [_("%(name)s预算") % {"name": name}, *([_("调整后")] if moved else []), _("决算"), _("结余")]
        heads += [parts.Head(word, 1.2, "right") for word in words]
    rows = [_cells(line, changed) for line in lines]
    return parts.Listing(tuple(heads), tuple(rows[:-1]), unit=_("元"), total=rows[-1])


def _cells(line: Line, changed: Sequence[bool]) -> tuple[str, ...]:
    cells = [line.name]
    for one, moved in zip(line.amounts, changed, strict=True):
        now = [yuan(one.now) if one.changed else "—"] if moved else []
        cells += [yuan(one.promised), *now, _said(one.spent), _said(one.left)]
    return tuple(cells)


def sentences_of(account: Account | None) -> tuple[str, ...]:
    """The sentences under the table: what is left of what was paid, then what has to be looked at."""
    if account is None:
        return ()
    found = []
    if account.left_over is not None:
        found.append(
            _("专项经费已拨 %(paid)s 元，支出 %(spent)s 元，结余 %(left)s 元")
            % {
                "paid": _said(account.paid),
                "spent": _said(account.total.amounts[0].spent),
                "left": _said(account.left_over),
            }
        )
    notes = [f"{line.name}：{line.note}" for line in account.lines if line.note]
    return (*found, *account.remarks, *notes)


def _said(amount: Decimal | None) -> str:
    return "—" if amount is None else yuan(amount)
