"""What the shapes alone cannot see: whether definitions fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from keshu.catalogue.checks.indicators import indicator_flaws
from keshu.catalogue.checks.ledgers import ledger_flaws
from keshu.catalogue.checks.others import parameter_flaws, phrase_flaws, switch_flaws
from keshu.catalogue.checks.summaries import summary_flaws
from keshu.catalogue.problems import Flaw

if TYPE_CHECKING:
    from keshu.catalogue.loader import Catalogue


def flaws_in(catalogue: Catalogue) -> Iterator[tuple[str, str, Flaw]]:
    """Every flaw of meaning as (kind, code, flaw)."""
    for ledger in catalogue.ledgers.values():
        for flaw in ledger_flaws(ledger, catalogue.ledgers):
            yield "ledgers", ledger.code, flaw
    for indicator in catalogue.indicators.values():
        for flaw in indicator_flaws(indicator, catalogue):
            yield "indicators", indicator.code, flaw
    for parameter in catalogue.parameters.values():
        for flaw in parameter_flaws(parameter):
            yield "parameters", parameter.code, flaw
    for switch in catalogue.switches.values():
        for flaw in switch_flaws(switch, catalogue):
            yield "switches", switch.code, flaw
    for phrase in catalogue.phrases.values():
        for flaw in phrase_flaws(phrase, catalogue.phrases):
            yield "phrases", phrase.code, flaw
    for summary in catalogue.summaries.values():
        for flaw in summary_flaws(summary, catalogue):
            yield "summaries", summary.code, flaw
