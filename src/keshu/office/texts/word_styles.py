"""What the styles of a .docx say of a paragraph: heading level, automatic number, hidden words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keshu.office.reading.packages import Element
from keshu.office.word.ooxml import wt

_LISTED, _STYLE = wt("numPr"), wt("pStyle")
_OFF = ("0", "false", "off")
_NAMED = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录)\s*\d", re.IGNORECASE)


def is_on(parent: Element | None, tag: str) -> bool:
    """Whether a property that is switched by its presence is on."""
    found = parent.find(wt(tag)) if parent is not None else None
    return found is not None and found.get(wt("val"), "1") not in _OFF


def value_of(parent: Element | None, path: str) -> str | None:
    found = parent.find(path) if parent is not None else None
    return None if found is None else found.get(wt("val"))


def number_of(text: str | None, otherwise: int = -1) -> int:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,9}", text) else otherwise


@dataclass(frozen=True)
class Style:
    name: str
    based_on: str
    outline: int  # 0 to 8 as the file counts, -1 when it says nothing
    list_id: str
    list_level: int  # -1 when it says nothing
    hidden: bool


class Styles:
    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._normal = ""
        self._chains: dict[str, tuple[tuple[str, Style], ...]] = {}
        for style in root.iterfind(wt("style")) if root is not None else ():
            name = style.get(wt("styleId"), "")
            self._styles[name] = _read(style)
            if style.get(wt("type")) == "paragraph" and style.get(wt("default")) in ("1", "true", "on"):
                self._normal = name

    def chain(self, style_id: str | None) -> tuple[tuple[str, Style], ...]:
        """The style and what it is based on; ends where a file refers in a circle or without end."""
        first = name = style_id or self._normal
        if first not in self._chains:
            seen: dict[str, Style] = {}
            while name in self._styles and name not in seen and len(seen) < 32:
                seen[name] = self._styles[name]
                name = seen[name].based_on
            self._chains[first] = tuple(seen.items())
        return self._chains[first]

    def hidden(self, style_id: str | None) -> bool:
        return bool(style_id) and any(style.hidden for _, style in self.chain(style_id))

    def level(self, properties: Element | None) -> int | None:
        """0 for the title, 1 to 9 for headings, None for everything else."""
        own = number_of(value_of(properties, wt("outlineLvl")))
        if 0 <= own <= 8:
            return own + 1
        for _, style in self.chain(value_of(properties, wt("pStyle"))) if own < 0 else ():
            if 0 <= style.outline <= 8:
                return style.outline + 1
            named = _NAMED.match(style.name)
            if named and named[1] != "0":
                return int(named[1])
            if style.name.lower() in ("title", "标题"):
                return 0
            if style.outline == 9:
                return None
        return None

    def contents(self, properties: Element | None) -> bool:
        """Whether this is a line of a table of contents."""
        return any(_CONTENTS.match(style.name) for _, style in self.chain(value_of(properties, wt("pStyle"))))

    def numbered(self, properties: Element | None) -> tuple[str, int, str]:
        """(id of the list, level in it or -1, style that says so) of a paragraph; the id is empty for none."""
        own = properties.find(_LISTED) if properties is not None else None
        if own is None and not self.chain(value_of(properties, _STYLE)):
            return "", 0, ""
        level = number_of(value_of(own, wt("ilvl")))
        given = value_of(own, wt("numId"))
        if given is not None:
            return ("" if given == "0" else given), max(level, 0), ""
        for name, style in self.chain(value_of(properties, wt("pStyle"))):
            if style.list_id:
                return ("" if style.list_id == "0" else style.list_id), max(level, style.list_level), name
        return "", 0, ""


def _read(style: Element) -> Style:
    properties = style.find(wt("pPr"))
    return Style(
        name=value_of(style, wt("name")) or "",
        based_on=value_of(style, wt("basedOn")) or "",
        outline=number_of(value_of(properties, wt("outlineLvl"))),
        list_id=value_of(properties, f"{wt('numPr')}/{wt('numId')}") or "",
        list_level=number_of(value_of(properties, f"{wt('numPr')}/{wt('ilvl')}")),
        hidden=is_on(style.find(wt("rPr")), "vanish"),
    )
