"""The file of a case 卷宗 as it is archived: every paper made, kept and listed with its hash; and the whole as one .zip."""

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO

from keshu.bureau.pages.downloads import write_xlsx
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.dossier import Sheet, sheets_of
from keshu.bureau.programmes.machine import effect, take_back
from keshu.bureau.programmes.models import ArchiveIndex
from keshu.bureau.records import files
from keshu.bureau.records.services import Writing, digest_of
from keshu.office.filetypes import safe_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MIMES = {"docx": DOCX, "json": "application/json"}
HEADINGS = (
    "顺序号", "类别", "题名", "文号", "责任者", "日期", "字节数", "SHA-256", "备注",
)  # fmt: skip
LIST = "000-卷内目录.xlsx"
MISSING = "文件缺失，请用备份恢复"
Row = list[str]  # part, name, sha256, size, day, number, by, note


@effect("archive_file")
def archive_file(case: Case, within: Writing) -> None:
    """Make every paper of the case, keep it, and put down what lies in the file on this day, under one hash."""
    rows = []
    for part, sheet in sheets_of(case):
        if sheet.content is not None:
            kind = sheet.name.rpartition(".")[2]
            files.store(
                sheet.content, name=sheet.name, kind=kind, mime=MIMES.get(kind, "application/octet-stream"),
                within=within,
            )  # fmt: skip
        rows.append(_row(part, sheet))
    digest = digest_of(rows)
    ArchiveIndex.objects.update_or_create(
        application=case.application, defaults={"rows": rows, "sha256": digest.hex(), "act": within.act}
    )
    within.wrote(digest_of(["archive", case.application.pk, digest.hex()]))


def _row(part: str, sheet: Sheet) -> Row:
    sha256, size = sheet.sha256, sheet.size
    if sheet.content is not None:
        sha256, size = hashlib.sha256(sheet.content).hexdigest(), len(sheet.content)
    day = f"{sheet.day:%Y-%m-%d}" if sheet.day else ""
    return [part, sheet.name, sha256, str(size), day, sheet.number, sheet.by, sheet.note]


@take_back
def take_back_archive(case: Case, act_id: int, within: Writing) -> None:
    gone, _models = ArchiveIndex.objects.filter(application=case.application, act_id=act_id).delete()
    if gone:
        within.wrote(digest_of(["archive.take_back", case.application.pk]))


def pack(case: Case) -> IO[bytes]:
    """The whole file as .zip with its list, in a temporary file that is written paper by paper.

    An archived case gives the very papers that were archived; one that is still under way, what is there by now.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever answers with it closes it
    rows: list[Row] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as book:
        for number, (row, content) in enumerate(_papers(case), start=1):
            rows.append(row)
            _put(book, f"{number:03d}-{safe_name(row[1])}", row, content)
        book.writestr(LIST, _list(rows))
    file.seek(0)
    return file


def _papers(case: Case) -> Iterator[tuple[Row, bytes | None]]:
    """Each row of the list with the bytes of what is made now; None for what lies under its hash."""
    index = ArchiveIndex.objects.filter(application=case.application).first()
    if index is not None and all(len(row) == len(HEADINGS) - 1 for row in index.rows):
        yield from ((list(row), None) for row in index.rows)
    else:  # under way, or archived by a version that kept only the list
        yield from ((_row(part, sheet), sheet.content) for part, sheet in sheets_of(case))


def _put(book: zipfile.ZipFile, name: str, row: Row, content: bytes | None) -> None:
    path = files.path_of(row[2])
    if content is not None:
        book.writestr(name, content)
    elif path.is_file():
        book.write(path, name)
    else:
        row[-1] = MISSING


def _list(rows: Sequence[Row]) -> bytes:
    held = io.BytesIO()
    write_xlsx(
        held, HEADINGS,
        (
            [number, part, name, document, by, day, int(size), sha256, note]
            for number, (part, name, sha256, size, day, document, by, note) in enumerate(rows, start=1)
        ),
    )  # fmt: skip
    return held.getvalue()
