"""keshu summary build | verify."""

import argparse
from pathlib import Path

from keshu.site.commands.answer import Answer, BadInput, Verbs, start


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("summary", help="总结：生成与核验", parents=[common])
    subs = verb.add_subparsers(dest="action", required=True)
    build = subs.add_parser("build", parents=[common], help="由台账生成总结并写成 .docx")
    build.add_argument("--place", required=True)
    build.add_argument("--period", required=True)
    build.add_argument("--kind", default="county")
    build.add_argument("--out", type=Path, required=True)
    build.add_argument("--pdf", type=Path)
    build.set_defaults(run=_build)
    verify = subs.add_parser("verify", parents=[common], help="核验文件中的数字是否被改动")
    verify.add_argument("file", type=Path)
    verify.set_defaults(run=_verify)


def _build(arguments: argparse.Namespace) -> Answer:
    start()
    from keshu.bureau.reports import commands

    result = commands.build(
        place=arguments.place, period=arguments.period, kind=arguments.kind, out=arguments.out, pdf=arguments.pdf
    )
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
    lines = [f"{c['ref']}：应为 {c['frozen']}，文件中为 {c['found']}(依据 {c['by']})" for c in result["changed"]]
    lines += [f"缺失：{item}" for item in result["missing"]]
    bad = bool(result["changed"] or result["missing"])
    return Answer(result, "\n".join(lines) or f"{result['figures']} 个数字均未改动", exit_code=1 if bad else 0)
