"""Everybody at once: processes of their own, on both engines, press the same buttons in the same instant."""

import json

import pytest

from tests.programmes.storm import BUILD, LOOK, SAVE, SUBMIT
from tests.promises.conftest import forks, installation, migrated

__all__ = ["forks", "installation", "migrated"]


def told(text, word="DONE"):
    return json.loads(next(line for line in text.splitlines() if line.startswith(word)).removeprefix(word))


@pytest.fixture
def city(installation):
    return installation, told(installation.run(BUILD), "READY")


def at_once(installation, program, *calls):
    """What comes of the programs, all waiting for the same word to go."""
    children = [installation.start(program, *map(str, call)) for call in calls]
    for child in children:
        line = child.stdout.readline()
        while line and "WAITING" not in line:
            line = child.stdout.readline()
        assert "WAITING" in line
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    return [told(child.stdout.read()) for child in children]


def test_every_click_has_one_receipt_and_numbers_have_no_gap(city):
    """Eight cases are handed in at once, each by two clicks: eight receipts, eight numbers in a row, no more."""
    installation, made = city
    clicks = [(case, seen) for case, seen in made["cases"] for _twice in range(2)]
    found = at_once(installation, SUBMIT, *clicks)
    by_case = {}
    for receipt, case, _again in found:
        by_case.setdefault(case, set()).add(receipt)
    assert {case: len(receipts) for case, receipts in by_case.items()} == {case: 1 for case, _seen in made["cases"]}
    assert sum(1 for _receipt, _case, again in found if again) == 8
    there = told(installation.run(LOOK))
    assert [number[-4:] for number in there["numbers"]] == [f"{n:04}" for n in range(1, 9)]
    assert (there["receipts"], there["versions"], there["intact"], there["faults"]) == (8, 8, True, [])


def test_eight_hands_on_one_cell_leave_one_text_and_the_others_are_told_which(city):
    installation, made = city
    found = at_once(installation, SAVE, *[(made["draft"], number) for number in range(8)])
    (standing,) = told(installation.run(LOOK))["cell"]
    assert sorted(len(versions) for versions, _theirs in found) == [0] * 7 + [1]
    assert {text for _versions, theirs in found for text in theirs} == {standing}
