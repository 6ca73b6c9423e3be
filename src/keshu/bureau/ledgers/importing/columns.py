"""Which column of a table is which field of a ledger, by every spelling that the definition knows."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from keshu.catalogue.headers import normalise, normalise_header, split_header
from keshu.catalogue.schema import Feed, Field, Ledger
from keshu.kernel.typed import read_unit
from keshu.kernel.width import half_width

SERIAL = frozenset(map(normalise, ("序号", "序", "编序", "No", "No.", "行号", "顺序号", "排序")))
_BRACKETS = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")


@dataclass(frozen=True)
class Column:
    """A column of the table that fills a field; `unit` is what its heading says, "" where it says nothing."""

    index: int
    heading: str
    field: Field
    unit: str = ""


@dataclass
class ColumnMap:
    """The columns of one table: of the ledger itself, of each ledger that it feeds, and the ones nobody claims."""

    main: list[Column] = field(default_factory=list)
    fed: dict[str, list[Column]] = field(default_factory=dict)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    twice: list[tuple[str, str]] = field(default_factory=list)  # heading, field name

    def of(self, code: str) -> Column | None:
        return next((column for column in self.main if column.field.code == code), None)

    def as_json(self) -> dict[str, object]:
        """For the page: what was taken for what."""
        return {
            "main": [[column.index, column.heading, column.field.code, column.unit] for column in self.main],
            "fed": {
                code: [[column.index, column.heading, column.field.code, column.unit] for column in columns]
                for code, columns in self.fed.items()
            },
            "unknown": [list(pair) for pair in self.unknown],
        }


def map_columns(
    ledger: Ledger,
    feeds: Sequence[tuple[Feed, Ledger]],
    headings: Sequence[tuple[str, ...]],
    *,
    unit: Mapping[str, str],
    chosen: Mapping[int, str] | None = None,
) -> ColumnMap:
    """Give each heading (its lines from top to bottom) to a field. `unit` says a note's unit for money and for counts.

    `chosen` is what a person set by hand: column index to field code, "" for a column to leave out.
    """
    result, names = ColumnMap(), ledger.headers()
    fed_names = [(feed, target, target.headers()) for feed, target in feeds]
    for index, path in enumerate(headings):
        heading = shown(path)
        if chosen is not None and index in chosen:
            _choose(ledger, chosen[index], Column(index, heading, ledger.fields[0], _unit_of(path)), result, unit)
        elif heading and not _serial(path):
            _place(index, path, heading, ledger, names, fed_names, result, unit)
    _drop_poor_feeds(feeds, result)
    return result


def _choose(ledger: Ledger, code: str, column: Column, result: ColumnMap, unit: Mapping[str, str]) -> None:
    field_ = ledger.field(code) if code else None
    if field_ is not None:
        result.main.append(_column(column.index, column.heading, field_, column.unit, unit))


def _place(index, path, heading, ledger, names, fed_names, result, unit) -> None:  # type: ignore[no-untyped-def]
    code = find(path, names)
    field_ = ledger.field(code) if code else None
    if field_ is not None and (result.of(field_.code) is None or field_.type == "place"):
        result.main.append(_column(index, heading, field_, _unit_of(path), unit))
        return
    for feed, target, headers in fed_names:
        code = find(path, headers)
        fed = target.field(code) if code else None
        taken = [column.field.code for column in result.fed.get(feed.ledger, [])]
        if fed is not None and fed.code not in taken and fed.code not in feed.fields and not fed.standard:
            result.fed.setdefault(feed.ledger, []).append(_column(index, heading, fed, _unit_of(path), unit))
            return
    if field_ is not None:
        result.twice.append((heading, field_.name))
    result.unknown.append((index, heading))


def _column(index: int, heading: str, field_: Field, own: str, noted: Mapping[str, str]) -> Column:
    """The heading's own unit first, then the note's where it is of the field's kind."""
    unit = own
    if not unit and field_.type == "money":
        unit = noted.get("money", "")
    elif not unit and field_.type in ("quantity", "integer", "number") and field_.unit:
        unit = noted.get(read_unit(field_.unit).base, "")
    return Column(index, heading, field_, unit)


def _drop_poor_feeds(feeds: Iterable[tuple[Feed, Ledger]], result: ColumnMap) -> None:
    """A second ledger is fed only by columns that say something of their own."""
    for feed, _target in feeds:
        columns = result.fed.get(feed.ledger, [])
        if columns and not any(column.field.code in feed.when for column in columns):
            result.unknown += [(column.index, column.heading) for column in columns]
            del result.fed[feed.ledger]


def find(path: Sequence[str], names: Mapping[str, str]) -> str | None:
    """The field that a heading names: all its lines together, the last line, without its brackets, the line above."""
    for text in _readings(path):
        if text in names:
            return names[text]
    return None


def _readings(path: Sequence[str]) -> Iterator[str]:
    lines = [line for line in path if line and line.strip() and not _bare_unit(line)]
    if not lines:
        return
    leaf = lines[-1]
    if len(lines) > 1:
        yield normalise("".join(split_header(line)[0] for line in lines))
    yield normalise_header(leaf)
    yield normalise(leaf)
    plain = _BRACKETS.sub("", unicodedata.normalize("NFKC", leaf))
    if plain.strip():
        yield normalise_header(plain)
    for inside in re.findall(r"[(\[【〔]([^)\]】〕]+)[)\]】〕]", unicodedata.normalize("NFKC", leaf)):
        if not plain.strip():
            yield normalise_header(inside)


def _serial(path: Sequence[str]) -> bool:
    return any(normalise(line) in SERIAL for line in path if line)


def _unit_of(path: Sequence[str]) -> str:
    for line in reversed(path):
        unit = (_bare_unit(line) or split_header(line)[1]) if line else None
        if unit:
            return unit
    return ""


def _bare_unit(line: str) -> str:
    """A line of the heading that says a unit and nothing else: (万元). 场次 without brackets is a name, not a unit."""
    plain = half_width(line).strip()
    inside = plain.removeprefix("(").removesuffix(")")
    if inside == plain and not read_unit(plain).is_money:
        return ""
    text, unit = split_header(f"数（{inside}）")
    return unit if unit and text == "数" else ""


def shown(path: Sequence[str]) -> str:
    """The heading as people read it: its last line without line breaks, the line above where that is needed."""
    lines = [re.sub(r"\s+", "", line) for line in path if line and line.strip()]
    words = [line for line in lines if not _bare_unit(line)]
    return (words or lines)[-1] if lines else ""


def resembling(heading: str, ledger: Ledger) -> str:
    """The field name that an unknown heading comes closest to, "" for none."""
    near = difflib.get_close_matches(normalise_header(heading), ledger.headers(), n=1, cutoff=0.75)
    field_ = ledger.field(ledger.headers()[near[0]]) if near else None
    return field_.name if field_ else ""


def hits(path_or_text: Sequence[str] | str, names: Mapping[str, str]) -> bool:
    path = (path_or_text,) if isinstance(path_or_text, str) else path_or_text
    return find(path, names) is not None or _serial(path)
