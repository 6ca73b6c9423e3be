"""Working off the queue: at least once, in order, and never at the price of everybody else's tasks.

A message is leased by one conditional UPDATE before it is tried, so that two workers do not send it both; a worker that
dies in between leaves the lease to run out, and the message is tried again under the same `ref`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from keshu.bureau.outbox.models import Message
from keshu.bureau.outbox.queries import due
from keshu.bureau.outbox.sending import NotSent, open_channels, send

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120))
TRIES = len(PAUSES) + 1
STALE = timedelta(days=7)  # what could not be sent for so long would mislead more than it tells
IN_A_ROW = 3  # after so many refusals the channel itself is taken for down
PORTION, LONGEST = 100, timedelta(seconds=45)

Clock = Callable[[], datetime]
State = Message.State


@dataclass
class Run:
    """What one run did."""

    sent: int = 0
    refused: int = 0
    in_a_row: dict[str, int] = field(default_factory=dict)  # refusals since the last success, by channel


def work_off(clock: Clock) -> Run:
    """Send what is due by the channels that are set up, up to a portion; a channel that is down waits a minute.

    When the next run is due, `queries.next_due` tells afterwards, whoever left something behind.
    """
    begun, run = clock(), Run()
    channels = set(open_channels())
    _give_up_stale(channels, begun)
    for message in list(due(channels, begun)[:PORTION]):
        if clock() - begun > LONGEST:
            break
        if message.channel in channels and _lease(message, clock()):
            _try(message, run, clock)
            if run.in_a_row.get(message.channel, 0) >= IN_A_ROW:
                channels.discard(message.channel)
                _postpone(message.channel, clock())
    return run


def _lease(message: Message, at: datetime) -> bool:
    """True if the message is ours until the lease ends."""
    waiting = Message.objects.filter(pk=message.pk, state=State.QUEUED, next_try_at=message.next_try_at)
    return bool(waiting.update(next_try_at=at + LEASE))


def _try(message: Message, run: Run, clock: Clock) -> None:
    row = Message.objects.filter(pk=message.pk)
    try:
        _sent(message)
    except NotSent as problem:
        run.refused += 1
        run.in_a_row[message.channel] = run.in_a_row.get(message.channel, 0) + 1
        _note_refusal(message, str(problem), clock())
    else:
        run.sent += 1
        run.in_a_row[message.channel] = 0
        # what has gone out is sent, even if somebody took it back meanwhile
        row.update(state=State.SENT, sent_at=clock(), next_try_at=None, error="", tries=message.tries + 1)


def _sent(message: Message) -> None:
    try:
        send(message)
    except NotSent:
        raise
    except Exception as problem:  # one message that breaks the program must not stop the others
        log.exception("message %s", message.pk)
        raise NotSent(_("程序出错，未能发送：%(why)s") % {"why": type(problem).__name__}) from problem


def _note_refusal(message: Message, why: str, at: datetime) -> None:
    row, tries = Message.objects.filter(pk=message.pk, state=State.QUEUED), message.tries + 1
    if tries >= TRIES:
        row.update(state=State.FAILED, tries=tries, error=why, next_try_at=None)
        return
    row.update(tries=tries, error=why, next_try_at=at + PAUSES[tries - 1])


def _postpone(channel: str, at: datetime) -> None:
    """The channel is down: nothing else of it is tried for a while, and nothing of it counts as a try."""
    due([channel], at).update(next_try_at=at + PAUSES[0])


def _give_up_stale(channels: set[str], at: datetime) -> None:
    rows = due(channels, at).filter(released_at__lt=at - STALE)
    rows.update(state=State.FAILED, next_try_at=None, error=_("排队超过七天，未再发送；内容仍有效的，请选中后重发"))
