"""What is not going well: the weak figures of the definition and what the sections noted, softened, with figures."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from keshu.bureau.reports.composing.nodes import Block, Figure, Said
from keshu.bureau.reports.composing.paragraphs import Desk, compose_paragraph
from keshu.catalogue.schema.summary import Item

MOST = 4


def compose_problems(desk: Desk, item: Item) -> tuple[Block, ...]:
    """Paragraphs in the order of the definition; at most so many, and at most half of them without a figure."""
    desk.next_item()
    composed = _each_once(
        block for paragraph in item.paragraphs if (block := compose_paragraph(desk, item, paragraph)) is not None
    )
    most = item.at_most or MOST
    with_figure = [block for block in composed if any(said.kind == "figure" for said in block.sentences)]
    without = [block for block in composed if block not in with_figure]
    room = max(most - len(with_figure), 1)
    kept = [*with_figure[:most], *without[: min(room, max(len(with_figure), 1) if with_figure else most)]]
    return tuple(block for block in composed if block in kept)[:most]


def _each_once(blocks: Iterable[Block]) -> list[Block]:
    """An indicator that was named as a problem is not named again; what has nothing left to say is dropped."""
    named: set[str] = set()
    kept: list[Block] = []
    for block in blocks:
        new = _few_figures([said for said in block.sentences if not named & set(_codes(said))])
        named |= {code for said in new for code in _codes(said)}
        if new:
            kept.append(replace(block, sentences=new))
    return kept


def _few_figures(sentences: list[Said]) -> tuple[Said, ...]:
    """A problem is no table: what was noted, and at most two sentences with figures."""
    figured = [said for said in sentences if said.kind == "figure"]
    return tuple(said for said in sentences if said.kind != "figure" or said in figured[:2])


def _codes(said: Said) -> Iterator[str]:
    """The indicator that a sentence is about: that of its first figure."""
    first = next((node for node in said.nodes if isinstance(node, Figure)), None)
    if first is not None:
        yield first.reference.partition(":")[0].partition("/")[0]
