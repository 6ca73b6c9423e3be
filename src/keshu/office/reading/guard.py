"""Look into a zipped workbook before a reader unpacks it, and note what the reader does not tell.

The reader holds the whole area from the first to the last value of a sheet: two cells at opposite corners of an
empty sheet are 17 billion of them. So the area is measured first, on the XML as it streams by.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from .limits import Limits, WorkbookProblem
from .packages import PackageBomb, PackageBroken, open_package

_CHUNK = 4 * 2**20


@dataclass
class Extent:
    """How far a sheet reaches at most, and what its XML says of rows and formulas."""

    rows: int = 0
    columns: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    percents: set[tuple[int, int]] = field(default_factory=set)  # shown with a % sign: 0.123 as 12.3%
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # #REF! and its like, which readers leave out


@dataclass
class Inspection:
    sheets: dict[str, Extent] = field(default_factory=dict)


def inspect_xlsx(data: bytes, name: str, limits: Limits) -> Inspection:
    with opened(data, name, limits) as package:
        inspection = Inspection()
        sheets = _sheet_parts(package, name)
        measured = {part for _, part in sheets}
        unpack_once(package, name, (part for part in package.namelist() if part not in measured))
        percent = _percent_styles(package, name)
        for sheet, part in sheets:
            try:
                extent = _measure(package, part, name, percent)
            except (zipfile.BadZipFile, zlib.error, EOFError) as broken:
                raise broken_file(name) from broken
            limits.check_area(extent.rows, extent.columns, f"“{name}”的工作表“{sheet}”")
            inspection.sheets[sheet] = extent
        return inspection


def opened(data: bytes, name: str, limits: Limits) -> zipfile.ZipFile:
    try:
        return open_package(data, unpacked=limits.unpacked, ratio=limits.ratio)
    except PackageBroken as broken:
        raise broken_file(name) from broken
    except PackageBomb as bomb:
        raise WorkbookProblem(
            "bomb",
            f"“{name}”解压后达 {bomb.megabytes} MB，与文件大小极不相称，未予打开。",
            "请确认文件来源；确属正常数据的，请拆分或另存为 csv 后导入。",
        ) from bomb


def unpack_once(package: zipfile.ZipFile, name: str, parts: Iterable[str]) -> None:
    """Read parts to their end, so that sizes that were declared falsely come out as a wrong checksum."""
    try:
        for part in parts:
            with package.open(part) as stream:
                while stream.read(_CHUNK):
                    pass
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as broken:
        raise broken_file(name) from broken


def broken_file(name: str) -> WorkbookProblem:
    return WorkbookProblem(
        "broken", f"“{name}”已损坏，无法读取。", "请用 Excel 或 WPS 打开，另存为新的 xlsx 文件后再导入。"
    )


def events(data: bytes, name: str) -> Iterator[tuple[str, etree._Element]]:
    try:
        yield from etree.iterparse(
            io.BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=False
        )
    except etree.XMLSyntaxError as broken:
        raise broken_file(name) from broken


def _sheet_parts(package: zipfile.ZipFile, name: str) -> list[tuple[str, str]]:
    """(sheet, path of its part) of all worksheets."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        book = etree.fromstring(package.read("xl/workbook.xml"), parser)
        relations = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"), parser)
    except (KeyError, etree.XMLSyntaxError) as broken:
        raise broken_file(name) from broken
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    parts = []
    for sheet in book.iter("{*}sheet"):
        identity = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), None)
        target = targets.get(str(identity), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in package.namelist() and "worksheets/" in path:
            parts.append((sheet.get("name", ""), path))
    return parts


_CELL = re.compile(rb"<c\b([^>]*?)(/?)>")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})\d{1,7}"')
_WIDE = re.compile(rb' r="[A-Z]{2}')
_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_FORMULA = re.compile(rb"<f\b")
_ERROR = re.compile(rb"<v>(#[A-Z0-9/_]{2,20}[!?]?)</v>")
_RESULT = re.compile(rb"<v>[^<]|<is\b")


BUILT_IN_PERCENT = frozenset(["9", "10"])
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')


def shows_percent(shown: str) -> bool:
    """Whether a number format multiplies by a hundred; a % sign in quotation marks only stands there."""
    return "%" in _LITERAL.sub("", shown)


