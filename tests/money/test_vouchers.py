"""Vouchers: issued, used, redeemed by the claim that is paid, taken back."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from keshu.bureau.money.models import VoucherGrant, VoucherUse
from keshu.bureau.money.problems import MoneyProblem
from keshu.bureau.parties.models import Party, PartyName
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.records.services import ZONE, writing
from tests.conftest import CLERK, UNIT
from tests.money.test_cases import SERVICES, decision, payment

TODAY = datetime.now(UTC).astimezone(ZONE).date()
LIST, NEW = "/money/vouchers/", "/money/vouchers/new/"
SUPPLIER = "青岩远景农业有限公司"


@pytest.fixture
def voucher(client_as, firm, places):
    register_party(PartySpec(SUPPLIER, "", places["990121"].pk), by=CLERK)
    said = {
        "party": UNIT, "place": "990100", "quota": "5万", "issued_on": TODAY.replace(month=1, day=1),
        "expires_on": TODAY.replace(month=12, day=31),
    }  # fmt: skip
    client_as("clerk").post(NEW, said)
    return VoucherGrant.objects.get()


def used(**more):
    said = {
        "supplier": SUPPLIER, "contract_no": "ht-1", "service": "检测", "cost": "100000", "amount": "30000", "used_on": TODAY,
    }  # fmt: skip
    return said | more


def test_issuing_gives_a_number(voucher, client_as):
    assert (voucher.number, voucher.quota) == (f"990100-CXQ{TODAY.year}-0001", Decimal(50000))
    assert voucher.number in client_as("finance").get(LIST).content.decode()
    assert client_as("finance").get(NEW).status_code == 403


def test_the_enterprise_uses_its_voucher_within_quota(voucher, client_as):
    client, url = client_as("applicant"), reverse("money:voucher", args=[voucher.pk])
    assert client.post(url, used()).status_code == 302
    assert "只能用一次" in client.post(url, used(amount="1")).content.decode()
    assert "剩余额度" in client.post(url, used(contract_no="HT-2", amount="20001")).content.decode()
    assert "主体库中没有" in client.post(url, used(supplier="没有这家")).content.decode()
    assert "本单位" in client.post(url, used(supplier=UNIT)).content.decode()
    use = VoucherUse.objects.get()
    assert (use.amount, use.contract_no) == (Decimal(30000), "HT-1")
    assert voucher.number in client.get("/money/vouchers/own/").content.decode()
    client.post(reverse("money:voucher-void", args=[voucher.pk, use.pk]), {"reason": "登错"})
    assert VoucherUse.objects.get().voided_by is not None


@pytest.mark.parametrize(
    "text", ["91990171MA5K8NEW22", "青岩远景农业", "远景农科", " 青岩远景农业有限公司 "],
    ids=["code", "alias", "short name", "name with blanks"],
)  # fmt: skip
def test_a_supplier_is_found_by_code_and_any_name(voucher, client_as, text):
    supplier = Party.objects.get(name=SUPPLIER)
    Party.objects.filter(pk=supplier.pk).update(uscc="91990171MA5K8NEW22", short="远景农科")
    with writing(verb="test.alias", by=CLERK) as act:
        PartyName.objects.create(
            party=supplier, name="青岩远景农业", normal_name="青岩远景农业", kind="alias", act=act.act
        )
    client, url = client_as("applicant"), reverse("money:voucher", args=[voucher.pk])
    assert client.post(url, used(supplier=text)).status_code == 302
    assert VoucherUse.objects.get().supplier_id == supplier.pk


def test_a_part_of_a_name_offers_who_may_be_meant_and_guesses_nobody(voucher, client_as, places):
    other = register_party(PartySpec("江川远景科技有限公司", "", places["990102"].pk), by=CLERK)
    supplier = Party.objects.get(name=SUPPLIER)
    client, url = client_as("applicant"), reverse("money:voucher", args=[voucher.pk])
    page = client.post(url, used(supplier="远景")).content.decode()
    assert "含“远景”的有 2 家，请在下面选择" in page
    assert SUPPLIER in page and "江川远景科技有限公司" in page
    assert 'value="远景"' in page and not VoucherUse.objects.exists()
    stranger = client.post(url, used(supplier="远景", supplier_chosen=voucher.party_id)).content.decode()
    assert "请在下面选择" in stranger and not VoucherUse.objects.exists()
    assert client.post(url, used(supplier="远景", supplier_chosen=supplier.pk)).status_code == 302
    assert VoucherUse.objects.get().supplier_id == supplier.pk != other.pk
    assert "主体库中没有" in client.post(url, used(supplier="远", contract_no="HT-3")).content.decode()


def test_nobody_else_sees_or_uses_it(voucher, client_as, places):
    other = register_party(PartySpec("江川远望科技有限公司", "", places["990102"].pk), by=CLERK)
    VoucherGrant.objects.filter(pk=voucher.pk)
    url = reverse("money:voucher", args=[voucher.pk])
    assert client_as("county").get(url).status_code == 404
    assert client_as("finance").post(url, used()).status_code == 200
    assert not VoucherUse.objects.exists()
    assert other.pk


def test_a_claim_that_is_paid_redeems_what_it_names_once(voucher, client_as, standing, go):
    """The claim may call the supplier by an alias of its own."""
    client_as("applicant").post(reverse("money:voucher", args=[voucher.pk]), used())
    with writing(verb="test.alias", by=CLERK) as act:
        PartyName.objects.create(
            party=Party.objects.get(name=SUPPLIER), name="青岩远景农业", normal_name="青岩远景农业", kind="alias",
            act=act.act,
        )  # fmt: skip
    claims = SERVICES | {"services:r1:provider": "青岩远景农业", "services:r1:contract_no": "ht-1"}
    first, second = (standing("payout.voucher", "deciding", changes=claims) for _n in range(2))
    for case in (first, second):
        go(case, "agree", "director", decision=decision(25000))
        from keshu.bureau.programmes.models import Application, Stage

        Application.objects.filter(pk=case.pk).update(state="issuing")
        Stage.objects.filter(application=case, left_at=None).update(state="issuing")
        go(case, "issue", "head")
    go(first, "pay", "finance", payment=payment())
    assert VoucherUse.objects.get().redeemed_by_id == first.pk
    with pytest.raises(MoneyProblem, match=r"已在.*中兑付"):
        go(second, "pay", "finance", payment=payment(voucher="拨2"))
    url = reverse("money:voucher-void", args=[voucher.pk, VoucherUse.objects.get().pk])
    assert "已经兑付" in client_as("clerk").post(url, {"reason": "登错"}).content.decode()


def test_only_an_unused_voucher_is_withdrawn(voucher, client_as):
    url = reverse("money:voucher-withdraw", args=[voucher.pk])
    client_as("applicant").post(reverse("money:voucher", args=[voucher.pk]), used())
    client = client_as("clerk")
    assert "已经用过" in client.post(url, {"reason": "企业注销"}).content.decode()
    client.post(reverse("money:voucher-void", args=[voucher.pk, VoucherUse.objects.get().pk]), {"reason": "登错"})
    assert client.post(url, {"reason": "企业注销"}).status_code == 302
    client.get(LIST)  # the word that it was done
    assert voucher.number not in client.get(LIST).content.decode()
