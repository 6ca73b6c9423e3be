from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "keshu.bureau.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.accounts import addressees
        from keshu.bureau.accounts.models import Membership
        from keshu.bureau.accounts.services import membership_digest
        from keshu.bureau.outbox.addressees import register_addressees
        from keshu.bureau.pages.registry import Action, Subject, register_action, register_subject, register_verbs
        from keshu.bureau.records.audit import register_recount

        register_addressees(addressees.lookup)
        rows = Membership.objects.all
        register_recount("membership", lambda: ((row.act_id, membership_digest(row)) for row in rows().iterator()))
        register_verbs(
            {
                "user.add": _("新建账号"),
                "user.password": _("修改密码"),
                "user.activate": _("启用账号"),
                "user.deactivate": _("停用账号"),
                "role.grant": _("授予角色"),
                "role.end": _("终止角色"),
            }
        )
        register_subject("user", Subject(_("账号")))
        register_action(Action(_("新建账号"), "accounts:add", "user-plus", "users.manage", 10))
        register_action(Action(_("授权"), "accounts:roles", "user-shield", "roles.grant", 10))
