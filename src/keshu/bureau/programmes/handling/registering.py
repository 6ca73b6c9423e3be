"""What handling puts into the registries of cases, of the home page, of the audit."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from keshu.bureau.pages import registry
from keshu.bureau.programmes.machine import effect
from keshu.bureau.records.audit import register_recount


def register() -> None:
    """Conditions, effects and what events bring along are registered by importing their modules."""
    from keshu.bureau.programmes.handling import (  # noqa: F401
        advising,
        checking,
        deciding,
        defects,
        overdue,
        passing_time,
        printing,
        scoring,
    )

    _tellers()
    _recounts()
    _case_page()
    _home_page()
    registry.register_verbs(
        {
            "case.check": _("形式审查"),
            "case.score": _("登记评分"),
            "case.score.withdraw": _("撤回评分"),
            "case.recommend-on-paper": _("代为登记推荐"),
            "batch.add": _("存为待发布批次"),
            "batch.release": _("发布批次"),
            "batch.undo": _("撤销批次"),
            "batch.drop": _("放弃批次"),
            "case.remind": _("催办提醒"),
        }
    )


def _case_page() -> None:
    from keshu.bureau.programmes.handling import panels as own
    from keshu.bureau.programmes.panels import Panel, Question, register_door, register_panel, register_question

    register_panel(Panel("defects", 5, None, "programmes/handling/panel_defects.html", own.to_mend))
    register_panel(Panel("handling", 20, "cases.view", "programmes/handling/panel.html", own.handled))
    decided = frozenset({"decision_recorded"})
    register_question(Question("decision", decided, own.decision_form, fills=decided))
    register_question(Question("advice", frozenset({"advise"}), own.advice_form))
    register_question(Question("defects", frozenset({"ask_rework", "ask_supplement"}), own.defects_form))
    for event in ("pass_check", "return_defects", "fail_check"):
        register_door(event, own.check_door)


def _home_page() -> None:
    from keshu.bureau.programmes.handling import panels as own

    home = registry.Panel("cases", 5, "cases.view", "programmes/handling/home.html", own.home)
    registry.register_panel(home)
    registry.register_deadlines(registry.Deadlines("cases", "cases.view", own.deadlines))
    registry.register_action(registry.Action(_("办理申报"), "programmes:work", "checks", "cases.view", 10))
    registry.register_subject("case_batch", registry.Subject(_("办理批次"), own.batch_url, names=own.batch_names))


def _tellers() -> None:
    from keshu.bureau.programmes.handling.telling import TELLING, tell

    for name in TELLING:
        effect(name)(lambda case, within, name=name: tell(case, name, within))


def _recounts() -> None:
    from keshu.bureau.programmes.handling.advising import advice_digest
    from keshu.bureau.programmes.handling.checking import verdict_digest
    from keshu.bureau.programmes.handling.deciding import decision_digest
    from keshu.bureau.programmes.handling.scoring import score_digest
    from keshu.bureau.programmes.models import Advice, CheckVerdict, Decision, Score

    kinds = {
        "check": (CheckVerdict, verdict_digest), "decision": (Decision, decision_digest),
        "advice": (Advice, advice_digest), "score": (Score, score_digest),
    }  # fmt: skip
    for kind, (model, digest) in kinds.items():
        register_recount(kind, lambda model=model, digest=digest: _counted(model, digest))


def _counted(model, digest) -> Iterator[tuple[int, bytes]]:  # type: ignore[no-untyped-def]
    return ((row.act_id, digest(row)) for row in model.objects.iterator(chunk_size=2000))
