"""A switch 职能开关: whether a bureau has a function on a day. What is off is received, not counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import Field as Value
from pydantic import StrictBool, model_validator

from keshu.catalogue.schema.base import Code, Definition, Name, Part, refuse


class SwitchPeriod(Part):
    """On or off from a day to a day (both included), everywhere or at one place, with the reason."""

    on: StrictBool
    place: Annotated[str, Value(pattern=r"^\d{6}(\d{3}|\d{6})?$")] | None = None
    from_: date | None = Value(default=None, alias="from")
    to: date | None = None
    reason: str
    basis: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> SwitchPeriod:
        if self.from_ and self.to and self.from_ > self.to:
            refuse("启用日期晚于停用日期", "核对 from 与 to")
        return self

    def in_force(self, on: date) -> bool:
        return (self.from_ is None or self.from_ <= on) and (self.to is None or on <= self.to)


class Switch(Definition):
    """A function of a bureau. It rules its ledgers and every indicator counted from them, and those it names.

    ``indicators`` takes codes and patterns such as ``ip_enforcement.*``.
    """

    theme: Name
    default: StrictBool = True
    receives_from: str = ""
    ledgers: tuple[Code, ...] = ()
    indicators: tuple[str, ...] = ()
    periods: tuple[SwitchPeriod, ...] = ()

    def state_on(self, on: date, places: Sequence[str] = ()) -> tuple[bool, str]:
        """Whether the function is there on a day, and the reason; the nearest place decides."""
        for place in (*places, None):
            for period in self.periods:
                if period.place == place and period.in_force(on):
                    return period.on, period.reason
        return self.default, ""
