"""What a subcommand gives back, and how it starts Django when it needs it."""

import argparse
import os
import sys
from dataclasses import dataclass, field
from typing import Any


class BadInput(Exception):
    """What the user gave cannot be used; the message says what and what to do. Exit code 2."""


@dataclass(frozen=True)
class Answer:
    data: Any = None
    text: str = ""
    messages: tuple[str, ...] = field(default_factory=tuple)
    exit_code: int = 0


Verbs = Any  # argparse's own type is private


def start(*, migrated: bool = True) -> None:
    """Set Django up on the data directory; with `migrated`, refuse an empty or outdated database with its remedy."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keshu.site.settings")
    from keshu.site.paths import paths_of

    paths_of().data.mkdir(parents=True, exist_ok=True)
    django.setup()
    if migrated:
        migrate()


def migrate() -> None:
    """Bring the database to this program's shape; quick when there is nothing to do."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("正在建立或升级数据库…", file=sys.stderr)
        call_command("migrate", verbosity=0, interactive=False)


def actor(arguments: argparse.Namespace) -> Any:
    """The account named by --by. Raises BadInput when there is none."""
    from keshu.bureau.accounts.models import User

    if not arguments.by:
        raise BadInput("写入数据须指明操作人：请加 --by 账号")
    user = User.objects.filter(username=arguments.by, is_active=True).first()
    if user is None:
        raise BadInput(f"没有可用的账号“{arguments.by}”；用 keshu user add 建立")
    return user.actor
