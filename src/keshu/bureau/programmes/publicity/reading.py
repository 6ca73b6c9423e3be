"""Reads about lists, objections and documents, each for whoever may see it."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.access import calls_of
from keshu.bureau.programmes.models import Application, Call, IssuedDocument, Objection, Publicity, PublicityItem
from keshu.bureau.programmes.publicity import documents, lists

SECRET = ("name", "contact", "organisation", "content")
HANDLERS = (lists.RIGHT, "programmes.decide")


def shown_lists() -> QuerySet[Publicity]:
    return Publicity.objects.filter(withdrawn_by__isnull=True)


def public_lines(publicity: Publicity) -> tuple[list[str], list[list[str]]]:
    """The list as a table: its labels, and each line's texts in their order."""
    items = publicity.items.filter(removed_by=None).order_by("order")
    return lists.table_of(list(items.values_list("columns", flat=True)))


def calls_handled(viewer: Viewer) -> QuerySet[Call]:
    """The calls whose lists and objections this person handles or decides about."""
    found = calls_of(viewer, HANDLERS[0])
    for right in HANDLERS[1:]:
        found |= calls_of(viewer, right)
    return found.distinct()


def waiting_calls(viewer: Viewer) -> QuerySet[Call]:
    """Calls with cases that wait for publicity, with how many."""
    rows = calls_of(viewer, lists.RIGHT).annotate(
        waits=Count("applications", filter=Q(applications__state=lists.WAITING))
    )
    return rows.filter(waits__gt=0).order_by("name")


def lists_handled(viewer: Viewer) -> QuerySet[Publicity]:
    """Lists of one's calls, with how many cases are shown still and how many objections are open."""
    items = Count("items", filter=Q(items__removed_by__isnull=True), distinct=True)
    opened = Count("objections", filter=Q(objections__outcome=""), distinct=True)
    rows = shown_lists().filter(call__in=calls_handled(viewer)).annotate(n_items=items, n_open=opened)
    return rows.select_related("call")


def objections_handled(viewer: Viewer) -> QuerySet[Objection]:
    rows = Objection.objects.filter(publicity__call__in=calls_handled(viewer))
    return rows.select_related("publicity__call", "application")


def due_objections(viewer: Viewer) -> QuerySet[Objection]:
    return objections_handled(viewer).filter(outcome="").order_by("due_on", "pk")


def items_of(publicity: Publicity) -> QuerySet[PublicityItem]:
    open_one = Objection.objects.filter(application=OuterRef("application"), outcome="", publicity=publicity)
    rows = publicity.items.select_related("application__party").annotate(disputed=Exists(open_one))
    return rows.order_by("order")


def documents_handled(viewer: Viewer) -> QuerySet[IssuedDocument]:
    rows = IssuedDocument.objects.filter(call__in=calls_of(viewer, documents.RIGHT), dropped_by__isnull=True)
    return rows.select_related("call").annotate(n_items=Count("items"))


def waiting_for_documents(viewer: Viewer) -> list[tuple[Call, str, int]]:
    """Calls with cases that wait for a document of some kind, with how many."""
    states = {state: template for template, state in documents.STATE_OF.items()}
    calls = calls_of(viewer, documents.RIGHT)
    rows = Application.objects.filter(call__in=calls, state__in=states).values_list("call_id", "state")
    counted = rows.annotate(n=Count("pk")).order_by("call__name", "state")
    found = list(counted)
    names = Call.objects.in_bulk({call for call, _state, _n in found})
    return [(names[call], states[state], n) for call, state, n in found]


def late(rows: Sequence[Objection], today: date) -> int:
    return sum(row.due_on < today for row in rows)
