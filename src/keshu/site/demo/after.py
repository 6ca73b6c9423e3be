"""What comes after the ledgers: sources with received values, targets, tasks, the frozen and the growing summary."""

from collections.abc import Callable
from typing import Any

from keshu.site.demo.world import World


def load_rest(world: World, *, places: dict[str, Any], parties: list[int], say: Callable[[str], None]) -> None:
    say("台账之外的演示数据已载入")
