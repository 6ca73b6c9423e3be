"""Claims of organisations: who answers, what a proof is worth, and what an approval writes."""

import itertools

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.accounts.conftest import BY, account, belongs, signed_in
from tests.ledgers.workbooks import code as uscc

from keshu.bureau.accounts import claims
from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.accounts.claims import ClaimSpec, Proof
from keshu.bureau.accounts.models import Claim, Membership, User
from keshu.bureau.accounts.services import AccountProblem
from keshu.bureau.outbox.models import Message
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.services import PartySpec, merge_parties, register_party
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
PROOF = Proof(PNG, "营业执照.png", "png", "image/png")
NEW = uscc("990121", 40)


def file(user, code=NEW, role="unit_admin", proof=PROOF, **more):
    return claims.file_claim(user, ClaimSpec(code, "新立科技有限公司", role, proof, **more), by=user.actor)


def test_an_organisation_with_administrators_answers_itself(firm, users):
    claim = file(firm.zhao, firm.party.uscc, "applicant", None)
    assert (claim.addressee, claim.party, claim.state) == ("unit", firm.party, "pending")
    assert list(claims.for_unit(firm.party.pk)) == [claim]
    assert not claims.for_bureau(viewer_of(users["office"])).exists()
    assert list(Message.objects.filter(channel="site").values_list("to_user", flat=True)) == ["lin"]


def test_an_unknown_code_goes_to_the_bureau_with_a_proof(firm, users):
    with pytest.raises(AccountProblem, match="上传营业执照"):
        file(firm.zhao, proof=None)
    claim = file(firm.zhao, note="本人为法定代表人")
    assert (claim.addressee, claim.party, claim.place.code) == ("bureau", None, "990121")
    assert list(claims.for_bureau(viewer_of(users["office"]))) == [claim]
    assert list(faults()) == []


def test_without_an_administrator_who_can_answer_it_comes_to_the_bureau(firm, users):
    claim = file(firm.zhao, firm.party.uscc, "applicant", None)
    User.objects.filter(pk=firm.lin.pk).update(is_active=False)
    assert list(claims.for_bureau(viewer_of(users["office"]))) == [claim]


def test_a_claimant_passes_the_administrator_by_only_with_a_proof_and_the_administrator_hears_of_it(firm):
    with pytest.raises(AccountProblem, match="上传营业执照"):
        file(firm.zhao, firm.party.uscc, proof=None, to_bureau=True)
    claim = file(firm.zhao, firm.party.uscc, to_bureau=True)
    assert claim.addressee == "bureau"
    assert Message.objects.filter(to_user="lin", kind="account.claim").count() == 1
    assert not claims.for_unit(firm.party.pk).exists()


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        pytest.param({"code": "91350400ABCDEFGH1"}, "18位", id="seventeen signs"),
        pytest.param({"code": NEW[:-1] + ("A" if NEW[-1] != "A" else "B")}, "校验位", id="a wrong check sign"),
        pytest.param({"role": "clerk"}, "请选择单位管理员或申报人", id="a role of the bureau"),
        pytest.param({"role": ""}, "请选择单位管理员或申报人", id="no role"),
    ],
)
def test_a_wrong_claim_is_refused_whole(firm, spec, says):
    before = Act.objects.count(), Claim.objects.count()
    with pytest.raises(AccountProblem, match=says):
        file(firm.zhao, **spec)
    assert (Act.objects.count(), Claim.objects.count()) == before


def test_neither_twice_nor_what_one_has(firm):
    file(firm.zhao)
    with pytest.raises(AccountProblem, match="正在审核"):
        file(firm.zhao)
    for user, role in ((firm.chen, "applicant"), (firm.lin, "applicant"), (firm.lin, "unit_admin")):
        with pytest.raises(AccountProblem, match="无需认领"):
            file(user, firm.party.uscc, role)
    assert file(firm.chen, firm.party.uscc, "unit_admin").state == "pending"


def test_an_administrator_of_the_system_claims_nothing(firm, users):
    with pytest.raises(AccountProblem, match="另行注册"):
        file(users["system"])


def test_an_approval_registers_the_organisation_and_lets_the_claimant_in(firm, users):
    claim = file(firm.zhao)
    (row,) = claims.approve_claims([claim.pk], by=users["office"].actor, reason="材料齐全")
    party = Party.objects.get(uscc=NEW)
    assert (party.name, party.place.code, party.provisional) == ("新立科技有限公司", "990121", False)
    assert (row.state, row.party, row.decided_by, row.reason) == ("approved", party, "office", "材料齐全")
    assert row.membership == Membership.objects.get(user=firm.zhao)
    assert viewer_of(firm.zhao).may("own.manage", party=party.pk)
    assert Act.objects.filter(verb="claim.approve", by="office").count() == 1
    assert Message.objects.filter(to_user="zhao", title__contains="已通过").count() == 1
    assert list(faults()) == []


