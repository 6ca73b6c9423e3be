"""What applying brings to the machine, the case page and the words of the audit."""

from keshu.bureau.programmes.applying import conditions, submitting

__all__ = ["conditions", "register", "submitting"]


def register() -> None:
    """Importing the modules registers their conditions and effects."""
