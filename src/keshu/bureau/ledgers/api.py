"""/api/v1/entries: rows of ledgers for other systems, cut to what the caller may see."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from keshu.bureau.accounts.access import requires
from keshu.bureau.ledgers import exporting
from keshu.bureau.ledgers.catalogue import UnknownLedger, ledger_of
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.snapshots import plain, values_of
from keshu.catalogue.schema import Ledger

router = Router(tags=["entries"])
MOST = 500


@router.get("", summary="台账条目")
@requires("entries.view")
def entries(
    request: HttpRequest, ledger: str, place: str = "", year: int | None = None, after: int = 0, limit: int = 100
) -> dict[str, Any]:
    """Current rows in the order of their numbers; `next` is the `after` of the following page, null at the end."""
    definition = _ledger(ledger)
    if not 1 <= limit <= MOST:
        raise HttpError(400, f"limit 应在 1 至 {MOST} 之间")
    rows = exporting.living(definition, place=place, year=year).filter(pk__gt=after)
    visible = request.viewer.place_ids("entries.view")  # type: ignore[attr-defined]
    if visible is not None:
        rows = rows.filter(place_id__in=visible)
    page = list(rows.select_related("place").prefetch_related("others")[: limit + 1])
    more = len(page) > limit
    shown = page[:limit]
    return {"rows": _as_json(definition, shown), "next": shown[-1].pk if more else None}


@router.get("/{entry_id}", summary="一个台账条目及其历次修订")
@requires("entries.view")
def entry(request: HttpRequest, entry_id: int) -> dict[str, Any]:
    """All revisions of an entry, the current one first; 404 for what is absent and for what is not yours alike."""
    found = Revision.objects.filter(entry_id=entry_id).select_related("place").prefetch_related("others")
    rows = list(found.order_by("-number_in_entry"))
    visible = request.viewer.place_ids("entries.view")  # type: ignore[attr-defined]
    if not rows or (visible is not None and rows[0].place_id not in visible):
        raise HttpError(404, "没有这个条目")
    return {"entry": entry_id, "revisions": _as_json(_ledger(rows[0].ledger), rows)}


def _ledger(code: str) -> Ledger:
    try:
        return ledger_of(code)
    except UnknownLedger:
        raise HttpError(404, f"没有代码为“{code}”的台账") from None


def _as_json(ledger: Ledger, rows: list[Revision]) -> list[dict[str, Any]]:
    """Values by field code: numbers as text in the base unit, parties by name, codes as codes, no personal field."""
    items, names = exporting.fields_out(ledger), exporting.Names(exporting.place_names())
    values = [values_of(ledger, row, exporting.others_of(row)) for row in rows]
    names.learn(pk for one in values for pk in exporting.parties_in(items, one))
    return [
        {
            "ledger": ledger.code, "entry": row.entry_id, "revision": row.number_in_entry, "id": row.pk,
            "place": row.place.code, "voided": row.voided, "known_from": row.known_from.isoformat(),
            "known_to": row.known_to.isoformat() if row.known_to else None,
            "values": {item.code: _value(item, one[item.code], names) for item in items if item.code in one},
        }
        for row, one in zip(rows, values, strict=True)
    ]  # fmt: skip


def _value(item: Any, value: Any, names: exporting.Names) -> Any:
    if item.type == "parties":
        return [names.parties.get(pk) for pk in value]
    if item.type in ("party", "place"):
        return exporting.cell(item, value, names)
    return plain(value)
