"""What comes after the ledgers: documents with received values, targets, the frozen and the growing summary."""

from collections.abc import Callable
from typing import Any

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.records.services import now
from keshu.site.demo.received import load_bulletins, load_received
from keshu.site.demo.world import World


def load_rest(world: World, *, places: dict[str, Any], parties: list[int], say: Callable[[str], None]) -> None:
    received = load_received(world, set(catalogue().indicators)) + load_bulletins(now())
    say(f"来源件已载入,数值 {received} 个")
