"""The file that an import was read from, as it was uploaded: sealed on the disk, given back as it came."""

from datetime import datetime

from keshu.bureau.accounts.models import Unmasking
from keshu.bureau.ledgers.importing import files
from keshu.bureau.ledgers.models import Batch
from keshu.bureau.records.services import Actor


def content_of(batch: Batch) -> bytes:
    """The bytes of the upload. Raises FileNotFoundError when they are gone or are not what was uploaded."""
    content = files.take(batch.stored)
    if files.digest(content) != batch.sha256:
        raise FileNotFoundError(batch.stored)
    return content


def note_download(batch: Batch, *, by: Actor, at: datetime, reason: str) -> None:
    """Who took a file with personal fields, when and why: kept before it is given out."""
    Unmasking.objects.create(by=by.username, at=at, subject=f"batch:{batch.pk}", field="file", reason=reason[:200])
