"""Large files that come in pieces and survive a dropped line, a closed tab and a killed server.

The protocol that `static/forms/upload.js` speaks; the pages that offer an upload make its three views of these services:

    POST URL                 begin   {slot, name, size, sha256?}  ->  {id, received, chunk}
    PUT  URL/ID?offset=N     append  the bytes themselves         ->  {received}
    POST URL/ID/finish       finish                               ->  {html}

`received` is the true number of bytes on the disk: whoever sends goes on from there, whatever he believed. A refusal is
`FileRefused` with a stable code, a sentence and a remedy; a view answers it with status 400 (404 for `missing`) as
{code, message, remedy}. The bytes of an open upload are in a file that only grows, synced before every answer.
"""

import fcntl
import os
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from keshu.bureau.forms.models import Upload
from keshu.bureau.records import files
from keshu.office.filetypes import ATTACHMENTS, KINDS, MEGABYTE, FileRefused, check_upload, safe_name

CHUNK = MEGABYTE  # what a sender is asked to send at a time
LONGEST_CHUNK = 8 * MEGABYTE
QUOTA = 2048 * MEGABYTE  # bytes that one person may have under way
MOST_OPEN = 60
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Slot:
    """Where a file is to go: `subject` as "application:17", the slot's code, what it allows and how many bytes."""

    subject: str
    code: str
    types: Collection[str] = ATTACHMENTS
    most: int = 20 * MEGABYTE


@dataclass(frozen=True)
class Finished:
    """What came in: kept under its hash, ready to be named in an act (`records.files.name_kept`)."""

    sha256: str
    size: int
    kind: str
    mime: str
    name: str


def begin(slot: Slot, *, name: str, size: int, owner: str, at: datetime, sha256: str = "") -> Upload:
    """Open an upload, or the same one again: same owner, subject, slot, name and size go on where they stopped.

    Type (by the name) and size are judged before a byte comes. Raises FileRefused: kind, empty, too-large, quota.
    """
    name = safe_name(name)
    _judge(slot, name, size)
    sought = {"owner": owner, "subject": slot.subject, "slot": slot.code, "name": name, "size": size}
    with transaction.atomic():
        found = Upload.objects.filter(**sought, state=Upload.State.OPEN).first()
        if found is None:
            _judge_quota(owner, size)
            fresh = {"sha256": sha256.lower(), "types": sorted(slot.types), "created_at": at, "touched_at": at}
            found, _made = Upload.objects.get_or_create(**sought, state=Upload.State.OPEN, defaults=fresh)
    # The file may be longer than the row knows, when the server died between the two.
    received = length_of(found.pk)
    Upload.objects.filter(pk=found.pk).update(received=received, touched_at=at)
    found.received, found.touched_at = received, at
    return found


def append(upload_id: uuid.UUID, offset: int, chunk: bytes, *, owner: str, at: datetime) -> int:
    """Add bytes that belong at `offset`; returns how many bytes are there now.

    At any other place than the end nothing is written, so a chunk sent twice does no harm: the answer tells the sender
    where to go on. The bytes are on the disk before the answer. Raises FileRefused: missing, closed, chunk, full.
    """
    upload = _open_upload(upload_id, owner)
    if len(chunk) > LONGEST_CHUNK:
        raise FileRefused("chunk", _("一次上传的数据过大。"), _("请刷新页面后重新选择文件，已上传的部分会保留。"))
    with _held(upload.pk) as file:
        there = os.fstat(file).st_size
        if offset != there or not chunk:
            return there
        if there + len(chunk) > upload.size:
            raise FileRefused("chunk", _("收到的数据比文件本身还长。"), _("请取消本次上传，重新选择文件。"))
        there = _write(file, there, chunk)
        Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(received=there, touched_at=at)
    return there


def finish(upload_id: uuid.UUID, *, owner: str, at: datetime) -> Finished:
    """Judge the whole file by its content and keep it under its hash; finishing twice answers the same.

    Raises FileRefused: missing, closed (also when nobody took it up and its bytes were swept), incomplete (goes on), or
    mismatch, kind, encrypted (the upload is given up, because its content will not become another).
    """
    upload = _mine(upload_id, owner)
    if upload.state == Upload.State.DONE and files.kept_again(upload.sha256):
        return _finished(upload)
    upload = _open_upload(upload_id, owner)
    with _held(upload.pk) as file:
        _judge_length(upload, os.fstat(file).st_size)
        path = path_of(upload.pk)
        try:
            kind = _kind_of(upload, path)
            _judge_hash(upload, path)
            sha256 = files.keep_file(path)
        except FileRefused:
            _give_up(upload, at)
            raise
        done = {"sha256": sha256, "kind": kind, "received": upload.size, "state": Upload.State.DONE, "touched_at": at}
        Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(**done)
        _remove(path)
    upload.refresh_from_db()
    return _finished(upload)


def drop(upload_id: uuid.UUID, *, owner: str, at: datetime) -> None:
    """Give up an upload that is under way; its bytes go. One that is finished belongs to whoever took it up."""
    upload = _mine(upload_id, owner)
    if upload.state == Upload.State.OPEN:
        with _held(upload.pk):
            _give_up(upload, at)


