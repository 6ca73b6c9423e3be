"""Planting, moving and ending places. A move closes one span and opens the next; nothing is rewritten."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from keshu.bureau.places.models import Place, PlaceSpan
from keshu.bureau.places.queries import spans_on
from keshu.bureau.records.services import Actor, Writing, digest_of, writing


class PlaceProblem(Exception):
    """The change to the tree is not possible; the message says why and what to do."""


@dataclass(frozen=True)
class PlaceSpec:
    code: str
    name: str
    kind: str
    parent: str
    short: str = ""
    aliases: tuple[str, ...] = field(default_factory=tuple)


def plant_places(
    specs: Iterable[PlaceSpec], *, by: Actor, since: date, reason: str = "", known_on: date | None = None
) -> dict[str, Place]:
    """Add places below existing or earlier ones, in one act; parents come before children. Returns them by code."""
    with writing(verb="places.plant", by=by, reason=reason, known_on=known_on) as under_way:
        paths = dict(spans_on().values_list("place__code", "path"))
        made: dict[str, Place] = {}
        for order, spec in enumerate(specs, start=len(paths)):
            made[spec.code] = _plant(spec, paths, order, since, under_way)
    return made


def _plant(spec: PlaceSpec, paths: dict[str, str], order: int, since: date, under_way: Writing) -> Place:
    if spec.parent and spec.parent not in paths:
        raise PlaceProblem(_("上级区划 %(code)s 不存在，请先登记上级") % {"code": spec.parent})
    if spec.code in paths:
        raise PlaceProblem(_("区划代码 %(code)s 已存在") % {"code": spec.code})
    place = Place.objects.create(
        code=spec.code, name=spec.name, short=spec.short or short_name(spec.name), kind=spec.kind,
        aliases=list(spec.aliases), order=order, act=under_way.act,
    )  # fmt: skip
    paths[spec.code] = f"{paths.get(spec.parent, '')}{spec.code}/"
    _open_span(place, paths[spec.code], since, under_way)
    return place


def _open_span(place: Place, path: str, since: date, under_way: Writing) -> PlaceSpan:
    under_way.wrote(span_digest(place.code, path, since, None), "span")
    return PlaceSpan.objects.create(
        place=place, path=path, valid_from=since, known_from=under_way.known_from, act=under_way.act
    )


def move_place(code: str, *, parent: str, on: date, by: Actor, reason: str) -> None:
    """From `on` the place, with all below it, hangs under another parent; before that day nothing changes."""
    with writing(verb="places.move", by=by, reason=reason, subject=f"place:{code}") as under_way:
        spans = {span.place.code: span for span in spans_on().select_related("place").select_for_update(of=("self",))}
        if code not in spans or parent not in spans:
            raise PlaceProblem(_("区划 %(code)s 或其新上级 %(parent)s 不存在") % {"code": code, "parent": parent})
        old = spans[code].path
        if spans[parent].path.startswith(old):
            raise PlaceProblem(_("不能把区划移到它自己或下级之下"))
        new = f"{spans[parent].path}{code}/"
        for span in [s for s in spans.values() if s.path.startswith(old)]:
            _end_span(span, on - timedelta(days=1), under_way)
            _open_span(span.place, new + span.path[len(old) :], on, under_way)


def end_place(code: str, *, on: date, by: Actor, reason: str) -> None:
    """The place ceases on that day (its last); its rows stay and count for the time before."""
    with writing(verb="places.end", by=by, reason=reason, subject=f"place:{code}") as under_way:
        span = spans_on().select_related("place").get(place__code=code)
        _end_span(span, on, under_way)


def _end_span(span: PlaceSpan, last_day: date, under_way: Writing) -> None:
    """Close what we knew (valid without end) and write what we know now (valid to the last day)."""
    PlaceSpan.objects.filter(pk=span.pk).update(known_to=under_way.known_from)
    if last_day < span.valid_from:
        return
    under_way.wrote(span_digest(span.place.code, span.path, span.valid_from, last_day), "span")
    PlaceSpan.objects.create(
        place=span.place, path=span.path, valid_from=span.valid_from, valid_to=last_day,
        known_from=under_way.known_from, act=under_way.act,
    )  # fmt: skip


def span_digest(code: str, path: str, since: date, until: date | None) -> bytes:
    return digest_of([code, path, since, until])


def short_name(name: str) -> str:
    """青岩县 → 青岩; a short name never shrinks to one character."""
    for ending in ("自治县", "街道", "市", "区", "县", "镇", "乡"):
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name
