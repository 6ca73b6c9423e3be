"""The `keshu` command: results on stdout, messages on stderr; exit 0 done, 1 something was found, 2 bad input."""

import json
import os
import sys
from importlib import import_module
from typing import Any

from keshu.site.commands.answer import Answer, BadInput
from keshu.site.commands.troubles import in_words
from keshu.site.commands.wording import Misused, Parser

NOUNS = (
    "serving", "users", "doctor", "backup", "catalogue", "ledger", "bulletin", "figure", "summary", "prose", "bench", "demo",
    "remind", "verify",
)  # fmt: skip


def parser() -> Parser:
    top = Parser(prog="keshu", description="科枢：从台账到年度总结，每个数字都能点开")
    common = Parser(add_help=False)
    common.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    common.add_argument("--data", metavar="DIR", help="数据目录（默认 KESHU_DATA 或 var）")
    common.add_argument("--by", metavar="USER", default="", help="以该账号的名义写入")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    for noun in NOUNS:
        import_module(f"keshu.site.commands.{noun}").add_to(verbs, common)
    return top


def main(argv: list[str] | None = None) -> int:
    try:
        arguments = parser().parse_args(argv)
    except Misused as wrong:
        print(wrong.usage, file=sys.stderr, end="")
        return _refused(str(wrong), "--json" in (sys.argv[1:] if argv is None else argv))
    if arguments.data:
        os.environ["KESHU_DATA"] = arguments.data
    try:
        answer: Answer = arguments.run(arguments)
    except BadInput as problem:
        return _refused(str(problem), arguments.json)
    except Exception as error:  # the last resort: a sentence for the user, the trace for whoever asks for it
        if os.environ.get("KESHU_TRACE") == "1":
            raise
        return _refused(in_words(error), arguments.json)
    _print(answer, arguments.json)
    return answer.exit_code


def _refused(message: str, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": message}, ensure_ascii=False))
    print(message, file=sys.stderr)
    return 2


def _print(answer: Answer, as_json: bool) -> None:
    for message in answer.messages:
        print(message, file=sys.stderr)
    if as_json:
        print(json.dumps(answer.data, ensure_ascii=False, indent=2, default=_plain))
    elif answer.text:
        print(answer.text)


def _plain(value: Any) -> Any:
    return format(value, "f") if hasattr(value, "quantize") else str(value)


if __name__ == "__main__":
    sys.exit(main())
