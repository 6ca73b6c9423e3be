"""What the shapes alone cannot see: whether definitions fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from keshu.catalogue.problems import Flaw
from keshu.catalogue.proving.checks import check_flaws
from keshu.catalogue.proving.indicators import indicator_flaws
from keshu.catalogue.proving.ledgers import ledger_flaws
from keshu.catalogue.proving.others import parameter_flaws, phrase_flaws, switch_flaws
from keshu.catalogue.proving.programmes import programme_flaws
from keshu.catalogue.proving.summaries import summary_flaws

if TYPE_CHECKING:
    from keshu.catalogue.loader import Catalogue


_CHECKS: tuple[tuple[str, Callable[[Any, Catalogue], Iterator[Flaw]]], ...] = (
    ("ledgers", lambda one, all_: ledger_flaws(one, all_.ledgers)),
    ("sources", lambda one, all_: ledger_flaws(one, all_.countable)),
    ("indicators", indicator_flaws),
    ("parameters", lambda one, all_: parameter_flaws(one)),
    ("switches", switch_flaws),
    ("phrases", lambda one, all_: phrase_flaws(one, all_.phrases)),
    ("summaries", summary_flaws),
    ("programmes", programme_flaws),
    ("checks", lambda one, all_: check_flaws(one)),
)


def flaws_in(catalogue: Catalogue) -> Iterator[tuple[str, str, Flaw]]:
    """Every flaw of meaning as (kind, code, flaw)."""
    for kind, flaws in _CHECKS:
        for one in catalogue.of_kind(kind).values():
            for flaw in flaws(one, catalogue):
                yield kind, one.code, flaw