def test_an_organisation_known_by_name_alone_learns_its_code_and_is_not_made_twice(firm, users):
    named = register_party(PartySpec("新立科技有限公司"), by=BY)
    (row,) = claims.approve_claims([file(firm.zhao).pk], by=users["office"].actor)
    named.refresh_from_db()
    assert (row.party, named.uscc) == (named, NEW)
    assert Party.objects.filter(name="新立科技有限公司").count() == 1


def test_two_claims_of_one_new_organisation_make_one(firm, users):
    first, second = file(firm.zhao), file(firm.wu, role="applicant")
    claims.approve_claims([first.pk, second.pk], by=users["office"].actor)
    party = Party.objects.get(uscc=NEW)
    assert sorted(Membership.objects.filter(party=party).values_list("user__username", "role")) == [
        ("wu", "applicant"), ("zhao", "unit_admin"),
    ]  # fmt: skip


def test_a_claim_of_what_was_merged_away_reaches_what_is_left(firm, users):
    gone = register_party(PartySpec("旧名有限公司", NEW), by=BY)
    merge_parties(gone.pk, firm.other.pk, by=BY, reason="吸收合并")
    claim = file(firm.zhao, role="applicant")
    assert (claim.party, claim.addressee) == (firm.other, "unit")


def test_an_applicant_who_claims_administration_has_one_role_afterwards(firm):
    claim = file(firm.chen, firm.party.uscc, "unit_admin")
    claims.approve_claims([claim.pk], by=firm.lin.actor)
    assert list(Membership.objects.filter(user=firm.chen, ended_at=None).values_list("role", flat=True)) == [
        "unit_admin"
    ]


def test_nobody_answers_their_own_claim(firm, users):
    claim = file(users["clerk"])
    with pytest.raises(AccountProblem, match="自己提出"):
        claims.approve_claims([claim.pk], by=users["clerk"].actor)
    assert Claim.objects.get().state == "pending"


def test_decided_is_decided(firm, users):
    claim = file(firm.zhao)
    with pytest.raises(AccountProblem, match="写明"):
        claims.refuse_claims([claim.pk], by=users["office"].actor, reason=" ")
    claims.refuse_claims([claim.pk], by=users["office"].actor, reason="执照模糊")
    for again in (
        lambda: claims.approve_claims([claim.pk], by=users["office"].actor),
        lambda: claims.withdraw_claim(claim.pk, by=firm.zhao.actor),
    ):
        with pytest.raises(AccountProblem, match="刷新页面"):
            again()
    assert (Claim.objects.get().reason, Membership.objects.filter(user=firm.zhao).exists()) == ("执照模糊", False)
    assert file(firm.zhao).state == "pending"


def test_only_the_claimant_takes_it_back(firm):
    claim = file(firm.zhao)
    with pytest.raises(AccountProblem):
        claims.withdraw_claim(claim.pk, by=firm.wu.actor)
    assert signed_in(firm.wu).post(reverse("accounts:withdraw-claim", args=[claim.pk])).status_code == 404
    signed_in(firm.zhao).post(reverse("accounts:withdraw-claim", args=[claim.pk]))
    claim.refresh_from_db()
    assert (claim.state, claim.decided_by) == ("withdrawn", "zhao")


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "approved"},
        {"state": "refused", "decided_by": "x", "decided_at": "now"},
        {"state": "pending", "decided_by": "x"},
        {"state": "withdrawn"},
        {"role": "clerk"},
        {"proof": None},
        {"addressee": "unit"},
    ],
    ids=str,
)
def test_the_database_binds_state_and_columns(firm, wrong):
    claim = file(firm.zhao)
    wrong = {name: claim.made_at if value == "now" else value for name, value in wrong.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**wrong)


def test_the_recount_finds_a_claim_changed_behind_our_back(firm):
    claim = file(firm.zhao)
    Claim.objects.filter(pk=claim.pk).update(role="applicant")
    assert [(fault.act, fault.kind) for fault in faults()] == [(claim.act_id, "claim")]


def upload(**more):
    image = SimpleUploadedFile("营业执照.png", PNG, "image/png")
    return {"uscc": NEW, "name": "新立科技有限公司", "role": "unit_admin", "proof": image} | more


