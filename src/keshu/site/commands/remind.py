"""keshu remind [--on DAY]: what the worker does every morning, for whoever wants it now or from a timer of the system."""

import argparse
from datetime import date

from keshu.site.commands.answer import Answer, BadInput, Verbs, start


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser(
        "remind",
        help="办结期限已过、无需人工判断的申报，发出到期和逾期提醒（后台任务进程每天早上自动执行）",
        parents=[common],
    )
    verb.add_argument("--on", metavar="DAY", default="", help="按这一天判断是否到期，如 2026-03-15；省略为今天")
    verb.set_defaults(run=_remind)


def _remind(arguments: argparse.Namespace) -> Answer:
    try:
        day = date.fromisoformat(arguments.on) if arguments.on else None
    except ValueError:
        raise BadInput(f"“{arguments.on}”不是日期；请写成 2026-03-15 的样子") from None
    start()
    from django.utils import timezone

    from keshu.bureau.programmes.handling.passing_time import pass_time
    from keshu.bureau.programmes.handling.reminding import remind
    from keshu.bureau.programmes.publicity import due

    passed, today = pass_time(timezone.now()), day or timezone.localdate()
    told = remind(today) + due.remind(today)
    return Answer({"told": told, "passed": passed}, f"已提醒 {told} 项，到期自动办理 {passed} 件")
