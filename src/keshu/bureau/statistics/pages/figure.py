"""The page of one figure: what it says, what it is made of, what it stands on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.statistics.bases import base_words
from keshu.bureau.statistics.engine import Ask, Engine, Figure
from keshu.bureau.statistics.forming.base import Formed
from keshu.bureau.statistics.forms import formed_many, resolved
from keshu.bureau.statistics.lineage import Lineage, lineage_of
from keshu.bureau.statistics.pages.indicator import ROWS, RowLine, row_lines
from keshu.bureau.statistics.showing import MISSING, with_unit
from keshu.catalogue import Indicator
from keshu.kernel.measure.arithmetic import round_to
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.reference import Form, Reference

#: forms whose value is in the figure's own unit
OWN_UNIT = frozenset({Form.VALUE, Form.ROUGH, Form.DIFFERENCE, Form.SUM, Form.WITHOUT_LARGEST, Form.TARGET,
                      Form.ENTERED, Form.LEFT, Form.NET, Form.FIRST_OVER, Form.PARTS, Form.NAMES})  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """A reference, opened: `said` is what it says in its form, the rest is why."""

    reference: Reference
    indicator: Indicator
    formed: Formed
    said: str
    change: Formed
    target: Formed
    lineages: tuple[tuple[Figure, Lineage, tuple[RowLine, ...]], ...]
    place_name: str

    @property
    def figure(self) -> Figure:
        return self.formed.figure


def open_figure(
    reference: Reference, *, place: str, period: Period, known_at: datetime, viewer: Viewer | None
) -> Opened:
    """Everything the page shows. Raises UnknownIndicator, UnknownPlace, UnknownScope."""
    catalogue = site_catalogue()
    ask = resolved(reference, place, period, catalogue)
    compared = Form.POINTS if catalogue.indicators[ask.code].unit == "%" else Form.GROWTH
    sides = [_aside(reference, compared), _aside(reference, Form.COMPLETION)]
    found = formed_many([reference, *sides], place=place, period=period, known_at=known_at, catalogue=catalogue)
    engine = Engine(known_at, catalogue)
    asks = _asks(reference, ask, found[reference])
    engine.figures(asks)
    formed = found[reference]
    return Opened(
        reference, catalogue.indicators[ask.code], formed, said_of(formed), found[sides[0]], found[sides[1]],
        tuple(_stands(engine, one, viewer) for one in asks), engine.trees.names[ask.place],
    )  # fmt: skip


def _aside(reference: Reference, form: Form) -> Reference:
    return Reference(code=reference.code, place=reference.place, period=reference.period, form=form)


def _asks(reference: Reference, ask: Ask, formed: Formed) -> list[Ask]:
    """The figures whose rows are listed: the figure, and what it was compared with, at most two of them."""
    found = [ask]
    for figure in formed.operands[1:]:
        other = Ask(figure.code, figure.place, figure.period, figure.scope)
        if other not in found and reference.form not in (Form.PARTS, Form.RANK, Form.RANK_MOVED):
            found.append(other)
    return found[:3]


def _stands(engine: Engine, ask: Ask, viewer: Viewer | None) -> tuple[Figure, Lineage, tuple[RowLine, ...]]:
    lineage = lineage_of(engine, ask, viewer)
    return engine.figure(ask), lineage, row_lines(engine, lineage.rows[:ROWS])


def said_of(formed: Formed) -> str:
    """The form's value for a screen: with its unit, rounded as its kind asks for."""
    if formed.value is None:
        return formed.reason or formed.figure.presence.label
    if formed.form is Form.RANK:
        of = _("/%(n)s") % {"n": formed.of} if formed.of else ""
        return _("第 %(n)s 位") % {"n": formed.rank} + of
    if formed.form in OWN_UNIT and formed.unit == formed.figure.unit:
        return with_unit(formed.figure, formed.value)
    return f"{round_to(formed.value, _places(formed)):,f} {formed.unit}"


def _places(formed: Formed) -> int:
    if formed.form in (Form.RANK_MOVED, Form.STREAK):
        return 0
    return formed.figure.precision if formed.unit == formed.figure.unit else 1


def facts_of(opened: Opened) -> list[tuple[str, str]]:
    """Label and value: place, period and cut-off, last year, change, target, completion."""
    figure, change, target = opened.figure, opened.change, opened.target
    facts = [
        (_("区划"), opened.place_name),
        (_("期间"), figure.period.flow_words(with_year=True)),
        (_("截止日"), str(figure.period.cut_off)),
        (_("数值"), with_unit(figure)),
        (base_words(figure.kind), MISSING if change.before is None else with_unit(figure, change.before)),
        (_("增减"), _changed(change)),
    ]
    if target.target is not None:
        wanted = target.target.low
        facts.append((_("目标"), with_unit(figure, wanted) if wanted is not None else target.target.kind.value))
        facts.append((_("完成率"), "—" if target.value is None else f"{round_to(target.value, 1)}%"))
        facts.append((_("下达"), f"{target.target.issuer} {target.target.document}"))
    if figure.numerator is not None:
        facts.append((_("分子 / 分母"), f"{_bare(figure.numerator)} / {_bare(figure.denominator)}"))
    if figure.denominator_period is not None:
        facts.append((_("分母所属期间"), figure.denominator_period.flow_words(with_year=True)))
    return facts


def _changed(change: Formed) -> str:
    if change.value is None:
        return "—"
    words = f"{round_to(change.value, 1):+f}{'%' if change.unit == '%' else ' ' + change.unit}"
    return words + (_("(口径变化)") if change.definition_changed else "")


def _bare(number: Decimal | None) -> str:
    return "—" if number is None else f"{number.normalize():,f}"
