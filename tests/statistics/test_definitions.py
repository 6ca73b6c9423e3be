"""Which definition counts on a day, and functions that a bureau has no longer."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.records.definitions import use
from keshu.bureau.records.services import Actor
from keshu.bureau.statistics.forms import formed_many
from keshu.bureau.statistics.queries import Ask, figures, lineage
from keshu.bureau.statistics.services import SourceSpec, ValueSpec, add_source
from keshu.catalogue import Switch
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.presence import Presence
from keshu.kernel.prose.reference import Reference

CLERK = Actor("clerk", "周经办")
CITY, ROCK = "990100", "990121"


@pytest.fixture
def two_versions(small, later, places):
    """`award.given` counted every row in its first version; from 2025 on only those of kind a."""
    first = small.indicators["award.given"]
    use("indicator", first, at=later())
    facts = first.facts.model_copy(update={"where": {"kind": "a"}})
    second = first.model_copy(update={"version": 2, "facts": facts, "valid_from": date(2025, 1, 1)})
    return replace(small, indicators=small.indicators | {"award.given": second})


def test_the_version_of_the_cut_off_counts_and_growth_across_versions_is_marked(two_versions, add, later):
    for year in (2024, 2025):
        add("award", ROCK, kind="a", given=date(year, 3, 1))
        add("award", ROCK, kind="b", given=date(year, 3, 1))
    asks = {year: Ask("award.given", CITY, Period.of_year(year)) for year in (2024, 2025)}
    found = figures(asks.values(), known_at=later(), catalogue=two_versions)
    assert [(found[asks[year]].version, found[asks[year]].value) for year in asks] == [(1, 2), (2, 1)]
    growth, value = (Reference.parse(text) for text in ("{award.given:growth}", "{award.given/2024:growth}"))
    told = formed_many(
        [growth, value], place=CITY, period=Period.of_year(2025), known_at=later(), catalogue=two_versions
    )
    assert (told[growth].value, told[growth].definition_changed) == (Decimal(-50), True)
    assert told[value].definition_changed is False


def test_before_a_version_was_first_used_the_older_one_was_known(two_versions, add, later):
    add("award", ROCK, kind="b", given=date(2025, 3, 1))
    before = later()
    use("indicator", two_versions.indicators["award.given"], at=later())
    ask = Ask("award.given", CITY, Period.of_year(2025))
    assert figures([ask], known_at=before, catalogue=two_versions)[ask].version == 1
    assert figures([ask], known_at=later(), catalogue=two_versions)[ask].version == 2


@pytest.fixture
def handed_over(small):
    """The function behind the ledger went to another bureau in 2025; 青岩县 kept it."""
    switch = Switch.model_validate(
        {
            "code": "titles", "version": 1, "name": "称号认定", "theme": "主体", "ledgers": ["award"],
            "periods": [
                {"on": False, "from": date(2025, 1, 1), "reason": "机构改革划出"},
                {"on": True, "place": ROCK, "reason": "本县保留"},
            ],
        }
    )  # fmt: skip
    return replace(small, switches={"titles": switch})


def test_what_is_switched_off_is_received_and_not_counted(handed_over, add, later, places):
    add("award", ROCK, given=date(2024, 3, 1))
    add("award", ROCK, given=date(2025, 3, 1))
    asks = [
        Ask("award.given", place, Period.of_year(year)) for place, year in ((CITY, 2024), (CITY, 2025), (ROCK, 2025))
    ]
    before, off, kept = figures(asks, known_at=later(), catalogue=handed_over).values()
    assert (before.value, before.switched_off) == (1, False)
    assert (off.value, off.presence, off.switched_off, off.reason) == (None, Presence.MISSING, True, "机构改革划出")
    assert (kept.value, kept.switched_off) == (1, False)
    spec = SourceSpec("市场监管局", "年报", date(2025, 12, 31), date(2026, 1, 5))
    value = ValueSpec("award.given", CITY, Period.of_year(2025), Decimal(9))
    add_source(spec, by=CLERK, values=[value], catalogue=handed_over)
    stands_on = lineage(asks[1], known_at=later(), catalogue=handed_over)
    assert (stands_on.figure.value, stands_on.rows, stands_on.received.title) == (9, (), "年报")
