from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "keshu.bureau.accounts"
    default_auto_field = "django.db.models.BigAutoField"
