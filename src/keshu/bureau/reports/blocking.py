"""Everything that stands between a summary and its freezing, and what only asks for a look."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from keshu.bureau.reports.composing.nodes import Standing
from keshu.bureau.reports.models import Signature, Summary
from keshu.bureau.reports.proofs import loose_of
from keshu.bureau.reports.signing import signed_content
from keshu.bureau.reports.stored import shown_sections


@dataclass(frozen=True)
class Obstacle:
    """One point. `blocks`: the summary cannot be frozen before it is settled."""

    code: str
    words: str
    blocks: bool = True
    section: str = ""
    sentence: str = ""  # the key of a sentence that a document may be put behind


def obstacles(summary: Summary) -> list[Obstacle]:
    """What blocks freezing first, then warnings."""
    found = [*_unsigned(summary), *_falls(summary), *_chain(summary), *_loose(summary), *_standing(summary)]
    found += [Obstacle(one["code"], one["words"], False, one["section"]) for one in summary.lists.get("warnings", [])]
    return sorted(found, key=lambda one: not one.blocks)


def _unsigned(summary: Summary) -> Iterator[Obstacle]:
    for section in summary.sections.filter(included=True).exclude(state="signed").order_by("order"):
        words = _("%(owner)s尚未签字：%(heading)s") % {
            "owner": section.owner,
            "heading": section.heading or section.theme,
        }
        yield Obstacle("unsigned", words, True, section.code)


def _falls(summary: Summary) -> Iterator[Obstacle]:
    """The leader's signature holds for the list as it was then."""
    falls = summary.lists.get("falls", [])
    if not falls or falls_signed(summary):
        return
    yield Obstacle("falls", _("“未写入的下降指标”共%(n)s项，尚未经领导签阅") % {"n": len(falls)})


def falls_signed(summary: Summary) -> Signature | None:
    digest = signed_content(summary, None, "falls").hex()
    return summary.signatures.filter(step="falls", event="signed", digest=digest).last()


def _chain(summary: Summary) -> Iterator[Obstacle]:
    for step in summary.chain[summary.step :]:
        yield Obstacle("step", _("尚未完成：%(name)s") % {"name": step["name"]})


def _loose(summary: Summary) -> Iterator[Obstacle]:
    """Typed figures and praise, each with the ways out."""
    for one in loose_of(summary):
        remedy = _("请改为引用，或以文件为据，或删去")
        yield Obstacle("loose", f"{one.words}；{remedy}", True, one.section, one.key)


def _standing(summary: Summary) -> Iterator[Obstacle]:
    """Words of the definition that nobody adopted; signing a section adopts them."""
    for part in shown_sections(summary):
        nodes = [n for block in part.blocks for said in block.sentences for n in said.nodes]
        count = sum(1 for node in nodes if isinstance(node, Standing) and not node.author)
        if count:
            words = _("%(heading)s有%(n)s处范本文字，签字后视为本单位采用") % {
                "heading": part.heading or part.theme,
                "n": count,
            }
            yield Obstacle("template", words, False, part.code)
