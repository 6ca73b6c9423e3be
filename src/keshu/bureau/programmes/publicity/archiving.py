"""The file of a case 卷宗: everything that lies in it with its hash, listed when it is archived, and as one .zip."""

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from keshu.bureau.pages.downloads import write_xlsx
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.machine import effect, take_back
from keshu.bureau.programmes.models import Application, ArchiveIndex, FormVersion, IssuedDocument, Objection
from keshu.bureau.records import files
from keshu.bureau.records.models import File
from keshu.bureau.records.services import ZONE, Writing, digest_of
from keshu.office.filetypes import safe_name


@dataclass(frozen=True)
class Sheet:
    """One thing in the file: `content` of what has no bytes of its own, else the bytes lie under the hash."""

    part: str
    name: str
    sha256: str
    size: int
    day: str
    content: bytes | None = None

    def row(self) -> list[str]:
        return [self.part, self.name, self.sha256, str(self.size), self.day]


def sheets_of(application: Application) -> list[Sheet]:
    """Versions, their papers, what was filed since, documents. Objections stay where they are sealed."""
    found: dict[tuple[str, str], Sheet] = {}
    for sheet in (*_versions(application), *_filed(application), *_documents(application)):
        found.setdefault((sheet.sha256, sheet.name), sheet)
    return list(found.values())


def _versions(application: Application) -> Iterator[Sheet]:
    for version in FormVersion.objects.filter(application=application).order_by("number"):
        day = f"{version.at.astimezone(ZONE):%Y-%m-%d}"
        content = json.dumps(
            {"values": version.values, "papers": version.papers}, ensure_ascii=False, indent=1
        ).encode()
        name = f"申报书第{version.number}版.json"
        yield Sheet("申报书", name, version.sha256, len(content), day, content)
        for paper in version.papers:
            yield Sheet("申报附件", paper["name"], paper["sha256"], paper["size"], day)


def _filed(application: Application) -> Iterator[Sheet]:
    """Files of every kind of row that belongs to a case, whichever area keeps it."""
    for relation in Application._meta.related_objects:
        model = relation.related_model
        names = [field.name for field in model._meta.fields if field.related_model is File]
        if model is Objection or not names:
            continue
        for row in model._default_manager.filter(**{relation.field.name: application}).select_related(*names):
            for name in names:
                if (file := getattr(row, name)) is not None:
                    yield _of_file(str(model._meta.verbose_name), file, _day_of(row))


def _day_of(row: object) -> str:
    act = getattr(row, "act", None)
    return f"{act.at.astimezone(ZONE):%Y-%m-%d}" if act else ""


def _of_file(part: str, file: File, day: str) -> Sheet:
    return Sheet(part, file.name, file.sha256, file.size, day)


def _documents(application: Application) -> Iterator[Sheet]:
    rows = IssuedDocument.objects.filter(items__application=application, file__isnull=False)
    for document in rows.select_related("file").order_by("issued_on", "pk"):
        assert document.file is not None
        day = f"{document.issued_on:%Y-%m-%d}" if document.issued_on else ""
        yield _of_file(f"文件 {document.number}", document.file, day)


@effect("archive_file")
def archive_file(case: Case, within: Writing) -> None:
    """Put down what lies in the file on this day, under one hash."""
    rows = [sheet.row() for sheet in sheets_of(case.application)]
    digest = digest_of(rows)
    ArchiveIndex.objects.update_or_create(
        application=case.application, defaults={"rows": rows, "sha256": digest.hex(), "act": within.act}
    )
    within.wrote(digest_of(["archive", case.application.pk, digest.hex()]))


@take_back
def take_back_archive(case: Case, act_id: int, within: Writing) -> None:
    gone, _models = ArchiveIndex.objects.filter(application=case.application, act_id=act_id).delete()
    if gone:
        within.wrote(digest_of(["archive.take_back", case.application.pk]))


def pack(application: Application) -> IO[bytes]:
    """The whole file as .zip with its list, in a temporary file that is written piece by piece."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever answers with it closes it
    sheets, missing = sheets_of(application), []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as book:
        for number, sheet in enumerate(sheets, start=1):
            name = f"{number:03d}-{safe_name(sheet.name)}"
            path = files.path_of(sheet.sha256)
            if sheet.content is not None:
                book.writestr(name, sheet.content)
            elif path.is_file():
                book.write(path, name)
            else:
                missing.append(number)
        book.writestr("000-卷内目录.xlsx", _index(application, sheets, missing))
    file.seek(0)
    return file


def _index(application: Application, sheets: list[Sheet], missing: list[int]) -> bytes:
    held = io.BytesIO()
    headings = ["序号", "类别", "名称", "SHA-256", "字节数", "日期", "备注"]
    rows = [
        [number, *sheet.row(), "文件缺失，请用备份恢复" if number in missing else ""]
        for number, sheet in enumerate(sheets, start=1)
    ]
    write_xlsx(held, headings, rows)
    return held.getvalue()
