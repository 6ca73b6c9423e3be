"""Approved totals against everything else that names them: budget, plan, list under publicity, ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.money.problems import yuan
from keshu.bureau.money.queries import OfCase, OfLevel
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import Call, CaseEntry, PublicityItem
from keshu.kernel.rules import compile_formula
from keshu.office.papers.words import amount_words

APPROVED, PAID = "核定金额", "已拨金额"


@dataclass(frozen=True)
class Difference:
    """Two numbers that should be one: where, what each side says, what to do."""

    where: str
    ours: str
    theirs: str
    remedy: str
    case: int | None = None


def differences(call: Call, levels: Sequence[OfLevel], cases: Sequence[OfCase]) -> list[Difference]:
    """Everything of a call that does not agree, the call as a whole first."""
    return [*_budget(levels), *_plans(cases), *_publicity(call, cases), *_ledgers(call, cases)]


def _budget(levels: Sequence[OfLevel]) -> Iterator[Difference]:
    for one in levels:
        if one.budget is not None and one.approved > one.budget:
            name = one.name or _("合计")
            yield Difference(
                _("预算（%(level)s）") % {"level": name}, _("核定 %s 元") % yuan(one.approved),
                _("预算 %s 元") % yuan(one.budget), _("调减核定金额，或补登预算"),
            )  # fmt: skip


def _plans(cases: Sequence[OfCase]) -> Iterator[Difference]:
    for one in cases:
        if one.planned and one.planned != one.approved:
            yield Difference(
                _("拨款计划（%(case)s）") % {"case": one.application}, _("核定 %s 元") % yuan(one.approved),
                _("各期合计 %s 元") % yuan(one.planned), _("有款项不再拨付的，登记新的核定金额；否则核对计划"),
                one.application.pk,
            )  # fmt: skip
        if one.received > one.paid:
            yield Difference(
                _("收回经费（%(case)s）") % {"case": one.application}, _("已拨 %s 元") % yuan(one.paid),
                _("已缴回 %s 元") % yuan(one.received), _("核对拨付和缴款凭证"), one.application.pk,
            )  # fmt: skip


def _publicity(call: Call, cases: Sequence[OfCase]) -> Iterator[Difference]:
    """What the public was told of each case."""
    rows = PublicityItem.objects.filter(
        publicity__call=call, publicity__withdrawn_by__isnull=True, removed_by__isnull=True
    ).order_by("pk")
    told = {row.application_id: dict(map(tuple, row.columns)) for row in rows}
    for one in cases:
        amounts = [text for label, text in told.get(one.application.pk, {}).items() if "金额" in label]
        ours = amount_words(one.approved)
        if amounts and amounts[0] != ours:
            yield Difference(
                _("公示（%(case)s）") % {"case": one.application}, _("核定 %s") % ours, _("公示为 %s") % amounts[0],
                _("在公示页更正，或调整核定金额"), one.application.pk,
            )  # fmt: skip


def _ledgers(call: Call, cases: Sequence[OfCase]) -> Iterator[Difference]:
    """What the ledgers say of each case, in the fields that the definition fills from the money."""
    fields = list(_fields_of(call))
    by_case = {one.application.pk: one for one in cases}
    links = CaseEntry.objects.filter(application__in=by_case, ledger__in={ledger for ledger, _f, _n in fields})
    entries = {link.entry_id: link for link in links}
    rows = Revision.objects.filter(entry_id__in=entries, known_to__isnull=True, voided=False)
    for row in rows:
        link, values = entries[row.entry_id], values_of(ledger_of(row.ledger), row, [])
        one = by_case[link.application_id]
        for ledger, field, name in fields:
            ours = one.approved if name == APPROVED else one.paid
            if ledger == row.ledger and (said := values.get(field)) is not None and _yuan(said) != ours:
                yield Difference(
                    _("%(ledger)s台账（%(case)s）") % {"ledger": ledger_of(ledger).name, "case": one.application},
                    f"{name} {yuan(ours)} {_('元')}", _("台账为 %s 元") % yuan(_yuan(said)),
                    _("核对凭证后改正台账，或改正这里的登记"), one.application.pk,
                )  # fmt: skip


def _yuan(value: Any) -> Decimal:
    return Decimal(str(value))


def _fields_of(call: Call) -> Iterator[tuple[str, str, str]]:
    """Ledger, field and fact for each field that is filled from the money."""
    seen = set()
    for outcome in programme_for(call).outcomes:
        for field, text in outcome.fields.items():
            name = compile_formula(text).text.strip()
            if name in (APPROVED, PAID) and (outcome.ledger, field) not in seen:
                seen.add((outcome.ledger, field))
                yield outcome.ledger, field, name
