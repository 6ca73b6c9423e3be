"""Laws that no example can fake: the engine against counting by hand, and against its own lineage."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keshu.bureau.ledgers.snapshots import compose
from keshu.bureau.ledgers.writer import Change, put
from keshu.bureau.parties.services import PartySpec, add_parties
from keshu.bureau.records.services import Actor, writing
from keshu.bureau.statistics.lineage import recompute
from keshu.bureau.statistics.queries import Ask, figures, lineages
from keshu.kernel.measure.period import Period

CLERK = Actor("clerk", "周经办")
BELOW = {
    "990100": {"990100", "990102", "990121", "990121001"},
    "990102": {"990102"},
    "990121": {"990121", "990121001"},
    "990121001": {"990121001"},
}
days = st.dates(date(2023, 12, 20), date(2026, 1, 10))
rows = st.lists(
    st.fixed_dictionaries(
        {
            "place": st.sampled_from(sorted(BELOW)),
            "party": st.integers(0, 3),
            "kind": st.sampled_from(["a", "b"]),
            "level": st.sampled_from(["high", "low", ""]),
            "given": days,
            "start": days,
            "lasts": st.integers(0, 500) | st.none(),
            "money": st.decimals(0, 5000, places=2) | st.none(),
        }
    ),
    max_size=12,
)
periods = st.sampled_from(["2024", "2025", "2025-03", "2025H1", "2024-07..2025-06", "2024..2025"]).map(Period.parse)


def by_hand(row, code, place, period):
    """Whether a row counts, told without any of the engine's words."""
    if row["place"] not in BELOW[place]:
        return False
    ends = None if row["lasts"] is None else row["start"] + timedelta(row["lasts"])
    stands = row["start"] <= period.end and (ends is None or period.end <= ends)
    dated = period.start <= row["given"] <= period.end
    return {
        "award.valid": stands and row["kind"] == "a",
        "award.standing": stands,
        "award.given": dated,
        "award.money": dated,
        "award.large": dated and row["money"] is not None and row["money"] >= 1000,
        "award.towns": dated,
    }[code]


def expected(rows, code, place, period):
    counted = [row for row in rows if by_hand(row, code, place, period)]
    match code:
        case "award.valid":
            return Decimal(len({row["party"] for row in counted}))
        case "award.towns":
            return Decimal(len({row["place"] for row in counted}))
        case "award.money":
            known = [row["money"] for row in counted if row["money"] is not None]
            return None if counted and not known else sum(known, Decimal(0))
    return Decimal(len(counted))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows, spans=st.lists(periods, min_size=1, max_size=3))
def test_the_engine_counts_as_one_counts_by_hand(places, small, rows, spans):
    codes = ("award.valid", "award.standing", "award.given", "award.money", "award.large", "award.towns")
    with transaction.atomic():
        _write(rows, places, small)
        asks = [Ask(code, place, span) for code in codes for place in BELOW for span in spans]
        known_at = datetime.now(UTC)
        found = figures(asks, known_at=known_at, catalogue=small)
        stand = lineages(asks, known_at=known_at, catalogue=small)
        for ask in asks:
            assert found[ask].value == expected(rows, ask.code, ask.place, ask.period), ask
            assert recompute(stand[ask]) == found[ask].value
            assert len(stand[ask].rows) == found[ask].row_count
            alone = figures([ask], known_at=known_at, catalogue=small) if ask is asks[-1] else {ask: found[ask]}
            assert alone[ask] == found[ask]
        transaction.set_rollback(True)


def _write(rows, places, small):
    ledger = small.ledgers["award"]
    with writing(verb="test.rows", by=CLERK) as under_way:
        firms = add_parties([PartySpec(f"{n}号公司") for n in range(4)], within=under_way)
        changes = []
        for n, row in enumerate(rows):
            values = {name: row[name] for name in ("kind", "level", "given", "start", "money")}
            values |= {"holder": firms[row["party"]].pk, "number": f"N{n}"}
            if row["lasts"] is not None:
                values["until"] = row["start"] + timedelta(row["lasts"])
            changes.append(Change(compose(ledger, values, place_id=places[row["place"]].pk)))
        put(ledger, changes, origin="form", within=under_way)
