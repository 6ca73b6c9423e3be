"""Telling people: inside the act of whoever has something to tell, so that neither exists without the other.

Callers bring title and body. In-site messages are there as soon as the act is; e-mails and SMS queue for the worker.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.outbox.addressees import Addressee, Addressees, addressees
from keshu.bureau.outbox.models import Message
from keshu.bureau.outbox.queries import inbox, of_batch
from keshu.bureau.outbox.sending import open_channels
from keshu.bureau.parties.personal import seal
from keshu.bureau.records.services import Actor, Writing, digest_of, writing

Channel, State = Message.Channel, Message.State
PORTION = 500


@dataclass(frozen=True)
class Notice:
    """Something to tell a person (`to_user`) or the administrators of an organisation (`to_party`, its id).

    `url` is a page of this site, beginning with "/". `address`, instead of `to_user`, reaches somebody who has no
    account, by one channel. Without a body, the title is all that is said.
    """

    kind: str
    title: str
    body: str = ""
    url: str = ""
    to_user: str = ""
    to_party: int | None = None
    channels: tuple[str, ...] = (Channel.SITE,)
    subject: str = ""
    place: str = ""
    address: str = ""


def post(notices: Sequence[Notice], *, within: Writing, held: bool = False, batch: str = "") -> list[Message]:
    """Tell, as a part of the act; with `held`, nobody is told before `release(batch)`.

    Whom no channel of the notice reaches (no address, an organisation without administrators) gets a message that
    failed and says why; a second channel without an address is dropped. Raises ValueError for a notice to nobody, a
    foreign url, or holding without a batch.
    """
    if held and not batch:
        raise ValueError("a held message needs the batch that releases it")
    drafts = [_draft(notice, channel, batch, within) for notice in notices for channel in notice.channels]
    rows = drafts if held else _opened(drafts, within)
    made = Message.objects.bulk_create(rows, batch_size=PORTION)
    for row in made:
        within.wrote(message_digest(row), "message")
    _wake(made)
    return made


def _draft(notice: Notice, channel: str, batch: str, within: Writing) -> Message:
    if not (notice.to_user or notice.to_party or notice.address):
        raise ValueError(f"a notice to nobody: {notice.title}")
    if notice.address and (notice.to_user or len(notice.channels) != 1 or Channel.SITE in notice.channels):
        raise ValueError(f"an address stands for one person and one channel outside the site: {notice.title}")
    if notice.url and (not notice.url.startswith("/") or notice.url.startswith(("//", "/\\"))):
        raise ValueError(f"a notice leads to a page of this site only: {notice.url}")
    return Message(
        to_user=notice.to_user, to_party_id=notice.to_party, channel=channel, kind=notice.kind,
        title=" ".join(notice.title.split())[:200], body=notice.body, url=notice.url, state=State.HELD, batch=batch,
        subject=notice.subject, place=notice.place, created_at=within.act.at, act=within.act,
        address=seal(notice.address) if notice.address else "",
    )  # fmt: skip


def release(batch: str, *, within: Writing) -> int:
    """Everything held in the batch goes out now; says how many messages that were. A second release does nothing."""
    held = list(of_batch(batch).filter(state=State.HELD).select_for_update())
    opened = _opened(held, within)
    fresh = [row for row in opened if row.pk is None]
    Message.objects.bulk_update(held, ["state", "address", *_TIMES], batch_size=PORTION)
    for row in Message.objects.bulk_create(fresh, batch_size=PORTION):
        within.wrote(message_digest(row), "message")
    within.wrote(digest_of(["outbox.release", batch, len(held)]))
    _wake(opened)
    return len(held)


_TIMES = ["released_at", "sent_at", "next_try_at", "tries", "error"]


def cancel(batch: str, *, within: Writing) -> int:
    """What of the batch nobody has been sent yet is taken back; says how many messages that were."""
    return _cancel(of_batch(batch), within)


def cancel_messages(ids: Iterable[int], *, by: Actor, reason: str = "") -> int:
    """Take back single messages that wait, by the people of the outbox; one act."""
    with writing(verb="outbox.cancel", by=by, reason=reason) as act:
        return _cancel(Message.objects.filter(pk__in=list(ids)), act)


def _cancel(rows: QuerySet[Message], within: Writing) -> int:
    waiting = rows.filter(state__in=[State.HELD, State.QUEUED, State.FAILED])
    ids = sorted(waiting.select_for_update().values_list("pk", flat=True))
    within.wrote(digest_of(["outbox.cancel", ids]))
    return Message.objects.filter(pk__in=ids).update(state=State.CANCELLED, next_try_at=None)


def retry(ids: Iterable[int], *, by: Actor, reason: str = "") -> int:
    """Failed messages begin anew, with the address that their person has today; says how many; one act."""
    with writing(verb="outbox.retry", by=by, reason=reason) as act:
        failed = list(Message.objects.filter(pk__in=list(ids), state=State.FAILED).select_for_update())
        opened = _opened(failed, act)
        Message.objects.bulk_update(failed, ["state", "address", *_TIMES], batch_size=PORTION)
        for row in Message.objects.bulk_create([r for r in opened if r.pk is None], batch_size=PORTION):
            act.wrote(message_digest(row), "message")
        act.wrote(digest_of(["outbox.retry", sorted(row.pk for row in failed)]))
        _wake(opened)
    return len(failed)


def mark_read(ids: Collection[int] | None, username: str, *, at: datetime) -> int:
    """The person's own messages among these (None: all of them) count as read; not an act. Says how many were not."""
    rows = inbox(username, unread=True)
    return (rows if ids is None else rows.filter(pk__in=ids)).update(read_at=at)


