from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TargetsConfig(AppConfig):
    name = "keshu.bureau.targets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.pages.registry import register_verbs
        from keshu.bureau.records.audit import register_recount
        from keshu.bureau.statistics.forms import register_targets
        from keshu.bureau.targets.queries import find_targets
        from keshu.bureau.targets.writing import revision_digests

        register_targets(find_targets)
        register_recount("target", revision_digests)
        register_verbs(
            {
                "target.set": _("下达目标"),
                "target.revise": _("调整目标"),
                "target.break-down": _("分解目标"),
                "target.withdraw": _("撤回目标"),
            }
        )
