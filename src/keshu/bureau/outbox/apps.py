from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "keshu.bureau.outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.outbox.models import Message
        from keshu.bureau.outbox.services import message_digest
        from keshu.bureau.pages.registry import register_verbs
        from keshu.bureau.records.audit import register_recount

        rows = Message.objects.all
        register_recount("message", lambda: ((row.act_id, message_digest(row)) for row in rows().iterator()))
        register_verbs({"outbox.cancel": _("撤下消息"), "outbox.retry": _("重发消息")})
