"""keshu doctor [--audit]: is this installation sound, and is the past still what it was."""

import argparse
import shutil
from typing import Any

from keshu.site.commands.answer import Answer, Verbs, start


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("doctor", help="检查安装；--audit 复核全部操作链与记录", parents=[common])
    verb.add_argument("--audit", action="store_true")
    verb.set_defaults(run=_doctor)


def _doctor(arguments: argparse.Namespace) -> Answer:
    from keshu.catalogue.loader import validate
    from keshu.site.commands.catalogue import _overlay

    problems = validate(_overlay())
    checks = [_check("catalogue", not problems, f"{len(problems)} 处定义错误，运行 keshu catalogue validate 查看")]
    if not problems:
        start()
        checks += _site_checks()
        if arguments.audit:
            checks += _audit()
    text = "\n".join(f"{'通过' if c['ok'] else '问题'}  {c['name']}  {c['detail']}" for c in checks)
    return Answer(
        {"ok": all(c["ok"] for c in checks), "checks": checks}, text, exit_code=int(any(not c["ok"] for c in checks))
    )


def _check(name: str, ok: bool, detail: str) -> dict[str, Any]:
    return {"name": name, "ok": ok, "detail": "" if ok else detail}


def _site_checks() -> list[dict[str, Any]]:
    from django.conf import settings

    from keshu.bureau.records.files import damaged
    from keshu.site.commands.serving import _drifts

    drifted, broken = _drifts(), damaged()
    inside = settings.PATHS.keys.is_relative_to(settings.PATHS.data)
    return [
        _check("definitions", not drifted, ";".join(d["message"] for d in drifted)),
        _check("files", not broken, f"{len(broken)} 个附件缺失或损坏：" + "、".join(f.name for f in broken[:5])),
        _check("keys", not inside, "密钥目录在数据目录之内，备份会连同密钥一起泄露；请设置 KESHU_KEYS 到别处"),
        _check(
            "libreoffice",
            shutil.which("soffice") is not None,
            "未安装 LibreOffice，不能导出 PDF；请运行 apt install libreoffice-writer",
        ),
    ]


def _audit() -> list[dict[str, Any]]:
    from keshu.bureau.records.audit import faults

    found = list(faults())
    if not found:
        return [_check("audit", True, "")]
    return [_check("audit", False, f"操作 {fault.act}（{fault.kind}）：{fault.message}") for fault in found]
