"""A dropped file that is an export of ours: what somebody changed in it since it was frozen or written."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.reports.verifying import named, verify_file
from keshu.office.soffice import OfficeProblem

MARKED = frozenset((".docx", ".odt"))
SHOWN = 12


def changes_in(content: bytes, name: str) -> list[str]:
    """Sentences on what was changed in our own export; nothing for a file that is not ours."""
    suffix = Path(name).suffix.lower()
    if suffix not in MARKED:
        return []
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(content)
        try:
            answer = named(verify_file(path))
        except (OfficeProblem, OSError, ValueError):  # then it is none of ours, or nobody can tell
            return []
    return [] if answer["against"] == "nothing" else _told(answer)


def _told(answer: dict[str, Any]) -> list[str]:
    what = _("已冻结的“%(title)s”") % {"title": answer["summary"]} if answer["summary"] else _("本系统导出的总结")
    if not answer["places"]:
        return [_("这份文件出自%(what)s，标记的数字均未改动") % {"what": what}]
    lines = [_("这份文件出自%(what)s，有 %(n)s 处被改动") % {"what": what, "n": answer["places"]}]
    for one in answer["changed"][:SHOWN]:
        words = {"name": one["name"], "frozen": one["frozen"], "found": one["found"]}
        lines.append(_("“%(name)s”应为%(frozen)s，文中为%(found)s") % words)
    lines += [_("缺少“%(name)s”（%(frozen)s）") % {"name": one["name"], "frozen": one.get("frozen", "")}
              for one in answer["missing"][:SHOWN]]  # fmt: skip
    return lines
