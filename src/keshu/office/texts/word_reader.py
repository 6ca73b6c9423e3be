"""A .docx in reading order: the body with its tables and text boxes, then notes, headers and footers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from keshu.office.reading.packages import Element
from keshu.office.word.ooxml import MC, PREFIXES, wt

from .builder import Builder, Piece, Spot
from .headings import heading_level, is_page_number
from .model import BlockKind, Limits, Text
from .word_lines import Line, LineReader, chosen
from .word_numbers import Numbering
from .word_package import WordPackage
from .word_styles import Styles, is_on, number_of, value_of

_LONGEST = 60  # of a place in words; tables may be nested eighty deep
_PARAGRAPH, _PROPERTIES = wt("p"), wt("pPr")
_GONE = {wt("del"), wt("moveFrom")}
_NOTES: dict[str, tuple[BlockKind, str]] = {"footnote": ("footnote", "脚注"), "endnote": ("endnote", "尾注")}
_HEADERS: dict[str, tuple[BlockKind, str]] = {"header": ("header", "页眉"), "footer": ("footer", "页脚")}
_PAGES = {"first": "首页", "even": "偶数页", "default": ""}


@dataclass
class WordText:
    """What was read, with the elements that it was read from: those that annotating puts its marks beside.

    `roots` are the parts by their paths; a change to their elements is a change to what `annotate` writes.
    """

    text: Text
    pieces: list[list[Piece]]
    spots: list[Spot]
    roots: dict[str, Element]
    main: str


@dataclass(frozen=True)
class _Place:
    """Where a run of blocks stands; `lead` is said before what is counted inside of it (脚注1, 页眉, 第3段文本框)."""

    kind: BlockKind
    spot: Spot
    lead: str = ""
    cell: tuple[int, int, int] | None = None


def read_docx(data: bytes, name: str, limits: Limits | None = None) -> WordText:
    with WordPackage(data, name, limits or Limits()) as package:
        return _DocxReader(package, limits or Limits()).read()


@dataclass
class _DocxReader:
    package: WordPackage
    limits: Limits
    roots: dict[str, Element] = field(default_factory=dict)
    pictures: int = 0
    paragraphs: int = 0
    tables: int = 0
    foreign: bool = False

    def read(self) -> WordText:
        package = self.package
        self.styles = Styles(package.one("styles"))
        self.numbering = Numbering(package.one("numbering"))
        self.lines = LineReader(self.styles)
        self.builder = Builder(self.limits, package.name)
        self.held: list[Piece] = []
        self.references: list[tuple[str, str, Element]] = []
        self.counters: dict[str, int] = {}
        root = self._part(package.main)
        body = root.find(wt("body"))
        if body is None:
            raise package.broken()
        self._blocks(body, _Place("paragraph", Spot(package.main, commented=True)))
        self._notes()
        self._headers(root)
        text = Text(self.builder.text, tuple(self.builder.blocks), package.name, "docx", notes=self._remarks())
        return WordText(text, self.builder.pieces, self.builder.spots, self.roots, package.main)

    def _part(self, path: str) -> Element:
        if path not in self.roots:
            self.roots[path] = self.package.part(path)
        return self.roots[path]

    def _remarks(self) -> tuple[str, ...]:
        remarks = []
        if self.package.has_macros:
            remarks.append("文件带有宏，未予运行，只读取了文字。")
        if self.pictures:
            remarks.append(f"文件中有 {self.pictures} 幅图片或图表，其中的文字没有读取。")
        if self.foreign:
            remarks.append("文件中嵌有其他格式的内容，没有读取。")
        return tuple(remarks)

    def _blocks(self, parent: Element, place: _Place) -> None:
        for child in parent:
            tag = child.tag
            if tag == _PARAGRAPH:
                if len(child) or self.held:
                    self._paragraph(child, place)
            elif tag == wt("tbl"):
                self._table(child, place)
            else:
                self._around(child, place)
        self._flush(place)

    def _around(self, holder: Element, place: _Place) -> None:
        """What may stand around paragraphs and tables."""
        tag = holder.tag
        if tag == wt("sdt"):
            content = holder.find(wt("sdtContent"))
            if content is not None and not is_on(holder.find(wt("sdtPr")), "showingPlcHdr"):
                self._blocks(content, place)
        elif tag == f"{{{MC}}}AlternateContent":
            for one in chosen(holder):
                self._blocks(one, place)
        elif tag in (wt("customXml"), wt("smartTag"), wt("ins"), wt("moveTo")):
            self._blocks(holder, place)
        elif tag == wt("altChunk"):
            self.foreign = True

    def _flush(self, place: _Place) -> None:
        """Words whose paragraph mark was deleted, with no paragraph behind that they could join."""
        if self.held:
            line, self.held = Line(pieces=self.held), []
            self._emit(line, place, None)

    def _paragraph(self, paragraph: Element, place: _Place) -> None:
        line = Line(pieces=self.held)
        self.held = []
        self.lines.read(paragraph, line)
        properties = paragraph.find(_PROPERTIES)
        self.pictures += line.pictures
        mark = properties.find(wt("rPr")) if properties is not None else None
        if mark is not None and any(child.tag in _GONE for child in mark):
            self.held = line.pieces
        else:
            self._emit(line, place, properties)
        self.references.extend(line.notes)
        where = place.lead or f"第{max(self.paragraphs, 1)}段"
        for content, host in line.boxes:
            spot = Spot(place.spot.part, commented=False, host=place.spot.host if place.spot.host is not None else host)
            kind: BlockKind = "textbox" if place.kind in ("paragraph", "textbox") else place.kind
            held, self.held = self.held, []
            self._blocks(content, _Place(kind, spot, f"{where}处的文本框" if len(where) < _LONGEST else where))
            self.held = held

    def _emit(self, line: Line, place: _Place, properties: Element | None) -> None:
        text = line.text
        number = self._number(properties)
        if not text.strip():
            return
        kind, where = place.kind, place.lead
        level = self._level(properties, number, text) if kind == "paragraph" else None
        if kind == "paragraph":
            self.paragraphs += 1
            where = f"第{self.paragraphs}段"
            kind = "heading" if level is not None else kind
        part = place.spot.part
        count = self.counters[part] = self.counters.get(part, 0) + 1
        alone = f"第{text.strip(' —-')}页" if kind in ("header", "footer") else text  # a field alone may be the number
        page = kind != "cell" and "/" not in text and is_page_number(alone)
        self.builder.add(
            kind, line.pieces, place.spot, where, f"{part}#{count}",
            level=level or 0, number=number, cell=place.cell, debris=page or self.styles.contents(properties),
        )  # fmt: skip

    def _level(self, properties: Element | None, number: str, words: str) -> int | None:
        level = self.styles.level(properties)
        if level is not None or self.styles.contents(properties):
            return level
        guessed = heading_level(number + words)
        # Items of a list are numbered 1. 2. by the program much more often than headings are.
        return guessed if guessed and (not number or guessed <= 2) else None

    def _number(self, properties: Element | None) -> str:
        list_id, level, style = self.styles.numbered(properties)
        return self.numbering.next(list_id, level, style) if list_id else ""

    def _table(self, table: Element, place: _Place) -> None:
        if place.cell is None:
            self.tables += 1
            lead = f"{place.lead}表{self.tables}"
        else:
            lead = f"{place.lead}中的表" if len(place.lead) < _LONGEST else place.lead
        number = self.tables
        for at, row in enumerate(self._rows(table), 1):
            column = 1 + number_of(value_of(row.find(wt("trPr")), wt("gridBefore")), 0)
            for cell in _inside(row, wt("tc")):
                properties = cell.find(wt("tcPr"))
                if not _continued(properties) and (properties is None or properties.find(wt("cellDel")) is None):
                    kind = place.kind if place.kind not in ("paragraph", "heading") else "cell"
                    where = f"{lead}第{at}行第{column}列" if len(lead) < _LONGEST else lead
                    inner = replace(place, kind=kind, lead=where, cell=place.cell or (number, at, column))
                    self._blocks(cell, inner)
                column += min(max(number_of(value_of(properties, wt("gridSpan")), 1), 1), 1000)

    def _rows(self, table: Element) -> list[Element]:
        """Rows that were deleted are gone, and do not count."""
        rows = _inside(table, wt("tr"))
        return [row for row in rows if row.find(f"{wt('trPr')}/{wt('del')}") is None]

    def _notes(self) -> None:
        """Each note once, counted as it is printed; notes of text boxes and tables come in their order too."""
        for kind, (block, label) in _NOTES.items():
            path = next((one.target for one in self.package.relations.values() if one.kind == f"{kind}s"), "")
            wanted = {identity: host for what, identity, host in reversed(self.references) if what == kind}
            order = list(dict.fromkeys(identity for what, identity, _ in self.references if what == kind))
            if path not in self.package.names or not wanted:
                continue
            notes = {one.get(wt("id"), ""): one for one in self._part(path).iterfind(wt(kind))}
            for place, identity in enumerate(order, 1):
                if identity in notes:
                    spot = Spot(path, commented=False, host=wanted[identity])
                    self._blocks(notes[identity], _Place(block, spot, f"{label}{place}"))

    def _headers(self, root: Element) -> None:
        """Those that are printed: a header for first or even pages only where the document has such."""
        settings = self.package.one("settings")
        even = is_on(settings, "evenAndOddHeaders")
        seen: set[str] = set()
        for section in root.iter(wt("sectPr")):
            for reference in section:
                name = str(reference.tag).removeprefix(wt("")).removesuffix("Reference")
                if name not in _HEADERS:
                    continue
                relation = self.package.relations.get(reference.get(f"{{{PREFIXES['r']}}}id", ""))
                page = reference.get(wt("type"), "default")
                unused = (page == "first" and not is_on(section, "titlePg")) or (page == "even" and not even)
                if relation is None or relation.target not in self.package.names or relation.target in seen or unused:
                    continue
                seen.add(relation.target)
                kind, label = _HEADERS[name]
                spot = Spot(relation.target, commented=False)
                self._blocks(self._part(relation.target), _Place(kind, spot, _PAGES.get(page, "") + label))


def _continued(properties: Element | None) -> bool:
    """Whether the cell is the lower part of a merged one, whose own words are not shown."""
    merge = properties.find(wt("vMerge")) if properties is not None else None
    return merge is not None and merge.get(wt("val"), "continue") == "continue"


def _inside(parent: Element, tag: str) -> list[Element]:
    """Rows of a table or cells of a row, through the controls and tags that may stand around them."""
    found = []
    for child in parent:
        if child.tag == tag:
            found.append(child)
        elif child.tag in (wt("sdt"), wt("sdtContent"), wt("customXml"), wt("ins"), wt("moveTo")):
            found.extend(_inside(child, tag))
    return found
