"""What makes a target a target. No database: everything comes as arguments."""

from decimal import Decimal

from django.utils.translation import gettext as _

from keshu.bureau.targets.writing import TargetSpec
from keshu.catalogue import Indicator
from keshu.kernel.measure.targets import BadTarget, Direction, Target, TargetKind

HUNDRED = Decimal(100)
YEARS = range(2000, 2101)
PARTS_OF_A_WHOLE = (TargetKind.SHARE, TargetKind.COVERAGE)


def direction_of(indicator: Indicator) -> Direction:
    """Better is higher, unless the indicator says lower."""
    return Direction.LOWER if indicator.direction == "lower" else Direction.HIGHER


def rule_of(spec: TargetSpec, direction: Direction) -> Target:
    """The target as the kernel judges it. Raises BadTarget with a sentence for the user."""
    return Target(kind=TargetKind(spec.kind), value=spec.low, upper=spec.high, direction=direction)


def faults_of(spec: TargetSpec, indicator: Indicator) -> list[str]:
    """Everything that is wrong with the target on its own, each with its remedy."""
    found = []
    try:
        rule_of(spec, direction_of(indicator))
    except BadTarget as error:
        found.append(str(error))
    if not spec.issuer.strip():
        found.append(_("请填写下达单位；自行确定的目标填写本单位"))
    if not spec.document.strip() and not spec.promised_in.strip():
        found.append(_("请填写下达目标的文件或写入的计划，二者至少填一项"))
    if spec.year not in YEARS:
        found.append(_("年度应在 2000 至 2100 之间，请核对"))
    if spec.scope and spec.scope not in indicator.scopes:
        said = {"name": indicator.name, "scope": spec.scope}
        found.append(_("指标“%(name)s”没有口径“%(scope)s”，请从列表中选择") % said)
    kind = TargetKind(spec.kind)
    if kind in PARTS_OF_A_WHOLE and spec.low is not None and not 0 <= spec.low <= HUNDRED:
        found.append(_("占比和覆盖率应在 0 至 100 之间，按百分数填写"))
    if kind is TargetKind.RANK and spec.low is not None and (spec.low < 1 or spec.low != spec.low.to_integral_value()):
        found.append(_("位次应为不小于 1 的整数"))
    if spec.weight is not None and not 0 <= spec.weight <= HUNDRED:
        found.append(_("权重应在 0 至 100 之间"))
    return found


def tiers_agree(*, ensure: Target, strive: Target) -> bool:
    """What is striven for is better than what has to be reached; targets of different kinds are not compared."""
    if ensure.kind is not strive.kind or ensure.value is None or strive.value is None:
        return True
    lower_is_better = ensure.kind is TargetKind.RANK or ensure.direction is Direction.LOWER
    return strive.value < ensure.value if lower_is_better else strive.value > ensure.value
