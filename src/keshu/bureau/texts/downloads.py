"""What may be taken away of a checked text: its file, the file with comments, a report, data, a workbook."""

import io
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.records import files
from keshu.bureau.texts import annotated, labels, report
from keshu.bureau.texts.models import Reading, Text
from keshu.bureau.texts.passages import quote as sentence
from keshu.bureau.texts.showing import where
from keshu.office.filetypes import detect

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def original(text: Text, _reading: Reading, _judged: Mapping[int, Any]) -> HttpResponse:
    content = files.path_of(text.sha256).read_bytes()
    return attached(content, text.file_name, detect(io.BytesIO(content)).mime)


def docx(text: Text, reading: Reading, judged: Mapping[int, Any]) -> HttpResponse:
    """The file with a comment at every finding that nobody has settled, and at every figure that the records deny."""
    findings = [one for n, one in enumerate(reading.findings) if n not in judged]
    content = files.path_of(text.sha256).read_bytes()
    made = annotated.annotated(content, text.file_name, reading.figures, findings)
    return attached(made, f"{Path(text.file_name).stem}-核校.docx", DOCX)


def html(text: Text, reading: Reading, judged: Mapping[int, Any]) -> HttpResponse:
    about = f"{text.place.name}，{text.year} 年，{text.get_kind_display()}；{text.added_name or text.added_by} 上传"
    page = report.html_report(text.title, reading, about=about, judged=judged)
    return attached(page.encode(), f"{text.title}-核校报告.html", "text/html; charset=utf-8")


def json(text: Text, reading: Reading, judged: Mapping[int, Any]) -> HttpResponse:
    answer = JsonResponse(
        {"figures": reading.figures, "findings": reading.findings},
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    return _named(answer, f"{text.title}-核校.json")


def xlsx(text: Text, reading: Reading, judged: Mapping[int, Any]) -> HttpResponse:
    """Every figure in a row."""
    headings = [
        _("位置"), _("原文"), _("说的是"), _("数值"), _("单位"), _("种类"), _("期间"), _("范围"), _("性质"), _("与台账"), _("台账数"),
        _("差额"),
        _("口径"), _("所在句"),
    ]  # fmt: skip
    return xlsx_response(f"{text.title}-数字", headings, _rows(reading))


def _rows(reading: Reading) -> Iterator[list[Any]]:
    for one in reading.figures:
        verdict = one.get("verdict") or {}
        yield [
            where(reading.blocks, one["start"]), one["text"], one.get("subject", ""), number(one.get("value")),
            one.get("canonical") or one.get("unit") or "", labels.kind(one.get("kind", "")), one.get("period", ""),
            one.get("scope", ""), labels.role(one.get("role", "")), labels.verdict(verdict.get("verdict") or ""),
            number(verdict.get("ours")), number(verdict.get("difference")), verdict.get("name") or "",
            sentence(reading.content, [(one["start"], one["end"])]),
        ]  # fmt: skip


def number(value: str | None) -> Decimal | str | None:
    """For a cell: a number as a number, a range as it stands."""
    return value if value is None or ".." in value else Decimal(value)


def attached(content: bytes, name: str, mime: str) -> HttpResponse:
    return _named(HttpResponse(content, content_type=mime), name)


def _named(answer: Any, name: str) -> Any:
    suffix = Path(name).suffix or ".bin"
    answer["Content-Disposition"] = f"attachment; filename=\"text{suffix}\"; filename*=UTF-8''{quote(name)}"
    return answer


FORMS: dict[str, Callable[[Text, Reading, Mapping[int, Any]], HttpResponse]] = {
    "original": original, "docx": docx, "html": html, "json": json, "xlsx": xlsx,
}  # fmt: skip
