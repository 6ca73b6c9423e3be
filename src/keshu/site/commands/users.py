"""keshu user add: the first administrator, and accounts by script."""

import argparse
import getpass
import sys

from keshu.site.commands.answer import Answer, BadInput, Verbs, start


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("user", help="账号", parents=[common])
    subs = verb.add_subparsers(dest="action", required=True)
    add = subs.add_parser("add", parents=[common], help="建立账号；密码从终端或标准输入读取，不在命令行出现")
    add.add_argument("username")
    add.add_argument("--name", required=True, help="姓名")
    add.add_argument("--role", action="append", default=[], help="角色代码，可多次：system security audit director …")
    add.add_argument("--place", default="", help="区划代码；省略为全部")
    add.add_argument("--section", action="append", default=[], help="科室，可多次；省略为全部")
    add.set_defaults(run=_add)


def _add(arguments: argparse.Namespace) -> Answer:
    start()
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from keshu.bureau.accounts import services
    from keshu.bureau.accounts.access import ADMINISTRATORS
    from keshu.bureau.accounts.passwords import ADMINISTRATOR_LENGTH
    from keshu.bureau.records.services import SYSTEM

    password = _password()
    if ADMINISTRATORS & set(arguments.role) and len(password) < ADMINISTRATOR_LENGTH:
        raise BadInput(f"管理员密码至少 {ADMINISTRATOR_LENGTH} 位")
    try:
        with transaction.atomic():  # the account with all its roles, or none of it
            user = services.add_user(arguments.username, name=arguments.name, password=password, by=SYSTEM)
            for role in arguments.role:
                services.grant_role(
                    user.pk, role=role, place=arguments.place, sections=tuple(arguments.section), by=SYSTEM
                )
    except (ValidationError, ValueError) as error:
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        raise BadInput(";".join(str(m) for m in messages)) from error
    return Answer({"username": user.username, "roles": arguments.role}, f"已建立账号 {user.username}")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("密码：")
    if first != getpass.getpass("再输一次："):
        raise BadInput("两次输入的密码不一致")
    return first
