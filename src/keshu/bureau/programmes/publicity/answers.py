"""Files as answers to a request."""

from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse

from keshu.bureau.records import files
from keshu.bureau.records.models import File

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def bytes_response(content: bytes, name: str, mime: str) -> HttpResponse:
    """Bytes that are in no file as they are answered; the browser saves them and does not open them."""
    answer = HttpResponse(content, content_type=mime)
    answer["Content-Disposition"] = _disposition(name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def docx_response(content: bytes, name: str) -> HttpResponse:
    return bytes_response(content, f"{name}.docx", DOCX)


def file_response(file: File) -> FileResponse:
    """A kept file under its own name; the browser saves it and does not open it."""
    path = files.path_of(file.sha256)
    if not path.exists():  # the doctor tells whoever runs the site; who asks learns that it cannot be had
        raise Http404
    answer = FileResponse(path.open("rb"), content_type=file.mime)
    answer["Content-Disposition"] = _disposition(file.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _disposition(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"
