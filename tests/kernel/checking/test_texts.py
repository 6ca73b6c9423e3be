"""Lines of official prose of our own: a hundred that are right though tricky, and sixty with one fault each."""

from pathlib import Path

import pytest

from keshu.catalogue.loader import load
from keshu.kernel.prose.checking import Certainty, examine
from keshu.kernel.prose.reading import read

HERE = Path(__file__).parent
CHECKS = tuple(load().checks.values())
CLEAN = (HERE / "clean.txt").read_text(encoding="utf-8").splitlines()
FAULTS = [line.split("\t") for line in (HERE / "faults.txt").read_text(encoding="utf-8").splitlines()]


def checked(text: str):
    return examine(text, read(text, 2025), checks=CHECKS, year=2025)


@pytest.mark.parametrize("line", CLEAN)
def test_a_clean_line_has_no_finding(line):
    assert checked(line).findings == ()


def test_all_clean_lines_together_accuse_nobody():
    examined = checked("\n".join(CLEAN))
    assert [one for one in examined.findings if one.certainty is Certainty.CERTAIN] == []
    assert len(examined.held) >= 90


@pytest.mark.parametrize(("code", "line"), FAULTS)
def test_a_fault_is_found(code, line):
    found = [one for one in checked(line).findings if one.certainty is not Certainty.ASK]
    assert code in {one.code for one in found}


@pytest.mark.parametrize(("code", "line"), FAULTS)
def test_a_fault_is_found_among_clean_lines_and_only_there(code, line):
    text = "\n".join([*CLEAN[:20], line, *CLEAN[40:60]])
    start = text.index(line)
    found = [one for one in checked(text).findings if one.certainty is Certainty.CERTAIN or one.code == code]
    assert any(one.code == code for one in found)
    for one in found:
        assert any(start <= span[0] < start + len(line) for span in one.spans)
