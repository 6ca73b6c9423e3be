"""Everything that turns figures into Chinese words, under one name.

All functions take plain values by keyword and give text, a Phrase (text and tone), or None where nothing may be said.
"""

from __future__ import annotations

from keshu.kernel.measure.period import Period
from keshu.kernel.prose.aims import long_range, target_value, target_words, two_level_target
from keshu.kernel.prose.amounts import (
    amount,
    amount_unit,
    common_unit,
    may_be_rough,
    number,
    percent,
    percentage_points,
    quantity,
    rough,
    scaled_quantity,
    trimmed,
)
from keshu.kernel.prose.changes import (
    Phrase,
    Printer,
    Tone,
    Versus,
    average_words,
    change,
    completion_verb,
    completion_words,
    coverage_words,
    difference_words,
    first_over_words,
    fold_words,
    from_to,
    fulfilment_words,
    gap_words,
    net_words,
    pace_words,
    points_words,
    printer,
    raised_words,
    rank_of_words,
    rank_words,
    rate_words,
    share_words,
    streak_words,
    tasks_words,
    two_level_words,
    without_largest_words,
    yearly_growth_words,
)
from keshu.kernel.prose.lists import (
    heading_number,
    item_lead,
    joined,
    mention,
    names_in_brackets,
    names_list,
    parts_words,
    quoted,
    scoped,
    short_names,
    title,
)
from keshu.kernel.prose.rules import DEFAULT, Rules

__all__ = [
    "DEFAULT", "Phrase", "Printer", "Rules", "Tone", "Versus", "amount", "amount_unit", "average_words", "change",
    "common_unit", "completion_verb", "completion_words", "coverage_words", "difference_words", "first_over_words", "fold_words",
    "from_to", "fulfilment_words", "gap_words", "heading_number", "item_lead", "joined", "long_range", "may_be_rough",
    "mention", "names_in_brackets", "names_list", "net_words", "number", "pace_words", "parts_words", "percent",
    "percentage_points", "period_words", "points_words", "printer", "quantity", "quoted", "raised_words",
    "rank_of_words", "rank_words", "rate_words", "rough", "scaled_quantity", "scoped", "share_words", "short_names",
    "streak_words", "target_value", "target_words", "tasks_words", "title", "trimmed", "two_level_target", "two_level_words",
    "without_largest_words", "yearly_growth_words",
]  # fmt: skip


def period_words(
    period: Period, *, stock: bool, understood: Period | None = None, forecast: bool = False, rules: Rules = DEFAULT
) -> str:
    """全年, 1—10月, 截至10月底; empty where the text around already says it; with its year where that differs.

    `forecast` marks a year that is not over: 预计全年. Whole plan periods print as 2021—2025年.
    """
    if period == understood and not forecast:
        return ""
    with_year = understood is not None and understood.year != period.year
    if stock:
        text = period.stock_words(with_year=with_year, year_end=rules.year_end)
    else:
        text = period.flow_words(with_year=with_year)
    return f"预计{text}" if forecast else text