def _percent_styles(package: zipfile.ZipFile, name: str) -> frozenset[bytes]:
    """The styles of cells, by their number, whose format shows a percentage."""
    if "xl/styles.xml" not in package.namelist():
        return frozenset()
    try:
        styles = etree.fromstring(
            package.read("xl/styles.xml"), etree.XMLParser(resolve_entities=False, no_network=True)
        )
    except etree.XMLSyntaxError as broken:
        raise broken_file(name) from broken
    formats = {one.get("numFmtId") for one in styles.iter("{*}numFmt") if shows_percent(one.get("formatCode", ""))}
    used = [one.get("numFmtId") for xfs in styles.iter("{*}cellXfs") for one in xfs.iter("{*}xf")]
    return frozenset(b"%d" % at for at, code in enumerate(used) if code in formats | BUILT_IN_PERCENT)


def _measure(package: zipfile.ZipFile, part: str, name: str, percent: frozenset[bytes]) -> Extent:
    """Walk the rows of a worksheet in chunks; cells without a value do not count."""
    with package.open(part) as stream:
        if b"<worksheet" not in stream.read(4096):
            return _measure_by_parsing(package, part, name, percent)
    extent = Extent()
    number = 0
    styled = re.compile(rb'\bs="(?:%s)"' % b"|".join(sorted(percent))) if percent else None
    for piece in _rows(package, part):
        begin = piece.rfind(b"<row")  # rows before it in the same piece are empty ones, closed in themselves
        if begin < 0:
            continue
        head = piece[begin : piece.find(b">", begin)]
        given = _NUMBER.search(head)
        number = int(given[1]) if given else number + piece.count(b"<row")
        if b'hidden="1"' in head or b'hidden="true"' in head:
            extent.hidden_rows.add(number)
        _measure_row(piece[begin:], number, extent, styled)
    return extent


def _measure_row(piece: bytes, number: int, extent: Extent, styled: re.Pattern[bytes] | None) -> None:
    """Rows are taken apart cell by cell only where they hold formulas or percentages or are wider than Z."""
    percents = styled is not None and styled.search(piece) is not None
    last = piece.rfind(b"<c ")
    tag = piece[last : piece.find(b">", last)] if last >= 0 else b""
    place = _PLACE.search(tag)
    plain = not percents and b"<f" not in piece and b't="e"' not in piece and not _WIDE.search(piece)
    if place is not None and not tag.endswith(b"/") and plain:
        extent.rows, extent.columns = max(extent.rows, number), max(extent.columns, 26)
        return
    column = 0
    cells = list(_CELL.finditer(piece))
    for at, cell in enumerate(cells):
        given = _PLACE.search(cell[1])
        column = _column(given[1]) if given else column + 1
        if cell[2]:
            continue
        extent.rows, extent.columns = max(extent.rows, number), max(extent.columns, column)
        content = piece[cell.end() : cells[at + 1].start() if at + 1 < len(cells) else len(piece)]
        _note_formula(content, (number, column), extent)
        if percents and styled is not None and styled.search(cell[1]):
            extent.percents.add((number, column))
        if b't="e"' in cell[1] and (shown := _ERROR.search(content)):
            extent.errors[number, column] = shown[1].decode()


def _note_formula(content: bytes, place: tuple[int, int], extent: Extent) -> None:
    if _FORMULA.search(content):
        extent.formulas.add(place)
        if not _RESULT.search(content):
            extent.uncalculated.add(place)


def _measure_by_parsing(package: zipfile.ZipFile, part: str, name: str, percent: frozenset[bytes]) -> Extent:
    """The same for XML that is written with prefixes, as a few programs do."""
    extent = Extent()
    number = column = 0
    for event, element in events(package.read(part), name):
        tag = etree.QName(element).localname
        if event == "start":
            if tag == "row":
                number, column = int(element.get("r") or number + 1), 0
                if element.get("hidden") in ("1", "true"):
                    extent.hidden_rows.add(number)
        elif tag == "c":
            given = _PLACE.search(b'r="%s"' % str(element.get("r", "")).encode())
            column = _column(given[1]) if given else column + 1
            if len(element):
                extent.rows, extent.columns = max(extent.rows, number), max(extent.columns, column)
                _note_formula(etree.tostring(element).replace(b"<x:", b"<"), (number, column), extent)
                if element.get("s", "").encode() in percent:
                    extent.percents.add((number, column))
                if element.get("t") == "e":
                    extent.errors[number, column] = "".join(map(str, element.itertext("{*}v")))
        elif tag == "row":
            element.clear()
    return extent


def _column(name: bytes) -> int:
    column = 0
    for letter in name:
        column = column * 26 + letter - 64
    return column


def _rows(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML of a worksheet row by row, without holding all of it."""
    rest = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            *rows, rest = (rest + chunk).split(b"</row>")
            yield from rows
    yield rest
