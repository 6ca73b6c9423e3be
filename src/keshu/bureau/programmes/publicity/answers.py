"""Files as answers to a request."""

from urllib.parse import quote

from django.http import FileResponse, HttpResponse

from keshu.bureau.records import files
from keshu.bureau.records.models import File

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def docx_response(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=DOCX)
    answer["Content-Disposition"] = _disposition(f"{name}.docx")
    return answer


def file_response(file: File) -> FileResponse:
    """A kept file under its own name; the browser saves it and does not open it."""
    answer = FileResponse(files.path_of(file.sha256).open("rb"), content_type=file.mime)
    answer["Content-Disposition"] = _disposition(file.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _disposition(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"
