"""Runs: words in a face, and the two marks that find a figure again.

A content control survives editing in Word, a bookmark survives LibreOffice, so each mark gets both.
The control is rich text: LibreOffice repeats the words of a plain-text control.
"""

from __future__ import annotations

import re

from .layout import BODY_SIZE
from .model import Face, Marked, Runs, Text, as_runs
from .ooxml import XML, Element, clean, w


def fonts(face: Face) -> Element:
    """One face for every script, or digits and quotation marks would fall out of the character grid."""
    name = face.value
    return w("rFonts", hint="eastAsia", ascii=name, hAnsi=name, eastAsia=name, cs=name)


def look(
    face: Face | None = None,
    size: float | None = None,
    *,
    bold: bool = False,
    colour: str = "",
    spacing: int | None = None,
    underlined: bool = False,
) -> Element | None:
    """Run properties, in the order that the schema wants; None when there is nothing to say."""
    properties = w(
        "rPr",
        fonts(face) if face else None,
        w("b") if bold else None,
        w("color", val=colour) if colour else None,
        w("spacing", val=spacing) if spacing is not None else None,
        w("sz", val=round(size * 2)) if size else None,
        w("szCs", val=round(size * 2)) if size else None,
        w("u", val="single") if underlined else None,
    )
    return properties if len(properties) else None


def _pieces(text: str) -> list[Element]:
    pieces = []
    text = clean(text).replace("\r\n", "\n").replace("\r", "\n")  # browsers end lines as Windows does
    for part in re.split("([\n\t])", text):
        if part == "\n":
            pieces.append(w("br"))
        elif part == "\t":
            pieces.append(w("tab"))
        elif part:
            words = w("t")
            words.text = part
            words.set(f"{{{XML}}}space", "preserve")
            pieces.append(words)
    return pieces


def run(text: str, properties: Element | None = None) -> Element:
    return w("r", properties, *_pieces(text))


class RunWriter:
    """Writes runs of one document; counts the ids that Word wants to be unique in it."""

    def __init__(self) -> None:
        self._count = 0

    def runs(
        self, runs: Runs, *, face: Face | None = None, size: float | None = None, spacing: int | None = None
    ) -> list[Element]:
        """`face` and `size` are the element's own where they differ from its style; a run's face wins."""
        elements: list[Element] = []
        for item in as_runs(runs):
            own = item.face if isinstance(item, Text) and item.face else face
            properties = look(own, size, bold=item.bold, spacing=spacing)
            if isinstance(item, Marked):
                elements.extend(self._marked(item, properties))
            elif item.text:
                elements.append(run(item.text, properties))
        return elements

    def _marked(self, mark: Marked, properties: Element | None) -> list[Element]:
        self._count += 1
        control = w(
            "sdt",
            w(
                "sdtPr",
                w("alias", val=(mark.alias or mark.reference)[:64]),
                w("tag", val=mark.id),
                w("id", val=self._count),
            ),
            w("sdtContent", run(mark.text, properties)),
        )
        start = w("bookmarkStart", id=self._count, name=mark.id)
        return [start, control, w("bookmarkEnd", id=self._count)]


def size_to_fit(text: str, width: int, *, most: float, least: float = BODY_SIZE) -> float:
    """The largest whole size at which the text fits the width on one line, between the two bounds."""
    letters = max(len(text), 1)
    return float(max(least, min(most, width / 20 // letters)))
