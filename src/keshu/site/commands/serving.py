"""keshu serve | worker: the site with its worker as a supervised child."""

import argparse
import os
import socket
import sys

from keshu.site.commands.answer import Answer, BadInput, Verbs, start


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    serve = verbs.add_parser("serve", help="启动网站与后台任务进程", parents=[common])
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--threads", type=int, default=4)
    serve.add_argument("--workers", type=int, default=1)
    serve.set_defaults(run=_serve)
    worker = verbs.add_parser("worker", help="只启动后台任务进程", parents=[common])
    worker.set_defaults(run=_worker)


def _serve(arguments: argparse.Namespace) -> Answer:
    start()
    return run_site(arguments.host, arguments.port, arguments.threads, arguments.workers)


def run_site(host: str, port: int, threads: int = 4, workers: int = 1) -> Answer:
    """Run web and worker until told to stop; a child that dies is started again."""
    from django.conf import settings

    from keshu.site.supervisor import Child, supervise

    drifted = _drifts()
    if drifted and os.environ.get("KESHU_DEMO") != "1":
        return Answer(drifted, messages=tuple(d["message"] for d in drifted), exit_code=1)
    _free(host, port)
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    web = [
        sys.executable, "-m", "granian", "keshu.site.wsgi:application", "--interface", "wsgi", "--host", host,
        "--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads), "--log-level", "error",
        "--workers-kill-timeout", "8",  # one that is told to stop while it loads does not hear it
        *(["--respawn-failed-workers"] if workers > 1 else []),
    ]  # fmt: skip
    worker = [sys.executable, "-m", "keshu.site.cli", "worker"]
    print(f"科枢已启动（按 Ctrl+C 停止）：http://{host}:{port}/", file=sys.stderr)
    return Answer(exit_code=supervise([Child("web", web), Child("worker", worker)]))


def _free(host: str, port: int) -> None:
    """Raises BadInput when another program has the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError:
            raise BadInput(f"端口 {port} 不存在；请用 --port 选 1 至 65535 之间的一个") from None
        except OSError:
            raise BadInput(f"端口 {port} 已被占用；请用 --port 另选一个，或停止占用它的程序") from None


def _drifts() -> list[dict]:
    from dataclasses import asdict

    from keshu.bureau.ledgers.catalogue import catalogue
    from keshu.bureau.records.definitions import drifts

    current = catalogue()
    kinds = {
        "ledger": current.ledgers,
        "indicator": current.indicators,
        "summary": current.summaries,
        "programmes": current.programmes,
    }
    return [asdict(drift) for drift in drifts(kinds)]


def _worker(arguments: argparse.Namespace) -> Answer:
    start()
    from django.core.management import call_command

    from keshu.bureau.forms.tasks import sweep_daily
    from keshu.bureau.outbox.tasks import deliver
    from keshu.bureau.programmes.handling.tasks import remind_daily
    from keshu.bureau.records.tasks import count_rows

    deliver.enqueue()  # what a worker that died left behind
    remind_daily.enqueue()
    sweep_daily.enqueue()
    count_rows.enqueue()
    call_command("db_worker", interval=0.5, verbosity=0)
    return Answer()
