"""Where each area lives. An area is served as soon as its app has a `urls.py`."""

from importlib import import_module
from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from keshu.bureau.accounts.access import public

AREAS = (
    ("accounts/", "keshu.bureau.accounts.urls"),
    ("ledgers/", "keshu.bureau.ledgers.urls"),
    ("parties/", "keshu.bureau.desk.party_urls"),
    ("places/", "keshu.bureau.desk.place_urls"),
    ("money/", "keshu.bureau.money.urls"),
    ("programmes/", "keshu.bureau.programmes.urls"),
    ("statistics/", "keshu.bureau.statistics.urls"),
    ("targets/", "keshu.bureau.targets.urls"),
    ("summaries/", "keshu.bureau.reports.urls"),
    ("texts/", "keshu.bureau.texts.urls"),
    ("leave/", "keshu.bureau.accounts.delegation_urls"),
    ("messages/", "keshu.bureau.desk.message_urls"),
    ("audit/", "keshu.bureau.desk.audit_urls"),
    ("catalogue/", "keshu.bureau.desk.catalogue_urls"),
    ("", "keshu.bureau.desk.urls"),
)
API = "keshu.site.api"
ROUTERS = ("keshu.bureau.statistics.api", "keshu.bureau.ledgers.api")


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    return set_language(request)


urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", language, name="set-language"),
    *([path("api/v1/", import_module(API).api.urls)] if all(map(find_spec, ROUTERS)) else []),
    *(path(prefix, include(module)) for prefix, module in AREAS if find_spec(module)),
]

handler400 = "keshu.site.errors.bad_request"
handler403 = "keshu.site.errors.forbidden"
handler404 = "keshu.site.errors.not_found"
handler500 = "keshu.site.errors.failed"
