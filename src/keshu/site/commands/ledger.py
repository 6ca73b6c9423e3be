"""keshu ledger import | export | begin."""

import argparse
from pathlib import Path

from keshu.site.commands.answer import Answer, BadInput, Verbs, actor, start


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("ledger", help="台账导入、导出和起始日", parents=[common])
    subs = verb.add_subparsers(dest="action", required=True)
    imports = subs.add_parser("import", parents=[common], help="导入 xlsx、xls、csv；不加 --commit 只检查不写入")
    imports.add_argument("ledger")
    imports.add_argument("file", type=Path)
    imports.add_argument("--place", default="", help="数据所属区划代码")
    imports.add_argument("--commit", action="store_true", help="写入；有错误行时不写入任何一行")
    imports.add_argument("--skip-wrong", action="store_true", help="跳过错误行，其余作为一次操作写入")
    imports.add_argument("--known-on", default="", metavar="D", help="首次导入历史台账：这些数据在该日已掌握")
    imports.add_argument("--reason", default="")
    imports.set_defaults(run=_import)
    exports = subs.add_parser("export", parents=[common], help="导出为 xlsx")
    exports.add_argument("ledger")
    exports.add_argument("file", type=Path)
    exports.add_argument("--place", default="")
    exports.add_argument("--year", type=int)
    exports.set_defaults(run=_export)
    begins = subs.add_parser("begin", parents=[common], help="说明某区划的台账自哪天起完整")
    begins.add_argument("ledger")
    begins.add_argument("--place", required=True, help="区划代码；对其下级同样有效")
    when = begins.add_mutually_exclusive_group()
    when.add_argument("--on", default="", metavar="D", help="起始日：此前的指标按缺数处理，不按零")
    when.add_argument("--cancel", action="store_true", help="取消已定的起始日")
    begins.set_defaults(run=_begin)


def day(text: str) -> object:
    from datetime import date

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"日期“{text}”应写成 2025-12-31 的形式") from None


def _import(arguments: argparse.Namespace) -> Answer:
    if arguments.skip_wrong and not arguments.commit:
        raise BadInput("--skip-wrong 须与 --commit 同用")
    if not arguments.file.is_file():
        raise BadInput(f"找不到文件 {arguments.file}")
    known_on = day(arguments.known_on)
    start()
    from keshu.bureau.ledgers import commands
    from keshu.bureau.records.services import Actor

    by = actor(arguments) if arguments.commit else Actor(arguments.by or "preview")
    result = commands.import_file(
        arguments.ledger, arguments.file, place=arguments.place, commit=arguments.commit,
        skip_wrong=arguments.skip_wrong, known_on=known_on, by=by, reason=arguments.reason,
    )  # fmt: skip
    return Answer(result, _as_text(result), exit_code=_exit_code(result))


def _exit_code(result: dict) -> int:
    """2 for a file that could not be read at all, 1 where rows or sheets of it are wrong."""
    broken = any(problem["severity"] == "error" for problem in result["problems"])
    if broken and not result["sheets"]:
        return 2
    return int(broken or bool(result["rows"]["wrong"]))


def _as_text(result: dict) -> str:
    rows = result["rows"]
    labels = {"new": "新增", "changed": "变更", "unchanged": "无变化", "duplicate": "重复", "wrong": "有误"}
    lines = [" · ".join(f"{labels[key]} {rows[key]}" for key in labels)]
    lines += [_problem(problem) for problem in result["problems"]]
    lines.append(_outcome(result))
    return "\n".join(lines)


def _problem(problem: dict) -> str:
    where = problem.get("cell") or (f"第{problem['row']}行" if problem["row"] else "")
    place = "!".join(part for part in (problem["sheet"], where) if part)
    column = f"（{problem['column']}）" if problem["column"] else ""
    return f"{place}{column} {problem['message']}。{problem['remedy']}"


def _outcome(result: dict) -> str:
    if not result["committed"]:
        return "未写入"
    return f"已写入（操作 {result['act']}）" if result["act"] else "与台账一致，没有需要写入的内容"


def _export(arguments: argparse.Namespace) -> Answer:
    start()
    from keshu.bureau.ledgers import commands

    result = commands.export_file(arguments.ledger, arguments.file, place=arguments.place, year=arguments.year)
    return Answer(result, f"已导出 {result.get('rows', 0)} 行到 {arguments.file}")


def _begin(arguments: argparse.Namespace) -> Answer:
    begins_on = None if arguments.cancel else day(arguments.on)
    if begins_on is None and not arguments.cancel:
        raise BadInput("请写明起始日：--on 2023-01-01；要取消已定的起始日，用 --cancel")
    start()
    from keshu.bureau.ledgers import commands

    result = commands.begin_ledger(arguments.ledger, place=arguments.place, begins_on=begins_on, by=actor(arguments))
    told = f"台账自 {begins_on} 起完整" if begins_on else "已取消起始日"
    return Answer(result, f"{arguments.place}：{told}")
