"""Showing a personal field in full: only with a reason, and never without a trace."""

from datetime import datetime

from django.utils.translation import gettext as _

from keshu.bureau.accounts.models import Unmasking
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.parties import personal
from keshu.bureau.records.services import Actor


def unmask(row: Revision, field: str, *, by: Actor, at: datetime, reason: str) -> str:
    """The text behind a personal field of this revision; who asked, when and why is kept before it is shown.

    Raises EntryProblem without a reason, for a field without a value, and for an erased person.
    """
    if not reason.strip():
        raise EntryProblem(_("查看个人信息必须填写原因"))
    token = values_of(ledger_of(row.ledger), row).get(field)
    if not personal.is_token(token):
        raise EntryProblem(_("该条目没有这项个人信息"))
    Unmasking.objects.create(by=by.username, at=at, subject=f"entry:{row.entry_id}", field=field, reason=reason[:200])
    try:
        return personal.decrypt(token)
    except personal.Erased as error:
        raise EntryProblem(_("该人员的个人信息已依法清除，无法查看")) from error
