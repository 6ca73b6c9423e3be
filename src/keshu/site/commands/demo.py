"""keshu demo: a whole city's years in an embedded database, then the site with its worker."""

import argparse
import os
import time

from keshu.site.commands.answer import Answer, BadInput, Verbs, start


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("demo", help="载入演示城市“云岭市”并启动网站", parents=[common])
    verb.add_argument("--port", type=int, default=8000)
    verb.add_argument("--host", default="127.0.0.1")
    verb.add_argument("--no-serve", action="store_true", help="只载入数据")
    verb.set_defaults(run=_demo)


def _demo(arguments: argparse.Namespace) -> Answer:
    os.environ["KESHU_DEMO"] = "1"
    os.environ.setdefault("KESHU_DATA", arguments.data or "var/demo")
    os.environ.setdefault("KESHU_KEYS", "var/demo-keys")
    start()
    counts = _load()
    if arguments.no_serve:
        return Answer({"rows": counts}, f"共 {sum(counts.values())} 行")
    from keshu.site.commands.serving import run_site

    return run_site(arguments.host, arguments.port)


def _load() -> dict[str, int]:
    """Load once; a second call finds the city and leaves it as it is."""
    from django.conf import settings
    from django.db.models import Count

    from keshu.bureau.ledgers.models import Entry
    from keshu.bureau.records.models import Act
    from keshu.site.demo.loading import load_city

    finished = settings.PATHS.data / "demo-loaded"
    if not finished.exists():
        if Act.objects.exists():
            raise BadInput(f"{settings.PATHS.data} 中已有其他数据或未载完的演示数据；请换一个 --data 目录")
        began = time.monotonic()
        load_city(settings.PATHS.data)
        finished.write_text(f"{time.monotonic() - began:.1f}\n")
    return dict(Entry.objects.values_list("ledger").annotate(n=Count("pk")))