def sweep(*, at: datetime) -> int:
    """Give up what nobody touched for a week, and remove parts that no open upload knows; returns how many uploads."""
    old = Upload.objects.filter(state=Upload.State.OPEN, touched_at__lt=at - KEPT_FOR)
    for upload in old:
        with _held(upload.pk):
            _give_up(upload, at)
    known = {one.hex for one in Upload.objects.filter(state=Upload.State.OPEN).values_list("pk", flat=True)}
    for path in _folder().glob("*.part"):
        if path.stem not in known and path.stat().st_mtime < (at - KEPT_FOR).timestamp():
            path.unlink(missing_ok=True)
    return len(old)


def open_uploads(owner: str, subject: str) -> list[Upload]:
    """What this person has under way for a subject, the latest first; for the page that offers to go on."""
    found = Upload.objects.filter(owner=owner, subject=subject, state=Upload.State.OPEN)
    return list(found.order_by("-touched_at"))


def length_of(upload_id: uuid.UUID) -> int:
    """How many bytes lie on the disk."""
    try:
        return path_of(upload_id).stat().st_size
    except FileNotFoundError:
        return 0


def path_of(upload_id: uuid.UUID) -> Path:
    return _folder() / f"{upload_id.hex}.part"


def _folder() -> Path:
    return Path(settings.PATHS.uploads) / "parts"


@contextmanager
def _held(upload_id: uuid.UUID) -> Iterator[int]:
    """The upload's file, open for writing and held alone: two tabs, or a request that was thought dead, wait here.

    The lock is the kernel's: it ends with the process that holds it, however that ends.
    """
    path = path_of(upload_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = not path.exists()
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        if fresh:
            files.sync(path.parent)
        yield file
    finally:
        os.close(file)


def _write(file: int, there: int, chunk: bytes) -> int:
    """Write the chunk at the end, durably. A disk that fills up leaves the file as it was."""
    try:
        done = 0
        while done < len(chunk):
            done += os.pwrite(file, chunk[done:], there + done)
        os.fsync(file)
    except OSError as error:
        os.ftruncate(file, there)
        raise FileRefused("full", _("服务器暂时存不下这份文件。"), _("请稍后再试；已上传的部分会保留。")) from error
    return there + len(chunk)


def _mine(upload_id: uuid.UUID, owner: str) -> Upload:
    """Somebody else's upload and none at all are the same answer."""
    found = Upload.objects.filter(pk=upload_id, owner=owner).first()
    if found is None:
        raise FileRefused("missing", _("找不到这次上传。"), _("请刷新页面后重新选择文件。"))
    return found


def _open_upload(upload_id: uuid.UUID, owner: str) -> Upload:
    found = _mine(upload_id, owner)
    if found.state != Upload.State.OPEN:
        raise FileRefused("closed", _("这次上传已经结束。"), _("请刷新页面查看附件，需要时重新上传。"))
    return found


def _give_up(upload: Upload, at: datetime) -> None:
    Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(state=Upload.State.DROPPED, touched_at=at)
    _remove(path_of(upload.pk))


def _remove(path: Path) -> None:
    """Once it is certain: a caller's transaction that comes to nothing must find the bytes where they were."""
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _finished(upload: Upload) -> Finished:
    return Finished(upload.sha256, upload.size, upload.kind, KINDS[upload.kind].mime, upload.name)


def _judge(slot: Slot, name: str, size: int) -> None:
    kinds = [KINDS[code] for code in sorted(slot.types)]
    extension = Path(name).suffix.lower().lstrip(".")
    if not any(extension in kind.extensions for kind in kinds):
        raise FileRefused(
            "kind",
            _("“%(name)s”不是这里要求的文件类型。") % {"name": name},
            _("请上传：%(kinds)s。") % {"kinds": "、".join(f"{kind.name}（.{kind.extensions[0]}）" for kind in kinds)},
        )
    if size <= 0:
        raise FileRefused("empty", _("“%(name)s”是空文件。") % {"name": name}, _("请检查原文件后重新选择。"))
    if size > slot.most:
        words = {"name": name, "size": f"{size / MEGABYTE:.1f}", "most": f"{slot.most / MEGABYTE:g}"}
        raise FileRefused(
            "too-large",
            _("“%(name)s”有 %(size)s MB，超过上限 %(most)s MB。") % words,
            _("请降低扫描分辨率或拆分后再上传。"),
        )


def _judge_quota(owner: str, size: int) -> None:
    """Counted by what was announced, not by what has come: the room is promised when the upload begins."""
    mine = Upload.objects.filter(owner=owner, state=Upload.State.OPEN)
    under_way = mine.aggregate(total=Sum("size"))["total"] or 0
    if under_way + size > QUOTA or mine.count() >= MOST_OPEN:
        raise FileRefused(
            "quota",
            _("您尚未传完的文件太多。"),
            _("请先传完或取消其中一些，再上传新的文件。"),
        )


def _judge_length(upload: Upload, there: int) -> None:
    if there != upload.size:
        words = {"name": upload.name, "there": there, "size": upload.size}
        raise FileRefused(
            "incomplete",
            _("“%(name)s”还没有传完：已收到 %(there)s 字节，共 %(size)s 字节。") % words,
            _("请重新选择同一文件，会从断开处继续。"),
        )


def _kind_of(upload: Upload, path: Path) -> str:
    with path.open("rb") as stream:
        return check_upload(upload.name, stream, allowed=upload.types, most=upload.size).code


def _judge_hash(upload: Upload, path: Path) -> None:
    if upload.sha256 and upload.sha256 != files.digest_of_file(path):
        raise FileRefused(
            "mismatch",
            _("“%(name)s”收到的内容与原文件不一致。") % {"name": upload.name},
            _("请重新上传；如再次出现，请检查原文件是否仍在被修改。"),
        )
