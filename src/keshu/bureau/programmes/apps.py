from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

AREAS = ("calls", "applying", "handling", "publicity", "grants")


class ProgrammesConfig(AppConfig):
    name = "keshu.bureau.programmes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Each area registers its conditions, effects, facts and words."""
        from keshu.bureau.programmes.counting import find
        from keshu.bureau.records.facts import register_finder

        register_finder(find)
        for area in AREAS:
            if find_spec(f"{self.name}.{area}.registering"):
                import_module(f"{self.name}.{area}.registering").register()
