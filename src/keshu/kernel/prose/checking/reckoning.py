"""What a claim about a change should be, worked out from the figures before and after it, and compared with it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from keshu.kernel.measure.arithmetic import growth
from keshu.kernel.prose.checking.breakdowns import unit_of
from keshu.kernel.prose.checking.changing import is_fold, is_points
from keshu.kernel.prose.checking.model import Certainty, Span, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.rounding import Range, cut_off, exactly, in_words, plain, printed_range

_REAL = re.compile(r"可比|不变价|实际|扣除|同口径|剔除|口径调整")
#: measures whose growth is published in real terms, so that nominal levels do not give it
_NOMINAL = re.compile(r"生产总值|GDP|gdp|增加值|可支配收入|纯收入")
HUNDRED = Decimal(100)


def rate_of(new: Range, old: Range) -> Range | None:
    """Growth in percent between ranges."""
    quotient = new / old
    return None if quotient is None else (quotient - exactly(1)) * exactly(HUNDRED)


def judged(
    page: Page, spans: tuple[Span, ...], claim: int, true: Range, formula: str, shown: str, *, nominal: bool = False
) -> Verdict:
    """Compare a printed figure with what its inputs allow; cutting off instead of rounding is asked, not accused."""
    figure = page.figures[claim]
    stated = printed_range(figure)
    if stated.meets(true):
        return Verdict(spans, holds=True, statement=f"{formula}，与{figure.text}相符")
    close = cut_off(figure).meets(true)
    if close or (nominal and stated.high < true.low):
        certainty = Certainty.ASK  # growth in real terms is mostly smaller than what the levels give
    else:
        certainty = Certainty.LIKELY if nominal else Certainty.CERTAIN
    return Verdict(
        spans,
        statement=f"按文中数字推算应为{shown}，写的是{figure.text}",
        certainty=certainty,
        expected=shown,
        actual=figure.text,
        arithmetic=formula,
    )


def softened(verdict: Verdict) -> Verdict:
    """The same, claimed as likely at most."""
    return replace(verdict, certainty=Certainty.LIKELY) if verdict.certainty is Certainty.CERTAIN else verdict


def absolute(true: Range) -> Range:
    """Without the sign."""
    return true if true.low >= 0 else Range(-true.high, -true.low) if true.high <= 0 else true


def between(page: Page, old: int, new: int, claim: int) -> tuple[Range, str, str] | None:
    """What the claim about a change from `old` to `new` should be: (range, formula, words), sign dropped."""
    one, other, said = page.figures[old], page.figures[new], page.figures[claim]
    if one.value is None or other.value is None:
        return None
    if is_fold(said) or (page.is_percent(claim) and not page.is_percent(new)):
        true = rate_of(printed_range(other), printed_range(one))
        exact = growth(now=other.value, before=one.value)
        if true is None or exact is None:
            return None
        if is_fold(said):
            fold = exact / HUNDRED
            words = f"{plain(abs(fold))}倍"
            return absolute(true * exactly(Decimal("0.01"))), f"{other.text}÷{one.text}－1＝{words}", words
        words = f"{plain(abs(exact))}%"
        return absolute(true), f"({other.text}－{one.text})÷{one.text}＝{plain(exact)}%", words
    if unit_of(said) == unit_of(other) or (is_points(said) and page.is_percent(new)):
        true = printed_range(other) - printed_range(one)
        words = in_words(abs(other.value - one.value), said)
        return absolute(true), f"{other.text}－{one.text}＝{words}", words
    return None


def nominal(page: Page, index: int) -> bool:
    """Whether growth of the figure may be told in real terms, so that levels as printed do not give it."""
    words = page.clause(index) + page.figures[index].subject
    start, end = page.sentence_of(index).start, page.sentence_of(index).end
    return bool(_NOMINAL.search(words) or _REAL.search(page.text[start : min(end, start + 400)]))
