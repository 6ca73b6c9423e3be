"""The slots of a form with the papers that were handed in, for whoever checks it."""

from dataclasses import dataclass
from typing import Any

from keshu.bureau.programmes.applying.sheet import Filled
from keshu.bureau.programmes.casing import Case
from keshu.catalogue.schema.programme_form import Slot


@dataclass(frozen=True)
class ShownSlot:
    """A place for papers with what lies in it; `lacking` says that it has to be filled and is not."""

    slot: Slot
    papers: list[dict[str, Any]]
    lacking: bool


def shown_slots(case: Case, form: Filled) -> list[ShownSlot]:
    """The slots that this form shows, with the papers of the version."""
    version = case.application.version
    papers = version.papers if version is not None else []
    found = []
    for slot in form.slots():
        mine = [paper for paper in papers if paper["slot"] == slot.code]
        found.append(ShownSlot(slot, mine, lacking=slot.required and not mine))
    return found
