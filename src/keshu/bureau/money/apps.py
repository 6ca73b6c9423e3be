from django.apps import AppConfig


class MoneyConfig(AppConfig):
    name = "keshu.bureau.money"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What the machine of cases asks of money, and what pages and audit show of it."""
        from keshu.bureau.money import registering

        registering.register()
