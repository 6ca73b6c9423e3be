"""What calls bring to the records: words for their acts, facts for the rules, the condition `eligible`."""

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from keshu.bureau.pages.registry import Search, Subject, name_subject, numbers, register_search, register_verbs
from keshu.bureau.programmes import machine
from keshu.bureau.programmes.calls import conditions, leader_facts, party_facts
from keshu.bureau.programmes.calls.searching import find_cases
from keshu.bureau.programmes.models import Application, Call


def register() -> None:
    register_verbs(VERBS)
    machine.condition("eligible")(conditions.eligible)
    party_facts.register()
    leader_facts.register()
    register_search(Search("cases", _("申报件"), 15, "cases.view", find_cases))
    name_subject("call", Subject(_("申报批次"), _page("programmes:call"), names=_names))
    name_subject("application", Subject(_("申报"), _page("programmes:case"), names=_titles))


def _page(name: str) -> Callable[[str], str]:
    return lambda code: reverse(name, args=[code]) if code.isdecimal() else ""


def _names(codes: Sequence[str]) -> dict[str, str]:
    return {str(pk): name for pk, name in Call.objects.filter(pk__in=numbers(codes)).values_list("pk", "name")}


def _titles(codes: Sequence[str]) -> dict[str, str]:
    rows = Application.objects.filter(pk__in=numbers(codes))
    return {str(pk): title or number or f"#{pk}" for pk, title, number in rows.values_list("pk", "title", "number")}


VERBS = {
    "call.draft": _("起草申报批次"),
    "call.revise": _("修改申报批次"),
    "call.publish": _("发布申报批次"),
    "call.cancel": _("取消申报批次"),
    "call.extend": _("申报延期"),
    "case.begin": _("开始申报"),
    "case.pass": _("办理申报"),
}
