"""What in a text stands on nothing: figures without a reference, claims without a row."""

from collections.abc import Iterable, Iterator, Sequence

from keshu.bureau.reports.composing.nodes import Block, Standing, Text
from keshu.bureau.reports.composing.text import Shown
from keshu.kernel.prose.gates import gated_words
from keshu.kernel.prose.reading import scan


def loose_in(parts: Sequence[Shown]) -> Iterator[str]:
    """Each loose figure or claim as a sentence that says where it stands."""
    for part in parts:
        where = part.heading or part.chapter_heading or "导语"
        for block in part.blocks:
            yield from (f"{where}：{words}" for words in loose_in_block(block))


def loose_in_block(block: Block) -> Iterable[str]:
    """Figures that were typed, and words of praise in text that nobody signs for."""
    for sentence in block.sentences:
        for node in sentence.nodes:
            if isinstance(node, Standing) and node.author:
                continue  # a person stands behind it
            if not isinstance(node, Text | Standing):
                continue
            for figure in scan(node.words):
                yield f"“{figure.text}”没有出处（{_around(node.words, figure.start, figure.end)}）"
            if isinstance(node, Text):
                for claim in gated_words(node.words):
                    yield f"“{claim.word}”没有依据（{_around(node.words, claim.start, claim.end)}）"


def _around(words: str, start: int, end: int) -> str:
    return words[max(start - 8, 0) : end + 8].strip()
