"""Freezing: under the exclusive lock every figure is computed once more, its rows counted and hashed, the text kept."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.records import definitions
from keshu.bureau.records.services import ZONE, Actor, Writing, digest_of, freezing
from keshu.bureau.reports.asking import tellings_of
from keshu.bureau.reports.compose import definition_of, seed_of
from keshu.bureau.reports.composing.nodes import Figure, Marked, Names, Record, marks_in, value_text
from keshu.bureau.reports.composing.text import Shown
from keshu.bureau.reports.models import Frozen, FrozenMark, Summary
from keshu.bureau.reports.papers import Paper, Sending, document_of
from keshu.bureau.reports.rules import SUMMARY
from keshu.bureau.reports.services import SummaryProblem, _open
from keshu.bureau.reports.stored import annex_of, content_of, shown_content
from keshu.bureau.reports.telling import Tellings
from keshu.bureau.statistics.forms import Formed
from keshu.bureau.statistics.lineage import Lineage, LineageRow, hash_of
from keshu.bureau.statistics.queries import Ask, lineages
from keshu.catalogue.hashing import definition_hash
from keshu.kernel.measure.period import Period
from keshu.office.gbt9704 import OfficialDocument
from keshu.office.verify import FrozenText, freeze


def _freeze(summary_id: int, *, by: Actor, rights: frozenset[str]) -> Frozen:
    """The summary as it stands is final: a step of `handing_on.sign_off`, the one way to do it.

    Raises NotAllowed with what still blocks it, SummaryProblem where a figure of the text is no longer what the records
    said when it was composed.
    """
    with freezing(verb="summary.freeze", by=by, subject=f"summary:{summary_id}") as act:
        summary = _open(summary_id)
        told = tellings_of(summary)
        _refuse_moved(summary, told)
        state = SUMMARY.pass_through(
            summary, key=str(summary.pk), state=summary.state, event="freeze", rights=rights, within=act
        )
        _use_definitions(summary, told, act)
        content = content_of(summary)
        digest = content_hash(content)
        laid_out = document_for(content, digest)
        frozen = Frozen.objects.create(
            summary=summary,
            content=content,
            text=freeze(laid_out).text,
            sha256=digest,
            known_at=summary.known_at,
            act=act.act,
        )
        marks = list(_rows(frozen, summary, told, freeze(laid_out)))
        FrozenMark.objects.bulk_create(marks, batch_size=400)
        act.wrote(frozen_digest(frozen, marks), "frozen")
        summary.state = state
        summary.save(update_fields=["state"])
        return frozen


def content_hash(content: dict[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def frozen_digest(frozen: Frozen, marks: Iterable[FrozenMark]) -> bytes:
    return digest_of(
        [frozen.summary_id, frozen.sha256, [[m.mark, m.reference, m.printed, m.value, m.rows, m.digest] for m in marks]]
    )


def frozen_digests() -> Iterator[tuple[int, bytes]]:
    """(act, digest) of every frozen summary, for the audit; the content's own hash is checked with it."""
    for frozen in Frozen.objects.order_by("pk"):
        same = content_hash(frozen.content) == frozen.sha256
        yield frozen.act_id, frozen_digest(frozen, frozen.marks.all()) if same else digest_of(["changed", frozen.pk])


def _refuse_moved(summary: Summary, told: Tellings) -> None:
    """A row that was being written while the text was composed may have slipped under a figure."""
    moved = []
    for part in shown_content(content_of(summary)):
        for _block, _said, node in marks_in(part.blocks):
            now = told.raw(node.reference) if isinstance(node, Figure | Names) else None
            if now is not None and node.value != value_text(now.value):
                moved.append(f"{node.words}（{now.figure.name}）")
    if moved:
        raise SummaryProblem(
            _("有%(n)s处数字在成文时正在入库，现已变化：%(list)s；请重新生成后再签字、冻结")
            % {"n": len(moved), "list": "、".join(moved[:5])}
        )


def _use_definitions(summary: Summary, told: Tellings, act: Writing) -> None:
    """The definitions that the text was made under are kept as they are now."""
    catalogue = site_catalogue()
    definitions.use("summary", definition_of(summary.kind), at=act.known_from)
    codes = {one.code for formed in told.formed.values() for one in formed.operands}
    for code in sorted(codes & catalogue.indicators.keys()):
        definitions.use("indicator", catalogue.indicators[code], at=act.known_from)


def document_for(content: dict[str, Any], digest: str = "", sending: Sending | None = None) -> OfficialDocument:
    """The stored or frozen content as a document, out of the content alone: the same content gives the same bytes."""
    known_at, place, sent = datetime.fromisoformat(content["known_at"]), content["place"], sending or Sending()
    paper = Paper(
        organ=content["organ"], dated=_dated(known_at), made_at=known_at, place=place, period=content["period"],
        summary=f"{content['kind']}/{place}/{Period.parse(content['period'])}", sha256=digest,
        number=sent.number, signers=sent.signers, addressee=sent.addressee,
    )  # fmt: skip
    parts = shown_content(content)
    first = content.get("table_first", False)
    return document_of(content["title"], parts, annex_of(content["lists"]), content["annex"], paper, table_first=first)


