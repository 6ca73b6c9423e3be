"""The catalogue for reading: what a ledger holds, how an indicator is made, which value a parameter has."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keshu.bureau.accounts.access import requires
from keshu.bureau.desk.catalogue_reading import KINDS, facts, lines, source_text, themes
from keshu.bureau.desk.queries import versions_used
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.catalogue.schema import Ledger, Parameter


@requires("catalogue.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "indicators")
    if kind not in KINDS:
        raise Http404(kind)
    text, theme = request.GET.get("q", ""), request.GET.get("theme", "")
    context = {
        "kind": kind,
        "kinds": [(code, name, len(getattr(catalogue(), code))) for code, name in KINDS.items()],
        "lines": lines(catalogue(), kind, text=text, theme=theme),
        "themes": themes(catalogue(), kind),
        "text": text,
        "theme": theme,
    }
    return render(request, "desk/catalogue.html", context)


@requires("catalogue.view")
@require_GET
def detail(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    model = getattr(catalogue(), kind).get(code) if kind in KINDS else None
    if model is None:
        raise Http404(code)
    context = {
        "kind": kind,
        "kind_name": KINDS[kind],
        "model": model,
        "facts": facts(catalogue(), model),
        "fields": model.fields if isinstance(model, Ledger) else (),
        "values": model.values if isinstance(model, Parameter) else (),
        "source": source_text(model),
        "used": versions_used(kind, code),
    }
    return render(request, "desk/definition.html", context)
