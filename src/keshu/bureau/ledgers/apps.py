from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgersConfig(AppConfig):
    name = "keshu.bureau.ledgers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from keshu.bureau.ledgers import audit, facts
        from keshu.bureau.ledgers.services import report_digests
        from keshu.bureau.records.audit import register_recount
        from keshu.bureau.records.facts import register_finder

        register_finder(facts.find)
        register_recount("entry", audit.entry_digests)
        register_recount("report", report_digests)
        _register_words()


def _register_words() -> None:
    """What the home page, the search and the audit page show of ledgers."""
    from django.urls import reverse

    from keshu.bureau.ledgers.catalogue import catalogue
    from keshu.bureau.ledgers.searching import find_entries
    from keshu.bureau.pages.registry import (
        Action,
        Search,
        Subject,
        register_action,
        register_search,
        register_subject,
        register_verbs,
    )

    def ledger_name(code: str) -> str:
        return catalogue().ledgers[code].name if code in catalogue().ledgers else code

    register_action(Action(_("导入台账"), "ledgers:imports", "file-import", "entries.import", order=10))
    register_search(Search("entries", _("台账条目"), 20, "entries.view", find_entries))
    register_subject("ledger", Subject(_("台账"), lambda code: reverse("ledgers:list", args=[code]), ledger_name))
    register_subject("entry", Subject(_("条目"), lambda code: reverse("ledgers:entry", args=[code])))
    register_verbs(
        {
            "entry.create": _("新增条目"),
            "entry.revise": _("修改条目"),
            "entry.void": _("作废条目"),
            "entry.highlight": _("标记亮点条目"),
            "file.attach": _("添加附件"),
            "file.remove": _("移除附件"),
            "ledger.import": _("导入台账"),
            "ledger.report": _("确认台账报齐"),
            "ledger.begin": _("设定台账起始日"),
            "act.undo": _("撤销操作"),
        }
    )
