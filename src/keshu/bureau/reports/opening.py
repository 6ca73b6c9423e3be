"""What a mark of a summary stands on: the panel that opens beside the text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.records.facts import source_of
from keshu.bureau.reports.asking import told_for
from keshu.bureau.reports.composing.nodes import Figure, Marked, Names, Record, marks_in
from keshu.bureau.reports.models import Summary
from keshu.bureau.reports.stored import content_of, shown_content
from keshu.bureau.reports.telling import Tellings
from keshu.bureau.reports.wording import shower
from keshu.bureau.statistics.forms import Formed
from keshu.bureau.statistics.pages.linking import entry_url
from keshu.bureau.statistics.queries import Ask, Lineage, lineage
from keshu.catalogue.schema import Indicator

ROWS_SHOWN = 12


@dataclass(frozen=True)
class RowLine:
    """A row of a ledger as the panel names it."""

    ledger: str
    title: str
    party: str
    place: str
    day: str
    cell: str
    url: str


@dataclass
class Opened:
    """A mark with everything that a reader may ask about it."""

    node: Marked
    sentence: str
    section: str
    kind: str
    name: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    indicator: Indicator | None = None
    formed: Formed | None = None
    document: Any = None
    rows: list[RowLine] = field(default_factory=list)
    row_count: int = 0
    hidden: int = 0
    url: str = ""
    frozen: Any = None


def open_mark(summary: Summary, mark: str, viewer: Viewer) -> Opened | None:
    """The mark of this summary with its definition, its neighbours in time, and its rows or document."""
    frozen = summary.state == Summary.State.FROZEN
    content = summary.frozen.content if frozen else content_of(summary)
    for part in shown_content(content):
        for _block, said, node in marks_in(part.blocks):
            if node.mark == mark:
                opened = Opened(node, said.words, part.heading or part.theme, type(node).__name__.lower())
                if frozen:
                    opened.frozen = summary.frozen.marks.filter(mark=mark).first()
                return _filled(opened, summary, datetime.fromisoformat(content["known_at"]), viewer)
    return None


def _filled(opened: Opened, summary: Summary, known_at: datetime, viewer: Viewer) -> Opened:
    if isinstance(opened.node, Record):
        return _record(opened, opened.node, viewer)
    told = told_for(summary, _with_neighbours(opened.node.reference), known_at)
    formed = told.raw(opened.node.reference)
    if formed is None:
        return opened
    opened.formed, opened.name = formed, formed.figure.name
    opened.indicator = site_catalogue().indicators.get(formed.figure.code)
    opened.document = formed.figure.received if formed.figure.counted is None else None
    opened.facts = list(_facts(formed, told))
    opened.url = _figure_url(opened.node, summary, known_at)
    _rows(opened, formed, known_at, viewer)
    return opened


def _with_neighbours(reference: str) -> list[str]:
    """The reference with what belongs to it: the plain value, last year, the target, the rank."""
    base = _base(reference)
    forms = ("", ":growth", ":target", ":completion", ":rank", ":points")
    return list(dict.fromkeys([reference, *(f"{base}{form}" for form in forms)]))


def _base(reference: str) -> str:
    """The reference to the plain value."""
    return reference.partition("|")[0].partition(":")[0]


def _facts(formed: Formed, told: Tellings) -> Sequence[tuple[str, str]]:
    base = _base(str(formed.reference)[1:-1])
    figure = formed.figure
    words = {
        form: told.tell(f"{base}:{form}").words if form else told.tell(base).words
        for form in ("", "growth", "target", "completion", "rank")
    }
    period = (
        figure.period.stock_words(with_year=True)
        if figure.kind == "stock"
        else figure.period.flow_words(with_year=True)
    )
    facts = [(_("数值"), words[""]), (_("期间"), period)]
    if figure.numerator is not None and figure.denominator is not None:
        facts.append((_("分子 ÷ 分母"), f"{figure.numerator.normalize():f} ÷ {figure.denominator.normalize():f}"))
    growth = told.raw(f"{base}:growth")
    if growth is not None and growth.before is not None:
        facts.append(
            (
                _("上年末") if figure.kind == "stock" else _("上年同期"),
                shower(figure, told.setting.rules)(growth.before),
            )
        )
    for form, label in (("growth", _("增减")), ("target", _("目标")), ("completion", _("完成率")), ("rank", _("位次"))):
        if words[form]:
            facts.append((label, words[form]))
    if figure.status is not None:
        facts.append((_("数据性质"), figure.status.label))
    if figure.says:
        facts.append((_("口径"), figure.says))
    return facts


def _figure_url(node: Figure | Names, summary: Summary, known_at: datetime) -> str:
    query = urlencode(
        {"ref": node.reference, "place": summary.place.code, "period": summary.period, "at": known_at.isoformat()}
    )
    return f"{reverse('statistics:figure')}?{query}"


def _rows(opened: Opened, formed: Formed, known_at: datetime, viewer: Viewer) -> None:
    """The rows that were counted, as far as the viewer may see them; names show their own entries first."""
    figure = formed.figure
    found: Lineage = lineage(
        Ask(figure.code, figure.place, figure.period, figure.scope), known_at=known_at, viewer=viewer
    )
    opened.row_count, opened.hidden = found.row_count, found.hidden
    wanted = set(opened.node.entries) if isinstance(opened.node, Names) else set()
    first = sorted(found.rows, key=lambda row: row.id not in wanted)[:ROWS_SHOWN]
    by_source: dict[str, list[int]] = {}
    for row in first:
        by_source.setdefault(row.source, []).append(row.revision)
    rows = {row.pk: row for source, ids in by_source.items() for row in source_of(source).rows(ids)}
    opened.rows = [row_line(rows[row.revision]) for row in first if row.revision in rows]


def row_line(row: Revision) -> RowLine:
    ledger = site_catalogue().countable.get(row.ledger)
    day = row.decided_on or row.started_on or row.filed_on
    return RowLine(
        ledger.name if ledger else row.ledger, row.title or row.number or row.key, row.party.name if row.party else "",
        row.place.name, str(day) if day else "", row.origin_cell, entry_url(row.ledger, row.entry_id),
    )  # fmt: skip


def _record(opened: Opened, node: Record, viewer: Viewer) -> Opened:
    row = Revision.objects.filter(pk=node.revision).select_related("party", "place", "act").first()
    ledger = site_catalogue().ledgers.get(node.ledger)
    opened.name = ledger.name if ledger else node.ledger
    if row is None or not viewer.may("entries.view", place=row.place.code):
        opened.hidden = 1
        return opened
    opened.rows, opened.row_count = [row_line(row)], 1
    opened.facts = [(_("登记人"), row.act.by_name or row.act.by), (_("登记时间"), f"{row.known_from:%Y-%m-%d}")]
    return opened
