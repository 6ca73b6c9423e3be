"""What a plan's measures become when it is signed off: tasks of the year that they are for, each with its owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.services import Undone, undo_act
from keshu.bureau.ledgers.together import add_missing
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor
from keshu.bureau.targets.tasks import LEDGER

#: source of such a task; plans are not written from them again
SOURCE = "measure"
VERB = "task.take-up"


@dataclass(frozen=True)
class Measure:
    """One measure of a plan: what it is called, all its words, who answers for it, and the target that it ends with."""

    name: str
    words: str
    theme: str
    section: str
    indicator: str = ""
    target: Decimal | None = None


def take_up_measures(
    measures: Sequence[Measure], *, place_id: int, year: int, document: str, subject: str, by: Actor
) -> Act | None:
    """Make each measure a task of `year`, due on its last day, as one act that can be undone whole.

    A task of the place and year with the same name is left as it is, so that a second time adds nothing (None).
    """
    rows = [_values(one, year, document) for one in measures]
    return add_missing(LEDGER, rows, place_id=place_id, by=by, verb=VERB, reason=document, subject=subject)


def _values(one: Measure, year: int, document: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": one.name, "content": one.words, "source": SOURCE, "theme": one.theme, "section": one.section, "status": "planned",
        "year": year, "started": date(year, 1, 1), "due": date(year, 12, 31), "document": document,
        "indicator": one.indicator, "target": one.target,
    }  # fmt: skip
    return {code: value for code, value in values.items() if value not in (None, "")}


def taken_up(subject: str) -> tuple[Act, list[Revision]] | None:
    """The act that took up the measures of this subject with its tasks that still stand; None before and after undoing."""
    act = Act.objects.filter(verb=VERB, subject=subject, undone_by=None).order_by("-pk").first()
    if act is None:
        return None
    entries = Revision.objects.filter(act=act).values("entry_id")
    current = Revision.objects.filter(entry_id__in=entries, known_to__isnull=True, voided=False)
    return act, list(current.order_by("entry_id"))


def put_back_measures(subject: str, *, by: Actor, reason: str) -> Undone | None:
    """Take the tasks back that nobody has worked on since; None where there is nothing to take back."""
    found = taken_up(subject)
    return undo_act(found[0].pk, by=by, reason=reason) if found else None
