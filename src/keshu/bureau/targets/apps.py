from django.apps import AppConfig


class TargetsConfig(AppConfig):
    name = "keshu.bureau.targets"
    default_auto_field = "django.db.models.BigAutoField"
