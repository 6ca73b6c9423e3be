from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "keshu.bureau.ledgers"
    default_auto_field = "django.db.models.BigAutoField"
