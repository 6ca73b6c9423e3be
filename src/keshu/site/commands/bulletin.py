"""keshu bulletin import: a superior's bulletin, places by indicators, in one step."""

import argparse
from pathlib import Path

from keshu.site.commands.answer import Answer, BadInput, Verbs, actor, start


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("bulletin", help="来源件（通报）导入", parents=[common])
    subs = verb.add_subparsers(dest="action", required=True)
    imports = subs.add_parser("import", parents=[common], help="导入区划 × 指标的通报表；不加 --commit 只检查")
    imports.add_argument("file", type=Path)
    imports.add_argument("--period", required=True)
    imports.add_argument("--issuer", required=True, help="发文单位")
    imports.add_argument("--title", required=True)
    imports.add_argument("--number", default="", help="文号")
    imports.add_argument("--cut-off", default="", metavar="D")
    imports.add_argument("--obtained-on", default="", metavar="D")
    imports.add_argument("--release", default="internal", choices=("public", "internal", "unpublished"))
    imports.add_argument("--place", default="", help="表中“全市”“合计”所指区划的代码；省略为 --by 账号所属的区划")
    imports.add_argument("--commit", action="store_true")
    imports.add_argument("--skip-wrong", action="store_true")
    imports.set_defaults(run=_import)


def _import(arguments: argparse.Namespace) -> Answer:
    if not arguments.file.is_file():
        raise BadInput(f"找不到文件 {arguments.file}")
    start()
    from keshu.bureau.records.services import Actor
    from keshu.bureau.statistics import commands
    from keshu.site.commands.ledger import _as_text, day

    by = actor(arguments) if arguments.commit else Actor(arguments.by or "preview")
    result = commands.import_bulletin(
        arguments.file, period=arguments.period, issuer=arguments.issuer, title=arguments.title,
        number=arguments.number, cut_off=day(arguments.cut_off), obtained_on=day(arguments.obtained_on),
        release_level=arguments.release, commit=arguments.commit, skip_wrong=arguments.skip_wrong, by=by,
        place=arguments.place or _place_of(arguments.by),
    )  # fmt: skip
    return Answer(result, _as_text(result), exit_code=1 if result["rows"]["wrong"] else 0)


def _place_of(username: str) -> str:
    """The place of the account that imports, "" for one that is bound to none."""
    from keshu.bureau.accounts.access import viewer_of
    from keshu.bureau.accounts.models import User
    from keshu.bureau.statistics.guards import whole_place

    user = User.objects.filter(username=username, is_active=True).first()
    return whole_place(viewer_of(user)) if user else ""
