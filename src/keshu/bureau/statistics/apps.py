from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    name = "keshu.bureau.statistics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.pages.registry import register_verbs
        from keshu.bureau.records.audit import register_recount
        from keshu.bureau.statistics.writing import heading_digests, value_digests

        register_recount("heading", heading_digests)
        register_recount("received", value_digests)
        register_verbs(
            {
                "source.add": _("登记来源件"),
                "source.revise": _("更正来源件"),
                "source.withdraw": _("撤下来源件"),
                "received.record": _("录入通报数值"),
                "received.void": _("作废通报数值"),
            }
        )