def _dated(at: Any) -> date:
    return at.astimezone(ZONE).date()


@dataclass(frozen=True)
class _Stood:
    """What one reference stands on."""

    formed: Formed
    rows: tuple[LineageRow, ...]

    @property
    def stands_on(self) -> str:
        received = self.formed.figure.received
        if received is not None and not self.rows:
            return f"{received.document} {received.cell}".strip()
        catalogue = site_catalogue()
        sources = dict.fromkeys(row.source for row in self.rows)
        return "、".join(catalogue.ledgers[s].name + "台账" for s in sources if s in catalogue.ledgers) or "计算"


def _rows(frozen: Frozen, summary: Summary, told: Tellings, laid_out: FrozenText) -> Iterator[FrozenMark]:
    """A row for every mark of the document, in printed order."""
    nodes: dict[str, tuple[Shown, str, Marked]] = {}
    for part in shown_content(frozen.content):
        for _block, said, node in marks_in(part.blocks):
            nodes[node.mark] = (part, said.words, node)
    stood = _standings(told, {mark.reference for mark in laid_out.marks})
    told_of = [node.revision for _part, _words, node in nodes.values() if isinstance(node, Record)]
    revisions = Revision.objects.in_bulk(told_of)
    for order, mark in enumerate(laid_out.marks):
        part, sentence, node = nodes.get(mark.id, (None, "", None))
        base = FrozenMark(
            frozen=frozen, mark=mark.id, section=part.code if part else "annex", order=order, reference=mark.reference,
            printed=mark.text, before=mark.before, after=mark.after, start=mark.start, sentence=sentence,
            place=summary.place.code, period=summary.period, owner=part.owner if part else "",
        )  # fmt: skip
        yield (
            _record_row(base, node, revisions.get(node.revision))
            if isinstance(node, Record)
            else _figure_row(base, node, stood.get(mark.reference))
        )


def _record_row(base: FrozenMark, node: Record, row: Revision | None) -> FrozenMark:
    base.kind, base.rows = FrozenMark.Kind.RECORD, 1
    base.digest = hash_of([LineageRow(node.ledger, node.entry, node.revision)])
    catalogue = site_catalogue()
    base.stands_on = f"{catalogue.ledgers[node.ledger].name}台账" if node.ledger in catalogue.ledgers else node.ledger
    base.name = (row.title or row.key)[:120] if row else ""
    return base


def _figure_row(base: FrozenMark, node: Marked | None, stood: _Stood | None) -> FrozenMark:
    base.kind = FrozenMark.Kind.NAMES if isinstance(node, Names) else FrozenMark.Kind.FIGURE
    if stood is None:
        return base
    figure = stood.formed.figure
    base.name, base.period, base.unit = figure.name, str(figure.period), stood.formed.unit
    base.value = value_text(stood.formed.value)[:60]
    base.presence, base.status = stood.formed.presence.value, figure.status.value if figure.status else ""
    base.rows, base.digest = len({(r.source, r.id, r.revision) for r in stood.rows}), hash_of(stood.rows)
    base.stands_on = stood.stands_on[:300]
    indicator = site_catalogue().indicators.get(figure.code)
    base.definition = definition_hash(indicator) if indicator else ""
    base.owner = base.owner or (indicator.owner if indicator else "")
    return base


def _standings(told: Tellings, wanted: set[str]) -> dict[str, _Stood]:
    """Rows of every reference; what several of them share is read once."""
    formed = {text: one for text in wanted if (one := told.raw(text)) is not None}
    asks: dict[Ask, None] = {}
    for one in formed.values():
        asks |= dict.fromkeys(_asks(one))
    if not asks:
        return {}
    known_at = next(iter(formed.values())).figure.known_at
    found = lineages(asks, known_at=known_at)
    return {text: _Stood(one, _rows_of(one, found)) for text, one in formed.items()}


def _asks(formed: Formed) -> list[Ask]:
    """The figures that the form is made of; a rank stands on its siblings too, but those are theirs."""
    operands: Sequence[Any] = formed.operands[:1] if formed.form in ("rank", "rank_moved") else formed.operands
    return [one.ask for one in operands]


def _rows_of(formed: Formed, found: dict[Ask, Lineage]) -> tuple[LineageRow, ...]:
    rows = {replace(row, part="") for ask in _asks(formed) for row in found[ask].rows}
    # one row may be counted by one operand and summed up by another: amounts and days may be missing in one of them
    return tuple(sorted(rows, key=lambda row: (row.source, row.id, row.revision, row.party, row.place)))


__all__ = ["content_hash", "document_for", "frozen_digests", "seed_of", "tellings_of"]
