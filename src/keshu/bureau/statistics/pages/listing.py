"""The list of indicators of a theme: this year, last year, growth, target."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from keshu.bureau.statistics.engine import Figure
from keshu.bureau.statistics.forming.base import Formed
from keshu.bureau.statistics.forms import formed_many
from keshu.bureau.statistics.showing import marks, scaled, shown, unit_of
from keshu.catalogue import Catalogue, Indicator
from keshu.kernel.measure.arithmetic import round_to
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.reference import Form, Reference


@dataclass(frozen=True)
class Line:
    """One indicator of the list."""

    indicator: Indicator
    figure: Figure
    change: Formed
    target: Formed

    @property
    def value(self) -> str:
        return shown(self.figure, self.figure.value, self.unit)

    @property
    def unit(self) -> str:
        target = self.target.target.low if self.target.target else None
        return unit_of(self.figure, *(value for value in (self.figure.value, target) if value is not None))

    @property
    def last(self) -> str:
        return shown(self.figure, self.change.before, self.unit)

    @property
    def marks(self) -> list[tuple[str, str]]:
        return marks(self.figure)

    @property
    def change_words(self) -> str:
        """+12.3% or −1.2 个百分点; empty where nothing can be compared."""
        if self.change.value is None:
            return ""
        number = round_to(self.change.value, 1)
        sign = "+" if number > 0 else "−" if number < 0 else ""
        return f"{sign}{abs(number)}{'%' if self.change.unit == '%' else ' ' + self.change.unit}"

    @property
    def tone(self) -> str:
        """Whether the change is good; nothing is said where no direction is better."""
        if not self.change.value or self.figure.direction == "none":
            return "quiet"
        return "ok" if (self.change.value > 0) is (self.figure.direction == "higher") else "bad"

    @property
    def completion(self) -> Decimal | None:
        return None if self.target.value is None else round_to(self.target.value, 1)

    @property
    def wanted(self) -> str:
        one = self.target.target
        return "" if one is None or one.low is None else shown(self.figure, one.low, self.unit)

    @property
    def url(self) -> str:
        query = urlencode({"place": self.figure.place, "period": str(self.figure.period)})
        return f"{reverse('statistics:indicator', args=[self.indicator.code])}?{query}"

    def cells(self) -> list[object]:
        """The line as a row of a workbook."""
        last = scaled(self.figure, self.change.before, self.unit)
        growth = None if self.change.value is None else round_to(self.change.value, 1)
        wanted = self.target.target.low if self.target.target else None
        return [
            self.indicator.theme, self.indicator.code, self.indicator.name, scaled(self.figure, self.figure.value, self.unit),
            self.unit, last, growth, self.change.unit, scaled(self.figure, wanted, self.unit), self.completion,
            "、".join(word for word, _tone in self.marks), self.indicator.owner,
        ]  # fmt: skip


HEADINGS = (
    "主题", "代码", "指标", "数值", "单位", "上年", "增减", "增减单位", "目标", "完成率(%)", "说明", "责任科室",
)  # fmt: skip


THEMES = (
    "创新主体", "研发投入", "平台载体", "项目资金", "成果转化", "科技金融", "科技人才", "农业科技", "知识产权",
    "科学普及", "党建与作风", "其他工作",
)  # fmt: skip


def themes_of(catalogue: Catalogue) -> dict[str, int]:
    """Themes with how many indicators they have, in the order in which a summary tells of them."""
    found: dict[str, int] = {}
    for indicator in catalogue.indicators.values():
        found[indicator.theme] = found.get(indicator.theme, 0) + 1
    order = {theme: number for number, theme in enumerate(THEMES)}
    return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))


def chosen(catalogue: Catalogue, *, theme: str, text: str) -> list[Indicator]:
    """The indicators of a theme; a text looks for names, aliases and codes in all themes."""
    wanted = text.strip().lower()
    if not wanted:
        return [one for one in catalogue.indicators.values() if not theme or one.theme == theme]
    return [
        one
        for one in catalogue.indicators.values()
        if any(wanted in spelling.lower() for spelling in (one.name, one.code, *one.aliases))
    ]


def lines_of(
    indicators: Iterable[Indicator], *, place: str, period: Period, known_at: datetime, catalogue: Catalogue
) -> list[Line]:
    """The list, with one asking for all its figures."""
    wanted = list(indicators)
    refs = {one.code: _references(one) for one in wanted}
    found = formed_many(
        (ref for triple in refs.values() for ref in triple), place=place, period=period, known_at=known_at,
        catalogue=catalogue,
    )  # fmt: skip
    return [Line(one, found[refs[one.code][0]].figure, *(found[ref] for ref in refs[one.code])) for one in wanted]


def _references(indicator: Indicator) -> tuple[Reference, Reference]:
    compared = Form.POINTS if indicator.unit == "%" else Form.GROWTH
    return Reference(code=indicator.code, form=compared), Reference(code=indicator.code, form=Form.COMPLETION)
