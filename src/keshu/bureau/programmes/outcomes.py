"""The outcome of an event in the ledgers, in the same act: the row of the case, or the row that was there before."""

from keshu.bureau.programmes.casing import Case
from keshu.bureau.records.services import Writing


def write_outcomes(case: Case, within: Writing) -> None:
    """Write what the definition says that this event leaves in the ledgers."""
