"""What the list of targets shows: lines by theme, counts at the top, rows of the workbook."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from keshu.bureau.statistics.pages.linking import figure_url
from keshu.bureau.targets import showing
from keshu.bureau.targets.models import Tier
from keshu.bureau.targets.progress import Aim, Progress
from keshu.kernel.prose.reference import Reference


@dataclass(frozen=True)
class Line:
    """One aim of the list, ready to print."""

    aim: Aim

    @property
    def main(self) -> Progress:
        return self.aim.main

    @property
    def name(self) -> str:
        return showing.name_of(self.main.row, self.main.indicator)

    @property
    def targets(self) -> list[tuple[int, str, str]]:
        """(number, tier, words) of the target and of what is striven for beyond it."""
        both = [self.aim.main, *([self.aim.strive] if self.aim.strive else [])]
        return [
            (
                one.row.target_id, str(Tier(one.row.tier).label) if one.row.tier else "",
                showing.target_text(one.row, one.indicator),
            )
            for one in both
        ]  # fmt: skip

    @property
    def actual(self) -> str:
        return showing.actual_text(self.main)

    @property
    def figure_url(self) -> str:
        """The page of the figure that is held against the target."""
        one = self.main
        if one.figure is None or one.period is None:
            return ""
        code = f"{one.row.indicator}.{one.row.scope}" if one.row.scope else one.row.indicator
        return figure_url(Reference(code=code), place=one.row.place.code, period=one.period)

    @property
    def last(self) -> str:
        return showing.last_text(self.main)

    @property
    def rate(self) -> Decimal | None:
        return showing.rate_of(self.main)

    @property
    def mark(self) -> Decimal | None:
        return showing.elapsed_mark(self.main)

    @property
    def pace(self) -> str:
        return showing.pace_text(self.main)

    @property
    def state(self) -> tuple[str, str]:
        return showing.state_of(self.main)

    @property
    def warnings(self) -> list[tuple[str, str]]:
        return showing.warnings_of(self.aim)


HEADINGS = (
    "主题", "指标", "口径", "区划", "科室", "档次", "目标", "目标值", "上限", "单位", "实绩", "完成率(%)",
    "序时之差(百分点)", "上年", "情况", "预警", "下达单位", "下达文件", "写入的计划", "权重", "责任科室", "备注",
)  # fmt: skip


#: the order in which a summary goes through its themes; others follow
THEMES = (
    "创新主体", "研发投入", "平台载体", "项目资金", "成果转化", "科技金融", "科技人才", "农业科技", "知识产权",
    "科学普及",
)  # fmt: skip


def by_theme(aims: Iterable[Aim]) -> dict[str, list[Line]]:
    """Lines by theme, the themes in the order of a summary."""
    found: dict[str, list[Line]] = {}
    for aim in aims:
        found.setdefault(aim.main.indicator.theme, []).append(Line(aim))
    order = {theme: number for number, theme in enumerate(THEMES)}
    return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))


def chosen(aims: Iterable[Aim], concern: str) -> list[Aim]:
    """The aims that the filter leaves: late, warned, reached; all for anything else."""
    tests = {
        "late": lambda aim: aim.main.late,
        "warned": lambda aim: bool(aim.warnings),
        "reached": lambda aim: aim.main.reached is True,
    }
    test = tests.get(concern)
    return [aim for aim in aims if test is None or test(aim)]


@dataclass(frozen=True)
class Counts:
    total: int
    reached: int
    late: int
    warned: int
    elapsed: Decimal | None


def counts_of(aims: Iterable[Aim]) -> Counts:
    """The strip above the list; the same tests as the filter's."""
    every = list(aims)
    period = every[0].main.period if every else None
    return Counts(
        len(every), *(len(chosen(every, concern)) for concern in ("reached", "late", "warned")),
        None if period is None else period.elapsed() * 100,
    )  # fmt: skip


def cells(one: Progress) -> list[object]:
    """A target as a row of the workbook: numbers in the printed unit."""
    row, indicator = one.row, one.indicator
    factor = showing.factor_of(indicator) if showing.is_amount(row.kind) else Decimal(1)
    scope = indicator.scopes[row.scope].says if row.scope in indicator.scopes else ""
    unit = showing.unit_of(indicator) if showing.is_amount(row.kind) else "%" if row.kind != "rank" else "位"
    tier = str(Tier(row.tier).label) if row.tier else ""
    return [
        indicator.theme, indicator.name, scope, row.place.name, row.section, tier, showing.target_text(row, indicator),
        _over(row.low, factor), _over(row.high, factor), unit, _over(one.actual, factor), showing.rate_of(one),
        None if one.pace is None else round(one.pace, 1), _over(one.last, showing.factor_of(indicator)),
        showing.state_of(one)[0], "；".join(alert.text for alert in one.warnings), row.issuer, row.document,
        row.promised_in, row.weight, indicator.owner, row.note,
    ]  # fmt: skip


def _over(value: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if value is None else value / factor
