"""A superior's list read from a workbook or pasted text: each row matched to a case, every wrong row with its place."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.programmes.models import Application, Call, DocumentItem
from keshu.bureau.programmes.publicity.documents import UPPER, Line, waiting
from keshu.kernel.typed import read_date
from keshu.kernel.typed.names import normal_name
from keshu.office.tables import WorkbookProblem, read_workbook

HEADINGS = {
    "case": ("受理编号", "申报编号", "项目申报编号"),
    "uscc": ("统一社会信用代码", "信用代码", "社会信用代码"),
    "unit": ("单位名称", "企业名称", "申报单位", "承担单位", "名称"),
    "title": ("项目名称", "成果名称", "平台名称"),
    "result": ("结果", "审核结果", "认定结果", "是否通过", "结论"),
    "number": ("证书编号", "编号", "项目编号", "登记编号", "入库登记编号", "立项编号"),
    "until": ("有效期至", "有效期止", "截止日期", "到期日期"),
}
YES = re.compile(r"^(通过|同意|是|合格|立项|认定|已认定|入库|√|1|yes)", re.IGNORECASE)
NO = re.compile(r"^(不|未|否|×|0|no)", re.IGNORECASE)
MOST = 2000
Result = DocumentItem.Result


@dataclass
class ReadList:
    """The lines that were understood, and what is wrong with the others: (place, sentence)."""

    lines: list[Line] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def read_file(call: Call, content: bytes, name: str) -> ReadList:
    try:
        sheets = read_workbook(content, name)
    except WorkbookProblem as problem:
        return ReadList(problems=[(name, str(problem))])
    return _read(call, [(sheet.name, sheet.first_row, sheet.values) for sheet in sheets if not sheet.hidden])


def read_text(call: Call, text: str) -> ReadList:
    """Pasted from a table program (tabs) or with commas."""
    tabs = "\t" in text
    plain = text.strip() if tabs else text.strip().replace("，", ",")
    return _read(call, [("", 1, list(csv.reader(io.StringIO(plain), delimiter="\t" if tabs else ",")))])


def _read(call: Call, tables: Sequence[tuple[str, int, Sequence[Sequence[Any]]]]) -> ReadList:
    found, cases = ReadList(), _Cases(call)
    for sheet, first, rows in tables:
        head = next((at for at, row in enumerate(rows[:20]) if _columns(row)), None)
        if head is None:
            continue
        columns = _columns(rows[head])
        where = f"“{sheet}”" if sheet else ""
        if len(rows) - head - 1 > MOST:
            words = {"sheet": where, "n": len(rows) - head - 1, "most": MOST}
            found.problems.append(
                (where or _("名单"), _("%(sheet)s共 %(n)s 行，一次最多 %(most)s 行，请分几次登记") % words)
            )
            continue
        for at, row in enumerate(rows[head + 1 :], start=head + 1 + first):
            if any(str(cell or "").strip() for cell in row):
                place = _("%(sheet)s第%(row)s行") % {"sheet": where, "row": at}
                _read_row(found, cases, {name: row[n] for name, n in columns.items() if n < len(row)}, place)
    if not found.lines and not found.problems:
        found.problems.append((_("表头"), _("没有找到表头：至少要有单位名称、统一社会信用代码、受理编号中的一列")))
    return found


def _columns(row: Sequence[Any]) -> dict[str, int]:
    plain = [re.sub(r"[\s*（(].*|\s", "", str(cell or "")) for cell in row]
    found = {
        name: next(at for at, text in enumerate(plain) if text in words)
        for name, words in HEADINGS.items()
        if any(text in words for text in plain)
    }
    return found if {"case", "uscc", "unit"} & found.keys() else {}


_PLAIN: dict[str, Callable[[str], str]] = {"case": str, "uscc": str.upper, "unit": normal_name, "title": normal_name}


def _called(application: Application) -> dict[str, str]:
    """What a list may call the case, in plain spelling."""
    party = application.party
    told = {"case": application.number or "", "uscc": party.uscc or "", "unit": party.name, "title": application.title}
    return {name: plain(told[name]) for name, plain in _PLAIN.items()}


class _Cases:
    """The cases that wait for a superior, by what a list may call them; each is taken once."""

    def __init__(self, call: Call) -> None:
        self.rows = [(one, _called(one)) for one in waiting(call, UPPER)]
        self.taken: set[int] = set()

    def find(self, cells: Mapping[str, str]) -> Application | str:
        """The one case that the cells mean, each narrowing it down until one is left; else what is wrong."""
        rows = self.rows
        for name, plain in _PLAIN.items():
            if text := cells.get(name):
                rows = [(one, called) for one, called in rows if called[name] == plain(text)]
                if len(rows) == 1:
                    break
        said = cells.get("unit") or cells.get("uscc") or cells.get("case") or ""
        if not said:
            return _("没有写单位名称、信用代码或受理编号")
        if not rows:
            return _("“%(said)s”没有等待上级结果的申报，请核对名称或代码") % {"said": said}
        if len(rows) > 1:
            return _("“%(said)s”有 %(n)s 件等待结果，请补写受理编号或项目名称") % {"said": said, "n": len(rows)}
        if rows[0][0].pk in self.taken:
            return _("“%(said)s”在名单中出现了两次，请删去一行") % {"said": said}
        return rows[0][0]


def _read_row(found: ReadList, cases: _Cases, row: Mapping[str, Any], place: str) -> None:
    cells = {name: str(value if value is not None else "").strip() for name, value in row.items()}
    case = cases.find(cells)
    if isinstance(case, str):
        found.problems.append((place, case))
        return
    until = read_date(row["until"]) if cells.get("until") else None
    if until is not None and until.value is None:
        found.problems.append((place, _("有效期“%(text)s”不是日期") % {"text": cells["until"]}))
        return
    result = _result(cells)
    if not result:
        found.problems.append(
            (place, _("结果“%(text)s”读不懂，请写“通过”或“未通过”") % {"text": cells.get("result", "")})
        )
        return
    cases.taken.add(case.pk)
    found.lines.append(
        Line(case.pk, cells.get("number", ""), result=result, valid_until=until.value if until else None)
    )


def _result(cells: Mapping[str, str]) -> str:
    """A list without a column of results is a list of those who passed."""
    if "result" not in cells:
        return Result.APPROVED
    text = cells["result"]
    if NO.match(text):
        return Result.REJECTED
    return Result.APPROVED if YES.match(text) else ""


def names_of(lines: Iterable[Line]) -> dict[int, Application]:
    return Application.objects.select_related("party").in_bulk([line.application for line in lines])
