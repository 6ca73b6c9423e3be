"""What the command line does with figures and bulletins: the shapes of its JSON answers are fixed."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.records.services import Actor, end_of, now
from keshu.bureau.statistics.bulletins.importing import read_file, source_of_file, take_in
from keshu.bureau.statistics.bulletins.reading import ERROR, Bulletin
from keshu.bureau.statistics.fields import plain
from keshu.bureau.statistics.forming.base import scoped
from keshu.bureau.statistics.queries import Ask, Figure, Lineage, figures, lineages, root_place
from keshu.bureau.statistics.services import SourceSpec, Upload, Written
from keshu.kernel.measure.period import Period


def figure(
    codes: Iterable[str], *, place: str, period: str, as_of: date | None = None, with_lineage: bool = False
) -> list[dict[str, Any]]:
    """One object for each code, in their order. Raises BadPeriod, UnknownIndicator, UnknownPlace."""
    known_at = end_of(as_of) if as_of else now()
    span = Period.parse(period)
    asks = [Ask(code, place, span, scope) for code, scope in (scoped(code, site_catalogue()) for code in codes)]
    found = figures(asks, known_at=known_at)
    if not with_lineage:
        return [figure_json(found[ask]) for ask in asks]
    stand = lineages(asks, known_at=known_at)
    return [figure_json(found[ask]) | lineage_json(stand[ask]) for ask in asks]


def figure_json(one: Figure) -> dict[str, Any]:
    """Numbers are text in the base unit; null where there is none, and `presence` says why."""
    return {
        "code": one.code, "name": one.name, "version": one.version, "place": one.place, "scope": one.scope,
        "period": str(one.period), "known_at": one.known_at.isoformat(), "value": text(one.value),
        "numerator": text(one.numerator), "denominator": text(one.denominator), "unit": one.unit,
        "presence": str(one.presence), "status": None if one.status is None else str(one.status),
        "rows": one.row_count, "counted": text(one.counted), "switched_off": one.switched_off,
        "received": None if one.received is None else text(one.received.value),
        "source": None if one.received is None else one.received.document,
    }  # fmt: skip


def text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def lineage_json(one: Lineage) -> dict[str, Any]:
    rows = [{"source": r.source, "id": r.id, "revision": r.revision, "part": r.part} for r in one.rows]
    return {"lineage": [*rows, *documents_json(one)], "rows_hash": one.rows_hash, "hidden": one.hidden}


def documents_json(one: Lineage, part: str = "value") -> list[dict[str, Any]]:
    """The documents below a figure, with the cell that each value stands in."""
    below = [document for operand in one.operands for document in documents_json(operand)]
    ref = one.received
    if ref is None or one.count or (one.operands and one.figure.numerator is not None):
        return below
    return [{"source": "received", "id": ref.source, "revision": ref.id, "part": part, "cell": ref.cell}, *below]


def import_bulletin(
    file: Path, *, period: str, issuer: str, title: str, number: str = "", cut_off: date | None = None,
    obtained_on: date | None = None, release_level: str = "internal", status: str = "flash", commit: bool = False,
    skip_wrong: bool = False, place: str = "", by: Actor,
) -> dict[str, Any]:  # fmt: skip
    """Read a bulletin, and with `commit` write it as one act; the same file twice changes nothing."""
    upload = Upload(file.read_bytes(), file.name)
    bulletin = read_file(upload, root=place or root_place(), period=Period.parse(period))
    written = None
    if commit and bulletin.values and (bulletin.ready or skip_wrong):
        end = cut_off or Period.parse(period).end
        spec = SourceSpec(
            issuer=issuer, title=title, number=number, cut_off=end, obtained_on=obtained_on or now().date(),
            release=release_level, status=status,
        )  # fmt: skip
        written = take_in(bulletin, spec, upload, by=by, skip_wrong=skip_wrong)
    return _import_json(file, bulletin, written, known=source_of_file(upload.content))


def _import_json(file: Path, bulletin: Bulletin, written: Written | None, *, known: int | None) -> dict[str, Any]:
    wrong = sum(trouble.severity == ERROR for trouble in bulletin.troubles)
    counts = (written.new, written.changed, written.unchanged) if written else (len(bulletin.values), 0, 0)
    return {
        "file": str(file),
        "source": written.source if written else known,
        "rows": dict(zip(("new", "changed", "unchanged"), counts, strict=True)) | {"duplicate": 0, "wrong": wrong},
        "problems": [
            {
                "sheet": one.sheet, "row": one.row, "column": one.column, "code": one.code, "message": one.message,
                "remedy": one.remedy, "severity": one.severity,
            }
            for one in bulletin.troubles
        ],
        "committed": written is not None,
        "act": written.act.pk if written and written.act and written.rows else None,
    }  # fmt: skip
