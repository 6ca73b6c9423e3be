"""Everybody at once: processes of their own, on both engines, press the same buttons in the same instant."""

import json

import pytest

from tests.programmes.storm import BUILD, HAND_BACK, LOOK, SAVE, SUBMIT, TYPE
from tests.promises.conftest import forks, installation, migrated

__all__ = ["forks", "installation", "migrated"]


def told(text, word="DONE"):
    return json.loads(next(line for line in text.splitlines() if line.startswith(word)).removeprefix(word))


@pytest.fixture
def city(installation):
    return installation, told(installation.run(BUILD), "READY")


def at_once(installation, program, *calls):
    """What comes of one program, run as often as there are calls, all waiting for the same word to go."""
    return together(installation, *[(program, *call) for call in calls])


def together(installation, *calls):
    children = [installation.start(program, *map(str, call)) for program, *call in calls]
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
    """Eight cases are handed in at once, each by two clicks: eight receipts more, eight numbers in a row."""
    installation, made = city
    clicks = [(case, seen) for case, seen in made["cases"] for _twice in range(2)]
    found = at_once(installation, SUBMIT, *clicks)
    by_case = {}
    for receipt, case, _again in found:
        by_case.setdefault(case, set()).add(receipt)
    assert {case: len(receipts) for case, receipts in by_case.items()} == {case: 1 for case, _seen in made["cases"]}
    assert sum(1 for _receipt, _case, again in found if again) == 8
    there = told(installation.run(LOOK))
    assert [number[-4:] for number in there["numbers"]] == [f"{n:04}" for n in range(1, 10)]
    assert (there["receipts"], there["versions"], there["intact"], there["faults"]) == (9, 9, True, [])


def test_three_that_come_at_once_do_not_fit_into_two_places(city):
    """The limit of the unit: whoever counts waits until the others have been counted."""
    installation, made = city
    found = at_once(installation, SUBMIT, *made["rivals"])
    assert sorted(receipt is None for receipt, _case, _again in found) == [False, False, True]
    (said,) = [said for receipt, _case, said in found if receipt is None]
    assert "单位限项" in said


def test_eight_hands_on_one_cell_leave_one_text_and_the_others_are_told_which(city):
    installation, made = city
    found = at_once(installation, SAVE, *[(made["draft"], number) for number in range(8)])
    (standing,) = told(installation.run(LOOK))["cell"]
    assert sorted(len(versions) for versions, _theirs in found) == [0] * 7 + [1]
    assert {text for _versions, theirs in found for text in theirs} == {standing}


def test_what_was_acknowledged_before_the_form_went_is_in_the_version(city):
    """Four people type while a fifth hands the form back: the last text that each was told is saved is what was handed in."""
    installation, made = city
    case, seen = made["rework"]
    paths = ("project_name", "keywords", "leader_work", "risks")
    *typed, values = together(installation, *[(TYPE, case, path) for path in paths], (HAND_BACK, case, seen))
    assert any(number > 0 for _path, _last, number in typed), "somebody typed while it was handed in"
    assert {path: values.get(path) for path, last, _number in typed if last} == {
        path: last for path, last, _n in typed if last
    }
