from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "keshu.bureau.desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.pages.registry import Action, register_action, register_verbs

        register_verbs({"audit.check": _("核验操作链")})
        register_action(Action(_("查操作记录"), "audit:index", "shield-check", "audit.view", 10))
        register_action(Action(_("查登录记录"), "accounts:sign-ins", "login", "audit.view", 20))
