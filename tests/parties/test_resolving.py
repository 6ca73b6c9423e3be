"""Which party a name or a code means."""

from datetime import date

import pytest
from tests.ledgers.workbooks import code

from keshu.bureau.parties.models import Party
from keshu.bureau.parties.queries import directory
from keshu.bureau.parties.resolving import Resolver
from keshu.bureau.parties.services import PartySpec, merge_parties, register_party, rename_party
from keshu.bureau.records.services import Actor

CLERK = Actor("clerk", "周经办")
A, B, C = (code("990121", n) for n in (1, 2, 3))


@pytest.fixture
def firms(places):
    """甲 with a code, 乙 that bore another name, 丙 known by name only."""
    firms = {
        "甲": register_party(PartySpec("云岭甲仪表有限责任公司", A), by=CLERK),
        "乙": register_party(PartySpec("云岭旧乙光电有限公司", B), by=CLERK),
        "丙": register_party(PartySpec("云岭丙机械有限公司"), by=CLERK),
    }
    rename_party(firms["乙"].pk, name="云岭新乙光电有限公司", on=date(2025, 3, 1), by=CLERK, reason="更名")
    return {name: firm.pk for name, firm in firms.items()}


def ask(name, uscc=""):
    found = Resolver(directory()).find(name, uscc=uscc)
    return found.party, found.problem.code if found.problem else "", found.fatal


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "uscc", "who", "problem", "fatal"),
    [
        pytest.param("云岭甲仪表有限责任公司", "", "甲", "", False, id="its name"),
        pytest.param("云岭甲仪表有限责任公司 ", A, "甲", "", False, id="its name and its code"),
        pytest.param("云岭新乙光电有限公司", "", "乙", "", False, id="the name that it bears"),
        pytest.param("云岭旧乙光电有限公司", "", "乙", "", False, id="the name that it bore"),
        pytest.param("云岭旧乙光电有限公司", B, "乙", "", False, id="the name that it bore, with its code"),
        pytest.param("云岭甲仪表有限公司", "", "甲", "party-variant", False, id="the same legal form, shorter"),
        pytest.param("云岭甲仪表有限公司", A, "甲", "party-other-name", False, id="its code, the form written otherwise"),
        pytest.param("云岭甲光学有限公司", A, "甲", "party-other-name", False, id="its code under an unknown name"),
        pytest.param("云岭甲仪表有限责任公司", C, "甲", "code-conflict", True, id="its name with a code of nobody"),
        pytest.param("云岭丙机械有限公司", C, "丙", "", False, id="a code for a firm known by name"),
        pytest.param("云岭丁科技有限公司(原云岭丙机械有限公司)", "", "丙", "party-renamed", False, id="new name, old name in brackets"),
        pytest.param("云岭甲仪表股份有限公司", "", None, "party-near", False, id="another legal form is another firm, perhaps"),
        pytest.param("云岭戊科技有限公司", "", None, "", False, id="a stranger"),
        pytest.param("123", "", None, "party-name", True, id="no name at all"),
    ],
)  # fmt: skip
def test_who_is_meant(firms, name, uscc, who, problem, fatal):
    party, said, is_fatal = ask(name, uscc)
    assert (said, is_fatal) == (problem, fatal)
    assert party == firms[who] if who else party is None or party < 0


@pytest.mark.django_db
def test_two_firms_of_one_name_need_a_code(firms):
    Party.objects.filter(pk=firms["丙"]).update(uscc=C)
    register_party(PartySpec("云岭丙机械有限公司", code("990102", 4)), by=CLERK)
    assert ask("云岭丙机械有限公司") == (None, "party-ambiguous", True)
    assert ask("云岭丙机械有限公司", C) == (firms["丙"], "", False)


@pytest.mark.django_db
def test_a_merged_firm_answers_for_both_names(firms):
    merge_parties(firms["丙"], firms["甲"], by=CLERK, reason="同一单位")
    assert ask("云岭丙机械有限公司") == (firms["甲"], "", False)


@pytest.mark.django_db
def test_a_stranger_is_met_again_under_its_name_its_code_and_its_form(firms):
    resolver = Resolver(directory())
    first = resolver.find("云岭己有限责任公司", uscc=C, row=7).party
    assert first == -1
    assert [resolver.find(name, uscc=uscc).party for name, uscc in (
        ("云岭己有限责任公司", ""), ("云岭己有限公司", ""), ("云岭己改有限公司", C),
    )] == [-1, -1, -1]  # fmt: skip
    assert [stranger.as_json() for stranger in resolver.strangers] == [["云岭己有限责任公司", C, None, []]]
    assert not Party.objects.filter(uscc=C).exists()


@pytest.mark.django_db
def test_a_code_is_learnt_once(firms):
    resolver = Resolver(directory())
    resolver.find("云岭丙机械有限公司", uscc=C)
    assert resolver.learnt == {firms["丙"]: C}
    assert resolver.find("云岭丙机械有限公司", uscc=code("990102", 4)).problem.code == "code-conflict"


@pytest.mark.django_db
def test_the_register_is_loaded_with_a_fixed_number_of_statements(firms, django_assert_num_queries):
    with django_assert_num_queries(3):
        resolver = Resolver(directory())
        for _ in range(50):
            resolver.find("云岭甲仪表有限责任公司")
