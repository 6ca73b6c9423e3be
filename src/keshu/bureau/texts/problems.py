"""What cannot be done with a text; the message says why and what to do."""


class TextProblem(Exception):
    """Told to the person as it stands."""
