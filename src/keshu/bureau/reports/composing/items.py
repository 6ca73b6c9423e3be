"""Items and chapters: themes without rows are dropped, thin ones join their neighbour, the rest is numbered anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from keshu.bureau.reports.composing.nodes import Block, Said
from keshu.bureau.reports.composing.outline import Outline, family_for, heading_of
from keshu.bureau.reports.composing.paragraphs import Desk, Omitted, compose_paragraph
from keshu.catalogue.schema.summary import Chapter, Item

#: a heading never stands over a single sentence
LEAST_UNDER_A_HEADING = 2
#: characters that a single sentence needs to be led by a phrase of its own
LEAST_UNDER_A_LEAD = 45


@dataclass(frozen=True)
class Part:
    """One item as it came out; `merged` names the item that its paragraphs went to."""

    item: Item
    chapter: Chapter
    blocks: tuple[Block, ...]
    heading: str = ""
    merged: str = ""

    @property
    def included(self) -> bool:
        return bool(self.blocks) and not self.merged

    @property
    def sentences(self) -> int:
        return sum(len(block.sentences) for block in self.blocks)


def compose_sentences(desk: Desk, item: Item) -> tuple[Block, ...]:
    """The paragraphs of an item that is made of its sentences; nothing where what it needs is not there."""
    desk.next_item()
    lacking = [need for need in item.needs if not desk.has(need)]
    if lacking and len(lacking) == len(item.needs):
        desk.omitted.append(Omitted(item.code, f"没有所需数据：{'、'.join(lacking)}"))
        return ()
    blocks = (compose_paragraph(desk, item, paragraph) for paragraph in item.paragraphs)
    return tuple(block for block in blocks if block is not None)


def settle(outline: Outline, composed: dict[str, tuple[Block, ...]], seed: int) -> list[Part]:
    """Every item of the outline with its text, thin ones merged, headings of one family in each chapter."""
    parts: list[Part] = []
    for chapter, items in outline.chapters:
        own = [Part(item, chapter, composed[item.code]) for item in items]
        if chapter.numbering == "headings":
            own = [replace(part, blocks=_consolidated(part.blocks)) for part in _merged(own)]
        family = family_for(chapter, [part.item for part in own if part.included], seed)
        parts += [replace(part, heading=heading_of(part.item, family)) for part in own]
    return parts


def _merged(parts: Sequence[Part]) -> list[Part]:
    """Parts with a single sentence go to the neighbour that the definition names, else to the one before."""
    settled = list(parts)
    for index, part in enumerate(settled):
        if not part.blocks or not _thin(part):
            continue
        if not part.item.keep and not substance(part.blocks):  # no row in the year: nothing to tell of the theme
            settled[index] = replace(part, blocks=())
            continue
        target = _neighbour(settled, index)
        if target is None:
            continue
        host = settled[target]
        blocks = _run_on(host.blocks, part.blocks) if target < index else _run_on(part.blocks, host.blocks)
        settled[target] = replace(host, blocks=blocks)
        settled[index] = replace(part, blocks=(), merged=host.item.code)
    return settled


def _consolidated(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Lead phrases only where there are several paragraphs with something to lead; else one paragraph without.

    A paragraph of one short sentence goes to its neighbour. An edited paragraph is left as it is.
    """
    if any(block.edited for block in blocks):
        return blocks
    kept: list[Block] = []
    waiting: tuple[Said, ...] = ()
    for block in blocks:
        if not _is_weak(block):
            kept.append(replace(block, sentences=(*waiting, *block.sentences)))
            waiting = ()
        elif kept:
            kept[-1] = replace(kept[-1], sentences=(*kept[-1].sentences, *block.sentences))
        else:
            waiting = (*waiting, *block.sentences)
    if waiting:
        kept = [Block(blocks[0].code, waiting)]
    return tuple(kept) if len(kept) != 1 else (replace(kept[0], lead=""),)


def _is_weak(block: Block) -> bool:
    return len(block.sentences) < LEAST_UNDER_A_HEADING and len(block.words) - len(block.lead) < LEAST_UNDER_A_LEAD


def _thin(part: Part) -> bool:
    """Too little for a heading of its own; items that are kept count their standing text too."""
    enough = part.sentences if part.item.keep else substance(part.blocks)
    return enough < LEAST_UNDER_A_HEADING


def substance(blocks: Iterable[Block]) -> int:
    """How many sentences there are that rows stand behind; standing text alone gives nobody a heading."""
    return sum(1 for block in blocks for said in block.sentences if said.kind != "standing")


def _neighbour(parts: Sequence[Part], index: int) -> int | None:
    wanted = parts[index].item.merge_into
    for other, part in enumerate(parts):
        if part.item.code == wanted and part.included and other != index:
            return other
    before = [other for other in range(index) if parts[other].included]
    after = [other for other in range(index + 1, len(parts)) if parts[other].included]
    return before[-1] if before else (after[0] if after else None)


def _run_on(first: tuple[Block, ...], second: tuple[Block, ...]) -> tuple[Block, ...]:
    return (*first, *second)
