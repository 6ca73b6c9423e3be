"""Pages that are no official letters: covers, grids, boxes, a QR code, and a foot that names number and content."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import segno
from lxml import etree

from keshu.office.word.inline import look, run
from keshu.office.word.layout import Page, mm
from keshu.office.word.model import Face
from keshu.office.word.ooxml import PREFIXES, Element, W, clean, to_bytes, w
from keshu.office.word.package import OFFICE, OVERRIDES, ROOT, app, content_types, core, pack, relations
from keshu.office.word.styles import font_table, settings, styles

UPRIGHT = Page(11906, 16838, mm(25), mm(22), mm(25), mm(25), footer=mm(12))
LYING = Page(16838, 11906, mm(25), mm(25), mm(22), mm(25), footer=mm(12), landscape=True)

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_EMU = 36_000  # in a millimetre

Align = Literal["left", "center", "right", "both"]


@dataclass(frozen=True)
class Cell:
    """Words in a table; `span` columns wide. `lines` replaces the text where a cell holds paragraphs of its own.

    `rule` draws a line under a cell of a table without borders, as blanks on covers have it.
    """

    text: str = ""
    span: int = 1
    label: bool = False
    rule: bool = False
    bold: bool = False
    align: Align = "left"
    size: float = 12.0
    lines: tuple[Element, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Paper:
    """A finished paper before it is packed: what stands on the pages and at their foot."""

    title: str
    creator: str
    page: Page
    elements: tuple[Element, ...]
    foot: tuple[str, ...]
    picture: bytes = b""
    framed: bool = False


def line(
    text: str, *, face: Face | None = None, size: float = 12.0, align: Align = "left", before: int = 0, after: int = 0,
    bold: bool = False, indent: bool = False, kept: bool = False, fresh: bool = False, colour: str = "",
    spread: float = 1.5, hang: int = 0,
) -> Element:  # fmt: skip
    """A paragraph; `before` and `after` in points, `fresh` begins a page, `kept` stays with the next."""
    return paragraph(
        [run(text, look(face, size, bold=bold, colour=colour))], align=align, before=before, after=after, kept=kept,
        fresh=fresh, height=round(size * 20 * spread), first=round(size * 40) if indent else 0, left=hang,
    )  # fmt: skip


def paragraph(
    runs: Sequence[Element], *, align: Align = "left", before: int = 0, after: int = 0, kept: bool = False,
    fresh: bool = False, height: int = 360, first: int = 0, left: int = 0,
) -> Element:  # fmt: skip
    indent = {name: value for name, value in (("left", left), ("firstLine", first)) if value}
    properties = w(
        "pPr",
        w("pStyle", val="Cell"),
        w("keepNext") if kept else None,
        w("pageBreakBefore") if fresh else None,
        # At least, not exactly: a picture in the line must not be cut off.
        w("spacing", before=before * 20, after=after * 20, line=height, lineRule="atLeast"),
        w("ind", **indent) if indent else None,
        w("jc", val=align),
    )
    return w("p", properties, *runs)


def table(
    rows: Sequence[Sequence[Cell]], widths: Sequence[float], page: Page, *, heads: int = 0, bordered: bool = True,
    height: float = 8.0,
) -> Element:  # fmt: skip
    """`widths` are shares of the page; the first `heads` rows come again on every page; `height` in mm at least."""
    total = sum(widths)
    twips = [int(page.text_width * one / total) for one in widths]
    twips[-1] += page.text_width - sum(twips)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = w("tblBorders", *(w(side, val="single", sz=4, space=0, color="000000") for side in sides))
    properties = w(
        "tblPr",
        w("tblW", w=page.text_width, type="dxa"),
        w("jc", val="center"),
        borders if bordered else None,
        w("tblLayout", type="fixed"),
        w("tblCellMar", w("left", w=85, type="dxa"), w("right", w=85, type="dxa")),
    )
    made = [_row(cells, twips, head=place < heads, height=height) for place, cells in enumerate(rows)]
    return w("tbl", properties, w("tblGrid", *(w("gridCol", w=one) for one in twips)), *made)


def _row(cells: Sequence[Cell], twips: Sequence[int], *, head: bool, height: float) -> Element:
    # A row that may be longer than a page has to be torn, the others must not be.
    short = sum(len(cell.text) for cell in cells) < 600 and not any(len(cell.lines) > 12 for cell in cells)
    properties = w(
        "trPr",
        w("cantSplit") if short else None,
        w("trHeight", val=mm(height), hRule="atLeast"),
        w("tblHeader") if head else None,
    )
    made, at = [], 0
    for cell in cells:
        made.append(_cell(cell, sum(twips[at : at + cell.span])))
        at += cell.span
    if at != len(twips):
        raise ValueError(f"a row fills {at} of {len(twips)} columns")
    return w("tr", properties, *made)


def _cell(cell: Cell, width: int) -> Element:
    face = Face.HEI if cell.label else None
    align: Align = "center" if cell.label else cell.align
    words = cell.lines or tuple(
        line(part, face=face, size=cell.size, align=align, bold=cell.bold, before=2, after=2, spread=1.25)
        for part in (cell.text.splitlines() or [""])
    )
    properties = w(
        "tcPr",
        w("tcW", w=width, type="dxa"),
        w("gridSpan", val=cell.span) if cell.span > 1 else None,
        w("tcBorders", w("bottom", val="single", sz=4, space=0, color="000000")) if cell.rule else None,
        w("shd", val="clear", color="auto", fill="F2F2F2") if cell.label else None,
        w("tcMar", w("top", w=40, type="dxa"), w("bottom", w=120, type="dxa")) if cell.lines else None,
        w("vAlign", val="top" if cell.lines else "center"),
    )
    return w("tc", properties, *words)


def qr_png(address: str) -> bytes:
    """The address as a QR code that survives a copier: error correction M or better, with its quiet zone."""
    held = io.BytesIO()
    segno.make(address, error="m", micro=False).save(held, kind="png", scale=8, border=4)
    return held.getvalue()


def picture_run(width: float, name: str) -> Element:
    """The paper's picture in a line of text, square, `width` mm wide."""
    size = round(width * _EMU)
    drawing = etree.fromstring(
        f'<w:drawing xmlns:w="{W}" xmlns:wp="{_DRAWING}" xmlns:a="{_A}" xmlns:pic="{_PIC}" xmlns:r="{OFFICE}">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{size}" cy="{size}"/>'
        f'<wp:docPr id="1" name="{name}" descr="{name}"/><a:graphic><a:graphicData uri="{_PIC}"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="1" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="rIdPicture"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{size}" cy="{size}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        f"</wp:inline></w:drawing>"
    )
    return w("r", drawing)


