"""The body of the document in order, cut into sections where the paper turns."""

from __future__ import annotations

from .head import break_title, head, title
from .inline import RunWriter, look, run
from .layout import LANDSCAPE, LINE, PORTRAIT, TITLE_SIZE, Page
from .model import Annex, Block, Face, Heading, OfficialDocument, PageBreak, Paragraph, Table
from .ooxml import PREFIXES, Element, w, wt
from .tables import table
from .tail import attachment_note, imprint, note, signature


def body(document: OfficialDocument) -> Element:
    page = LANDSCAPE if document.landscape else PORTRAIT
    writer = RunWriter()
    elements = head(document, page) + blocks(document.body, writer, page)
    tail = attachment_note(document.attachment_names) + signature(document, page) + note(document.note)
    if tail and document.body and elements[-1].tag == wt("p"):
        _set(elements[-1], w("keepNext"), {wt("pStyle")})  # a page with nothing but a signature is not accepted
    elements += tail
    sections = [(page, elements)]
    for place, annex in enumerate(document.annexes):
        number = str(place + 1) if len(document.annexes) > 1 else ""
        _add_annex(sections, annex, number, writer)
    last_page, last = sections[-1]
    if document.imprint is not None:
        last.extend([*imprint(document.imprint, last_page), _sliver()])
    return w("body", *_joined(sections))


def blocks(items: tuple[Block, ...], writer: RunWriter, page: Page) -> list[Element]:
    elements: list[Element] = []
    broken = False
    for item in items:
        made = _block(item, writer, page)
        if broken and made:
            _start_page(made[0])
        broken = isinstance(item, PageBreak)
        elements.extend(made)
    if broken:
        elements.append(w("p", w("pPr", w("pageBreakBefore"))))
    return elements


def _block(item: Block, writer: RunWriter, page: Page) -> list[Element]:
    match item:
        case Heading(level, runs):
            return [w("p", w("pPr", w("pStyle", val=f"Heading{level}")), *writer.runs(runs))]
        case Paragraph(runs, align, indent):
            plain = None if align == "both" else w("jc", val=align)
            return [w("p", w("pPr", w("pStyle", val="BodyText") if indent else None, plain), *writer.runs(runs))]
        case Table():
            return table(item, writer, page.text_width)
        case PageBreak() | Annex():
            return []


def _add_annex(sections: list[tuple[Page, list[Element]]], annex: Annex, number: str, writer: RunWriter) -> None:
    """附件 n on the first line, its title on the third, then its blocks after a blank line."""
    page = LANDSCAPE if annex.landscape else PORTRAIT
    turned = page is not sections[-1][0]
    label = w("p", w("pPr", w("keepNext"), w("jc", val="left")), run(f"附件{number}", look(Face.HEI)))
    if turned:
        sections.append((page, []))
    else:
        _start_page(label)
    lines = break_title(annex.title, int(page.text_width / 20 // TITLE_SIZE))
    gap = w("p", w("pPr", w("keepNext")))
    sections[-1][1].extend([label, title(lines, before=LINE), gap, *blocks(annex.blocks, writer, page)])


def _start_page(element: Element) -> None:
    """Begin a page with this paragraph, or with the first one of this table."""
    paragraph = element if element.tag == wt("p") else next(element.iter(wt("p")))
    _set(paragraph, w("pageBreakBefore"), {wt("pStyle"), wt("keepNext"), wt("keepLines")})


def _set(paragraph: Element, wish: Element, before: set[str]) -> None:
    """Add a property in its place: Word wants them in the order of the schema, after those named in `before`."""
    properties = paragraph.find(wt("pPr"))
    if properties is None:
        properties = w("pPr")
        paragraph.insert(0, properties)
    if properties.find(wish.tag) is None:
        properties.insert(sum(1 for child in properties if child.tag in before), wish)


def _joined(sections: list[tuple[Page, list[Element]]]) -> list[Element]:
    joined: list[Element] = []
    for place, (page, elements) in enumerate(sections):
        if not elements or elements[-1].tag != wt("p"):
            elements.append(_sliver())  # a table may end neither a section nor the body
        joined.extend(elements)
        if place < len(sections) - 1:
            last = elements[-1]
            properties = last.find(wt("pPr"))
            if properties is None:
                properties = w("pPr")
                last.insert(0, properties)
            properties.append(section(page))
        else:
            joined.append(section(page))
    return joined


def _sliver() -> Element:
    return w("p", w("pPr", w("snapToGrid", val=0), w("spacing", line=20, lineRule="exact")))


def section(page: Page) -> Element:
    size = w("pgSz", w=page.width, h=page.height, **({"orient": "landscape"} if page.landscape else {}))
    margins = w(
        "pgMar",
        top=page.top,
        right=page.right,
        bottom=page.bottom,
        left=page.left,
        header=851,
        footer=page.footer,
        gutter=0,
    )
    odd, even = w("footerReference", type="default"), w("footerReference", type="even")
    odd.set(f"{{{PREFIXES['r']}}}id", "rIdOdd")
    even.set(f"{{{PREFIXES['r']}}}id", "rIdEven")
    return w("sectPr", odd, even, w("type", val="nextPage"), size, margins, w("docGrid", type="lines", linePitch=LINE))


def footer(align: str) -> Element:
    """— 1 — in 4号 half-width figures, one character from the outer edge."""

    def field(kind: str) -> Element:
        return w("r", look(Face.SONG, 14, spacing=0), w("fldChar", fldCharType=kind))

    code = w("instrText")
    code.text = " PAGE "
    edge = w("ind", right=280) if align == "right" else w("ind", left=280)
    return w(
        "ftr",
        w(
            "p",
            w("pPr", w("pStyle", val="Footer"), edge, w("jc", val=align)),
            run("— ", look(Face.SONG, 14, spacing=0)),
            field("begin"),
            w("r", look(Face.SONG, 14, spacing=0), code),
            field("separate"),
            run("1", look(Face.SONG, 14, spacing=0)),
            field("end"),
            run(" —", look(Face.SONG, 14, spacing=0)),
        ),
    )
