"""The demo city's accounts, told on its sign-in page; nothing of this shows outside demo mode."""

import json
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class DemoLogin:
    role: str
    username: str
    password: str
    name: str = ""
    says: str = ""


def demo_logins() -> list[DemoLogin]:
    """One login for each role out of `demo-logins.json` in the data directory; empty unless in demo mode.

    The file: [{"role": "科室经办", "username": "clerk", "password": "…", "name": "周敏", "says": "高新科"}, …]
    """
    path = settings.PATHS.data / "demo-logins.json"
    if not settings.DEMO or not path.exists():
        return []
    return [DemoLogin(**row) for row in json.loads(path.read_text(encoding="utf-8"))]
