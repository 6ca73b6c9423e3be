"""A document put behind a sentence that somebody typed: who did it, when, and the file itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.records.files import store
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.services import ZONE, writing
from keshu.bureau.reports.asking import told_for
from keshu.bureau.reports.composing.nodes import Block, Figure, Names, Said
from keshu.bureau.reports.composing.text import Shown
from keshu.bureau.reports.loose import Loose, loose_sentences, sentence_key
from keshu.bureau.reports.models import Signature, Summary
from keshu.bureau.reports.praise import Witness, evidence_of
from keshu.bureau.reports.services import SummaryProblem, _fresh
from keshu.bureau.reports.signing import Scan, signature_digest
from keshu.bureau.reports.stored import shown_sections
from keshu.bureau.reports.thresholds import rules_for
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.gates import Gate, GatedWord, judge

STEP = "proof"
#: of the whole paragraph; other claims are about the figures of their own sentence
OF_THE_PARAGRAPH = frozenset({Gate.EFFECT})
#: rows somewhere in the ledgers do not say that they are about this sentence: only a document does
_NO_ROWS = Witness(lambda: 0, lambda: 0, lambda: 0)


@dataclass(frozen=True)
class Proof:
    """What stands behind a sentence."""

    sentence: str
    section: str
    figures: tuple[str, ...]
    signature: Signature

    @property
    def words(self) -> str:
        one = self.signature
        return f"{one.note}（{one.by_name or one.by} {one.at.astimezone(ZONE):%Y年%m月%d日}确认）"


def loose_of(summary: Summary) -> list[Loose]:
    """Every sentence of the stored text that stands on nothing: it keeps the summary from being frozen."""
    parts = shown_sections(summary)
    return list(loose_sentences(parts, proven=_proven(summary), carried=_carried_by(summary)))


def _proven(summary: Summary) -> set[str]:
    return set(summary.signatures.filter(step=STEP, event=Signature.Event.SIGNED).values_list("digest", flat=True))


def proofs_in(summary: Summary, parts: list[Shown]) -> Iterator[Proof]:
    """The sentences of these parts that stand on a document."""
    given = {one.digest: one for one in summary.signatures.filter(step=STEP).order_by("at", "id")}
    for one in loose_sentences(parts) if given else ():
        if one.key in given:
            yield Proof(one.sentence, one.section, one.figures, given[one.key])


def _carried_by(summary: Summary):
    """Whether the figures around a claim carry it; they are computed only where somebody claims something."""
    rules = rules_for(catalogue(), summary.place.code, Period.parse(summary.period).cut_off)

    @lru_cache(maxsize=256)
    def told(references: tuple[str, ...]):
        found = told_for(summary, references, summary.known_at)
        return [found.tell(reference) for reference in references]

    def carried(part: Shown, block: Block, said: Said, claim: GatedWord) -> bool:
        sentences = block.sentences if claim.gate in OF_THE_PARAGRAPH else (said,)
        references = dict.fromkeys(n.reference for s in sentences for n in s.nodes if isinstance(n, Figure | Names))
        return (
            bool(references) and judge(claim.word, evidence_of(told(tuple(references)), _NO_ROWS), rules=rules).allowed
        )

    return carried


def prove(section_id: int, key: str, *, seen: int, viewer: Viewer, document: str, scan: Scan) -> Signature:
    """This sentence stands on this document, which is kept; it lapses with the first word that is changed.

    Raises NotAllowed for a section that is not the viewer's, StaleSection where it changed while it was read,
    SummaryProblem where the sentence is not there (any more) or needs no document.
    """
    with writing(verb="section.prove", by=viewer.actor, reason=document, subject=f"section:{section_id}") as act:
        section = _fresh(section_id, seen)
        summary = section.summary
        if not viewer.may("summaries.edit", section=section.owner, place=summary.place.code):
            raise NotAllowed(_("这一部分由%(owner)s负责，您没有修改权限") % {"owner": section.owner})
        if not any(one.section == section.code and one.key == key for one in loose_of(summary)):
            raise SummaryProblem(_("没有这句话，或者它已经有出处；请刷新页面后再看"))
        by = viewer.actor
        signature = Signature.objects.create(
            summary=summary, section=section, step=STEP, event=Signature.Event.SIGNED, version=section.version,
            digest=key, by=by.username, by_name=by.name, note=document, at=act.known_from, act=act.act,
            scan=store(scan.content, name=scan.name, kind="proof", mime=scan.mime, within=act),
        )  # fmt: skip
        act.wrote(signature_digest(signature), "signature")
        return signature


__all__ = ["STEP", "Proof", "loose_of", "proofs_in", "prove", "sentence_key"]
