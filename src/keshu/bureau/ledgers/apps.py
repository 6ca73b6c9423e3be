from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "keshu.bureau.ledgers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.ledgers import audit, facts
        from keshu.bureau.records.audit import register_recount
        from keshu.bureau.records.facts import register_finder

        register_finder(facts.find)
        register_recount("entry", audit.entry_digests)
