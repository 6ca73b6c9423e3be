"""Files that prove an entry: added and taken away by acts of their own, never deleted."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from keshu.bureau.ledgers.models import Attachment
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.records import files
from keshu.bureau.records.services import Actor, digest_of, writing

MOST = 30  # files of one entry


@dataclass(frozen=True)
class Paper:
    """An uploaded file whose type and size somebody has checked (office.filetypes)."""

    content: bytes
    name: str
    kind: str
    mime: str


def attach_file(entry_id: int, paper: Paper, *, label: str = "", by: Actor) -> Attachment:
    """Add a file to an entry. The same content twice is refused, so is a file beyond the thirtieth."""
    sha256 = files.keep(paper.content)
    with writing(verb="file.attach", by=by, subject=f"entry:{entry_id}", note={"name": paper.name}) as under_way:
        there = Attachment.objects.filter(entry_id=entry_id, removed_by__isnull=True)
        if there.filter(file__sha256=sha256).exists():
            raise EntryProblem(_("该条目已有内容相同的附件，无需重复上传"))
        if there.count() >= MOST:
            raise EntryProblem(_("一个条目最多 %(n)s 个附件，请先合并或移除") % {"n": MOST})
        file = files.store(paper.content, name=paper.name, kind=paper.kind, mime=paper.mime, within=under_way)
        under_way.wrote(digest_of(["attach", entry_id, sha256, label]))
        return Attachment.objects.create(entry_id=entry_id, file=file, label=label, act=under_way.act)


def remove_file(attachment_id: int, *, by: Actor, reason: str) -> Attachment:
    """The entry no longer shows the file; the file stays, with who took it away and why."""
    if not reason.strip():
        raise EntryProblem(_("移除附件必须填写原因"))
    entry_id = Attachment.objects.values_list("entry_id", flat=True).get(pk=attachment_id)
    with writing(verb="file.remove", by=by, reason=reason, subject=f"entry:{entry_id}") as under_way:
        row = Attachment.objects.select_for_update().get(pk=attachment_id)
        if row.removed_by_id is not None:
            raise EntryProblem(_("该附件已经移除，请刷新页面"))
        row.removed_by = under_way.act
        row.save(update_fields=["removed_by"])
        under_way.wrote(digest_of(["detach", row.entry_id, row.pk]))
    return row
