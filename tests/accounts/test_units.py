"""Members of organisations: what they may is theirs alone, and never a key to the bureau."""

import itertools

import pytest
from django.db import IntegrityError, transaction

from keshu.bureau.accounts.access import RIGHTS, UNIT_RIGHTS, Grant, Viewer, viewer_of
from keshu.bureau.accounts.models import UNIT_ROLES, Membership
from keshu.bureau.accounts.services import AccountProblem, grant_role
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor
from keshu.catalogue.schema.programme_words import RIGHTS as PROGRAMME_RIGHTS

BY = Actor("setup", "系统安装")
OWN, OTHER = 7, 8
MEMBER = Grant("unit_admin", RIGHTS["unit_admin"], "", frozenset(), OWN)
BUREAU = {role: RIGHTS[role] for role in RIGHTS if role not in UNIT_ROLES}


def viewer(*grants):
    return Viewer(1, Actor("who"), grants)


def test_no_bureau_role_holds_a_right_of_a_unit_and_the_other_way_round():
    """`requires(right)` looks only at the right: it keeps both sides apart because no right lies on both."""
    shared = {role: held & UNIT_RIGHTS for role, held in BUREAU.items() if held & UNIT_RIGHTS}
    assert shared == {}


def test_every_right_of_a_programme_is_in_somebodys_hands():
    held = frozenset().union(*RIGHTS.values())
    assert set(PROGRAMME_RIGHTS) <= held


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        pytest.param({"party": OWN}, True, id="that very organisation"),
        pytest.param({"party": OTHER}, False, id="another organisation"),
        pytest.param({"party": 0}, False, id="organisation zero is an organisation"),
        pytest.param({}, False, id="no organisation asked for"),
        pytest.param({"place": "990100"}, False, id="a place"),
        pytest.param({"section": "高新科"}, False, id="a section"),
        pytest.param({"place": "990100", "party": OWN}, False, id="a place, the organisation thrown in"),
        pytest.param({"section": "高新科", "party": OWN}, False, id="a section, the organisation thrown in"),
    ],
)
def test_a_right_held_for_an_organisation_counts_for_that_question_alone(question, answer):
    assert viewer(MEMBER).may("programmes.apply", **question) is answer


@pytest.mark.parametrize("right", sorted(frozenset().union(*BUREAU.values())))
def test_a_member_passes_no_bureau_check_whatever_is_asked(right):
    who = viewer(MEMBER)
    asked = [
        {"section": s, "place": p, "party": o}
        for s, p, o in itertools.product(("", "高新科"), ("", "990100"), (None, OWN, OTHER))
    ]
    assert not any(who.may(right, **question) for question in asked)
    assert (who.places(right), who.sections(right), who.parties(right)) == ((), frozenset(), frozenset())
    assert right not in who.rights


def test_even_a_forged_grant_with_bureau_rights_opens_nothing_of_the_bureau():
    """Should a unit role ever get a bureau right by mistake, places and sections still know nothing of it."""
    who = viewer(Grant("unit_admin", RIGHTS["office"] | RIGHTS["head"], "", frozenset(), OWN))
    for right in RIGHTS["office"]:
        assert not who.may(right)
        assert not who.may(right, place="990100")
        assert not who.may(right, section="高新科")
        assert not who.may(right, party=OTHER)
        assert who.places(right) == ()
        assert who.sections(right) == frozenset()


def test_both_hats_on_one_head_stay_two_hats(users):
    """A clerk who also belongs to an organisation gains nothing for other organisations, and loses nothing."""
    clerk = Grant("clerk", RIGHTS["clerk"], "", frozenset({"高新科"}))
    who = viewer(MEMBER, clerk)
    assert who.may("entries.edit", section="高新科")
    assert not who.may("entries.edit", section="成果科")
    assert who.may("programmes.apply", party=OWN)
    assert not who.may("programmes.apply", party=OTHER)
    assert not who.may("programmes.apply")
    assert (who.places("entries.edit"), who.sections("entries.edit")) == (None, frozenset({"高新科"}))
    assert who.places("programmes.apply") == ()
    assert not who.unit_only


def test_several_organisations_each_with_its_own_rights():
    second = Grant("applicant", RIGHTS["applicant"], "", frozenset(), OTHER)
    who = viewer(MEMBER, second)
    assert who.parties("programmes.apply") == {OWN, OTHER}
    assert who.parties("programmes.endorse") == {OWN}
    assert not who.may("programmes.endorse", party=OTHER)
    assert who.unit_only
    assert viewer().unit_only, "whoever has no role at all is outside the bureau too"


def test_the_viewer_of_a_member_comes_out_of_the_database(users):
    who = viewer_of(users["applicant"])
    party = users["applicant"].memberships.get().party_id
    assert (who.rights, who.parties("own.view")) == (RIGHTS["applicant"], {party})
    assert who.unit_only


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"role": "applicant", "scope": "place", "place": True}, id="an applicant of a place"),
        pytest.param({"role": "unit_admin", "scope": "all"}, id="a unit administrator of everything"),
        pytest.param({"role": "unit_admin", "scope": "party"}, id="of an organisation that is not named"),
        pytest.param(
            {"role": "applicant", "scope": "place", "place": True, "party": True}, id="of a place, with an organisation"
        ),
        pytest.param({"role": "clerk", "scope": "party", "party": True}, id="a clerk of an organisation"),
        pytest.param(
            {"role": "office", "scope": "all", "party": True}, id="an office of everything with an organisation"
        ),
        pytest.param(
            {"role": "applicant", "scope": "party", "party": True, "place": True}, id="an applicant with a place"
        ),
        pytest.param(
            {"role": "applicant", "scope": "party", "party": True}, id="a second role in the same organisation"
        ),
    ],
)
def test_the_database_refuses_what_is_neither(users, places, wrong):
    held = users["unit_admin"].memberships.get()
    row = dict(wrong)
    row |= {"place": places["990100"]} if row.pop("place", False) else {}
    row |= {"party": held.party} if row.pop("party", False) else {}
    before = list(Membership.objects.order_by("pk").values())
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=users["unit_admin"], act=Act.objects.first(), **row)
    assert list(Membership.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("role", UNIT_ROLES)
def test_the_security_administrator_grants_no_unit_role(users, client_as, role):
    with pytest.raises(AccountProblem, match="单位管理员邀请"):
        grant_role(users["clerk"].pk, role=role, by=users["security"].actor)
    form = {"role": role, "place": "", "sections": "", "reason": "试"}
    page = client_as("security").post(f"/accounts/roles/{users['clerk'].pk}/", form)
    assert "role" in page.context["form"].errors
