from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "user.add": _("新建账号"),
    "user.register": _("注册账号"),
    "user.profile": _("修改个人资料"),
    "user.password": _("修改密码"),
    "user.activate": _("启用账号"),
    "user.deactivate": _("停用账号"),
    "role.grant": _("授予角色"),
    "role.end": _("终止角色"),
    "claim.file": _("认领单位"),
    "claim.approve": _("通过认领"),
    "claim.refuse": _("不予通过认领"),
    "claim.withdraw": _("撤回认领"),
    "member.invite": _("邀请成员"),
    "member.uninvite": _("撤回邀请"),
    "member.add": _("加入成员"),
    "member.join": _("接受邀请"),
    "member.role": _("更改成员角色"),
    "member.remove": _("成员退出单位"),
    "member.hand-over": _("移交单位管理"),
    "recovery.ask": _("申请找回密码"),
    "recovery.print": _("生成恢复码"),
    "recovery.help": _("签发找回码"),
    "recovery.use": _("找回密码"),
    "leave.begin": _("请假委托"),
    "leave.end": _("终止请假委托"),
}


class AccountsConfig(AppConfig):
    name = "keshu.bureau.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.accounts import addressees
        from keshu.bureau.outbox.addressees import register_addressees
        from keshu.bureau.pages.registry import Action, Subject, register_action, register_subject, register_verbs

        register_addressees(addressees.lookup)
        _register_recounts()
        register_verbs(VERBS)
        register_subject("user", Subject(_("账号")))
        register_action(Action(_("新建账号"), "accounts:add", "user-plus", "users.manage", 10))
        register_action(Action(_("授权"), "accounts:roles", "user-shield", "roles.grant", 10))
        register_action(Action(_("审核单位认领"), "accounts:claims", "building-factory-2", "claims.decide", 60))


def _register_recounts() -> None:
    """What of accounts the audit can recompute from the database."""
    from keshu.bureau.accounts.claims import claim_digest
    from keshu.bureau.accounts.delegation import delegation_digest
    from keshu.bureau.accounts.members import invitation_digest
    from keshu.bureau.accounts.models import Claim, Delegation, Invitation, Membership
    from keshu.bureau.accounts.services import membership_digest
    from keshu.bureau.records.audit import register_recount

    held, claims, asked = Membership.objects.all, Claim.objects.select_related("proof").all, Invitation.objects.all
    register_recount("membership", lambda: ((row.act_id, membership_digest(row)) for row in held().iterator()))
    register_recount("claim", lambda: ((row.act_id, claim_digest(row)) for row in claims().iterator()))
    register_recount("invitation", lambda: ((row.act_id, invitation_digest(row)) for row in asked().iterator()))
    away = Delegation.objects.all
    register_recount("delegation", lambda: ((row.act_id, delegation_digest(row)) for row in away().iterator()))
