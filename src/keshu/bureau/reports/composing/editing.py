"""A paragraph as text that a person may edit, and back: references stand in it as chips that nobody rewrites.

⟦3|96家⟧ is the third figure or list of names of the paragraph. It may be moved or taken out; its words are the
records' own. What a record tells may be worded anew: then it is the editor's sentence.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from keshu.bureau.reports.composing.nodes import (
    Block,
    Figure,
    Marked,
    Names,
    Node,
    Record,
    Said,
    Standing,
    Text,
    mark_id,
)

_CHIP = re.compile(r"⟦(\d+)\|([^⟦⟧]*)⟧")
_STRAY = re.compile(r"[⟦⟧]")
#: a reference that somebody types: {hte.valid:growth}
TYPED = re.compile(r"\{([^{}]+)\}")
_STOP = re.compile(r"(?<=[。！？])")


class BadEdit(Exception):
    """The text cannot be taken; the message says where and what to do."""


@dataclass(frozen=True)
class Editor:
    """Who edits, in which year."""

    username: str
    name: str
    year: int

    @property
    def stamp(self) -> dict[str, Any]:
        return {"by": self.username, "name": self.name, "year": self.year}


def marked_of(block: Block) -> list[Marked]:
    return [node for said in block.sentences for node in said.nodes if isinstance(node, Figure | Names | Record)]


def chips_of(block: Block) -> list[Figure | Names]:
    """The pieces that nobody rewrites, in the order of their numbers."""
    return [node for node in marked_of(block) if isinstance(node, Figure | Names)]


def editable(block: Block) -> str:
    """The paragraph with its marked pieces as numbered chips; the lead phrase is part of it."""
    count = 0
    pieces = [block.lead]
    for said in block.sentences:
        for node in said.nodes:
            if isinstance(node, Figure | Names):
                count += 1
                pieces.append(f"⟦{count}|{node.words}⟧")
            else:
                pieces.append(node.words)
    return "".join(pieces)


def edited(block: Block, text: str, editor: Editor, typed: Mapping[str, Figure] | None = None) -> Block:
    """The paragraph as somebody left it. Sentences that nobody touched stay who they were; the rest is the editor's.

    `typed` are the figures of the references that the text holds between braces, by what stands there.
    Raises BadEdit for a chip whose words were changed, one that the paragraph does not have, or one that came twice.
    """
    plain = " ".join(text.split()) if "\n" not in text.strip() else text.strip().replace("\r", "").replace("\n", "")
    if plain == editable(block):
        return block
    lead = block.lead if block.lead and plain.startswith(block.lead) else ""
    nodes = _referring(_nodes(plain.removeprefix(lead), chips_of(block)), block.code, typed or {})
    known = {said.words: said for said in block.sentences}
    sentences = tuple(_said(group, known, block.code, index, editor) for index, group in enumerate(_grouped(nodes)))
    return Block(block.code, sentences, lead, editor.stamp)


def _nodes(text: str, marked: Sequence[Marked]) -> Iterable[Node]:
    at, used = 0, set[int]()
    for chip in _CHIP.finditer(text):
        yield from _plain(text[at : chip.start()])
        number = int(chip[1])
        if not 1 <= number <= len(marked):
            raise BadEdit(f"本段没有编号为 {number} 的引用，请从原文中移动引用，不要自行编写")
        if chip[2] != marked[number - 1].words:
            raise BadEdit(
                f"引用“{marked[number - 1].words}”被改成了“{chip[2]}”；数字随台账更新，请在台账或来源件中更正"
            )
        if number in used:
            raise BadEdit(f"引用“{chip[2]}”出现了两次，请保留一处")
        used.add(number)
        yield marked[number - 1]
        at = chip.end()
    yield from _plain(text[at:])


def _referring(nodes: Iterable[Node], block: str, typed: Mapping[str, Figure]) -> list[Node]:
    """The nodes with every typed reference as the figure that it stands for, under a mark of its own."""
    made: list[Node] = []
    for node in list(nodes):
        if not isinstance(node, Text):
            made.append(node)
            continue
        for index, piece in enumerate(TYPED.split(node.words)):
            figure = typed.get(piece) if index % 2 else None
            if figure is not None:
                made.append(replace(figure, mark=_unused(figure.mark, block, made)))
            elif piece:
                made.append(Text(f"{{{piece}}}" if index % 2 else piece))
    return made


def _unused(mark: str, block: str, made: Iterable[Node]) -> str:
    taken = {node.mark for node in made if isinstance(node, Figure | Names | Record)}
    marks = (mark_id("f", mark, block, number) for number in count(1))
    return next(one for one in marks if one not in taken)


def _plain(text: str) -> Iterable[Node]:
    if _STRAY.search(text):
        raise BadEdit("有一处引用的括号“⟦⟧”不完整，请撤销对该引用的修改")
    if text:
        yield Text(text)


def _grouped(nodes: Iterable[Node]) -> list[list[Node]]:
    """Nodes by sentence: plain words are cut behind their full stops."""
    groups: list[list[Node]] = [[]]
    for node in nodes:
        pieces = [piece for piece in _STOP.split(node.words) if piece] if isinstance(node, Text) else [""]
        for piece in pieces:
            groups[-1].append(Text(piece) if isinstance(node, Text) else node)
            ends = piece if isinstance(node, Text) else node.words
            if ends.endswith(("。", "！", "？")):
                groups.append([])
    return [group for group in groups if group]


def _said(group: list[Node], known: dict[str, Said], block: str, index: int, editor: Editor) -> Said:
    words = "".join(node.words for node in group)
    if words in known:
        return known[words]
    kind = "figure" if any(isinstance(node, Figure | Names) for node in group) else "standing"
    code = f"own{index}"
    if kind == "standing":
        return Said(code, 0, kind, (Standing(words, editor.name, editor.year, False, f"{block}.{code}"),))
    return Said(code, 0, kind, tuple(group))


def refreshed(old: Block, fresh: dict[str, Marked]) -> tuple[Block, list[str]]:
    """An edited paragraph with today's words in its references, and the references that have nothing to say now."""
    gone: list[str] = []

    def renew(node: Node) -> Node:
        if not isinstance(node, Figure | Names | Record):
            return node
        if node.mark not in fresh:
            gone.append(node.words)
            return node
        return fresh[node.mark]

    sentences = tuple(replace(said, nodes=tuple(renew(node) for node in said.nodes)) for said in old.sentences)
    return replace(old, sentences=sentences), gone


