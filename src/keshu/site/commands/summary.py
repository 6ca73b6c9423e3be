"""keshu summary build | verify | adopt."""

import argparse
from pathlib import Path

from keshu.site.commands.answer import Answer, BadInput, Verbs, actor, start


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("summary", help="总结：生成与核验", parents=[common])
    subs = verb.add_subparsers(dest="action", required=True)
    build = subs.add_parser("build", parents=[common], help="由台账生成总结并写成 .docx")
    build.add_argument("--place", required=True)
    build.add_argument("--period", required=True)
    build.add_argument("--kind", default="county")
    build.add_argument("--out", type=Path, required=True)
    build.add_argument("--pdf", type=Path)
    build.add_argument("--number", default="", help="发文字号，如 云科〔2026〕12号；写了就成上行文")
    build.add_argument("--signer", action="append", default=[], help="签发人；几个机关联合行文时写几次")
    build.add_argument("--addressee", default="", help="主送机关，如 云岭市人民政府")
    build.set_defaults(run=_build)
    verify = subs.add_parser("verify", parents=[common], help="核验文件中的数字是否被改动")
    verify.add_argument("file", type=Path)
    verify.set_defaults(run=_verify)
    adopt = subs.add_parser("adopt", parents=[common], help="沿用上年总结：栏目成为大纲，数字改为引用或接收数据")
    adopt.add_argument("file", type=Path)
    adopt.add_argument("--place", required=True)
    adopt.add_argument("--year", required=True, type=int, help="文稿的年度")
    adopt.add_argument("--dry-run", action="store_true", help="只看会得到什么，不写入")
    adopt.set_defaults(run=_adopt)


def _build(arguments: argparse.Namespace) -> Answer:
    start()
    from keshu.bureau.reports import commands

    try:
        sending = commands.read_sending(
            number=arguments.number, signers=arguments.signer, addressee=arguments.addressee
        )
    except commands.BadSending as problem:
        raise BadInput(str(problem)) from problem
    result = commands.build(
        place=arguments.place, period=arguments.period, kind=arguments.kind, out=arguments.out, pdf=arguments.pdf,
        sending=sending,
    )  # fmt: skip
    text = f"{result['file']}：数字 {result['figures']}、名称 {result['names']}、记录 {result['records']}"
    loose = "".join(f"\n无出处：{item}" for item in result["loose"])
    return Answer(result, text + loose, exit_code=1 if result["loose"] else 0)


def _verify(arguments: argparse.Namespace) -> Answer:
    if not arguments.file.is_file():
        raise BadInput(f"找不到文件 {arguments.file}")
    start()
    from keshu.bureau.reports import commands

    result = commands.verify(arguments.file)
    if result["against"] == "nothing":
        raise BadInput(
            f"“{arguments.file.name}”里没有本系统的标记，库中也没有相近的总结，无法核验；请确认选对了文件和数据目录"
        )
    lines = [f"{c['ref']}：应为 {c['frozen']}，文件中为 {c['found']}（依据 {c['by']}）" for c in result["changed"]]
    lines += [f"缺失：{item}" for item in result["missing"]]
    bad = bool(result["changed"] or result["missing"])
    return Answer(result, "\n".join(lines) or f"{result['figures']} 个数字均未改动", exit_code=1 if bad else 0)


def _adopt(arguments: argparse.Namespace) -> Answer:
    if not arguments.file.is_file():
        raise BadInput(f"找不到文件 {arguments.file}")
    start()
    from keshu.bureau.texts import commands

    by = None if arguments.dry_run else actor(arguments)
    try:
        found = commands.adopt(arguments.file, place=arguments.place, year=arguments.year, by=by)
    except commands.Refused as problem:
        raise BadInput(str(problem)) from problem
    lines = [
        f"数字 {found['figures']}：改为引用 {found['referenced']}，接收 {len(found['received'])}",
        f"沿用文字 {found['standing']} 句，不沿用 {len(found['stale'])} 句，应兑现承诺 {len(found['promises'])} 项",
        *(f"不沿用：{one['sentence']}（{one['reason']}）" for one in found["stale"]),
        *(f"不一致：{one['text']}（{one['name']}，台账 {one.get('ours', '—')}）" for one in found["differs"]),
        f"大纲代码 {found['kind']}，起草本年总结时加 --kind {found['kind']}"
        if by
        else "未写入；去掉 --dry-run 并加 --by 账号即写入",
    ]
    return Answer(found, "\n".join(lines), exit_code=1 if found["differs"] else 0)
