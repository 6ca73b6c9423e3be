from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TargetsConfig(AppConfig):
    name = "keshu.bureau.targets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.pages import registry
        from keshu.bureau.records.audit import register_recount
        from keshu.bureau.statistics.forms import register_targets
        from keshu.bureau.targets import panels
        from keshu.bureau.targets.queries import find_targets
        from keshu.bureau.targets.writing import revision_digests

        register_targets(find_targets)
        register_recount("target", revision_digests)
        registry.register_subject("target", registry.Subject(_("目标"), panels.target_url, names=panels.target_names))
        registry.register_subject("targets", registry.Subject(_("年度目标"), panels.year_url))
        late = registry.Panel("targets", 30, "targets.view", "targets/panel.html", panels.late_targets)
        registry.register_panel(late)
        registry.register_deadlines(registry.Deadlines("tasks", "targets.view", panels.tasks_due))
        registry.register_action(registry.Action(_("看目标进度"), "targets:index", "target-arrow", "targets.view", 40))
        registry.register_verbs(
            {
                "target.set": _("下达目标"),
                "target.revise": _("调整目标"),
                "target.break-down": _("分解目标"),
                "target.withdraw": _("撤回目标"),
            }
        )
