"""Handing in: the effects that fix a version, give a number and answer with a receipt; and the click that comes twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.applying.numbering import next_number, prefix_of
from keshu.bureau.programmes.applying.states import EDITABLE
from keshu.bureau.programmes.applying.versions import freeze
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.machine import effect
from keshu.bureau.programmes.models import Application, Receipt, Stage
from keshu.bureau.programmes.problems import StaleCase
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.services import Writing, digest_of


@dataclass(frozen=True)
class Handed:
    """What came of a click: the case, its receipt where the event gives one, and whether the click had come before."""

    application: Application
    receipt: Receipt | None
    again: bool = False


def hand_over(
    application_id: int, event: str, *, seen: int, viewer: Viewer, given: Mapping[str, Any] | None = None
) -> Handed:
    """Take an event of the applicant's. The same click again, or the same POST repeated, answers with the same receipt.

    Raises StaleCase, NotAllowed and CaseProblem as `pass_case` does, where this very click was not taken before.
    """
    try:
        application = pass_case(application_id, event, seen=seen, viewer=viewer, given=given)
    except (StaleCase, NotAllowed):
        found = _before(application_id, event, seen, viewer)
        if found is None:
            raise
        return found
    return Handed(application, _receipt(application_id, event, seen))


def _before(application_id: int, event: str, seen: int, viewer: Viewer) -> Handed | None:
    """What the first arrival of this click left: a receipt, or the stage that it led into."""
    application = Application.objects.select_related("call__place", "place", "party").get(pk=application_id)
    if application.party_id not in viewer.parties("own.view"):
        return None
    if receipt := _receipt(application_id, event, seen):
        return Handed(application, receipt, again=True)
    if application.revision != seen + 1:
        return None
    led = {"left_at": None, "event": event, "act__by": viewer.actor.username}
    here = Stage.objects.filter(application_id=application_id, **led).exists()
    return Handed(application, None, again=True) if here else None


def _receipt(application_id: int, event: str, seen: int) -> Receipt | None:
    rows = Receipt.objects.select_related("version", "application__call")
    return rows.filter(application_id=application_id, event=event, revision=seen).first()


@effect("freeze_version")
def freeze_version(case: Case, within: Writing) -> None:
    """The first version. Later events that name the effect find one already: reports are rows of their own."""
    if case.application.version_id is None:
        freeze(case, within)


@effect("new_version")
def new_version(case: Case, within: Writing) -> None:
    """A further version, where the applicant had the form in hand; its difference is read from the two rows."""
    if any(step.event == case.event and step.source in EDITABLE for step in case.ladder.steps):
        freeze(case, within)


@effect("number")
def give_number(case: Case, within: Writing) -> None:
    """The number under which the case is known from now on."""
    if case.application.number is None:
        case.application.number = next_number(prefix_of(case.call))


@effect("receipt")
def give_receipt(case: Case, within: Writing) -> None:
    """One receipt for the click; papers are printed from it by a task after the commit."""
    application = case.application
    version = application.version
    row = Receipt(
        application=application, event=case.event, revision=application.revision, version=version,
        sha256=version.sha256 if version else "", by=case.by.username, at=within.act.at, act=within.act,
    )  # fmt: skip
    row.save()
    within.wrote(receipt_digest(row), "receipt")
    case.notes["receipt"] = row


def receipt_digest(row: Receipt) -> bytes:
    """What the act seals of a receipt."""
    return digest_of(["receipt", row.application_id, row.event, row.revision, row.sha256])
