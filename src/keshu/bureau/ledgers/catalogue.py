"""The catalogue that this installation runs on: the shipped definitions with the site's overlay, loaded once."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from keshu.catalogue.loader import Catalogue, load
from keshu.catalogue.schema import Ledger


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    overlay = settings.CATALOGUE_OVERLAY
    return load(Path(overlay) if overlay else None)


class UnknownLedger(Exception):
    """No ledger has this code."""


def ledger_of(code: str) -> Ledger:
    try:
        return catalogue().ledgers[code]
    except KeyError:
        raise UnknownLedger(code) from None
