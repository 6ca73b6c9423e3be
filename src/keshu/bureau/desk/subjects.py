"""Words for the verbs of acts, words and addresses for their subjects, where no app has named them itself."""

from collections.abc import Sequence

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from keshu.bureau.pages.registry import Subject, name_subject, name_verbs, numbers
from keshu.bureau.parties.models import Party
from keshu.bureau.places.models import Place
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import Application
from keshu.bureau.records.models import Act

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

PARTS = {
    "entry": _("台账条目"),
    "file": _("附件"),
    "original": _("导入的原始文件"),
    "span": _("区划隶属"),
    "membership": _("角色授予"),
    "heading": _("来源件"),
    "received": _("通报数值"),
    "target": _("目标"),
    "section": _("总结部分"),
    "signature": _("签字"),
    "frozen": _("冻结的总结"),
    "report": _("报齐和起始日"),
    "party": _("主体"),
    "claim": _("单位认领"),
    "invitation": _("成员邀请"),
    "delegation": _("请假委托"),
    "message": _("消息"),
    "case": _("申报的状态"),
    "form": _("申报书版本"),
    "check": _("审查结论"),
    "advice": _("科室建议"),
    "score": _("评分"),
    "decision": _("会议决定"),
    "correction": _("公示更正"),
    "approval": _("核定金额"),
    "payment": _("拨付"),
    "recovery": _("应收回"),
    "receipt": _("回执"),
    "party.facts": _("单位资料"),
    "other": _("其他登记（只记摘要，不逐条重算）"),
}


def name_the_rest() -> None:
    name_verbs(VERBS)
    name_subject("act", Subject(_("操作"), lambda code: _address("audit:detail", code)))
    name_subject("batch", Subject(_("导入批次"), lambda code: _address("ledgers:batch", code)))
    name_subject("places", Subject(_("区划")))


def organisation_names(codes: Sequence[str]) -> dict[str, str]:
    """Organisations only: who a person is stays behind the person's own page."""
    rows = Party.objects.filter(pk__in=numbers(codes), kind=Party.Kind.ORGANISATION).values_list("pk", "name")
    return {str(number): name for number, name in rows}


def place_names(codes: Sequence[str]) -> dict[str, str]:
    return dict(Place.objects.filter(code__in=codes).values_list("code", "name"))


def steps_taken(acts: Sequence[Act]) -> dict[int, str]:
    """What the acts that moved a case did with it, in the words of its programme: 受理, 会议同意 and so on."""
    moved = {act.pk: act.subject.partition(":")[2] for act in acts if act.verb == "case.pass"}
    if not moved:
        return {}
    rows = Application.objects.filter(pk__in=numbers(moved.values())).select_related("call")
    cases = {str(row.pk): row for row in rows}
    events = {act.pk: act.note.get("event", "") for act in acts if act.pk in moved}
    return {pk: _step(cases[code], events[pk]) for pk, code in moved.items() if code in cases}


def _step(application: Application, event: str) -> str:
    steps = programme_for(application.call).ladder.steps
    return next((step.label for step in steps if step.event == event), event)


def part_name(kind: str) -> str:
    """What the rows are that an act wrote; the code itself where nobody named it."""
    return str(PARTS.get(kind, kind))


def _address(name: str, code: str) -> str:
    try:
        return reverse(name, args=[code])
    except NoReverseMatch:
        return ""
