"""What a signed task book obliges to: nodes with their days, reports with theirs, and the day by which to ask for acceptance."""

from datetime import date

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants import contract
from keshu.bureau.programmes.grants.reading import book_of, granted, number_of, parameter
from keshu.bureau.programmes.models import CaseReport, Milestone
from keshu.bureau.records.services import Writing, digest_of
from keshu.kernel.workdays import add_months

Kind = CaseReport.Kind


def plan(case: Case, within: Writing) -> None:
    """Rows for every node and every report to come; what was done or filed before stays, what was only planned goes."""
    book = book_of(case.application)
    if book is None:
        return
    _drop_planned(case, within)
    done = set(
        Milestone.objects.filter(application=case.application, replaced_by__isnull=True).values_list("code", flat=True)
    )
    for node in contract.nodes(book.values):
        if node.row not in done:
            _milestone(case, node, within)
    for kind, period, due in _reports(case, book.values):
        CaseReport.objects.get_or_create(
            application=case.application, kind=kind, period=period, replaced_by=None,
            defaults={"due_on": due, "act": within.act},
        )  # fmt: skip
        within.wrote(digest_of(["report.plan", case.application.pk, kind, period, due]))


def _drop_planned(case: Case, within: Writing) -> None:
    mine = {"application": case.application, "replaced_by__isnull": True}
    Milestone.objects.filter(**mine, done_on__isnull=True).update(replaced_by=within.act)
    CaseReport.objects.filter(**mine, filed_on__isnull=True).update(replaced_by=within.act)


def _milestone(case: Case, node: contract.Node, within: Writing) -> None:
    row = Milestone.objects.create(
        application=case.application, code=node.row, name=node.mark[:300], starts_on=node.starts_on,
        due_on=node.ends_on, act=within.act,
    )  # fmt: skip
    within.wrote(digest_of(["milestone", row.application_id, row.code, row.name, row.due_on]))


def _reports(case: Case, values: dict[str, str]) -> list[tuple[str, str, date | None]]:
    """Kind, period and day of every report that the grant owes."""
    start, end = contract.day(values, "plan_start"), contract.day(values, "plan_end")
    if start is None or end is None:
        return []
    found: list[tuple[str, str, date | None]] = [
        (Kind.ANNUAL, str(year), date(year + 1, 1, 31)) for year in range(start.year, end.year)
    ]
    amount = granted(case)
    long = add_months(start, number_of("project.midterm_months", case)) <= end
    if long or _at_least(amount, case, "project.midterm_grant"):
        found.append((Kind.MIDTERM, "", start + (end - start) / 2))
    last = acceptance_day(case, values)
    found += [(Kind.ACCEPTANCE, "", last), (Kind.SCIENCE, "", last)]
    if _at_least(amount, case, "project.audit_grant"):
        found.append((Kind.AUDIT, "", last))
    return found


def _at_least(amount: object, case: Case, code: str) -> bool:
    floor = parameter(code, case)
    return amount is not None and floor is not None and amount >= floor  # type: ignore[operator]


def acceptance_day(case: Case, values: dict[str, str]) -> date | None:
    """The last day for asking for acceptance: some months after the planned end."""
    end, months = contract.day(values, "plan_end"), parameter("project.acceptance_months", case)
    return add_months(end, int(months or 0)) if end else None


def running_due(case: Case) -> date | None:
    """By when a grant under way has to ask for acceptance; None before there is a task book."""
    book = book_of(case.application)
    return acceptance_day(case, book.values) if book else None
