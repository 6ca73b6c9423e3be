"""What lists under publicity and documents register: facts, conditions, effects, words."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from keshu.bureau.pages import registry
from keshu.bureau.programmes import outcomes_facts
from keshu.bureau.records.audit import register_recount


def register() -> None:
    from keshu.bureau.programmes.publicity import (  # noqa: F401 - by importing
        archiving,
        documents,
        due,
        file_parts,
        lists,
        objecting,
    )

    outcomes_facts.register()
    register_recount("correction", _corrections)
    _case_page()
    registry.register_deadlines(registry.Deadlines("objections", "cases.view", due.deadlines))
    registry.register_verbs(
        {
            "publicity.start": _("开始公示"),
            "publicity.end": _("公示期满"),
            "publicity.correct": _("更正公示"),
            "objection.file": _("收到异议"),
            "objection.take_up": _("转入异议处理"),
            "objection.settle": _("办结异议"),
            "objection.remind": _("提醒办理异议"),
            "document.draft": _("起草文件"),
            "document.renumber": _("修改编号"),
            "document.number": _("登记文号"),
            "document.drop": _("作废文件草稿"),
            "document.upper": _("登记上级结果"),
            "document.go_on": _("按文件办理"),
        }
    )
    registry.register_subject("publicity", registry.Subject(_("公示"), lambda pk: f"/programmes/publicities/{pk}/"))
    registry.register_subject("objection", registry.Subject(_("异议"), lambda pk: f"/programmes/objections/{pk}/"))
    registry.register_subject("document", registry.Subject(_("文件"), lambda pk: f"/programmes/documents/{pk}/"))


def _case_page() -> None:
    """The panel of papers; events that are taken for many cases at once are taken on their own pages."""
    from keshu.bureau.programmes.panels import Panel, register_door, register_panel
    from keshu.bureau.programmes.publicity.case_papers import panel_context

    register_panel(Panel("papers", 60, None, "programmes/publicity/papers_panel.html", panel_context))
    register_door("publish", lambda case: reverse("programmes:publicity-new", args=[case.call.pk]))
    for event in ("object", "dismiss", "uphold"):
        register_door(event, lambda _case: reverse("programmes:objections"))
    for event in ("issue", "report", "upper_approve", "upper_reject"):
        register_door(event, lambda _case: reverse("programmes:documents"))


def _corrections() -> Iterator[tuple[int, bytes]]:
    from keshu.bureau.programmes.models import Correction
    from keshu.bureau.programmes.publicity.lists import correction_digest

    for row in Correction.objects.order_by("pk").iterator(chunk_size=500):
        yield row.act_id, correction_digest(row)
