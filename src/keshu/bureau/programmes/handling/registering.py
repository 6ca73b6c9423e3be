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
        scoring,
    )

    _tellers()
    _recounts()
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
