"""Innovation vouchers: issued, used, redeemed by the case that pays them out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.money.models import VoucherGrant, VoucherUse
from keshu.bureau.money.problems import MoneyProblem, in_words
from keshu.bureau.money.queries import less, summed
from keshu.bureau.parties.models import Party, PartyName
from keshu.bureau.places.models import Place
from keshu.bureau.programmes.applying.numbering import next_number
from keshu.bureau.programmes.applying.reading import texts_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import Application, FormVersion
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.services import ZONE, Writing, digest_of, writing
from keshu.kernel.typed.names import normal_name

ISSUE = "programmes.contract"  # whose work it is to issue vouchers and to take wrong entries back
REDEEMING = "payout.voucher"  # the programme that pays vouchers out
TABLE = "services:"  # rows of its form: services:r1:contract_no


def visible(viewer: Viewer) -> QuerySet[VoucherGrant]:
    """Vouchers with what was used of them: the bureau's within its places, an organisation's own."""
    rows = VoucherGrant.objects.filter(withdrawn_by__isnull=True)
    used = summed(VoucherUse.objects.filter(voided_by__isnull=True), "grant")
    rows = rows.annotate(used=used).annotate(rest=less("quota", "used")).select_related("party", "place")
    own = rows.filter(party_id__in=viewer.parties("own.view"))
    if "cases.view" not in viewer.rights:
        return own
    places = viewer.place_ids("cases.view")
    return rows if places is None else rows.filter(place_id__in=places)


@dataclass(frozen=True)
class Issue:
    """A voucher to be issued."""

    party_id: int
    place: Place
    quota: Decimal
    issued_on: date
    expires_on: date


def issue(spec: Issue, *, viewer: Viewer) -> VoucherGrant:
    if not viewer.may(ISSUE, place=spec.place.code):
        raise NotAllowed(_("您没有发放创新券的权限"))
    if spec.quota <= 0 or spec.expires_on < spec.issued_on:
        raise MoneyProblem(_("额度要大于 0，有效期不能早于发放日期"))
    with writing(verb="voucher.issue", by=viewer.actor, subject=f"party:{spec.party_id}", place=spec.place.code) as act:
        year = spec.issued_on.year
        row = VoucherGrant.objects.create(
            number=next_number(f"{spec.place.code}-CXQ{year}"), party_id=spec.party_id, place=spec.place, year=year,
            quota=spec.quota, issued_on=spec.issued_on, expires_on=spec.expires_on, act=act.act,
        )  # fmt: skip
        act.wrote(digest_of(["voucher", row.number, spec.party_id, spec.quota, spec.issued_on, spec.expires_on]))
    return row


@dataclass(frozen=True)
class Use:
    """A service bought with a voucher, as it was typed."""

    supplier_id: int
    contract_no: str
    service: str
    cost: Decimal
    amount: Decimal
    used_on: date


def may_use(viewer: Viewer, voucher: VoucherGrant) -> bool:
    return voucher.party_id in viewer.parties("programmes.apply") or viewer.may(ISSUE, place=voucher.place.code)


def use(voucher: VoucherGrant, spec: Use, *, viewer: Viewer) -> VoucherUse:
    """Take an amount off the quota. The database refuses what exceeds it, comes too late or names a contract again."""
    if not may_use(viewer, voucher):
        raise NotAllowed(_("您没有登记这张创新券的权限"))
    if spec.supplier_id == voucher.party_id:
        raise MoneyProblem(_("不能向本单位购买服务，请填写服务机构的名称"))
    with writing(verb="voucher.use", by=viewer.actor, subject=f"voucher:{voucher.pk}", place=voucher.place.code) as act:
        if spec.used_on > act.act.at.astimezone(ZONE).date():
            raise MoneyProblem(_("使用日期晚于今天，请核对"))
        with in_words():
            row = VoucherUse.objects.create(
                grant=voucher, supplier_id=spec.supplier_id, contract_no=normal_contract(spec.contract_no), act=act.act,
                service=spec.service, cost=spec.cost, amount=spec.amount, used_on=spec.used_on,
            )  # fmt: skip
        act.wrote(digest_of(["voucher.use", voucher.pk, spec.supplier_id, row.contract_no, spec.amount, spec.used_on]))
    return row


def normal_contract(text: str) -> str:
    return "".join(text.split()).upper()


def void_use(row: VoucherUse, *, viewer: Viewer, reason: str) -> None:
    """A use that was not: its amount is free again. What was redeemed stays."""
    if not may_use(viewer, row.grant):
        raise NotAllowed(_("您没有登记这张创新券的权限"))
    place = row.grant.place.code
    with writing(
        verb="voucher.void", by=viewer.actor, reason=reason, subject=f"voucher:{row.grant_id}", place=place
    ) as act:
        found = VoucherUse.objects.select_for_update().get(pk=row.pk)
        if found.redeemed_by_id is not None:
            raise MoneyProblem(_("这笔用券已经兑付，不能撤销；兑付有误的，请撤销兑付"))
        if found.voided_by_id is not None:
            raise MoneyProblem(_("这笔用券已经撤销"))
        found.voided_by = act.act
        found.save(update_fields=["voided_by"])
        act.wrote(digest_of(["voucher.void", found.pk]))


def withdraw(voucher: VoucherGrant, *, viewer: Viewer, reason: str) -> None:
    """Take an unused voucher back."""
    if not viewer.may(ISSUE, place=voucher.place.code):
        raise NotAllowed(_("您没有收回创新券的权限"))
    with writing(
        verb="voucher.withdraw",
        by=viewer.actor,
        reason=reason,
        subject=f"voucher:{voucher.pk}",
        place=voucher.place.code,
    ) as act:
        found = VoucherGrant.objects.select_for_update().get(pk=voucher.pk)
        if found.uses.filter(voided_by__isnull=True).exists():
            raise MoneyProblem(_("这张创新券已经用过，不能收回"))
        found.withdrawn_by = act.act
        found.save(update_fields=["withdrawn_by"])
        act.wrote(digest_of(["voucher.withdraw", found.pk]))


def contracts_in(version: FormVersion | None) -> dict[tuple[str, str], str]:
    """Supplier and contract of every service that a claim names, with the words for it."""
    cells: dict[str, dict[str, str]] = {}
    for path, text in (texts_of(version) if version else {}).items():
        if path.startswith(TABLE) and path.count(":") == 2:
            _table, row, column = path.split(":")
            cells.setdefault(row, {})[column] = text
    return {
        (normal_name(row.get("provider", "")), normal_contract(row["contract_no"])): row["contract_no"]
        for row in cells.values()
        if row.get("contract_no")
    }


def uses_of(application: Application) -> list[VoucherUse]:
    """The uses of the applicant's vouchers that the case claims, by any name of the supplier and the contract."""
    wanted = contracts_in(application.version)
    rows = VoucherUse.objects.filter(grant__party_id=application.party_id, voided_by__isnull=True)
    rows = rows.filter(contract_no__in=[contract for _name, contract in wanted])
    found = list(rows.select_related("supplier", "grant", "redeemed_by"))
    names = names_by_party({row.supplier_id for row in found})
    return [row for row in found if any((name, row.contract_no) in wanted for name in names[row.supplier_id])]