def message_digest(row: Message) -> bytes:
    """What of a message never changes: whom it tells what. The address is left out; it may be one person's own."""
    whom = [row.to_user, row.to_party_id, row.channel]
    return digest_of(["message", *whom, row.kind, row.title, row.body, row.url, row.batch, row.subject])


def _opened(rows: Sequence[Message], within: Writing) -> list[Message]:
    """Put the rows on their way: delivered, queued or failed; those to organisations also as one to each of theirs."""
    known = addressees(
        {row.to_user for row in rows if row.to_user},
        {row.to_party_id for row in rows if row.to_party_id and not row.to_user},
    )
    told = {_what(row) for row in rows if row.channel == Channel.SITE}
    found: list[Message] = []
    for row in rows:
        found.append(row)
        besides = _what(row) in told
        if row.to_party_id and not row.to_user and not row.address:
            found += _handed_over(row, known.parties.get(row.to_party_id, ()), within, besides)
        else:
            _send_off(row, known, within.act.at, besides)
    return found


def _what(row: Message) -> tuple[str, int | None, str, str, str]:
    """The same for the messages that one notice made, one for each channel."""
    return row.to_user, row.to_party_id, row.kind, row.subject, row.title


def _handed_over(row: Message, people: Sequence[Addressee], within: Writing, besides: bool) -> list[Message]:
    """The organisation's message becomes one for each administrator."""
    at = within.act.at
    _settle(row, at, State.SENT if people else State.FAILED)
    row.error = "" if people else _("该单位还没有管理员账号，无法送达；单位认领并有了管理员后可以重发")
    known, made = Addressees(users={one.username: one for one in people}), []
    for one in people:
        copy = Message(
            to_user=one.username, to_party_id=row.to_party_id, channel=row.channel, kind=row.kind, title=row.title,
            body=row.body, url=row.url, batch=row.batch, subject=row.subject, place=row.place,
            created_at=at, act=within.act,
        )  # fmt: skip
        _send_off(copy, known, at, besides)
        made.append(copy)
    return made


def _send_off(row: Message, known: Addressees, at: datetime, besides: bool) -> None:
    """In the site: there at once. Otherwise queued under the person's address.

    For want of one it has failed; or, when the site says the same `besides`, it is dropped without further ado.
    """
    if row.channel == Channel.SITE:
        return _settle(row, at, State.SENT)
    person = known.users.get(row.to_user)
    if person is not None:
        address = person.email if row.channel == Channel.EMAIL else person.phone
        row.address = seal(address) if address else ""
    if row.address:
        return _settle(row, at, State.QUEUED)
    _settle(row, at, State.CANCELLED if besides else State.FAILED)
    row.error = _no_address(row.channel)


def _settle(row: Message, at: datetime, state: str) -> None:
    row.state, row.released_at, row.tries, row.error = state, at, 0, ""
    row.sent_at = at if state == State.SENT else None
    row.next_try_at = at if state == State.QUEUED else None


def _no_address(channel: str) -> str:
    if channel == Channel.EMAIL:
        return _("收件人没有登记电子邮箱")
    return _("收件人没有登记手机号码")


def _wake(rows: Iterable[Message]) -> None:
    """Ask the worker, in the same transaction: what is queued and the asking are there together or not at all."""
    from keshu.bureau.outbox.tasks import deliver

    if any(row.state == State.QUEUED and row.channel in open_channels() for row in rows):
        deliver.enqueue()
