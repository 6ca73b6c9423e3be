"""What leaders see of the money before they decide: by the rule, by the section's advice, or not known yet."""

from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.programmes.handling import leading
from keshu.bureau.programmes.models import Advice
from keshu.bureau.records.services import Actor, writing

TODAY = date.today()


def advise(case, verdict="support", amount=None):
    with writing(verb="test.advise", by=Actor("t")) as act:
        Advice.objects.create(application=case, verdict=verdict, amount=amount, act=act.act)


@pytest.fixture
def of_call(bureau):
    return lambda: leading.waiting(bureau["director"], TODAY)[0]


def test_an_amount_that_the_rule_gives_everybody_is_seen_before_the_meeting(case_at, of_call):
    good, other = (case_at("platform.engineering_center", "deciding") for _ in range(2))
    advise(good)
    advise(other, "oppose")
    found = of_call()
    award = next(line.amount for line in found.lines if line.stage.application_id == good.pk)
    assert award and award > 0
    assert (found.advised, found.unknown) == (award, 0)  # nothing is granted against the section's advice
    assert leading.by_rule([good], TODAY) == {good.pk: award}


def test_an_amount_that_nobody_named_is_unknown_and_not_nothing(case_at, of_call):
    first, second = (case_at("plan.key_rd", "deciding") for _ in range(2))
    assert (of_call().advised, of_call().left, of_call().unknown) == (None, None, 2)
    advise(first, amount=Decimal(300000))
    advise(second)
    assert (of_call().advised, of_call().unknown) == (Decimal(300000), 1)
