"""The panel 文书 of the case page: every paper that the programme prints, and those that can be had by now."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import ArchiveIndex, Stage
from keshu.bureau.programmes.publicity import printing
from keshu.catalogue.schema.programme_words import TEMPLATES

INNER = frozenset({"check_report", "score_sheet", "review_report", "report_letter", "recommendation_list"})


@dataclass(frozen=True)
class CasePaper:
    """A paper of the definition. `ready`: its event has happened, so that there is something to print."""

    template: str
    name: str
    ready: bool
    printable: bool


def papers_of(case: Case, *, inner: bool) -> list[CasePaper]:
    """Papers in the order of the definition; those that serve the bureau alone are left out for others."""
    events = set(Stage.objects.filter(application=case.application).values_list("event", flat=True))
    events |= {row.event for row in case.ladder.steps if row.source == row.target}  # those leave no stage
    found: dict[str, CasePaper] = {}
    for one in case.programme.documents:
        ready = one.on in events or (one.on == "issue" and case.application.state == "issuing" and inner)
        ready = ready or (one.on == "report" and case.application.state == "reporting" and inner)
        if inner or one.template not in INNER:
            found[one.template] = CasePaper(one.template, one.name, ready, printing.printable(one.template))
    for template, event in (("acceptance_notice", "accept"), ("refusal_notice", "refuse")):
        if template not in found and event in events:
            found[template] = CasePaper(template, TEMPLATES[template], ready=True, printable=True)
    return list(found.values())


def panel_context(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    viewer = request.viewer  # type: ignore[attr-defined]
    own = case.application.party_id in viewer.parties("own.view")
    papers = [one for one in papers_of(case, inner=not own) if one.ready and one.printable]
    may_archive = viewer.may("programmes.archive", section=case.call.section, place=case.call.place.code)
    index = ArchiveIndex.objects.filter(application=case.application).first() if may_archive else None
    if not papers and not may_archive:
        return None
    return {"papers": papers, "may_archive": may_archive, "archive": index}
