"""What applying leaves to the worker: printing takes seconds, and the last hour before a deadline has none to spare."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django_tasks import task

from keshu.bureau.parties import personal
from keshu.bureau.programmes.applying.printing import paper_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import FormVersion
from keshu.bureau.records.services import SYSTEM
from keshu.office.papers import render
from keshu.office.soffice import to_pdf


@task()
def print_version(version_id: int, root: str) -> str:
    """Print a version as PDF, once; it lies sealed, because its personal texts are open."""
    rows = FormVersion.objects.select_related("application__call__place", "application__place", "application__party")
    version = rows.get(pk=version_id)
    target = path_of(version)
    if target.exists():
        return "there"
    _keep(target, personal.seal_bytes(pdf_of(version, root)))
    return "printed"


def pdf_of(version: FormVersion, root: str) -> bytes:
    """The version as PDF, made anew; takes seconds."""
    case = Case(version.application, at=version.at, by=SYSTEM)
    with tempfile.TemporaryDirectory(prefix="keshu-form-") as folder:
        docx, pdf = Path(folder) / "form.docx", Path(folder) / "form.pdf"
        docx.write_bytes(render("application_form", paper_of(case, version, own=True, root=root)))
        to_pdf(docx, pdf)
        return pdf.read_bytes()


def path_of(version: FormVersion) -> Path:
    """Where the print lies; it can be made again at any time, so no backup needs it."""
    return Path(settings.PATHS.data) / "printed" / f"{version.sha256}.sealed"


def read_print(version: FormVersion) -> bytes | None:
    """The PDF, or None while it is not printed yet."""
    try:
        return personal.unseal_bytes(path_of(version).read_bytes())
    except FileNotFoundError:
        return None


def _keep(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, scratch = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(scratch).replace(target)
