"""Signing off: the summary is frozen, and the measures of its plan become tasks of the year that it plans."""

from collections.abc import Iterable, Iterator

from django.db import transaction

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.records.services import Actor
from keshu.bureau.reports.asking import tellings_of
from keshu.bureau.reports.compose import definition_of
from keshu.bureau.reports.composing.nodes import Block, Figure, Record
from keshu.bureau.reports.composing.outline import outline_of
from keshu.bureau.reports.composing.text import Shown
from keshu.bureau.reports.freezing import _freeze
from keshu.bureau.reports.models import Frozen, Summary
from keshu.bureau.reports.stored import shown_content
from keshu.bureau.reports.telling import Tellings
from keshu.bureau.targets.measures import Measure, take_up_measures
from keshu.bureau.targets.tasks import LEDGER
from keshu.catalogue.schema import In
from keshu.catalogue.schema.summary import Paragraph

PLANS = frozenset({"goals", "measures"})
OTHER = "other"


def subject_of(summary: Summary) -> str:
    return f"summary:{summary.pk}"


@transaction.atomic
def sign_off(summary_id: int, *, by: Actor, rights: frozenset[str]) -> Frozen:
    """Freeze the summary and take up its measures, both or neither.

    Raises NotAllowed with what still blocks it, SummaryProblem where a figure of the text is no longer what the records
    said when it was composed.
    """
    frozen = _freeze(summary_id, by=by, rights=rights)
    summary = frozen.summary
    take_up_measures(
        list(measures_of(frozen)), place_id=summary.place_id, year=planned_year(summary), document=f"《{summary.title}》",
        subject=subject_of(summary), by=by,
    )  # fmt: skip
    return frozen


def planned_year(summary: Summary) -> int:
    """The year that the plan is for: what is left of the same year after half a year, else the next."""
    return summary.year if definition_of(summary.kind).unfinished else summary.year + 1


def measures_of(frozen: Frozen) -> Iterator[Measure]:
    """Every paragraph of the plan that a phrase leads (一是做强企业创新主体), in the order of the text."""
    summary = frozen.summary
    told = tellings_of(summary)
    catalogue = site_catalogue()
    outline = outline_of(definition_of(summary.kind, catalogue), catalogue.summaries, summary.outline)
    paragraphs = {f"{item.code}.{one.code}": one for item in outline.items() for one in item.paragraphs}
    for part in shown_content(frozen.content):
        if part.role in PLANS:
            for block in part.blocks:
                if block.lead:
                    yield _measure(part, block, paragraphs.get(block.code), told)


def _measure(part: Shown, block: Block, paragraph: Paragraph | None, told: Tellings) -> Measure:
    aim = next((node for node in _figures(block) if node.form == "target"), None)
    formed = told.raw(aim.reference) if aim else None
    target = formed.target if formed else None
    return Measure(
        name=block.lead.rstrip("。"),
        words=block.words.removeprefix(block.lead),
        theme=_theme(block, paragraph),
        section=_owner(block, paragraph) or part.owner,
        indicator=formed.figure.name if formed and target else "",
        target=target.low if target else None,
    )


def _figures(block: Block) -> Iterable[Figure]:
    return (node for said in block.sentences for node in said.nodes if isinstance(node, Figure))


def _theme(block: Block, paragraph: Paragraph | None) -> str:
    """The theme of the tasks that the paragraph tells of, else the one that its code ends with."""
    for sentence in paragraph.sentences if paragraph else ():
        if sentence.rows and sentence.rows.ledger == LEDGER and (found := sentence.rows.where.get("theme")):
            return str(found.values[0]) if isinstance(found, In) else str(found)
    themes = site_catalogue().ledgers[LEDGER].field("theme")
    last = block.code.rpartition("_")[2]
    return last if themes and themes.codes and last in themes.codes else OTHER


def _owner(block: Block, paragraph: Paragraph | None) -> str:
    """The section that answers for the target of the measure, else for the rows that it is about."""
    catalogue = site_catalogue()
    codes = [node.reference.partition(":")[0].partition("/")[0] for node in _figures(block)]
    codes += [
        need.partition("/")[0] for sentence in (paragraph.sentences if paragraph else ()) for need in sentence.needs
    ]
    for code in codes:
        definition = catalogue.indicators.get(code) or catalogue.ledgers.get(code)
        if definition is not None:
            return definition.owner
    return _section_of_tasks(block)


def _section_of_tasks(block: Block) -> str:
    """The section of the first task that the paragraph tells of."""
    rows = (n.revision for said in block.sentences for n in said.nodes if isinstance(n, Record) and n.ledger == LEDGER)
    row = Revision.objects.filter(pk=next(rows, None)).first()
    return str(row.data.get("section") or "") if row else ""
