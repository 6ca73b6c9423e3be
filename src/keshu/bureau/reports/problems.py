"""What is not going well: the weak figures of the definition and what the sections noted, softened, with figures."""

from keshu.bureau.reports.composing.nodes import Block
from keshu.bureau.reports.composing.paragraphs import Desk, compose_paragraph
from keshu.catalogue.schema.summary import Item

MOST = 4


def compose_problems(desk: Desk, item: Item) -> tuple[Block, ...]:
    """Paragraphs in the order of the definition; at most so many, and at most half of them without a figure."""
    desk.next_item()
    composed = [
        block for paragraph in item.paragraphs if (block := compose_paragraph(desk, item, paragraph)) is not None
    ]
    most = item.at_most or MOST
    with_figure = [block for block in composed if any(said.kind == "figure" for said in block.sentences)]
    without = [block for block in composed if block not in with_figure]
    room = max(most - len(with_figure), 1)
    kept = [*with_figure[:most], *without[: min(room, max(len(with_figure), 1) if with_figure else most)]]
    return tuple(block for block in composed if block in kept)[:most]
