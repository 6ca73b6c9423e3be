"""Pages of ledgers: the overview, a list, an entry."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keshu.bureau.accounts.access import requires
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.ledgers.guards import ledger_or_404, visible_to
from keshu.bureau.ledgers.models import Attachment, Revision
from keshu.bureau.ledgers.pages import detail, overview
from keshu.bureau.ledgers.pages import listing as page_listing
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.places.models import Place
from keshu.catalogue.schema import Ledger


@requires("entries.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All ledgers by theme."""
    year = timezone.localdate().year
    found = overview.lines(catalogue(), request.viewer, year)
    return render(request, "ledgers/index.html", {"themes": overview.by_theme(found), "year": year})


@requires("entries.view")
@require_GET
def listing(request: HttpRequest, code: str) -> HttpResponse:
    """The rows of one ledger."""
    ledger = ledger_or_404(code)
    form = _filter(request, ledger)
    query = form.cleaned_data if form.is_valid() else {}
    rows = page_listing.rows_for(request.viewer, ledger, query)
    page = page_of(rows, request.GET, sorts=page_listing.sorts(ledger), default="-date")
    total = rows.count()
    columns = page_listing.columns(ledger)
    context = {
        "ledger": ledger, "form": form, "page": page, "columns": columns, "total": total,
        "lines": [(row, [(c, page_listing.cell(c, row)) for c in columns]) for row in page.rows],
        "sums": page_listing.totals(ledger, rows), "filtered": any(query.values()),
        "hidden": _hidden(request, ledger, query, total), "export_url": "export/",
    }  # fmt: skip
    return render(request, "ledgers/list.html", context | _rights(request, ledger))


def _hidden(request: HttpRequest, ledger: Ledger, query: dict[str, Any], shown: int) -> int:
    """Rows under the same filter that lie outside the viewer's scope."""
    everywhere = request.viewer.places("entries.view") is None
    return 0 if everywhere else page_listing.filtered(ledger, query).count() - shown


def _rights(request: HttpRequest, ledger: Ledger, place: str = "") -> dict[str, bool]:
    """What this viewer may do with a ledger, or with an entry of it in a place."""
    rights = {"edit": "entries.edit", "void": "entries.void", "import": "entries.import", "unmask": "personal.unmask"}
    may = request.viewer.may
    return {f"may_{word}": may(right, section=ledger.owner, place=place) for word, right in rights.items()}


@requires("entries.view")
@require_GET
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Exactly the filtered set, with all mapped columns."""
    ledger = ledger_or_404(code)
    form = _filter(request, ledger)
    rows = page_listing.rows_for(request.viewer, ledger, form.cleaned_data if form.is_valid() else {})
    columns = page_listing.columns(ledger, limit=None)
    headings = [*(column.item.name for column in columns), _("区划"), _("亮点"), _("一句话")]
    return xlsx_response(ledger.name, headings, _cells(rows.order_by("pk").iterator(chunk_size=2000), columns))


def _cells(rows: Iterator[Revision], columns: list[page_listing.Column]) -> Iterator[list[Any]]:
    for row in rows:
        star = _("是") if row.highlight else ""
        yield [*(page_listing.cell(column, row) for column in columns), row.place.name, star, row.story]


def _filter(request: HttpRequest, ledger: Ledger) -> page_listing.Filter:
    visible = request.viewer.place_ids("entries.view")
    places = Place.objects.filter(kind__in=("province", "city", "county", "zone"))
    if visible is not None:
        places = places.filter(pk__in=visible)
    year = timezone.localdate().year
    known = [(place.code, place.name) for place in places]
    return page_listing.Filter(request.GET, ledger=ledger, places=known, years=range(year, year - 8, -1))


@requires("entries.view")
@require_GET
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry: its fields, its history, its attachments."""
    revisions = detail.history(entry_id)
    if not revisions or not visible_to(request, revisions[0]):
        raise Http404
    current, ledger = revisions[0], ledger_or_404(revisions[0].ledger)
    attachments = Attachment.objects.filter(entry_id=entry_id, removed_by__isnull=True).select_related("file", "act")
    context = {
        "ledger": ledger, "row": current, "fields": detail.shown(ledger, current),
        "steps": detail.steps(ledger, revisions), "attachments": attachments,
        "indicators": [i for i in catalogue().indicators.values() if i.facts and i.facts.ledger == ledger.code],
    }  # fmt: skip
    return render(request, "ledgers/entry.html", context | _rights(request, ledger, current.place.code))
