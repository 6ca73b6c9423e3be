"""What an organisation says of itself: every revision stays, and nobody writes over one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from keshu.bureau.parties.describing import EMPTY, WrongFacts, describe_party, facts_as_told
from keshu.bureau.parties.models import PartyFacts
from keshu.bureau.parties.queries import party_facts, phone_of
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, now

BY = Actor("member", "林申报")
TOLD = {
    "unit_type": "企业",
    "registered_on": date(2015, 3, 2),
    "address": "城关镇解放路1号",
    "legal_person": "林某",
    "industry": "仪器仪表制造业",
    "capital": Decimal("12345678901234.56"),
    "phone": "0598-1234567",
}


@pytest.fixture
def firm(db):
    return register_party(PartySpec("云岭测试仪器有限公司"), by=BY)


def test_nothing_told_is_not_empty_facts(firm):
    assert party_facts(firm.pk) is None


def test_what_is_told_is_kept_exactly(firm):
    row = describe_party(firm.pk, TOLD, by=BY, reason="首次填报")
    assert facts_as_told(party_facts(firm.pk)) == TOLD
    assert row.act.verb == "party.describe"
    assert (row.act.by, row.act.reason, row.act.subject) == ("member", "首次填报", f"party:{firm.pk}")
    assert list(faults()) == []


def test_the_telephone_lies_sealed_in_the_database(firm):
    row = describe_party(firm.pk, TOLD, by=BY)
    assert TOLD["phone"] not in row.phone
    assert phone_of(row) == TOLD["phone"]
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyFacts.objects.create(
            party=register_party(PartySpec("另一家"), by=BY), phone="0598-1", known_from=now(), act=row.act
        )


def test_a_change_closes_one_revision_and_opens_the_next_in_one_act(firm):
    first = describe_party(firm.pk, TOLD, by=BY)
    between = now()
    second = describe_party(firm.pk, {"address": "城关镇新华路2号", "capital": None}, by=BY)
    assert facts_as_told(second) == TOLD | {"address": "城关镇新华路2号", "capital": None}
    first.refresh_from_db()
    assert (first.known_to, second.known_to) == (second.known_from, None)
    assert facts_as_told(party_facts(firm.pk, known_at=between)) == TOLD
    assert party_facts(firm.pk, known_at=first.known_from - timedelta(seconds=1)) is None
    assert Act.objects.filter(verb="party.describe").count() == 2
    assert list(faults()) == []


def test_zero_capital_is_not_missing_capital(firm):
    describe_party(firm.pk, TOLD | {"capital": Decimal(0)}, by=BY)
    assert party_facts(firm.pk).capital == Decimal(0)
    describe_party(firm.pk, {"capital": None}, by=BY)
    assert party_facts(firm.pk).capital is None


def test_saying_the_same_again_writes_nothing(firm):
    first, before = describe_party(firm.pk, TOLD, by=BY), Act.objects.count()
    assert describe_party(firm.pk, {"address": "  城关镇解放路1号 "}, by=BY) == first
    assert Act.objects.count() == before


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"unit_type": "公司"}, "请从这些中选"),
        ({"registered_on": date(2999, 1, 1)}, "在今天以后"),
        ({"capital": Decimal("-0.01")}, "不能为负"),
    ],
)
def test_the_impossible_is_refused_whole(firm, wrong, says):
    describe_party(firm.pk, TOLD, by=BY)
    before = Act.objects.count(), list(PartyFacts.objects.values())
    with pytest.raises(WrongFacts, match=says):
        describe_party(firm.pk, wrong, by=BY)
    assert (Act.objects.count(), list(PartyFacts.objects.values())) == before


def test_a_field_that_is_none_is_a_mistake_of_the_program(firm):
    with pytest.raises(KeyError):
        describe_party(firm.pk, {"uscc": "1"}, by=BY)


def test_one_part_told_leaves_the_others_untold(firm):
    assert facts_as_told(describe_party(firm.pk, {"industry": "农业"}, by=BY)) == EMPTY | {"industry": "农业"}


def test_the_database_keeps_one_current_row_and_no_past_is_rewritten(firm):
    row = describe_party(firm.pk, TOLD, by=BY)
    for wrong in (
        lambda: PartyFacts.objects.create(party=firm, known_from=now(), act=row.act),
        lambda: PartyFacts.objects.filter(pk=row.pk).update(address="改"),
        lambda: PartyFacts.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            wrong()
    assert facts_as_told(party_facts(firm.pk)) == TOLD
