from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    name = "keshu.bureau.statistics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.pages import registry
        from keshu.bureau.records.audit import register_recount
        from keshu.bureau.statistics.pages import home
        from keshu.bureau.statistics.writing import heading_digests, value_digests

        register_recount("heading", heading_digests)
        register_recount("received", value_digests)
        registry.register_verbs(
            {
                "source.add": _("登记来源件"),
                "source.revise": _("更正来源件"),
                "source.withdraw": _("撤下来源件"),
                "received.record": _("录入通报数值"),
                "received.void": _("作废通报数值"),
            }
        )
        registry.register_subject("source", registry.Subject(_("来源件"), home.source_url, names=home.source_names))
        registry.register_subject("received", registry.Subject(_("通报数值")))
        registry.register_search(registry.Search("sources", _("来源件"), 35, "sources.view", home.find_sources))
        registry.register_action(
            registry.Action(_("导入通报表"), "statistics:source-import", "table-import", "sources.edit", 20)
        )
        panel = registry.Panel("differing", 40, "figures.view", "statistics/home.html", home.differing, column="side")
        registry.register_panel(panel)
