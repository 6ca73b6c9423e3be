"""keshu bench [NAME]: the project's own measurements, as ratios against named peers in the same run."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from keshu.site.commands.answer import Answer, BadInput, Verbs

NAMES = ("imports", "figures", "summary", "prose", "cases", "deadline")


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("bench", help="性能测量（与同类工具同场对比）", parents=[common])
    verb.add_argument("name", nargs="?", choices=NAMES)
    verb.add_argument("--rows", type=int, help="行数（默认各项自定）")
    verb.add_argument("--texts", help="prose: 带标注文本的目录（含docs/*.txt与figures.jsonl）")
    verb.set_defaults(run=_bench)


def _bench(arguments: argparse.Namespace) -> Answer:
    root = Path(__file__).resolve().parents[4]
    if not (root / "bench").is_dir():
        raise BadInput("测量脚本不随安装包发布，请在源代码目录中运行")
    sys.path.insert(0, str(root))
    results = []
    for name in [arguments.name] if arguments.name else NAMES:
        size = (
            {"texts": arguments.texts or ""} if name == "prose" else {"rows": arguments.rows} if arguments.rows else {}
        )
        results += import_module(f"bench.{name}").run(**size)
    lost = any(row.get("lost") for row in results)
    return Answer(results, "\n".join(_line(row) for row in results), exit_code=int(lost))


def _line(row: dict) -> str:
    return f"{row['bench']:<10} {row['what']:<44} {row['seconds']:>9} s   {row['ratio']:>8}"
