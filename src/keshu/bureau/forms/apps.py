from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "keshu.bureau.forms"
    default_auto_field = "django.db.models.BigAutoField"
