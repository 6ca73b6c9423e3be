from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "keshu.bureau.records"
    default_auto_field = "django.db.models.BigAutoField"
