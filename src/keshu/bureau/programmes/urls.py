"""Pages of programmes, each area with its own list."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver

AREAS = ("calls", "applying", "handling", "publicity", "grants")

app_name = "programmes"
urlpatterns: list[URLPattern | URLResolver] = [
    pattern
    for area in AREAS
    if find_spec(f"keshu.bureau.programmes.{area}.urls")
    for pattern in import_module(f"keshu.bureau.programmes.{area}.urls").urlpatterns
]
