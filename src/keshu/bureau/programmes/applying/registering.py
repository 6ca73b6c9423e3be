"""What applying brings to the machine, the case page and the words of the audit."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from keshu.bureau.programmes.applying import conditions, printing, submitting  # noqa: F401 - they register conditions, effects, papers
from keshu.bureau.programmes.applying.papers import files_in_drafts
from keshu.bureau.programmes.applying.states import may_edit
from keshu.bureau.programmes.applying.submitting import receipt_digest
from keshu.bureau.programmes.applying.versions import hash_of, versions_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import FormVersion, Receipt
from keshu.bureau.programmes.panels import Panel, register_door, register_panel
from keshu.bureau.records.audit import register_recount
from keshu.bureau.records.files import register_holder

HANDING = ("hand_in", "submit", "hand_back", "supplement", "mend")


def register() -> None:
    """Conditions and effects are registered by importing their modules."""
    for event in HANDING:
        register_door(event, lambda case: reverse("programmes:check", args=[case.application.pk]))
    register_holder(files_in_drafts)
    register_recount("form", recount_versions)
    register_recount("receipt", recount_receipts)
    register_panel(Panel("form", 5, None, "programmes/applying/panel.html", form_panel))


def form_panel(request: HttpRequest, case: Case) -> dict[str, Any]:
    """The form on the case page: what was handed in, what is asked for, the way to fill it in."""
    from keshu.bureau.programmes.handling.defects import open_defects

    application = case.application
    versions = versions_of(application)
    receipts = list(Receipt.objects.filter(application=application)) if versions else []
    for version in versions:
        version.given = [one for one in receipts if one.version_id == version.pk]  # type: ignore[attr-defined]
    viewer = request.viewer  # type: ignore[attr-defined]
    return {"versions": versions, "may_edit": may_edit(viewer, application), "defects": open_defects(application.pk)}


def recount_versions() -> Iterator[tuple[int, bytes]]:
    """Act and content hash of every version, taken from its texts anew: a changed letter is found by the audit."""
    rows = FormVersion.objects.select_related("application__call")
    return ((row.act_id, bytes.fromhex(hash_of(row))) for row in rows.iterator(chunk_size=500))


def recount_receipts() -> Iterator[tuple[int, bytes]]:
    return ((row.act_id, receipt_digest(row)) for row in Receipt.objects.iterator(chunk_size=2000))
