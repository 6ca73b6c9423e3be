"""Fetching and authorising in one step: what is absent and what is not yours answer alike."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from keshu.bureau.texts.models import Text
from keshu.bureau.texts.queries import may_remove, texts_for


def text_or_404(request: HttpRequest, text_id: int) -> Text:
    found = texts_for(request.viewer).select_related("reading").filter(pk=text_id).first()
    if found is None:
        raise Http404
    return found


def text_to_edit(request: HttpRequest, text_id: int) -> Text:
    """For somebody who may work on the texts of its place; mere viewers get 403."""
    found = text_or_404(request, text_id)
    if not request.viewer.may("texts.edit", place=found.place.code):
        raise PermissionDenied("texts.edit")
    return found


def text_to_remove(request: HttpRequest, text_id: int) -> Text:
    found = text_or_404(request, text_id)
    if not may_remove(request.viewer, found):
        raise PermissionDenied("texts.remove")
    return found
