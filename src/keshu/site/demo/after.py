"""What comes after the ledgers: documents with received values, targets, the frozen and the growing summary."""

from collections.abc import Callable
from typing import Any

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.records.services import ZONE, now
from keshu.site.demo.drafts import load_drafts
from keshu.site.demo.received import load_bulletins, load_received
from keshu.site.demo.summaries import load_summaries
from keshu.site.demo.targets import load_targets
from keshu.site.demo.world import World


def load_rest(world: World, *, places: dict[str, Any], parties: list[int], say: Callable[[str], None]) -> None:
    received = load_received(world, set(catalogue().indicators)) + load_bulletins(now())
    say(f"来源件已载入，数值 {received} 个")
    say(f"目标已载入，共 {load_targets()} 项")
    load_summaries(now().astimezone(ZONE).date())
    say("2025年总结已冻结，2026年总结正在起草")
    say(f"材料库中有 {load_drafts()} 份文稿待核校、待沿用")
