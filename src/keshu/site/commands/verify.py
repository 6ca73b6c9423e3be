"""keshu verify FILE | NUMBER | HASH: whether exactly this was handed in, when, and by which case."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keshu.site.commands.answer import Answer, BadInput, Verbs, start


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("verify", parents=[common], help="核验回执或申报书：是否提交过、内容是否就是这一版")
    verb.add_argument("what", metavar="文件|受理编号|校验码", help="下载的申报书或回执文件，或回执上的受理编号或校验码")
    verb.add_argument("--sha256", default="", help="同受理编号一起给出：只认这一版")
    verb.set_defaults(run=_verify)


def _verify(arguments: argparse.Namespace) -> Answer:
    what, sha256 = arguments.what.strip(), "".join(arguments.sha256.split()).lower()
    path = Path(what)
    if not path.is_file() and (path.suffix.lower() in (".pdf", ".docx") or path.is_dir()):
        raise BadInput(f"找不到文件 {what}")
    start()
    from keshu.bureau.programmes.applying import verifying
    from keshu.office.texts import TextProblem

    if sha256 and not verifying.HASH.fullmatch(sha256):
        raise BadInput("--sha256 须是 64 位的十六进制校验码，请照回执逐字填写")
    if path.is_file():
        try:
            found = [verifying.verify_file(path)]
        except (verifying.NothingToVerify, TextProblem) as problem:
            raise BadInput(str(problem)) from problem
    elif verifying.HASH.fullmatch(what.lower()):
        found = verifying.verify_words("", what.lower())
    else:
        found = verifying.verify_words(what, sha256)
    ok = all(one["ok"] for one in found)
    text = "\n\n".join(_words(one) for one in found)
    return Answer(found[-1] | {"ok": ok, "versions": found[:-1]}, text, exit_code=0 if ok else 1)


def _words(one: Mapping[str, Any]) -> str:
    lines = [f"{'✓' if check['ok'] else '✗'} {check['detail']}" for check in one["checks"]]
    if "version" in one:
        lines.insert(0, f"{one['number']}　{one['party']}《{one['title']}》　{one['call']}")
    return "\n".join(lines)
