"""Whether a figure is there, and how final it is. Zero, missing and not applicable are three things."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum


class Presence(StrEnum):
    """What is known of a value."""

    VALUE = "value"
    ZERO = "zero"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    PARTIAL = "partial"

    @property
    def label(self) -> str:
        return _PRESENCE[self]

    @property
    def has_number(self) -> bool:
        """A number may be printed: a partial one only with its mark."""
        return self in (Presence.VALUE, Presence.ZERO, Presence.PARTIAL)


class Status(StrEnum):
    """How final a value is; a later status replaces an earlier one."""

    ESTIMATED = "estimated"
    FLASH = "flash"
    ANNUAL = "annual"
    VERIFIED = "verified"

    @property
    def label(self) -> str:
        return _STATUS[self]

    @property
    def order(self) -> int:
        return list(Status).index(self)

    @property
    def is_final(self) -> bool:
        return self in (Status.ANNUAL, Status.VERIFIED)


_PRESENCE = {
    Presence.VALUE: "有值",
    Presence.ZERO: "零",
    Presence.MISSING: "缺报",
    Presence.NOT_APPLICABLE: "不适用",
    Presence.PARTIAL: "不完整",
}
_STATUS = {
    Status.ESTIMATED: "预计",
    Status.FLASH: "快报",
    Status.ANNUAL: "年报",
    Status.VERIFIED: "核定",
}


def presence_of(
    value: Decimal | None, *, applicable: bool = True, reported: bool = True, complete: bool = True
) -> Presence:
    """Presence of a counted or received value.

    Nothing counted means zero only where the place has reported; `complete` is false where a child is missing.
    """
    if not applicable:
        return Presence.NOT_APPLICABLE
    if value is None or (value == 0 and not reported):
        return Presence.MISSING
    if not complete:
        return Presence.PARTIAL
    return Presence.ZERO if value == 0 else Presence.VALUE


def presence_over(parts: Iterable[Presence]) -> Presence:
    """Presence of a total over parts: one missing part makes it partial, parts that do not apply count for nothing."""
    seen = [part for part in parts if part is not Presence.NOT_APPLICABLE]
    if not seen:
        return Presence.NOT_APPLICABLE
    if all(part is Presence.MISSING for part in seen):
        return Presence.MISSING
    if any(part in (Presence.MISSING, Presence.PARTIAL) for part in seen):
        return Presence.PARTIAL
    return Presence.ZERO if all(part is Presence.ZERO for part in seen) else Presence.VALUE


def status_over(parts: Iterable[Status]) -> Status | None:
    """Status of a figure made of several: the least final one."""
    return min(parts, key=lambda status: status.order, default=None)
