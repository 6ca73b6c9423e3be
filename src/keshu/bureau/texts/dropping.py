"""What arrives on the drop page: files and pasted words become kept texts, read at once or by the worker."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from keshu.bureau.records.services import Actor
from keshu.bureau.texts import services, tasks
from keshu.bureau.texts.models import Text
from keshu.bureau.texts.services import TextSpec
from keshu.office.texts import Limits
from keshu.office.texts.reader import kind_of, load

QUICK = frozenset({"docx", "txt", "md"})  # read within a second; the others start another program
AT_ONCE = 300 * 1024  # bytes
PASTED = "粘贴的文字.txt"


def check_file(file: UploadedFile) -> None:
    """Raises OfficeProblem with a sentence and what to do."""
    content = file.read()
    file.seek(0)
    load(content, file.name or "", Limits())
    kind_of(content, file.name or "")


def dropped(cleaned: dict[str, Any], *, by: Actor) -> list[Text]:
    """Keep everything that was dropped, then read it: a single small file now, the rest in the background."""
    specs = [_file(cleaned, file) for file in cleaned["files"]]
    if cleaned["pasted"].strip():
        specs.append(_pasted(cleaned))
    texts = [services.keep_text(spec, content, by=by) for spec, content in specs]
    quick = len(specs) == 1 and len(specs[0][1]) <= AT_ONCE and _quick(specs[0][0].file_name)
    for text in texts:
        if text.state in (Text.State.READY, Text.State.READING):
            continue
        if quick:
            services.read_text(text.pk)
        else:
            tasks.read_text.enqueue(text.pk)
    return texts


def _quick(name: str) -> bool:
    return Path(name).suffix.lower().lstrip(".") in QUICK


def _spec(cleaned: dict[str, Any], title: str, file_name: str) -> TextSpec:
    return TextSpec(cleaned["place"], cleaned["year"], cleaned["kind"], title, file_name)


def _file(cleaned: dict[str, Any], file: UploadedFile) -> tuple[TextSpec, bytes]:
    name = file.name or "文稿"
    alone = len(cleaned["files"]) == 1 and not cleaned["pasted"].strip()
    title = cleaned["title"].strip() if alone else ""
    return _spec(cleaned, title or Path(name).stem, name), file.read()


def _pasted(cleaned: dict[str, Any]) -> tuple[TextSpec, bytes]:
    words = cleaned["pasted"].strip()
    alone = not cleaned["files"]
    title = (cleaned["title"].strip() if alone else "") or words.splitlines()[0].strip()[:60]
    return _spec(cleaned, title, PASTED), words.encode()
