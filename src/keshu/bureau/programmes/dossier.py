"""What lies in the file of a case 卷宗: every paper, in the order of the list 卷内目录.

Each area registers what it keeps, with `contents("任务书")`. Papers without bytes of their own are made from the rows when
they are asked for, one after the other, so that a large case never lies in memory as a whole.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import Call
from keshu.bureau.records.models import Act, File
from keshu.bureau.records.services import ZONE
from keshu.office.papers import record_sheet
from keshu.office.papers.parts import Case as PaperCase
from keshu.office.papers.parts import Grid, Head, Issuer, Listing, LongText
from keshu.office.papers.shapes import Record

#: the parts of a file in the order in which an archive lays them: from the application to the way that it went
PARTS = (
    "申报书", "申报附件", "推荐", "受理与审查", "评审", "建议与决定", "公示", "文件与证书", "任务书", "经费", "实施", "变更",
    "验收与绩效", "信用", "其他材料", "办理过程",
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One thing in the file. `content` of what was made here; where it is None the bytes lie under the hash."""

    name: str
    day: date | None = None
    number: str = ""  # 文号
    by: str = ""  # 责任者
    note: str = ""
    content: bytes | None = None
    sha256: str = ""
    size: int = 0


Contents = Callable[[Case], Iterable[Sheet]]
_contents: dict[str, list[Contents]] = {part: [] for part in PARTS}


def contents(part: str) -> Callable[[Contents], Contents]:
    """Register the function as one that knows what lies in this part of the file."""

    def register(function: Contents) -> Contents:
        if function not in _contents[part]:
            _contents[part].append(function)
        return function

    return register


def sheets_of(case: Case) -> Iterator[tuple[str, Sheet]]:
    """Part and sheet, in the order of the list; each is made when it is its turn."""
    for part in PARTS:
        for function in _contents[part]:
            yield from ((part, sheet) for sheet in function(case))


def stored(file: File, *, name: str = "", day: date | None = None, number: str = "", by: str = "") -> Sheet:
    """A file that somebody uploaded."""
    return Sheet(name or file.name, day or day_of(file.act), number, by, sha256=file.sha256, size=file.size)


def organ_of(call: Call) -> str:
    """Who issues what the bureau of the call writes."""
    return f"{call.place.name}科学技术局"


def issuer_of(call: Call) -> Issuer:
    organ = organ_of(call)
    return Issuer(organ=organ, red_head=f"{organ}文件", contact=call.contact, phone=call.phone)


def about(case: Case) -> PaperCase:
    application = case.application
    return PaperCase(
        title=application.title or case.call.name, applicant=application.party.name, programme=case.programme.name,
        number=application.number or "", leader=application.leader, call=case.call.name,
    )  # fmt: skip


def recorded(case: Case, title: str, *parts: Listing | Grid | LongText, note: str = "") -> Sheet:
    """Rows that no letter tells, as a sheet: what was written down about the case under this title."""
    content = Record(title, about(case), issuer_of(case.call), parts, case.today, note)
    return Sheet(f"{title}.docx", case.today, by=organ_of(case.call), content=record_sheet(content))


def table(title: str, heads: Iterable[tuple[str, float]], rows: Iterable[Iterable[object]]) -> Listing:
    """A table of a record: heads with their widths, values as people write them."""
    return Listing(
        tuple(Head(name, max(width, _least(name))) for name, width in heads),
        tuple(tuple(said(one) for one in row) for row in rows), title,
    )  # fmt: skip


def _least(name: str) -> float:
    """Room for a day, or a day with its time, on one line."""
    return 1.7 if name.endswith("时间") else 1.3 if name.endswith(("日期", "期限", "至")) else 0.5


def said(value: object) -> str:
    """A value of a row in a table: nothing is a dash, a day is a day."""
    if value is None or value == "":
        return "—"
    if isinstance(value, Act):
        return value.by_name
    if isinstance(value, datetime):
        return f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}"
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


def day_of(act: Act | None) -> date | None:
    return act.at.astimezone(ZONE).date() if act else None
