"""Figures on a screen: in the printed unit, rounded once, with what keeps them from being plain numbers."""

from decimal import Decimal

from django.utils.translation import gettext as _

from keshu.bureau.statistics.engine import Figure
from keshu.kernel.measure.arithmetic import round_to
from keshu.kernel.measure.presence import Presence
from keshu.kernel.prose.amounts import HUNDRED_MILLION, TEN_THOUSAND, amount_unit
from keshu.kernel.typed import read_unit

MISSING = "—"


def unit_of(figure: Figure, *values: Decimal | None) -> str:
    """The unit in which these values (without any: the figure's own) are printed together.

    Money that its definition prints in 亿元 goes in 万元 where the smallest of it would be 0.04: a county's amounts.
    """
    printed = figure.print_unit or figure.unit
    sizes = [abs(value) for value in values or (figure.value,) if value]
    if printed != HUNDRED_MILLION or not sizes:
        return printed
    return printed if amount_unit(min(sizes)) == HUNDRED_MILLION else TEN_THOUSAND


def scaled(figure: Figure, value: Decimal | None, unit: str = "") -> Decimal | None:
    """The value in `unit` (else the one that suits it), rounded to the printed decimals; for cells and charts."""
    if value is None:
        return None
    factor = read_unit(unit or unit_of(figure, value)).factor / read_unit(figure.unit).factor
    return round_to(value / factor, figure.precision)


def shown(figure: Figure, value: Decimal | None, unit: str = "") -> str:
    """The value with thousands separated, without its unit."""
    number = scaled(figure, value, unit)
    return MISSING if number is None else format(number, ",f")


def with_unit(figure: Figure, value: Decimal | None = None) -> str:
    """The figure's own value (or another in its unit) with the unit; words where there is no number."""
    own = figure.value if value is None else value
    if own is None:
        return figure.presence.label
    unit = unit_of(figure, own)
    return f"{shown(figure, own, unit)} {unit}"


def marks(figure: Figure) -> list[tuple[str, str]]:
    """Words and tones that stand beside a number: incomplete, estimated, received, switched off, another scope."""
    found = []
    if figure.presence is Presence.PARTIAL:
        found.append((_("不完整"), "warn"))
    if figure.presence is Presence.NOT_APPLICABLE:
        found.append((_("不适用"), "quiet"))
    if figure.status is not None:
        found.append((figure.status.label, "info"))
    if figure.switched_off:
        found.append((_("职能已划出"), "quiet"))
    if figure.differs:
        found.append((_("与来源件不一致"), "warn"))
    if figure.says:
        found.append((figure.says, "quiet"))
    return found


def rate(value: Decimal | None, places: int = 1) -> str:
    """A percent number, or a dash."""
    return MISSING if value is None else f"{round_to(value, places):,f}%"
