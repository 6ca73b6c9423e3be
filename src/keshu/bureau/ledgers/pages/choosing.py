"""Rows that somebody ticked in a list, and what is to become of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from keshu.bureau.ledgers import together
from keshu.bureau.ledgers.guards import ledger_to
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.pages.listing import within_scope
from keshu.bureau.pages.posting import whole_number
from keshu.bureau.records.services import Actor
from keshu.catalogue.schema import Ledger

RIGHTS = {"void": "entries.void", "star": "entries.edit", "unstar": "entries.edit"}


@dataclass(frozen=True)
class Choice:
    """The rows as they are now, their revision numbers as the person saw them; `problem`: why nothing can be done."""

    ledger: Ledger
    verb: str
    rows: list[Revision] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)
    problem: str = ""

    @property
    def title(self) -> str:
        return {"void": _("批量作废"), "star": _("批量列为亮点"), "unstar": _("批量取消亮点")}[self.verb]

    @property
    def done(self) -> str:
        words = {"void": _("已作废 %(n)s 条"), "star": _("已将 %(n)s 条列为亮点"), "unstar": _("已取消 %(n)s 条的亮点")}
        return words[self.verb] % {"n": len(self.rows)}

    @property
    def ticks(self) -> list[str]:
        return [f"{entry}:{number}" for entry, number in self.seen.items()]


def choice_of(request: HttpRequest, code: str) -> Choice:
    """Only rows within the scope of the right; one beyond it refuses the whole (403)."""
    verb = request.POST.get("verb", "")
    if verb not in RIGHTS:
        raise Http404
    right = RIGHTS[verb]
    ledger = ledger_to(request, code, right)
    seen = dict(_ticks(request.POST.getlist("entry")))
    if not 1 <= len(seen) <= together.MOST:
        return Choice(ledger, verb, problem=_("请先在列表中勾选 1 至 %(n)s 个条目") % {"n": together.MOST})
    rows = Revision.objects.filter(ledger=code, entry_id__in=seen, known_to__isnull=True)
    mine = within_scope(request.viewer, rows, right).select_related("party", "place").order_by("pk")
    found = list(mine)
    if len(found) != len(seen):
        raise PermissionDenied(right)
    return Choice(ledger, verb, found, seen)


def _ticks(texts: list[str]) -> Iterator[tuple[int, int]]:
    for text in texts:
        entry, number = (whole_number(part) for part in text.partition(":")[::2])
        if entry is not None and number is not None:
            yield entry, number


def carry_out(choice: Choice, *, by: Actor, reason: str) -> None:
    if choice.verb == "void":
        together.void_entries(choice.ledger.code, choice.seen, by=by, reason=reason)
    else:
        highlight = choice.verb == "star"
        together.highlight_entries(choice.ledger.code, choice.seen, highlight=highlight, by=by, reason=reason)
