"""From a definition to the outline of one text: library items, a site's order, one family of headings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from keshu.catalogue.frames import Literal, Variable, parse_frame
from keshu.catalogue.schema.summary import Chapter, Item, Summary


class BrokenOutline(Exception):
    """An item is named that no definition has; the message says which."""


@dataclass(frozen=True)
class Outline:
    """Chapters with their items in the order of this text."""

    definition: Summary
    chapters: tuple[tuple[Chapter, tuple[Item, ...]], ...]

    def items(self) -> Iterable[Item]:
        return (item for _, items in self.chapters for item in items)


def with_variables(frame: str, variables: Mapping[str, str]) -> str:
    """A title or heading with its words filled in; one that is not known leaves nothing."""
    pieces = parse_frame(frame)
    return "".join(variables.get(p.name, "") if isinstance(p, Variable) else p.text for p in pieces
                   if isinstance(p, Literal | Variable))  # fmt: skip


def outline_of(
    definition: Summary,
    summaries: Mapping[str, Summary],
    order: Mapping[str, Sequence[str]] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Outline:
    """`order` is a site's own order of items by chapter; items that it leaves out are left out of the text."""
    chapters = []
    for chapter in definition.chapters:
        codes = (order or {}).get(chapter.code) or chapter.items
        named = chapter.model_copy(update={"heading": with_variables(chapter.heading, variables or {})})
        chapters.append((named, tuple(_item(code, definition, summaries) for code in codes)))
    return Outline(definition, tuple(chapters))


def _item(code: str, definition: Summary, summaries: Mapping[str, Summary]) -> Item:
    library: Summary | None = definition
    while library is not None:
        if (item := library.item(code)) is not None:
            return item
        library = summaries.get(library.library) if library.library else None
    raise BrokenOutline(f"总结“{definition.name}”用了不存在的栏目“{code}”")


def family_for(chapter: Chapter, items: Sequence[Item], seed: int) -> str:
    """The family of headings for a chapter: one in which every item has its wording, another one each year."""
    whole = [family for family in chapter.families if all(item.headings.get(family) for item in items)]
    if not whole:
        return chapter.families[0]
    return whole[seed % len(whole)]


def heading_of(item: Item, family: str) -> str:
    """The item's heading in the family; its theme where it has none."""
    return item.headings.get(family) or next(iter(item.headings.values()), item.theme)
