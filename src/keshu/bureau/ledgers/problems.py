"""Why something cannot be written to a ledger; the message says what to do, in the user's language."""


class EntryProblem(Exception):
    """The entry cannot be written; the message says why and what to do."""


class StaleEntry(EntryProblem):
    """Somebody else changed the entry meanwhile."""
