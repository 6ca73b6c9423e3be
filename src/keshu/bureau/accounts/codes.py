"""One-time codes: read aloud and typed without doubt, kept only as a digest."""

import secrets

from keshu.bureau.parties.personal import blind

SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # neither I nor O, neither 1 nor 0
GROUPS, EACH = 3, 4


def new_code() -> str:
    """Twelve signs in three groups, sixty bits."""
    return "-".join("".join(secrets.choice(SIGNS) for _i in range(EACH)) for _g in range(GROUPS))


def code_digest(kind: str, text: str) -> str:
    """The same code always gives the same digest, however it is typed; nobody gets from the digest to the code."""
    return blind(f"code:{kind}", "".join(sign for sign in text.upper() if sign.isalnum()))
