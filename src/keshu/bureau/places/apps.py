from collections.abc import Iterator

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "keshu.bureau.places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.records.audit import register_recount

        register_recount("span", _span_digests)


def _span_digests() -> Iterator[tuple[int, bytes]]:
    from keshu.bureau.places.models import PlaceSpan
    from keshu.bureau.places.services import span_digest

    rows = PlaceSpan.objects.values_list("act_id", "place__code", "path", "valid_from", "valid_to")
    for act, code, path, since, until in rows.iterator():
        yield act, span_digest(code, path, since, until)
