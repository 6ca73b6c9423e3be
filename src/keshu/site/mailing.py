"""How e-mail leaves the house, named by one address."""

from typing import Any
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}


def mail_of(url: str) -> dict[str, Any]:
    """Django's e-mail settings out of `smtps://user:password@host:465`; empty: off, messages wait in the outbox.

    smtp: as it is; smtp+tls: STARTTLS; smtps: TLS from the first byte; console: printed by the worker, for trying.
    """
    parts = urlsplit(url)
    if not url or parts.scheme == "console":
        return {"EMAIL_ON": bool(url), "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(f"KESHU_EMAIL_URL 应形如 smtps://用户:口令@主机:465，收到 {parts.scheme}://")
    return {
        "EMAIL_ON": True,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }
