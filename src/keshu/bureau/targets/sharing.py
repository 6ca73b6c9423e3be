"""Breaking a target down: who may get a share, and the tree as lines of a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.places.models import Place as PlaceModel
from keshu.bureau.places.queries import tree_on
from keshu.bureau.statistics.queries import Ask, figures
from keshu.bureau.statistics.trees import TERRITORIES
from keshu.bureau.targets import showing
from keshu.bureau.targets.forms import Place, sections_of
from keshu.bureau.targets.models import TargetRevision, Tier
from keshu.bureau.targets.progress import Branch, Progress
from keshu.bureau.targets.queries import revisions
from keshu.catalogue import Indicator
from keshu.kernel.measure.period import Period


def takers_of(row: TargetRevision, indicator: Indicator, *, known_at: datetime) -> list[Place]:
    """Places right below with their last year's value, and for a place's own target its sections."""
    parts = {(part.place.code, part.section): part.low for part in revisions().filter(parent_id=row.target_id)}
    places = PlaceModel.objects.filter(code__in=tree_on().children(row.place.code), kind__in=TERRITORIES)
    below = list(places.order_by("order", "code"))
    period = Period.of_year(row.year - 1)
    asks = {place.code: Ask(row.indicator, place.code, period, row.scope) for place in below}
    found = figures(asks.values(), known_at=known_at)
    takers = [
        Place(place.code, place.name, "", parts.get((place.code, "")), _last(indicator, found[asks[place.code]].value))
        for place in below
    ]
    if row.section:
        return takers
    sections = sections_of(site_catalogue())
    return takers + [Place(row.place.code, row.place.name, one, parts.get((row.place.code, one))) for one in sections]


def signature_of(row: TargetRevision) -> dict[str, str]:
    """Who signed the shares so far, in which document; the form begins with it."""
    part = revisions().filter(parent_id=row.target_id).order_by("-known_from").first()
    return {} if part is None else {"issuer": part.issuer, "document": part.document}


def _last(indicator: Indicator, value: Decimal | None) -> str:
    return "" if value is None else _("上年 %(value)s") % {"value": showing.amount(indicator, value)}


@dataclass(frozen=True)
class BranchLine:
    """One target of the tree, as deep as it lies."""

    depth: int
    branch: Branch

    @property
    def one(self) -> Progress:
        return self.branch.progress

    @property
    def taker(self) -> str:
        return self.one.row.section or self.one.row.place.name

    @property
    def words(self) -> str:
        return showing.value_words(self.one.row, self.one.indicator)

    @property
    def actual(self) -> str:
        return showing.actual_text(self.one)

    @property
    def rate(self) -> Decimal | None:
        return showing.rate_of(self.one)

    @property
    def mark(self) -> Decimal | None:
        return showing.elapsed_mark(self.one)

    @property
    def state(self) -> tuple[str, str]:
        return showing.state_of(self.one)

    @property
    def note(self) -> str:
        return showing.branch_note(self.branch)


def lines_of(tree: Branch, depth: int = 0) -> Iterator[BranchLine]:
    yield BranchLine(depth, tree)
    for branch in tree.branches:
        yield from lines_of(branch, depth + 1)


def facts_of(row: TargetRevision, indicator: Indicator, tree: Branch | None) -> list[tuple[str, Any]]:
    """Label and value of all that the target says and how it stands."""
    facts: list[tuple[str, Any]] = [
        (_("区划"), row.place.name), (_("科室"), row.section), (_("年度"), row.year), (_("档次"), _tier(row)),
        (_("目标"), showing.target_text(row, indicator)), (_("下达单位"), row.issuer), (_("下达文件"), row.document),
        (_("写入的计划"), row.promised_in), (_("考核权重"), row.weight), (_("责任科室"), indicator.owner),
        (_("备注"), row.note),
    ]  # fmt: skip
    if tree is not None:
        one = tree.progress
        period = one.period.flow_words(with_year=True) if one.period else ""
        facts += [
            (_("实绩"), f"{showing.actual_text(one)}({period})" if period else ""),
            (_("完成率"), "" if one.rate is None else f"{showing.rate_of(one)}%"),
            (_("序时进度"), showing.pace_text(one)),
            (_("今年实绩") if one.period is None else _("上年实绩"), showing.last_text(one)),
        ]  # fmt: skip
    return [(label, value) for label, value in facts if value not in ("", None)]


def _tier(row: TargetRevision) -> str:
    return str(Tier(row.tier).label) if row.tier else ""
