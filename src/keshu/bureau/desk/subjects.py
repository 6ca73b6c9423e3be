"""Words for the verbs of acts, words and addresses for their subjects, where no app has named them itself."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.pages.registry import Subject, name_subject, name_verbs

VERBS = {
    "act.undo": _("撤销操作"),
    "demo.load": _("载入演示数据"),
    "demo.parties": _("载入演示主体"),
    "entry.create": _("新增条目"),
    "entry.highlight": _("标记重点条目"),
    "entry.revise": _("修改条目"),
    "entry.void": _("作废条目"),
    "file.attach": _("添加附件"),
    "file.remove": _("移除附件"),
    "ledger.import": _("导入台账"),
    "ledger.report": _("确认台账报齐"),
    "ledger.begin": _("设定台账起始日"),
    "person.erase": _("清除个人信息"),
}


def name_the_rest() -> None:
    name_verbs(VERBS)
    name_subject("act", Subject(_("操作"), lambda code: _address("audit:detail", code)))
    name_subject("received", Subject(_("通报数值")))
    name_subject("ledger", Subject(_("台账"), lambda code: _address("ledgers:entries", code), _ledger_name))
    name_subject("entry", Subject(_("条目")))
    name_subject("source", Subject(_("来源件"), lambda code: _address("statistics:source", code)))
    name_subject("target", Subject(_("目标"), lambda code: _address("targets:detail", code)))
    name_subject("summary", Subject(_("总结"), lambda code: _address("summaries:summary", code)))
    name_subject("section", Subject(_("总结部分")))
    name_subject("places", Subject(_("区划")))


def _ledger_name(code: str) -> str:
    return catalogue().ledgers[code].name if code in catalogue().ledgers else code


def _address(name: str, code: str) -> str:
    try:
        return reverse(name, args=[code])
    except NoReverseMatch:
        return ""
