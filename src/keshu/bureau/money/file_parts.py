"""What money lays into the file of a case: the totals, the plan, each payment with its notice, what came back, vouchers."""

from collections.abc import Iterator

from keshu.bureau.money import queries
from keshu.bureau.money.models import Approval, Instalment, Payment, Recovery, Surplus, VoucherUse
from keshu.bureau.money.notices import payment_notice
from keshu.bureau.money.problems import yuan
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.dossier import Sheet, contents, organ_of, recorded, table
from keshu.office.papers.parts import Listing

GONE = {True: "已更改", False: ""}


@contents("经费")
def _money(case: Case) -> Iterator[Sheet]:
    """One sheet of everything that was booked, voided entries as such; then the notice of each payment."""
    payments = queries.payments_of(case.application.pk)
    parts = [part for part in (_totals(case), _plan(case), _paid(payments), _back(case), _used(case)) if part.rows]
    if parts:
        yield recorded(case, "经费登记表", *parts)
    for row in payments:
        if row.voided_by_id is None:
            name = f"拨款通知（{row.voucher_no}）.docx"
            yield Sheet(name, row.paid_on, by=organ_of(case.call), content=payment_notice(row))


def _totals(case: Case) -> Listing:
    rows = Approval.objects.filter(application=case.application).prefetch_related("shares").order_by("pk")
    heads = (("核定日期", 1), ("核定金额（元）", 1.2), ("各级分担（元）", 2), ("依据", 1.6), ("备注", 0.8))
    return table(
        "核定", heads,
        (
            (row.day, yuan(row.amount), "；".join(f"{one.get_level_display()} {yuan(one.amount)}" for one in row.shares.all()),
             row.reference, GONE[row.replaced_by_id is not None])
            for row in rows
        ),
    )  # fmt: skip


def _plan(case: Case) -> Listing:
    rows = queries.with_sums(Instalment.objects.filter(application=case.application)).order_by("order", "pk")
    heads = (
        ("款项", 1), ("拨款条件", 2), ("应拨日期", 1), ("应拨（元）", 1), ("已拨（元）", 1), ("情况", 1), ("说明", 1.4),
    )  # fmt: skip
    return table(
        "拨款计划", heads,
        (
            (row.name, row.condition, row.promised_on, yuan(row.amount), yuan(row.paid),
             queries.STATES[queries.state_of(row, case.today)], row.reason)
            for row in rows
        ),
    )  # fmt: skip


def _paid(payments: list[Payment]) -> Listing:
    heads = (
        ("款项", 1),
        ("资金级次", 0.8),
        ("拨付日期", 1),
        ("凭证号", 1.4),
        ("金额（元）", 1),
        ("登记人", 0.9),
        ("备注", 0.8),
    )
    return table(
        "拨付", heads,
        (
            (row.instalment.name, row.get_level_display(), row.paid_on, row.voucher_no, yuan(row.amount), row.act,
             "已撤销" if row.voided_by_id else "")
            for row in payments
        ),
    )  # fmt: skip


def _back(case: Case) -> Listing:
    """What was left over and kept, what was asked back and what came."""
    mine = {"application": case.application}
    rows: list[tuple[object, ...]] = [
        ("结余", row.found_on, yuan(row.amount), row.get_disposal_display(), row.note, row.keep_until)
        for row in Surplus.objects.filter(**mine, replaced_by__isnull=True)
    ]
    asked = Recovery.objects.filter(**mine, withdrawn_by__isnull=True).prefetch_related("receipts").order_by("pk")
    for one in asked:
        rows.append(("应收回", one.due_on, yuan(one.amount), "", one.reason, None))
        rows += [
            ("缴回", back.received_on, yuan(back.amount), back.voucher_no, "已撤销" if back.voided_by_id else "", None)
            for back in one.receipts.all()
        ]
    heads = (("事项", 0.8), ("日期", 1), ("金额（元）", 1), ("处理或凭证号", 1.3), ("说明", 2), ("留用至", 1))
    return table("结余与收回", heads, rows)


def _used(case: Case) -> Listing:
    rows = VoucherUse.objects.filter(redeemed_by=case.application).select_related("grant", "supplier").order_by("pk")
    heads = (
        ("券号", 1.4),
        ("服务机构", 1.6),
        ("合同编号", 1.2),
        ("使用日期", 1),
        ("实际支付（元）", 1),
        ("用券（元）", 1),
    )
    return table(
        "创新券核销", heads,
        (
            (row.grant.number, row.supplier.name, row.contract_no, row.used_on, yuan(row.cost), yuan(row.amount))
            for row in rows
        ),
    )  # fmt: skip
