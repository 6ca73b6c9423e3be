from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "keshu.bureau.ledgers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.ledgers.facts import register_ledgers

        register_ledgers()
