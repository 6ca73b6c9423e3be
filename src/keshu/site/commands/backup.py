"""keshu backup FILE | restore FILE: safe while the site is in use."""

import argparse
from pathlib import Path

from keshu.site.commands.answer import Answer, BadInput, Verbs, start


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    backup = verbs.add_parser("backup", help="备份数据库与附件（不含密钥），可在运行中进行", parents=[common])
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=_backup)
    restore = verbs.add_parser("restore", help="由备份恢复；现有数据须加 --replace 才会被替换", parents=[common])
    restore.add_argument("file", type=Path)
    restore.add_argument("--replace", action="store_true")
    restore.set_defaults(run=_restore)


def _backup(arguments: argparse.Namespace) -> Answer:
    start()
    from django.conf import settings

    from keshu.site import backups

    result = backups.backup(arguments.file, settings.PATHS)
    hint = f"密钥不在备份中，请另行保管 {settings.PATHS.keys}"
    return Answer(result, f"已备份到 {arguments.file}（{result['bytes']} 字节，{result['files']} 个附件）", (hint,))


def _restore(arguments: argparse.Namespace) -> Answer:
    if not arguments.file.is_file():
        raise BadInput(f"找不到备份文件 {arguments.file}")
    start()
    from django.conf import settings

    from keshu.site import backups

    try:
        result = backups.restore(arguments.file, settings.PATHS, replace=arguments.replace)
    except backups.BackupProblem as problem:
        raise BadInput(str(problem)) from problem
    return Answer(result, f"已恢复：{result['rows']} 行，{result['files']} 个附件")
