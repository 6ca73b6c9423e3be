"""Identifiers: `normalise` gives the one spelling, `check` a Verdict with a remedy."""

from keshu.kernel.ids import certificate, contract, document, idcard, own, patent, phone, uscc
from keshu.kernel.ids.verdict import Verdict

__all__ = ["Verdict", "certificate", "contract", "document", "idcard", "own", "patent", "phone", "uscc"]
