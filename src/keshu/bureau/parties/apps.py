from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartiesConfig(AppConfig):
    name = "keshu.bureau.parties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.pages.registry import register_verbs
        from keshu.bureau.parties.describing import facts_digest
        from keshu.bureau.parties.models import PartyFacts
        from keshu.bureau.records.audit import register_recount

        rows = PartyFacts.objects.all
        register_recount("party.facts", lambda: ((row.act_id, facts_digest(row)) for row in rows().iterator()))
        register_verbs({"party.describe": _("更新单位资料")})
