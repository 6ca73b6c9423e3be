from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "keshu.bureau.statistics"
    default_auto_field = "django.db.models.BigAutoField"
