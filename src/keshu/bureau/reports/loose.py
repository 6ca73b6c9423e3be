"""What in a text stands on nothing: figures without a reference, claims without a row.

A figure that somebody typed has an author but no lineage, and praise that somebody typed has an author but no row:
both stand only where the figures of their own paragraph carry them, or where a document was put behind the sentence.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from keshu.bureau.records.services import digest_of
from keshu.bureau.reports.composing.nodes import Block, Node, Said, Standing, Text
from keshu.bureau.reports.composing.text import Shown
from keshu.kernel.prose.gates import GatedWord, gated_words
from keshu.kernel.prose.reading import scan

#: parts that say what is intended: words of praise are aims there
AIMS = frozenset({"goals", "measures", "outlook"})

Carried = Callable[[Shown, Block, Said, GatedWord], bool]


@dataclass(frozen=True)
class Loose:
    """A sentence with figures or claims that nothing carries; `key` names the sentence as it stands."""

    section: str
    where: str
    sentence: str
    figures: tuple[str, ...]
    claims: tuple[str, ...]

    @property
    def key(self) -> str:
        return sentence_key(self.section, self.sentence)

    @property
    def words(self) -> str:
        parts = [f"{_quoted(self.figures)}没有出处"] if self.figures else []
        parts += [f"{_quoted(self.claims)}没有依据"] if self.claims else []
        return f"{self.where}：{'，'.join(parts)}（{_short(self.sentence)}）"


def sentence_key(section: str, sentence: str) -> str:
    """Changes with every word of the sentence: what was proven is this sentence and no other."""
    return digest_of(["sentence", section, sentence]).hex()


def loose_in(parts: Sequence[Shown]) -> Iterator[str]:
    """Each sentence with something loose as words that say where it stands."""
    return (one.words for one in loose_sentences(parts))


def loose_sentences(
    parts: Sequence[Shown], *, proven: Collection[str] = (), carried: Carried | None = None
) -> Iterator[Loose]:
    """Sentences with figures or claims that stand on nothing; those in `proven` (keys) have their document."""
    for part in parts:
        for block in part.blocks:
            for said in block.sentences:
                found = _loose_in_sentence(part, block, said, carried)
                if (found.figures or found.claims) and found.key not in proven:
                    yield found


def _loose_in_sentence(part: Shown, block: Block, said: Said, carried: Carried | None) -> Loose:
    where = part.heading or part.chapter_heading or "导语"
    figures = [figure.text for node in _written(said.nodes) for figure in scan(node.words)]
    claims = [] if part.role in AIMS else [claim for node in _written(said.nodes) for claim in gated_words(node.words)]
    open_claims = [claim.word for claim in claims if carried is None or not carried(part, block, said, claim)]
    return Loose(part.code, where, said.words, tuple(dict.fromkeys(figures)), tuple(dict.fromkeys(open_claims)))


def _written(nodes: Iterable[Node]) -> Iterator[Text | Standing]:
    return (node for node in nodes if isinstance(node, Text | Standing))


def _quoted(words: Sequence[str]) -> str:
    return "、".join(f"“{word}”" for word in words)


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= 40 else f"{sentence[:38]}……"
