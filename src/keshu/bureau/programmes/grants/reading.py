"""Reads about grants: the task book that holds, what is due, what was promised and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.facts import About, known_facts
from keshu.bureau.programmes.grants import contract
from keshu.bureau.programmes.models import (
    Application,
    CaseReport,
    ChangeRequest,
    Conclusion,
    Milestone,
    TaskBook,
    Verdict,
    Visit,
)
from keshu.bureau.programmes.problems import CaseProblem


def book_of(application: Application) -> TaskBook | None:
    """The task book that holds or is being agreed."""
    return TaskBook.objects.filter(application=application, replaced_by__isnull=True).first()


def books_of(application: Application) -> QuerySet[TaskBook]:
    return TaskBook.objects.filter(application=application).order_by("number")


def parameter(code: str, case: Case) -> Decimal | None:
    """A parameter in force at the call's place on the day of the case."""
    found = catalogue().parameters.get(code)
    value = found.value_on(case.today, [case.call.place.code]) if found else None
    return value if isinstance(value, Decimal) else None


def number_of(code: str, case: Case) -> int:
    """A parameter that has to be there, as a whole number. Raises CaseProblem where none is in force."""
    value = parameter(code, case)
    if value is None:
        raise CaseProblem(_("参数 %(code)s 在 %(day)s 没有值，请在参数表中补上") % {"code": code, "day": case.today})
    return int(value)


def granted(case: Case) -> Decimal | None:
    """The amount that was approved; None where nobody knows it."""
    about = About(case.call, case.application.party_id, case.today, case.at, case.application)
    found = known_facts(about, ["核定金额"]).get("核定金额")
    return found if isinstance(found, Decimal) else None


def milestones_of(application: Application) -> QuerySet[Milestone]:
    return Milestone.objects.filter(application=application, replaced_by__isnull=True).order_by("due_on", "code")


def reports_of(application: Application) -> QuerySet[CaseReport]:
    rows = CaseReport.objects.filter(application=application, replaced_by__isnull=True)
    return rows.select_related("file").order_by("due_on", "pk")


def reports_due(application: Application, on: date) -> QuerySet[CaseReport]:
    """Reports whose day has come and that nobody has filed."""
    return reports_of(application).filter(filed_on__isnull=True, due_on__lte=on)


def changes_of(application: Application) -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.filter(application=application).select_related("file").order_by("number")


def open_change(application: Application) -> ChangeRequest | None:
    return changes_of(application).filter(state=ChangeRequest.State.ASKED).last()


def visits_of(application: Application) -> QuerySet[Visit]:
    return Visit.objects.filter(application=application).order_by("on", "pk")


def verdicts_of(application: Application) -> dict[str, Verdict]:
    rows = Verdict.objects.filter(application=application, replaced_by__isnull=True)
    return {row.kind: row for row in rows}


def conclusion_of(application: Application) -> Conclusion | None:
    return Conclusion.objects.filter(application=application, withdrawn_by__isnull=True).order_by("-pk").first()


@dataclass(frozen=True)
class Line:
    """One target through its life: as first promised, as it stands after changes, as delivered."""

    name: str
    promised: str
    now: str
    delivered: str
    proof: str

    @property
    def changed(self) -> bool:
        return self.promised != self.now


def side_by_side(application: Application) -> list[Line]:
    """Promised, changed, delivered, target by target; a target that a change dropped stays visible."""
    books = list(books_of(application))
    if not books:
        return []
    first, last = (_by_name(book.values) for book in (books[0], books[-1]))
    given = _delivered(application)
    names = list(dict.fromkeys([*first, *last]))
    return [
        Line(
            name, first[name].value if name in first else "", last[name].value if name in last else "",
            given.get(name, ""), (last.get(name) or first[name]).proof,
        )
        for name in names
    ]  # fmt: skip


def _by_name(values: Mapping[str, str]) -> dict[str, contract.Promise]:
    return {one.name.strip(): one for one in contract.promises(values)}


def _delivered(application: Application) -> dict[str, str]:
    """What the latest report that speaks of a target says of it."""
    found: dict[str, str] = {}
    rows = CaseReport.objects.filter(application=application, replaced_by__isnull=True, filed_on__isnull=False)
    for report in rows.order_by("filed_on", "pk"):
        found.update({name: text for name, text in report.values.get("delivered", {}).items() if text})
    return found
