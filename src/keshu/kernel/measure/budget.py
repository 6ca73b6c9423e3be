"""Heads of a budget 科目 against what was spent, or against another budget: what a unit may shift between them by itself.

State Council office document 国办发〔2021〕32号 hands direct costs to the unit and keeps indirect costs from being raised;
older rules and places set narrower shares, so both shares are arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Head:
    """A head with the amount that was approved for it and the amount that took its place."""

    name: str
    approved: Decimal
    taken: Decimal
    indirect: bool = False

    @property
    def left(self) -> Decimal:
        """What remains of the head; below zero where more was taken."""
        return self.approved - self.taken


@dataclass(frozen=True)
class Excess:
    """A head that took more than approved, beyond what may be shifted to it: how much more, how much of that is free."""

    name: str
    over: Decimal
    free: Decimal


def excesses(heads: Sequence[Head], *, direct_share: Decimal | None, indirect_share: Decimal | None) -> list[Excess]:
    """Heads beyond what the unit may shift by itself, in their order; None for a share sets no limit.

    A direct head may take ``direct_share`` of all direct costs more than approved, an indirect one ``indirect_share`` of
    itself. Shares are parts of one. What is taken less never needs anybody.
    """
    direct = sum((head.approved for head in heads if not head.indirect), NOTHING)
    found = []
    for head in heads:
        share = indirect_share if head.indirect else direct_share
        if share is None:
            continue
        free = share * (head.approved if head.indirect else direct)
        if -head.left > free:
            found.append(Excess(head.name, -head.left, free))
    return found