def names_by_party(parties: Collection[int]) -> dict[int, set[str]]:
    """Every name under which an organisation is known, as names are compared."""
    found: dict[int, set[str]] = {pk: set() for pk in parties}
    for pk, name in PartyName.objects.filter(party__in=parties).values_list("party_id", "normal_name"):
        found[pk].add(name)
    for pk, name, short in Party.objects.filter(pk__in=parties).values_list("pk", "name", "short"):
        found[pk] |= {normal_name(one) for one in (name, short) if one}
    return found


def redeem(case: Case, within: Writing) -> None:
    """The claim is paid: the uses that it names are redeemed, each once."""
    if case.programme.code != REDEEMING:
        return
    for row in uses_of(case.application):
        if row.redeemed_by_id == case.application.pk:
            continue
        if row.redeemed_by_id is not None:
            raise MoneyProblem(
                _("合同 %(contract)s 的用券已在 %(case)s 中兑付，不能再次兑付")
                % {"contract": row.contract_no, "case": row.redeemed_by}
            )
        row.redeemed_by = case.application
        row.save(update_fields=["redeemed_by"])
        within.wrote(digest_of(["voucher.redeemed", row.pk, case.application.pk]))


def unredeem(case: Case, within: Writing) -> None:
    """The claim is not paid after all."""
    rows = VoucherUse.objects.filter(redeemed_by=case.application)
    for row in rows:
        row.redeemed_by = None
        row.save(update_fields=["redeemed_by"])
        within.wrote(digest_of(["voucher.unredeemed", row.pk]))


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Numbers of vouchers by key, for the pages of audit."""
    rows = VoucherGrant.objects.filter(pk__in=[code for code in codes if code.isdecimal()])
    return {str(pk): number for pk, number in rows.values_list("pk", "number")}
