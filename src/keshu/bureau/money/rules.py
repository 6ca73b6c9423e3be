"""How an approved total becomes instalments, and what a ladder still allows. Nothing here reads the database."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from keshu.catalogue.schema.programme_stages import Ladder

Parts = Sequence[tuple[str, Decimal]]
NOTHING = Decimal(0)


def spread(total: Decimal, parts: Parts, paid: Mapping[str, Decimal]) -> list[tuple[str, Decimal]]:
    """The total over the parts as planned, none below what was paid of it; later parts give way first.

    `parts` add up to the total. Raises ValueError when more was paid than the total allows.
    """
    found = {code: max(part, paid.get(code, NOTHING)) for code, part in parts}
    over = sum(found.values(), NOTHING) - total
    for code in reversed(list(found)):
        less = min(over, found[code] - paid.get(code, NOTHING))
        found[code] -= less
        over -= less
    if over > 0:
        raise ValueError(f"{over} more was paid than {total}")
    return list(found.items())


def reachable(ladder: Ladder, state: str) -> frozenset[str]:
    """The events that can still come from a state."""
    seen, open_, events = {state}, [state], set()
    while open_:
        for step in ladder.out_of(open_.pop()):
            events.add(step.event)
            if step.target not in seen:
                seen.add(step.target)
                open_.append(step.target)
    return frozenset(events)


def reduced(amounts: Sequence[Decimal], budget: Decimal | None, places: int) -> list[Decimal]:
    """Every amount alike, so that together they stay within the budget; rounded down, so that they never exceed it."""
    total = sum(amounts, NOTHING)
    if budget is None or total <= budget or total == 0:
        return list(amounts)
    unit = Decimal(1).scaleb(-places)
    return [(amount * budget / total) // unit * unit for amount in amounts]
