"""The pieces of a composed text, and their shape as ProseMirror JSON.

Everything that a reader may question is a node of its own: a figure and what it stands on, a list of names and the
rows that bear them, a record and its row, standing text and its author.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2s
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Text:
    """Words of the frame."""

    words: str


@dataclass(frozen=True)
class Figure:
    """A printed figure; `reference` computes it again."""

    mark: str
    reference: str
    words: str
    name: str = ""
    form: str = ""
    period: str = ""
    value: str = ""  # unrounded, as text: what the words were made of


@dataclass(frozen=True)
class Names:
    """Names of parties or titles out of the rows that `reference` counts."""

    mark: str
    reference: str
    words: str
    entries: tuple[int, ...] = ()
    value: str = ""


@dataclass(frozen=True)
class Record:
    """Words out of one row of a ledger."""

    mark: str
    words: str
    ledger: str
    entry: int
    revision: int


@dataclass(frozen=True)
class Standing:
    """Words that a person wrote, or that a definition brought and nobody has adopted yet (`author` empty)."""

    words: str
    author: str = ""
    year: int = 0
    carried_over: bool = False
    origin: str = ""


Node = Text | Figure | Names | Record | Standing
Marked = Figure | Names | Record


def value_text(value: Decimal | None) -> str:
    """A value as text that compares: no trailing zeros, "" for none."""
    return "" if value is None else format(value.normalize() + 0, "f")


def text_of(nodes: Iterable[Node]) -> str:
    return "".join(node.words for node in nodes)


def mark_id(kind: str, *where: object) -> str:
    """A short name that stays the same when the text is composed again: f, n or r and twelve letters or digits."""
    digest = blake2s("|".join(map(str, where)).encode(), digest_size=6).hexdigest()
    return f"{kind}{digest}"


def to_json(node: Node) -> Json:
    match node:
        case Text(words):
            return {"type": "text", "text": words}
        case Figure():
            attrs = {"id": node.mark, "ref": node.reference, "printed": node.words, "name": node.name,
                     "form": node.form, "period": node.period, "value": node.value}  # fmt: skip
            return {"type": "figure", "attrs": attrs}
        case Names():
            attrs = {"id": node.mark, "ref": node.reference, "printed": node.words, "entries": list(node.entries),
                     "value": node.value}  # fmt: skip
            return {"type": "names", "attrs": attrs}
        case Record():
            attrs = {"id": node.mark, "printed": node.words, "ledger": node.ledger, "entry": node.entry,
                     "revision": node.revision}  # fmt: skip
            return {"type": "record", "attrs": attrs}
        case Standing():
            attrs = {"author": node.author, "year": node.year, "carried_over": node.carried_over, "origin": node.origin}
            return {"type": "standing", "attrs": attrs, "content": [{"type": "text", "text": node.words}]}


def from_json(data: Json) -> Node:
    attrs = data.get("attrs", {})
    match data["type"]:
        case "text":
            return Text(data["text"])
        case "figure":
            return Figure(attrs["id"], attrs["ref"], attrs["printed"], attrs.get("name", ""), attrs.get("form", ""),
                          attrs.get("period", ""), attrs.get("value", ""))  # fmt: skip
        case "names":
            return Names(
                attrs["id"], attrs["ref"], attrs["printed"], tuple(attrs.get("entries", ())), attrs.get("value", "")
            )
        case "record":
            return Record(attrs["id"], attrs["printed"], attrs["ledger"], attrs["entry"], attrs["revision"])
        case "standing":
            words = "".join(part["text"] for part in data.get("content", []))
            return Standing(words, attrs.get("author", ""), attrs.get("year", 0), attrs.get("carried_over", False),
                            attrs.get("origin", ""))  # fmt: skip
    raise ValueError(data["type"])


@dataclass(frozen=True)
class Said:
    """A sentence as it came out: which rule made it, of which kind, and its nodes."""

    code: str
    pattern: int
    kind: str
    nodes: tuple[Node, ...]

    @property
    def words(self) -> str:
        return text_of(self.nodes)


@dataclass(frozen=True)
class Block:
    """A paragraph. `lead` opens it in its own right (一是强化…。); an edited one belongs to whoever edited it."""

    code: str
    sentences: tuple[Said, ...]
    lead: str = ""
    edited: Json | None = None

    @property
    def words(self) -> str:
        return self.lead + "".join(sentence.words for sentence in self.sentences)


def block_to_json(block: Block) -> Json:
    """A paragraph whose inline nodes carry the sentence that they belong to."""
    content: list[Json] = []
    if block.lead:
        content.append({"type": "lead", "text": block.lead})
    for sentence in block.sentences:
        of = [sentence.code, sentence.pattern, sentence.kind]
        content += [to_json(node) | {"of": of} for node in sentence.nodes]
    attrs: Json = {"code": block.code}
    if block.edited:
        attrs["edited"] = block.edited
    return {"type": "paragraph", "attrs": attrs, "content": content}


def block_from_json(data: Json) -> Block:
    lead, sentences = "", []
    for part in data["content"]:
        if part["type"] == "lead":
            lead = part["text"]
            continue
        code, pattern, kind = part.get("of", ["", 0, "standing"])
        node = from_json(part)
        if sentences and sentences[-1][0] == (code, pattern, kind):
            sentences[-1][1].append(node)
        else:
            sentences.append(((code, pattern, kind), [node]))
    said = tuple(Said(*head, tuple(nodes)) for head, nodes in sentences)
    return Block(data["attrs"]["code"], said, lead, data["attrs"].get("edited"))


def marks_in(blocks: Iterable[Block]) -> Iterator[tuple[Block, Said, Marked]]:
    """Every figure, list of names and record with its paragraph and sentence, in the order of the text."""
    for block in blocks:
        for sentence in block.sentences:
            for node in sentence.nodes:
                if isinstance(node, Figure | Names | Record):
                    yield block, sentence, node
