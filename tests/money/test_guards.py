"""The database keeps money within its limits, whoever writes, on both engines."""

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction

from keshu.bureau.money.models import Approval, Instalment, Payment, Recovery, RecoveryReceipt, VoucherGrant, VoucherUse
from keshu.bureau.money.problems import MoneyProblem, in_words, said
from keshu.bureau.records.services import writing
from tests.conftest import CLERK

ALONE = "sqlite" in settings.DATABASES["default"]["ENGINE"]


def refused(call, *args, **kwargs):
    with pytest.raises(IntegrityError) as found, transaction.atomic():
        call(*args, **kwargs)
    return str(said(found.value))


def test_an_instalment_is_never_paid_beyond_its_amount(approved, put_payment):
    first = approved(1000, first=600, last=400).instalments.get(code="first")
    put_payment(first, "599.99", voucher="1")
    assert "超过这笔款项" in refused(put_payment, first, "0.02", voucher="2")
    put_payment(first, "0.01", voucher="3")
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [Decimal("0.01"), Decimal("599.99")]


def test_a_case_is_never_paid_beyond_what_was_approved(approved, put_payment):
    """Instalments that add up to more than the total do not help."""
    case = approved(1000, first=600, last=600)
    put_payment(case.instalments.get(code="first"), 600, voucher="1")
    assert "超过核定金额" in refused(put_payment, case.instalments.get(code="last"), 401, voucher="2")
    put_payment(case.instalments.get(code="last"), 400, voucher="3")


def test_what_was_voided_may_be_paid_again_under_the_same_voucher(approved, put_payment):
    first = approved(600, first=600).instalments.get()
    payment = put_payment(first, 600, voucher="1")
    with writing(verb="test.void", by=CLERK) as under_way:
        Payment.objects.filter(pk=payment.pk).update(voided_by=under_way.act)
    put_payment(first, 600, voucher="1")
    with pytest.raises(DatabaseError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(voided_by=None)


def test_a_voucher_number_is_used_once_a_year_by_a_treasury(approved, put_payment):
    first = approved(1000, first=1000).instalments.get()
    put_payment(first, 100, voucher="拨2026-01")
    assert "同一凭证号" in refused(put_payment, first, 100, voucher="拨2026-01")
    put_payment(first, 100, voucher="拨2026-01", paid_on=date(2027, 1, 5))
    assert "凭证年度" in refused(put_payment, first, 100, voucher="2", year=2020)


def test_a_form_that_comes_twice_is_one_payment(approved, put_payment):
    first = approved(1000, first=1000).instalments.get()
    put_payment(first, 100, voucher="1", key="form-1")
    assert "没有重复登记" in refused(put_payment, first, 100, voucher="2", key="form-1")


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_amounts_are_positive(approved, put_payment, amount):
    assert "大于 0" in refused(put_payment, approved(10, first=10).instalments.get(), amount, voucher="1")


def test_a_stopped_instalment_is_not_paid(approved, put_payment):
    first = approved(10, first=10).instalments.get()
    with writing(verb="test.stop", by=CLERK) as under_way:
        Instalment.objects.filter(pk=first.pk).update(stopped_by=under_way.act)
    assert "停止拨付" in refused(put_payment, first, 10, voucher="1")


def test_nothing_sinks_below_what_was_paid(approved, put_payment):
    case = approved(1000, first=1000)
    put_payment(case.instalments.get(), 700, voucher="1")
    assert "已拨" in refused(Instalment.objects.filter(application=case).update, amount=Decimal(699))
    with writing(verb="test.approve", by=CLERK) as under_way:
        Approval.objects.filter(application=case).update(replaced_by=under_way.act)
        columns = {"application": case, "day": date(2026, 5, 1), "act": under_way.act}
        with pytest.raises(MoneyProblem, match="不能小于已拨金额"), in_words():
            Approval.objects.create(amount=Decimal(699), **columns)
        Approval.objects.create(amount=Decimal(700), **columns)


def test_a_payment_cannot_be_rewritten(approved, put_payment):
    payment = put_payment(approved(10, first=10).instalments.get(), 5, voucher="1")
    with pytest.raises(DatabaseError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(amount=Decimal(6))


def test_no_more_comes_back_than_was_asked(approved):
    case = approved(10, first=10)
    with writing(verb="test.recover", by=CLERK) as under_way:
        asked = Recovery.objects.create(
            application=case, amount=Decimal(5), reason="终止", due_on=date(2026, 9, 1), act=under_way.act
        )

    def receive(amount, voucher):
        with writing(verb="test.receive", by=CLERK) as act:
            RecoveryReceipt.objects.create(
                recovery=asked, amount=Decimal(amount), received_on=date(2026, 8, 1), voucher_no=voucher, act=act.act
            )

    receive(3, "1")
    assert "超过尚未缴回" in refused(receive, 3, "2")
    assert "同一缴款凭证号" in refused(receive, 1, "1")
    receive(2, "3")


@pytest.fixture
def voucher(firm, places):
    with writing(verb="test.voucher", by=CLERK) as under_way:
        return VoucherGrant.objects.create(
            number="V1", party=firm, place=places["990100"], year=2026, quota=Decimal(100), act=under_way.act,
            issued_on=date(2026, 1, 1), expires_on=date(2026, 12, 31),
        )  # fmt: skip


def use(voucher, amount, contract, used_on=date(2026, 6, 1), cost=1000):
    with writing(verb="test.use", by=CLERK) as under_way:
        return VoucherUse.objects.create(
            grant=voucher, supplier=voucher.party, contract_no=contract, service="检测", cost=Decimal(cost),
            amount=Decimal(amount), used_on=used_on, act=under_way.act,
        )  # fmt: skip


def test_a_voucher_is_used_within_quota_and_time(voucher):
    use(voucher, 60, "甲1")
    assert "剩余额度" in refused(use, voucher, 41, "甲2")
    assert "有效期内" in refused(use, voucher, 1, "甲2", used_on=date(2027, 1, 1))
    assert "有效期内" in refused(use, voucher, 1, "甲2", used_on=date(2025, 12, 31))
    assert "只能用一次" in refused(use, voucher, 1, "甲1")
    assert "实际支付" in refused(use, voucher, 2, "甲2", cost=1)
    last = use(voucher, 40, "甲2")
    with pytest.raises(DatabaseError), transaction.atomic():
        VoucherUse.objects.filter(pk=last.pk).update(amount=Decimal(1))
