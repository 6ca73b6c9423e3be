"""One paragraph of a .docx as its reader sees it: insertions in, deletions out, results of fields, no codes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from keshu.office.reading.packages import Element
from keshu.office.word.ooxml import MC, W, wt

from .builder import Piece
from .word_styles import Styles, is_on, value_of

_RUN, _LOOK, _TEXT = wt("r"), wt("rPr"), wt("t")
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
# Deleted, moved away, codes, phonetic guides, and properties of every kind: in the file, not on the page.
_UNSEEN = {
    *map(wt, ("pPr", "rPr", "del", "moveFrom", "instrText", "delText", "delInstrText", "rt", "sdtPr", "sdtEndPr")),
    *map(wt, ("rubyPr", "smartTagPr", "customXmlPr", "tblPr", "trPr", "tcPr", "sectPr")),
    *(f"{{{_MATH}}}{name}" for name in ("rPr", "ctrlPr", "fPr", "oMathParaPr")),
}
_CHARACTERS = {wt("tab"): "\t", wt("ptab"): "\t", wt("br"): "\n", wt("cr"): "\n", wt("noBreakHyphen"): "-"}
# Controls of these kinds hold their words as one piece: a mark inside of them would be lost, or break the file.
_ONE_PIECE = set(
    map(wt, ("text", "dropDownList", "comboBox", "date", "dataBinding", "picture", "docPartList", "citation"))
)
_SYMBOLS = {
    ("wingdings", 0xFC): "✓", ("wingdings", 0xFB): "✗", ("wingdings", 0xFE): "☑", ("wingdings", 0xA8): "□",
    ("wingdings", 0x6F): "□", ("wingdings", 0x6C): "●", ("wingdings 2", 0x52): "☑", ("wingdings 2", 0xA3): "□",
    ("symbol", 0xB1): "±", ("symbol", 0xB4): "×", ("symbol", 0xB7): "·", ("symbol", 0xB0): "°",
    ("symbol", 0xA3): "≤", ("symbol", 0xB3): "≥", ("symbol", 0x6D): "μ", ("symbol", 0xB9): "≠",
}  # fmt: skip


@dataclass
class Line:
    """`boxes` are the contents of text boxes with the run that each hangs on; `notes` the same for foot- and endnotes."""

    pieces: list[Piece] = field(default_factory=list)
    boxes: list[tuple[Element, Element]] = field(default_factory=list)
    notes: list[tuple[str, str, Element]] = field(default_factory=list)
    pictures: int = 0

    @property
    def text(self) -> str:
        return "".join(piece.words for piece in self.pieces)


class Fields:
    """Which of the fields that are open at a place still spell out their code."""

    def __init__(self) -> None:
        self._open: list[bool] = []

    def mark(self, kind: str | None) -> None:
        if kind == "begin":
            self._open.append(True)
        elif kind == "separate" and self._open:
            self._open[-1] = False
        elif kind == "end" and self._open:
            self._open.pop()

    @property
    def in_code(self) -> bool:
        return any(self._open)

    def end_paragraph(self) -> None:
        """A code that is not over by now is one whose end was lost: the rest of the text is not hidden for that."""
        self._open = [code for code in self._open if not code]


class LineReader:
    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._fields = Fields()
        self._line = Line()

    def read(self, paragraph: Element, line: Line) -> None:
        """Add the words of a paragraph to the line."""
        self._line = line
        for child in paragraph:
            self._walk(child, None, True)
        self._fields.end_paragraph()

    def _walk(self, element: Element, unit: Element | None, splits: bool) -> None:
        """`unit` is set inside of something before or behind which, but not in which, a comment may begin."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNSEEN:
            return
        if tag == _RUN:
            self._run(element, unit, splits)
        elif tag == wt("sdt"):
            self._control(element, unit, splits)
        elif tag == f"{{{MC}}}AlternateContent":
            # A mark inside would be missing from the copy for old programs.
            for child in chosen(element):
                self._walk(child, unit if unit is not None else element, False)
        elif tag == f"{{{_MATH}}}t":
            self._add(element.text or "", element, unit if unit is not None else element, False)
        elif tag.startswith(f"{{{_MATH}}}"):
            self._formula(element, unit if unit is not None else element)
        else:
            for child in element:
                self._walk(child, unit, splits)

    def _formula(self, element: Element, unit: Element) -> None:
        for child in element:
            if child.tag == f"{{{_MATH}}}den":
                self._add("/", child, unit, False)
            self._walk(child, unit, False)

    def _control(self, control: Element, unit: Element | None, splits: bool) -> None:
        properties = control.find(wt("sdtPr"))
        content = control.find(wt("sdtContent"))
        # An emptied control shows a prompt in the place of its words.
        if content is None or is_on(properties, "showingPlcHdr"):
            return
        if unit is None and properties is not None and any(child.tag in _ONE_PIECE for child in properties):
            unit, splits = control, False
        for child in content:
            self._walk(child, unit, splits)

    def _run(self, run: Element, unit: Element | None, splits: bool) -> None:
        properties = run.find(_LOOK)
        if properties is not None and (
            is_on(properties, "vanish") or self._styles.hidden(value_of(properties, wt("rStyle")))
        ):
            for mark in run.iterfind(wt("fldChar")):
                self._fields.mark(mark.get(wt("fldCharType")))
            return
        whole = run if unit is None else unit
        for child in run:
            self._in_run(child, whole, splits and unit is None)

    def _in_run(self, child: Element, unit: Element, splits: bool) -> None:
        tag = child.tag
        if tag == _TEXT and not self._fields.in_code:
            self._add(re.sub(r"[\t\r\n]", " ", child.text or ""), child, unit, splits)
        elif tag == wt("fldChar"):
            self._fields.mark(child.get(wt("fldCharType")))
        elif not isinstance(tag, str) or tag in _UNSEEN or self._fields.in_code:
            return
        elif tag in _CHARACTERS:
            self._add(_CHARACTERS[tag], child, unit, splits)
        elif tag == wt("sym"):
            self._add(_symbol(child), child, unit, splits)
        elif tag in (wt("footnoteReference"), wt("endnoteReference")):
            self._line.notes.append((tag.removeprefix(f"{{{W}}}")[:-9], child.get(wt("id"), ""), unit))
        elif tag == wt("txbxContent"):
            self._line.boxes.append((child, unit))
        elif tag == wt("r"):
            self._run(child, unit, False)
        else:
            self._line.pictures += tag.endswith(("}blip", "}imagedata", "}chart"))
            for grandchild in chosen(child) if tag == f"{{{MC}}}AlternateContent" else child:
                self._in_run(grandchild, unit, False)

    def _add(self, words: str, node: Element, unit: Element, splits: bool) -> None:
        if words:
            self._line.pieces.append(Piece(0, words, node, unit, splits))


def chosen(alternatives: Element) -> list[Element]:
    """What a program of today shows: the first choice; its copy for old programs only where there is none."""
    choice = alternatives.find(f"{{{MC}}}Choice")
    return list(choice if choice is not None else alternatives.find(f"{{{MC}}}Fallback") or ())


def _symbol(element: Element) -> str:
    code = element.get(wt("char"), "")
    if not re.fullmatch(r"[0-9A-Fa-f]{1,4}", code):
        return ""
    value = int(code, 16)
    known = _SYMBOLS.get((element.get(wt("font"), "").lower(), value & 0xFF))
    if known or 0xF000 <= value <= 0xF0FF:
        return known or "□"
    return chr(value) if value >= 0x20 and not 0xD800 <= value <= 0xDFFF and value < 0xFFFE else ""
