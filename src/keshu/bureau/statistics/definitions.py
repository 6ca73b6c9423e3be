"""Which definition of an indicator holds on a day, and whether its bureau still has the function."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fnmatch import fnmatchcase

from django.utils.translation import gettext as _

from keshu.bureau.records.models import Definition
from keshu.catalogue import Catalogue, Indicator


class UnknownIndicator(Exception):
    """The catalogue has no such indicator; the message says so and what to do."""


class Definitions:
    """Every version of the asked indicators that was in use at the instant, the catalogue's own among them."""

    def __init__(self, catalogue: Catalogue, known_at: datetime) -> None:
        self.catalogue = catalogue
        self._known_at = known_at
        self._versions: dict[str, list[Indicator]] = {}

    def load(self, codes: Iterable[str]) -> None:
        """One statement for all codes; older contents are read from where their first use left them."""
        wanted = [code for code in codes if code not in self._versions]
        for code in wanted:
            if code not in self.catalogue.indicators:
                raise UnknownIndicator(_("指标库中没有“%(code)s”，请核对指标代码") % {"code": code})
        if not wanted:
            return
        kept: dict[str, dict[int, tuple[Indicator, datetime]]] = {}
        for row in Definition.objects.filter(kind="indicator", code__in=wanted):
            model = Indicator.model_validate(row.content)
            kept.setdefault(row.code, {})[row.version] = (model, row.first_used_at)
        for code in wanted:
            self._versions[code] = self._in_use(self.catalogue.indicators[code], kept.get(code, {}))

    def _in_use(self, current: Indicator, kept: dict[int, tuple[Indicator, datetime]]) -> list[Indicator]:
        """Newest first. A version that was first used later was not known yet, unless nothing else was."""
        known = {n: model for n, (model, since) in kept.items() if since <= self._known_at}
        later = kept.get(current.version)
        if later is None or later[1] <= self._known_at or not known:
            known[current.version] = current
        return [known[n] for n in sorted(known, reverse=True)]

    def on(self, code: str, day: date) -> Indicator | None:
        """The newest version that is in force on the day; None where the indicator did not exist then."""
        return next((version for version in self._versions[code] if _in_force(version, day)), None)

    def newest(self, code: str) -> Indicator:
        return self._versions[code][0]

    def all_of(self, code: str) -> list[Indicator]:
        return self._versions[code]

    def switched_off(self, indicator: Indicator, day: date, places: Sequence[str]) -> str | None:
        """The reason why the bureau does not count this on the day, None where it does. `places`: nearest first."""
        for switch in self.catalogue.switches.values():
            named = any(fnmatchcase(indicator.code, pattern) for pattern in switch.indicators)
            if named or (indicator.facts and indicator.facts.ledger in switch.ledgers):
                on, reason = switch.state_on(day, places)
                if not on:
                    return reason or switch.name
        return None


def _in_force(indicator: Indicator, day: date) -> bool:
    begun = indicator.valid_from is None or indicator.valid_from <= day
    return begun and (indicator.valid_to is None or day <= indicator.valid_to)