def test_from_the_page_to_the_organisation(firm, users):
    client = signed_in(firm.zhao)
    assert client.get(reverse("accounts:claim")).status_code == 200
    assert client.post(reverse("accounts:claim"), upload()).url == reverse("accounts:unit")
    office, page = signed_in(users["office"]), reverse("accounts:claims")
    (row,) = office.get(page).context["page"].rows
    proof = office.get(reverse("accounts:claim-proof", args=[row.pk]))
    assert b"".join(proof.streaming_content) == PNG
    ask = office.post(reverse("accounts:claims-decide"), {"claim": [row.pk], "verdict": "approve"})
    assert "新立科技有限公司" in ask.content.decode()
    assert Claim.objects.get().state == "pending", "looking is not deciding"
    sure = {"claim": [row.pk], "verdict": "approve", "sure": "1", "reason": ""}
    assert office.post(reverse("accounts:claims-decide"), sure).url == page
    assert Claim.objects.get().state == "approved"
    assert "新立科技有限公司" in client.get(reverse("accounts:unit")).content.decode()


@pytest.mark.parametrize(
    ("proof", "says"),
    [
        (SimpleUploadedFile("a.pdf", b"MZ\x90\x00" + b"\x00" * 64), "不在允许的类型"),
        (SimpleUploadedFile("a.pdf", PNG), "扩展名是 .pdf"),
        (SimpleUploadedFile("a.png", b""), "空"),
        (SimpleUploadedFile("a.png", PNG + b"\x00" * (10 * 2**20)), "超过 10 MB"),
    ],
    ids=["a program", "a wrong name", "nothing", "too much"],
)
def test_a_proof_is_checked_by_its_content(firm, proof, says):
    answer = signed_in(firm.zhao).post(reverse("accounts:claim"), upload(proof=proof))
    assert says in str(answer.context["form"].errors)
    assert not Claim.objects.exists()


@pytest.mark.parametrize("who", ["lin", "wu", "zhao", "county", "director", "finance", "system"])
def test_nobody_else_sees_proofs_or_decides_for_the_bureau(firm, users, who):
    claim = file(firm.chen)
    client = signed_in(getattr(firm, who, None) or users[who])
    assert client.get(reverse("accounts:claims")).status_code == 403
    assert client.get(reverse("accounts:claim-proof", args=[claim.pk])).status_code == 403
    sure = {"claim": [claim.pk], "verdict": "approve", "sure": "1"}
    assert client.post(reverse("accounts:claims-decide"), sure).status_code == 403
    assert Claim.objects.get().state == "pending"


def test_a_clerk_of_one_county_answers_only_its_claims(firm, users, places):
    mine, other = file(firm.zhao), file(firm.chen, uscc("990102", 41))
    Membership.objects.filter(user=users["clerk"]).update(place=places["990121"])
    client = signed_in(users["clerk"])
    assert [row.pk for row in client.get(reverse("accounts:claims")).context["page"].rows] == [mine.pk]
    assert client.get(reverse("accounts:claim-proof", args=[other.pk])).status_code == 404
    sure = {"claim": [mine.pk, other.pk], "verdict": "approve", "sure": "1", "reason": ""}
    client.post(reverse("accounts:claims-decide"), sure)
    assert [Claim.objects.get(pk=row.pk).state for row in (mine, other)] == ["approved", "pending"]


def test_a_unit_answers_its_own_and_no_other_claims(firm):
    own, foreign = (
        file(firm.zhao, firm.party.uscc, "applicant", None),
        file(account("li"), firm.other.uscc, "applicant", None),
    )
    client, decide = signed_in(firm.lin), "accounts:unit-approve"
    assert client.post(reverse(decide, args=[firm.party.pk, foreign.pk]), {"reason": ""}).status_code == 404
    assert client.post(reverse(decide, args=[firm.other.pk, foreign.pk]), {"reason": ""}).status_code == 404
    assert signed_in(firm.chen).post(reverse(decide, args=[firm.party.pk, own.pk]), {"reason": ""}).status_code == 403
    assert client.get(reverse(decide, args=[firm.party.pk, own.pk])).status_code == 200
    assert Claim.objects.filter(state="pending").count() == 2
    assert client.post(reverse(decide, args=[firm.party.pk, own.pk]), {"reason": ""}).status_code == 302
    assert [Claim.objects.get(pk=row.pk).state for row in (own, foreign)] == ["approved", "pending"]


def test_the_bureaus_list_costs_the_same_for_one_and_for_three(firm, users, django_assert_num_queries):
    client, numbers = signed_in(users["office"]), itertools.count(50)
    for more in (1, 2):
        for _i in range(more):
            number = next(numbers)
            file(account(f"u{number}"), uscc("990121", number))
        client.get(reverse("accounts:claims"))
        # session, user, memberships, places; total, page; unread messages
        with django_assert_num_queries(7):
            client.get(reverse("accounts:claims"))


def test_too_many_claims_are_slowed_down(firm):
    client = signed_in(firm.zhao)
    for _i in range(10):
        client.post(reverse("accounts:claim"), upload(uscc="1"))
    answer = client.post(reverse("accounts:claim"), upload())
    assert answer.context["form"].non_field_errors() == ["尝试次数过多，请一小时后再试"]
    assert belongs(firm.zhao, firm.party, "applicant").role == "applicant"
