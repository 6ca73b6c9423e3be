"""The catalogue that this installation runs on: the shipped definitions with the site's overlay, loaded once."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from keshu.catalogue.loader import Catalogue, load
from keshu.catalogue.schema import Ledger


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    overlay = settings.CATALOGUE_OVERLAY
    return load(Path(overlay) if overlay else None)


class UnknownLedger(Exception):
    """No ledger has this code."""

    def __str__(self) -> str:
        return _("没有代码为“%(code)s”的台账，请在口径目录中查看台账代码") % {"code": self.args[0] if self.args else ""}


def ledger_of(code: str) -> Ledger:
    try:
        return catalogue().ledgers[code]
    except KeyError:
        raise UnknownLedger(code) from None
