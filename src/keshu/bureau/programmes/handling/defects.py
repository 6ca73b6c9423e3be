"""What an applicant is asked to mend: all of it at once, from the check and from whoever sends the case back."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from keshu.bureau.programmes.access import OWN
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.checking import checks_of
from keshu.bureau.programmes.machine import arrival, effect, take_back
from keshu.bureau.programmes.models import CheckVerdict, Defect
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.services import Writing, digest_of


@effect("list_defects")
def list_defects(case: Case, within: Writing) -> None:
    """One row for each thing to be mended: check items that failed, and what the event brings; else its reason."""
    found = [*_given(case), *_failed(case)]
    if not found and case.reason:
        found = [{"text": case.reason[:500]}]
    rows = [
        Defect(
            application=case.application, stage=case.stage, act=within.act, field=one.get("field", ""),
            text=one["text"], remedy=one.get("remedy", ""),
        )
        for one in found
    ]  # fmt: skip
    case.notes["defects"] = Defect.objects.bulk_create(rows)
    for row in rows:
        within.wrote(digest_of(["defect", row.application_id, row.field, row.text, row.remedy]))


def _given(case: Case) -> Iterator[dict[str, str]]:
    said = case.given.get("defects") or ()
    if isinstance(said, Mapping):
        said = lines_of(str(said.get("lines", "")))
    if not isinstance(said, list | tuple):
        raise CaseProblem(_("问题清单读不懂，请从办理页面重新填写"))
    for one in said:
        row = {name: str(one.get(name, "")).strip() for name in ("field", "text", "remedy")}
        if not any(row.values()):
            continue
        if not row["text"]:
            raise CaseProblem(_("问题清单中有一条没有写问题，请补写或删去"))
        yield {"field": row["field"][:120], "text": row["text"][:500], "remedy": row["remedy"][:500]}


def lines_of(text: str) -> list[dict[str, str]]:
    """A defect a line: 问题；改法."""
    parts = (line.partition("；") for line in text.splitlines() if line.strip())
    return [{"text": problem.strip(), "remedy": remedy.strip()} for problem, _sign, remedy in parts]


def _failed(case: Case) -> Iterator[dict[str, str]]:
    """The items that do not pass, where the case comes from a check."""
    if case.event not in _events_of_checks(case):
        return
    for item, verdict in checks_of(case):
        if verdict is not None and verdict.truth == CheckVerdict.Truth.NO:
            said = verdict.reason if verdict.said else verdict.clause
            text = _("%(name)s：%(said)s") % {"name": item.name, "said": said} if said else item.name
            yield {"text": text[:500], "remedy": item.remedy[:500]}


def _events_of_checks(case: Case) -> frozenset[str]:
    return frozenset(step.event for step in case.ladder.steps if "some_defects" in step.conditions)


@take_back
def forget_defects(case: Case, act_id: int, within: Writing) -> None:
    """What an undone act asked for is asked for no longer."""
    Defect.objects.filter(application=case.application, act_id=act_id).delete()


def open_defects(application_id: int) -> list[Defect]:
    """What is still to be mended, in the order in which it was said."""
    return list(Defect.objects.filter(application_id=application_id, mended_by=None).order_by("pk"))


@arrival
def mend_on_arrival(case: Case, within: Writing) -> None:
    """What the applicant has handed in again counts as answered; whether it is, the next check says."""
    step = next((one for one in case.ladder.steps if one.event == case.event and "new_version" in one.effects), None)
    if step is not None and step.right in OWN:
        mend(case, within)


def mend(case: Case, within: Writing) -> None:
    """The applicant has handed in again: what was asked for counts as answered."""
    Defect.objects.filter(application=case.application, mended_by=None).update(mended_by=within.act)