def merged(
    old: Sequence[Block], new: Sequence[Block], again: Mapping[str, Figure] | None = None
) -> tuple[tuple[Block, ...], list[str]]:
    """Newly composed paragraphs with the edited ones kept: what people wrote is never lost by composing again.

    `again` are today's figures of references that no composed sentence holds, by their marks.
    """
    new = [_with_authors(block, _authored(old)) for block in new]
    fresh: dict[str, Marked] = dict(again or {}) | {node.mark: node for block in new for node in marked_of(block)}
    kept = {block.code: block for block in old if block.edited}
    gone: list[str] = []
    result: list[Block] = []
    for block in new:
        if block.code not in kept:
            result.append(block)
            continue
        mine, lost = refreshed(kept.pop(block.code), fresh)
        result.append(mine)
        gone += lost
    for code, block in kept.items():
        mine, lost = refreshed(block, fresh)
        place = next((i for i, one in enumerate(old) if one.code == code), len(result))
        result.insert(min(place, len(result)), mine)
        gone += lost
    return tuple(result), gone


def _authored(blocks: Sequence[Block]) -> dict[tuple[str, str], Standing]:
    """Standing text that somebody signed for, by its place and words."""
    nodes = [node for block in blocks for said in block.sentences for node in said.nodes if isinstance(node, Standing)]
    return {(node.origin, node.words): node for node in nodes if node.author}


def _with_authors(block: Block, authored: dict[tuple[str, str], Standing]) -> Block:
    """What was adopted stays adopted as long as it says the same."""

    def known(node: Node) -> Node:
        return authored.get((node.origin, node.words), node) if isinstance(node, Standing) else node

    return replace(block, sentences=tuple(replace(s, nodes=tuple(known(n) for n in s.nodes)) for s in block.sentences))


def adopted(block: Block, editor: Editor) -> Block:
    """Words that a definition brought become those of whoever signs them."""

    def adopt(node: Node) -> Node:
        if isinstance(node, Standing) and not node.author:
            return replace(node, author=editor.name, year=editor.year)
        return node

    return replace(block, sentences=tuple(replace(s, nodes=tuple(adopt(n) for n in s.nodes)) for s in block.sentences))
