"""What the home page and the search box show of texts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from keshu.bureau.pages.registry import (
    Action,
    Hit,
    Panel,
    Search,
    Subject,
    register_action,
    register_panel,
    register_search,
    register_subject,
)
from keshu.bureau.texts.library import lines
from keshu.bureau.texts.queries import texts_for

SHOWN = 4


def register_home() -> None:
    register_action(Action(_("核校文稿"), "texts:new", "checks", "texts.edit", order=35))
    register_search(Search("texts", _("文稿"), 45, "texts.view", _find))
    register_panel(Panel("texts", 40, "texts.view", "texts/home.html", _recent, column="side"))
    register_subject("text", Subject(_("文稿"), _text_url))


def _find(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    rows = texts_for(request.viewer).filter(title__icontains=text)[:limit]
    return [
        Hit(row.title, reverse("texts:text", args=[row.pk]), f"{row.place.short or row.place.name} {row.year}")
        for row in rows
    ]


def _recent(request: HttpRequest, day: date) -> dict[str, Any] | None:
    """The texts that came last, with what is open in them."""
    rows = list(texts_for(request.viewer)[:SHOWN])
    return {"lines": lines(rows)} if rows else None


def _text_url(number: str) -> str:
    return reverse("texts:text", args=[number]) if number.isdecimal() else ""
