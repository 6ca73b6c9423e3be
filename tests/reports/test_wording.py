"""Words that a reader tripped over: falls behind 总数达, whole years held against 同期, promises without a figure."""

import ast
import re
from decimal import Decimal
from pathlib import Path

import pytest

from keshu.bureau import reports
from keshu.bureau.reports.composing.filling import AGAINST_LAST_YEAR, Filler
from keshu.bureau.reports.composing.nodes import text_of
from keshu.bureau.reports.composing.told import Told
from keshu.bureau.targets.services import set_target
from keshu.bureau.targets.writing import TargetSpec
from keshu.kernel.measure.period import Period
from tests.reports.conftest import CLERK, COUNTY
from tests.reports.test_acceptance import built, bulletin


class Teller:
    """Answers from a dictionary; everything else is not there."""

    def __init__(self, **told):
        self.told = told

    def tell(self, reference):
        return self.told.get(reference.replace(".", "_").replace(":", "__")) or Told(
            reference, reference, "", reference, "", None, Period.parse("2026")
        )


def told(reference, words, *, form="value", worse=False, period="2026-01..2026-10"):
    code = reference.partition(":")[0]
    return Told(reference, code, form, code, words, Decimal(1), Period.parse(period), worse=worse)


def filled(frame, teller, *, against="", write_falls=False):
    filler = Filler(teller, {}, lambda *_: True)
    made = filler.fill(frame, sentence="s", section="x", write_falls=write_falls, said=[], against=against)
    return text_of(made.nodes)


@pytest.mark.parametrize(("worse", "words"), [(False, "总数达12家"), (True, "总数12家")])
def test_what_was_more_a_year_ago_is_not_told_as_reached(worse, words):
    growth = told("giant.valid:growth", "较上年末下降36.8%", form="growth", worse=worse)
    assert (
        filled("总数达{giant.valid}", Teller(giant_valid=told("giant.valid", "12家"), giant_valid__growth=growth))
        == words
    )


def test_a_fall_that_a_sentence_writes_follows_its_figure():
    growth = told("giant.valid:growth", "较上年末下降36.8%", form="growth", worse=True)
    teller = Teller(giant_valid=told("giant.valid", "12家"), giant_valid__growth=growth)
    assert (
        filled("总数达{giant.valid}⟨，{giant.valid:growth}⟩", teller, write_falls=True) == "总数12家，较上年末下降36.8%"
    )


@pytest.mark.parametrize(("period", "words"), [("2025", "较上年增长2.6%"), ("2026-01..2026-10", "较上年同期增长2.6%")])
def test_a_whole_year_is_held_against_the_year_before(period, words):
    growth = told("rd.deduction:growth", "同比增长2.6%", form="growth", period=period)
    assert filled("{rd.deduction:growth}", Teller(rd_deduction__growth=growth), against=AGAINST_LAST_YEAR[2]) == words


@pytest.mark.django_db
def test_a_promise_without_a_figure_says_so_in_words(bureau, places):
    spec = TargetSpec(
        "rd.expenditure", COUNTY, 2026, "growth", Decimal(11), issuer="云岭市科学技术局", document="责任状"
    )
    set_target(spec, by=CLERK)
    (promise,) = built().draft.promises
    assert promise.actual == "今年数据待统计局提供"
    bulletin(places, "internal")
    (promise,) = built().draft.promises
    assert promise.actual == "今年数据待统计局提供，2025年为1.36亿元"


HALF = re.compile(r"[\u4e00-\u9fff”》）][,;:!](?!growth)|[,;:!][\u4e00-\u9fff]|\)s[,;:!]")


def spoken_in(path):
    """The strings of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        (path.name, node.lineno, node.value) for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes
    ]  # fmt: skip


def test_chinese_words_of_reports_have_full_width_marks():
    """Regular expressions aside; a reference like {hte.valid:growth} keeps its colon."""
    said = [one for path in Path(reports.__file__).parent.rglob("*.py") for one in spoken_in(path)]
    assert len(said) > 500
    assert [one for one in said if HALF.search(one[2]) and "(?" not in one[2]] == []
