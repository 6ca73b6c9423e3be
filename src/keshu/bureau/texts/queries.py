"""Reads about texts: what a viewer may see, figures over all of them, what is open in each."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.places.models import Place
from keshu.bureau.texts.models import Judgement, Text, TextFigure, TextFinding

REPORTERS = ("province", "city", "county", "zone", "town")


def texts_for(viewer: Viewer, right: str = "texts.view") -> QuerySet[Text]:
    """Texts of the places below which the right holds, the newest first."""
    visible = viewer.place_ids(right)
    rows = Text.objects.select_related("place").order_by("-pk")
    return rows if visible is None else rows.filter(place_id__in=visible)


def places_for(viewer: Viewer, right: str = "texts.edit") -> list[Place]:
    """Administrative places within the viewer's scope, from large to small."""
    visible = viewer.place_ids(right)
    places = Place.objects.filter(kind__in=REPORTERS).order_by("code")
    return list(places if visible is None else places.filter(pk__in=visible))


def may_remove(viewer: Viewer, text: Text) -> bool:
    """Who dropped it, and whoever answers for the place's texts."""
    own = text.added_by == viewer.actor.username and viewer.may("texts.edit", place=text.place.code)
    return own or viewer.may("texts.remove", place=text.place.code)


def open_findings(text_ids: Iterable[int]) -> QuerySet[TextFinding]:
    """Findings that nobody has judged yet, of these texts."""
    judged = Judgement.objects.filter(place=OuterRef("text__place"), passage=OuterRef("passage"))
    return TextFinding.objects.filter(text_id__in=list(text_ids)).exclude(Exists(judged))


def judgements_of(text: Text) -> dict[int, Judgement]:
    """What was said of the findings of a text, by their numbers; also what was said of an earlier version."""
    passages = dict(text.findings.values_list("number", "passage"))
    rows = Judgement.objects.filter(place=text.place, passage__in=set(passages.values())).select_related("text")
    found = {row.passage: row for row in rows}
    return {number: found[key] for number, key in passages.items() if key in found}


def figures_for(viewer: Viewer) -> QuerySet[TextFigure]:
    """Figures of the texts that a viewer may see, for the search over all of them."""
    visible = viewer.place_ids("texts.view")
    rows = TextFigure.objects.select_related("text__place").filter(text__state=Text.State.READY)
    return rows if visible is None else rows.filter(text__place_id__in=visible)


def about(words: str) -> Q:
    """Figures whose subject holds the words, or any other name of the indicator that bears them."""
    plain = "".join(words.split())
    spellings, codes = {plain}, set()
    for indicator in catalogue().indicators.values():
        names = {indicator.name, *indicator.aliases}
        if plain in names:
            spellings |= {name for name in names if len(name) > 1}
            codes.add(indicator.code)
    found = Q(indicator__in=codes)
    for spelling in spellings:
        found |= Q(subject__icontains=spelling)
    return found


def files_named(hashes: Collection[str]) -> Iterable[str]:
    """Those of the hashes that a text stands on: texts are no evidence and have no File."""
    return Text.objects.filter(sha256__in=hashes).values_list("sha256", flat=True)
