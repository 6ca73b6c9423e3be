"""A file as judged rows, a piece at a time: sheets, tables, columns, cells, parties, checks, verdicts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from keshu.bureau.forms.readers import Surroundings, read_place, reader_of
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.importing import afterthoughts, holders
from keshu.bureau.ledgers.importing.columns import ColumnMap, find, hits, map_columns, resembling
from keshu.bureau.ledgers.importing.context import Context
from keshu.bureau.ledgers.importing.drafts import Draft, Filling, RowReader
from keshu.bureau.ledgers.importing.findings import ERROR, WARNING, Finding
from keshu.bureau.ledgers.importing.judging import Judge, Judged
from keshu.bureau.ledgers.importing.rowchecks import check_row
from keshu.bureau.ledgers.importing.tables import Grid, Row, Table, find_tables
from keshu.bureau.ledgers.importing.titles import Words, words_of
from keshu.bureau.ledgers.importing.uniqueness import Uniqueness
from keshu.catalogue.schema import Feed, Ledger
from keshu.kernel.typed import Problem
from keshu.kernel.width import half_width

PIECE = 1000
COUNTED = ("place", "money", "quantity", "integer", "number")  # all that a table of sums by place holds


@dataclass
class Report:
    """What was understood of the file besides its rows; shown on the preview page."""

    sheets: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    tables: int = 0
    total: int = 0


@dataclass
class FileReader:
    """Reads one file for one ledger and the ledgers that it feeds."""

    ledger: Ledger
    context: Context
    file_name: str
    chosen: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    judges: dict[str, Judge] = field(default_factory=dict)
    summaries: set[str] = field(default_factory=set)  # sheets that only count what others list

    def __post_init__(self) -> None:
        self.feeds = [(feed, ledger_of(feed.ledger)) for feed in self.ledger.feeds]
        self.names = dict(self.ledger.headers())
        self.fed_names = [target.headers() for _, target in self.feeds]

    def read(self, grids: Sequence[Grid], hidden: Sequence[str]) -> Iterator[list[Judged]]:
        """The rows of all visible sheets in pieces; `report` is complete when the last piece is taken."""
        found = [(grid, find_tables(grid, self.knows)) for grid in grids]
        self.report.total = sum(len(table.rows) for _, f in found for table in f.tables)
        for name in hidden:
            self.report.sheets.append({"sheet": name, "state": "hidden"})
        unread: list[Finding] = []
        for grid, tables in found:
            if not tables.tables:
                unread += self._sheet_without_table(grid, tables.notes, tables.has_data)
            for table in tables.tables:
                yield from self._table(table, unread)
        if self.report.tables:
            unread = [finding.warning() for finding in unread if finding.sheet not in self.summaries]
        self.report.findings += unread
        if not self.report.tables and not self.report.findings:
            first = grids[0].name if grids else ""
            self.report.findings.append(
                Finding(first, 0, "", "file-empty", "文件中没有可导入的数据", "请确认选对了文件和工作表")
            )

    def knows(self, path: Sequence[str]) -> bool:
        return hits(path, self.names) or any(find(path, names) is not None for names in self.fed_names)

    def _sheet_without_table(self, grid: Grid, notes: list[str], has_data: bool) -> list[Finding]:
        state = "unknown" if has_data else "notes" if notes else "empty"
        self.report.sheets.append({"sheet": grid.name, "state": state, "notes": notes[:10]})
        if not has_data:
            return []
        message = f"工作表“{grid.name}”中没有找到“{self.ledger.name}”的表头"
        remedy = "表头至少要有两列与台账字段同名（或为其别名）；请对照模板改列名，或换选台账"
        return [Finding(grid.name, 0, "", "no-heading", message, remedy)]

    def _table(self, table: Table, unread: list[Finding]) -> Iterator[list[Judged]]:
        words = words_of(self.ledger, table.above, table.sheet, self.file_name)
        around = self.context.on_sheet(year=words.year, cut_off=words.cut_off)
        columns = map_columns(
            self.ledger, self.feeds, table.headings, unit=words.units, chosen=self.chosen.get(table.sheet)
        )
        lacking = self._lacking(columns, words)
        self._describe(table, columns, words, lacking)
        if lacking:
            message = f"缺少必需的列：{'、'.join(lacking)}"
            remedy = "请在表中补上该列（列名见模板）；列名不同的，可在预览页指定各列对应的字段"
            unread.append(Finding(table.sheet, table.heading_row, "", "columns-missing", message, remedy))
            if columns.main and all(column.field.type in COUNTED for column in columns.main):
                self.summaries.add(table.sheet)
            return
        self.report.tables += 1
        yield from TableReader(self, table, columns, words, around).pieces()

    def _lacking(self, columns: ColumnMap, words: Words) -> list[str]:
        """Required fields that neither a column nor the words around the table nor the definition gives."""
        given = {column.field.code for column in columns.main}
        if words.layout is not None:
            given |= set(words.layout.set)
            if words.layout.sheet_year and words.year:
                given.add(words.layout.sheet_year.field)
        item_of = {item.code: item for item in self.ledger.fields}
        spans = {item.until for code in given if (item := item_of.get(code)) and item.until}
        return [
            item.name
            for item in self.ledger.fields
            if item.required and item.code not in given | spans and item.default is None and item.infer is None
        ]

    def _describe(self, table: Table, columns: ColumnMap, words: Words, lacking: list[str]) -> None:
        unknown = [
            {"column": index, "heading": heading, "like": resembling(heading, self.ledger)}
            for index, heading in columns.unknown
        ]
        self.report.sheets.append(
            {
                "sheet": table.sheet, "state": "lacking" if lacking else "read", "heading_row": table.heading_row,
                "rows": len(table.rows), "columns": columns.as_json(), "unknown": unknown,
                "headings": [" / ".join(path) for path in table.headings],
                "layout": words.layout.code if words.layout else "", "year": words.year,
                "cut_off": words.cut_off.isoformat() if words.cut_off else "", "units": words.units,
                "notes": table.notes[:10], "totals": [total.number for total in table.totals],
            }
        )  # fmt: skip

    def judge_of(self, ledger: Ledger) -> Judge:
        if ledger.code not in self.judges:
            context = self.context
            self.judges[ledger.code] = Judge(
                ledger, context.tree, context.place_id, context.resolver, context.place_names, context.sources
            )
        return self.judges[ledger.code]


class TableReader:
    """The rows of one table: the ledger's own, and those that it feeds to others."""

    def __init__(self, file: FileReader, table: Table, columns: ColumnMap, words: Words, around: Surroundings) -> None:
        self.file, self.table, self.words, self.around = file, table, words, around
        self.reader = RowReader(file.ledger, columns.main, around, table.sheet)
        self.seen = afterthoughts.Ledgerful()
        self.unique = Uniqueness(self.reader)
        self.fed = [
            (feed, RowReader(target, columns.fed[feed.ledger], around, table.sheet), afterthoughts.Ledgerful())
            for feed, target in file.feeds
            if feed.ledger in columns.fed
        ]
        self.constants = self._constants()
        self.groups: dict[str, Filling] = {}

    def _constants(self) -> dict[str, Any]:
        layout = self.words.layout
        if layout is None:
            return {}
        values = _typed_constants(self.file.ledger, layout.set, self.around)
        if layout.sheet_year and self.words.year:
            values[layout.sheet_year.field] = self.words.year + layout.sheet_year.shift
        return values

    def pieces(self) -> Iterator[list[Judged]]:
        for start in range(0, len(self.table.rows), PIECE):
            yield self._piece(self.table.rows[start : start + PIECE])
        self._look_back()

    def _piece(self, rows: Sequence[Row]) -> list[Judged]:
        drafts: list[Draft] = []
        fed: dict[int, list[Draft]] = {index: [] for index in range(len(self.fed))}
        for row in rows:
            draft = self.reader.read(row.number, row.cells, self._filling(row.group))
            self._uncalculated(draft, row)
            holders.settle(draft, self.reader, self.file.context.resolver)
            check_row(draft, self.reader)
            self.seen.note(draft, self.reader)
            drafts.append(draft)
            for index, (feed, reader, seen) in enumerate(self.fed):
                extra = self._feed(feed, reader, row, draft)
                seen.note(extra, reader)
                said = {(finding.column, finding.code) for finding in draft.findings}
                draft.findings += [f for f in extra.findings if f.cell and (f.column, f.code) not in said]
                if any(code in extra.values for code in feed.when) and not draft.wrong:
                    fed[index] += self._complete(extra, reader)
        judged = self.file.judge_of(self.file.ledger).judge(drafts, self.reader)
        self.unique.check(judged)
        for one in judged:
            if one.twin is not None:
                self.seen.repeated.add(one.draft.row)
        wrong = {one.draft.row for one in judged if one.verdict == "wrong"}
        for index, (_feed, reader, seen) in enumerate(self.fed):
            seen.repeated |= self.seen.repeated
            good = [draft for draft in fed[index] if draft.row not in wrong and draft.row not in self.seen.repeated]
            judged += self.file.judge_of(reader.ledger).judge(good, reader)
        return judged

    def _uncalculated(self, draft: Draft, row: Row) -> None:
        """A formula that no program has worked out looks like an empty cell; taking it for one would lose a number."""
        for column, _ in self.reader.columns:
            if (row.number, column.index + 1) in self.table.uncalculated:
                problem = Problem(
                    "uncalculated", "单元格是公式但没有计算结果", "请用 Excel 或 WPS 打开文件并保存后再导入"
                )
                heading = self.reader.heading(column.field.code)
                draft.findings = [
                    f for f in draft.findings if f.column != heading
                ]  # it is not that nobody filled it in
                draft.findings.append(self.reader.finding(draft, column.field.code, problem))
                draft.blank_day = False

    def _complete(self, extra: Draft, reader: RowReader) -> list[Draft]:
        """The fed row, unless it lacks what its ledger requires: then the sheet is told once why nothing is fed."""
        lacking = [finding for finding in extra.findings if finding.code == "required"]
        if not lacking:
            extra.findings.clear()  # told with the row that they stand in
            return [extra]
        said = {finding.code for finding in self.file.report.findings if finding.sheet == self.table.sheet}
        if "feed-incomplete" not in said:
            names = "、".join(finding.column for finding in lacking)
            message = f"“{reader.ledger.name}”的数据未写入：缺少{names}"
            remedy = "请在表题中写明年度（如“2025年度”），或在表中补上该列"
            self.file.report.findings.append(
                Finding(self.table.sheet, self.table.heading_row, names, "feed-incomplete", message, remedy, WARNING)
            )
        return []

    def _filling(self, group: str) -> Filling:
        if group not in self.groups:
            self.groups[group] = self._group(group)
        return self.groups[group]

    def _group(self, group: str) -> Filling:
        """A heading among the rows (一、江川区 / 发明专利) gives the rows below it their place or their kind."""
        constants, place = dict(self.constants), self._reporter()
        text = _group_name(group)
        if text:
            found = read_place(text, self.around, self.around.within)
            if found.value:
                place = self.around.ids[found.value]
            else:
                told = {column.field.code for column, _ in self.reader.columns}
                for item in self.file.ledger.fields:
                    code = item.choice_of(text) if item.codes and item.code not in told else None
                    if code:
                        constants[item.code] = code
                        break
        return Filling(constants, place)

    def _reporter(self) -> int | None:
        """填报单位:青岩县科技局 says where the rows belong when no column does."""
        found = read_place(self.words.reporter, self.around, self.around.within) if self.words.reporter else None
        inside = self.around.within
        if found and found.value and (inside is None or found.value in inside):
            return self.around.ids[found.value]
        return self.file.context.place_id

    def _feed(self, feed: Feed, reader: RowReader, row: Row, main: Draft) -> Draft:
        constants = _typed_constants(reader.ledger, feed.set, self.around)
        for target, source in feed.fields.items():
            value = main.values.get(self.reader.place if source == "place" and self.reader.place else source)
            if value is not None:
                constants[reader.place if target == "place" and reader.place else target] = value
        if feed.sheet_year and self.words.year:
            constants[feed.sheet_year.field] = self.words.year + feed.sheet_year.shift
        extra = reader.read(row.number, row.cells, Filling(constants, self.file.context.place_id))
        extra.place_told = main.place_told
        check_row(extra, reader)
        return extra

    def _look_back(self) -> None:
        report = self.file.report
        for reader, seen in [(self.reader, self.seen), *((reader, seen) for _, reader, seen in self.fed)]:
            report.findings += afterthoughts.outliers(seen, reader)
            report.findings += afterthoughts.percent_slips(seen, reader)
            report.findings += afterthoughts.odd_numbers(seen, reader)
            report.findings += afterthoughts.other_years(seen, reader, self.words.year)
            report.findings += afterthoughts.sums(self.table, seen, reader)
        report.findings += afterthoughts.counts(self.table, self.seen)
        report.findings += afterthoughts.missing_days(self.seen, self.reader)


def _group_name(group: str) -> str:
    """一、江川区(12家) as 江川区."""
    text = re.sub(r"^[\s(]*(?:[一二三四五六七八九十]+|\d+)[)、.\s]+", "", half_width(group))
    return re.sub(r"\(?\s*(?:共|计)?\s*\d+\s*[家件项个人户条场名份]\s*\)?$", "", text).strip()


def _typed_constants(ledger: Ledger, texts: Mapping[str, Any], around: Surroundings) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for code, text in texts.items():
        item = ledger.field(code)
        if item is not None:
            values[code] = text if isinstance(text, bool) else reader_of(item, "", around)(text).value
    return values


__all__ = ["ERROR", "WARNING", "FileReader", "Report"]
