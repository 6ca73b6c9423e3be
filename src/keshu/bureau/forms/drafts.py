"""Keeping, finding and giving up drafts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from keshu.bureau.forms.models import Draft
from keshu.bureau.parties import personal

LONGEST = 6000  # signs of one field


@dataclass(frozen=True)
class Sheet:
    """Whose form about what: `ledger:title` about `entry:17`, or about `new:` and a word that the page brought."""

    owner: str
    form: str
    subject: str


def save_draft(
    sheet: Sheet, texts: Mapping[str, str], *, personal_codes: Iterable[str], version: int, at: datetime
) -> Draft:
    """Keep what is in the form now, instead of what was kept before; personal fields are sealed."""
    closed = set(personal_codes)
    values = {code: personal.seal(text) if code in closed and text else text[:LONGEST] for code, text in texts.items()}
    found, _made = Draft.objects.update_or_create(
        owner=sheet.owner, form=sheet.form, subject=sheet.subject,
        defaults={"values": values, "version": version, "saved_at": at},
    )  # fmt: skip
    return found


def draft_of(sheet: Sheet) -> Draft | None:
    return Draft.objects.filter(owner=sheet.owner, form=sheet.form, subject=sheet.subject).first()


def texts_of(draft: Draft) -> dict[str, str]:
    """The texts as they were typed."""
    return {
        code: personal.unseal(text) if personal.is_sealed(text) else str(text) for code, text in draft.values.items()
    }


def drop_draft(sheet: Sheet) -> None:
    """The form was handed in or given up."""
    Draft.objects.filter(owner=sheet.owner, form=sheet.form, subject=sheet.subject).delete()


def unfinished(owner: str, form: str) -> QuerySet[Draft]:
    """New things that this person began and did not hand in, the latest first; for the page of the form."""
    return Draft.objects.filter(owner=owner, form=form, subject__startswith="new:").order_by("-saved_at")
