from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "keshu.bureau.reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.pages.registry import register_verbs
        from keshu.bureau.records.audit import register_recount
        from keshu.bureau.reports.freezing import frozen_digests
        from keshu.bureau.reports.home import register_home
        from keshu.bureau.reports.rules import register_conditions
        from keshu.bureau.reports.services import version_digests
        from keshu.bureau.reports.signing import signature_digests

        register_conditions()
        register_recount("section", version_digests)
        register_recount("signature", signature_digests)
        register_recount("frozen", frozen_digests)
        register_home()
        register_verbs(
            {
                "summary.compose": _("生成总结"),
                "summary.recompose": _("重新生成总结"),
                "summary.order": _("调整栏目顺序"),
                "summary.due": _("修改报送期限"),
                "summary.pass": _("签批总结"),
                "summary.return": _("退回总结"),
                "summary.falls": _("签阅未写入的下降指标"),
                "summary.freeze": _("冻结总结"),
                "task.take-up": _("工作举措转为重点任务"),
                "section.edit": _("修改总结部分"),
                "section.recompose": _("重新生成总结部分"),
                "section.sign": _("签字"),
                "section.return": _("退回"),
                "section.prove": _("以文件为据"),
            }
        )
