"""Tables: the head repeated on every page, numbers to the right, no row torn over two pages."""

from __future__ import annotations

from .inline import RunWriter, look, run
from .layout import LINE
from .model import Column, Face, Runs, Table
from .ooxml import Element, w


def table(spec: Table, writer: RunWriter, width: int) -> list[Element]:
    """The table with its caption and unit; empty rows and short rows are filled up."""
    widths = _widths(spec.columns, width)
    grid = w("tblGrid", *(w("gridCol", w=one) for one in widths))
    rows = [_head(spec, widths)]
    for cells in spec.rows:
        if len(cells) > len(spec.columns):
            raise ValueError(f"a row has {len(cells)} cells for {len(spec.columns)} columns: {cells!r}")
        rows.append(_row(spec, cells, widths, writer))
    elements = [_above(spec.caption, "center", Face.HEI)] if spec.caption else []
    if spec.unit:
        elements.append(_above(spec.unit, "right", None))
    elements.append(w("tbl", _properties(width), grid, *rows))
    return elements


def _above(text: str, align: str, face: Face | None) -> Element:
    size = 14 if face else 12
    return w("p", w("pPr", w("keepNext"), w("ind", firstLine=0), w("jc", val=align)), run(text, look(face, size)))


def _widths(columns: tuple[Column, ...], width: int) -> list[int]:
    total = sum(column.width for column in columns)
    widths = [int(width * column.width / total) for column in columns]
    widths[-1] += width - sum(widths)
    return widths


def _properties(width: int) -> Element:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = w("tblBorders", *(w(side, val="single", sz=4, space=0, color="000000") for side in sides))
    margins = w("tblCellMar", w("left", w=60, type="dxa"), w("right", w=60, type="dxa"))
    return w(
        "tblPr", w("tblW", w=width, type="dxa"), w("jc", val="center"), borders, w("tblLayout", type="fixed"), margins
    )


def _head(spec: Table, widths: list[int]) -> Element:
    cells = [
        _cell([run(column.title, look(Face.HEI, spec.size))], "center", one, spec.size)
        for column, one in zip(spec.columns, widths, strict=True)
    ]
    return w("tr", w("trPr", w("cantSplit"), w("tblHeader")), *cells)


def _row(spec: Table, cells: tuple[Runs, ...], widths: list[int], writer: RunWriter) -> Element:
    filled = (*cells, *("" for _ in range(len(widths) - len(cells))))
    written = [
        _cell(writer.runs(runs, size=spec.size), column.align, one, spec.size)
        for runs, column, one in zip(filled, spec.columns, widths, strict=True)
    ]
    return w("tr", w("trPr", w("cantSplit")), *written)


def _cell(runs: list[Element], align: str, width: int, size: float) -> Element:
    line = min(LINE, round(size * 20 * 1.35))
    properties = w(
        "pPr",
        w("pStyle", val="Cell"),
        w("spacing", before=40, after=40, line=line, lineRule="exact"),
        w("jc", val=align),
    )
    return w("tc", w("tcPr", w("tcW", w=width, type="dxa"), w("vAlign", val="center")), w("p", properties, *runs))