def to_docx(paper: Paper) -> bytes:
    """The paper as a .docx; equal papers give equal bytes."""
    links = {
        "rId1": (f"{OFFICE}/styles", "styles.xml"),
        "rId2": (f"{OFFICE}/settings", "settings.xml"),
        "rId3": (f"{OFFICE}/fontTable", "fontTable.xml"),
        "rIdOdd": (f"{OFFICE}/footer", "footer1.xml"),
    }
    if paper.picture:
        links["rIdPicture"] = (f"{OFFICE}/image", "media/image1.png")
    absent = ("/word/footer2.xml", "/customXml/itemProps1.xml")
    overrides = {name: kind for name, kind in OVERRIDES.items() if name not in absent}
    parts: dict[str, Element | bytes] = {
        "[Content_Types].xml": content_types(overrides, png="image/png"),
        "_rels/.rels": relations(ROOT),
        "word/document.xml": w("document", w("body", *paper.elements, *_end(paper), _section(paper))),
        "word/_rels/document.xml.rels": relations(links),
        **_fixed(),
        "word/footer1.xml": _foot(paper),
        "docProps/core.xml": core(paper.title, paper.creator),
        "docProps/app.xml": app(),
    }
    if paper.picture:
        parts["word/media/image1.png"] = paper.picture
    held = io.BytesIO()
    pack(parts, held)
    return held.getvalue()


@cache
def _fixed() -> dict[str, bytes]:
    """The parts that are the same in every paper, written once: a file of a case has thirty papers."""
    made = {"styles": styles(), "settings": _settings(), "fontTable": font_table()}
    return {f"word/{name}.xml": to_bytes(part) for name, part in made.items()}


def _end(paper: Paper) -> list[Element]:
    """A table may not end the body."""
    ends = not paper.elements or paper.elements[-1].tag == f"{{{W}}}tbl"
    return [w("p", w("pPr", w("snapToGrid", val=0), w("spacing", line=20, lineRule="exact")))] if ends else []


def _settings() -> Element:
    """Those of letters, but with the same foot on both sides of the sheet."""
    made = settings()
    for element in made.findall(f"{{{W}}}evenAndOddHeaders"):
        made.remove(element)
    return made


def _section(paper: Paper) -> Element:
    page = paper.page
    foot = w("footerReference", type="default")
    foot.set(f"{{{PREFIXES['r']}}}id", "rIdOdd")
    size = w("pgSz", w=page.width, h=page.height, **({"orient": "landscape"} if page.landscape else {}))
    margins = w(
        "pgMar", top=page.top, right=page.right, bottom=page.bottom, left=page.left, header=mm(12),
        footer=page.footer, gutter=0,
    )  # fmt: skip
    frame = w("pgBorders", *(_edge(side) for side in ("top", "left", "bottom", "right")), offsetFrom="page")
    return w("sectPr", foot, w("type", val="nextPage"), size, margins, frame if paper.framed else None)


def _edge(side: str) -> Element:
    return w(side, val="thickThinMediumGap", sz=24, space=24, color="C00000")


def _foot(paper: Paper) -> Element:
    """What the paper is by its content, and the page of how many."""
    small = 8.0
    stops = w("tabs", w("tab", val="right", pos=paper.page.text_width))
    lines = [
        w("p", _foot_properties(None), run(words, look(Face.SONG, small)))
        for words in paper.foot[:-1]
    ]  # fmt: skip
    last = paper.foot[-1] if paper.foot else ""
    counted = [
        run(f"{last}\t第 ", look(Face.SONG, small)),
        *_field("PAGE", small),
        run(" 页　共 ", look(Face.SONG, small)),
    ]
    counted += [*_field("NUMPAGES", small), run(" 页", look(Face.SONG, small))]
    return w("ftr", *lines, w("p", _foot_properties(stops), *counted))


def _foot_properties(stops: Element | None) -> Element:
    return w("pPr", w("pStyle", val="Footer"), stops, w("spacing", line=220, lineRule="atLeast"), w("jc", val="left"))


def _field(code: str, size: float) -> list[Element]:
    def mark(kind: str) -> Element:
        return w("r", look(Face.SONG, size), w("fldChar", fldCharType=kind))

    instruction = w("instrText")
    instruction.text = clean(f" {code} ")
    inner = [w("r", look(Face.SONG, size), instruction), mark("separate"), run("1", look(Face.SONG, size))]
    return [mark("begin"), *inner, mark("end")]
