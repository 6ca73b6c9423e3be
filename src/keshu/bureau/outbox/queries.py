"""Reads about messages: one's own, a batch before it is released, all of them for the bureau."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from keshu.bureau.outbox.models import Message
from keshu.bureau.pages.holding import holds

OWN = Q(channel=Message.Channel.SITE, state=Message.State.SENT)


def inbox(username: str, *, unread: bool = False) -> QuerySet[Message]:
    """The messages that the person has been sent in the site; with `unread`, those not yet opened."""
    rows = Message.objects.filter(OWN, to_user=username) if username else Message.objects.none()
    return rows.filter(read_at__isnull=True) if unread else rows


def unread_count(username: str) -> int:
    return inbox(username, unread=True).count()


def of_batch(batch: str) -> QuerySet[Message]:
    """Everything that was written for a batch, in the order of writing: before release, who will be told what."""
    return Message.objects.filter(batch=batch).exclude(batch="").order_by("pk")


def about(subject: str) -> QuerySet[Message]:
    """Everything that anybody was told about a subject (`application:17`), the newest first."""
    return Message.objects.filter(subject=subject).exclude(subject="").order_by("-created_at", "-pk")


def messages(
    *, state: str = "", channel: str = "", batch: str = "", text: str = "", places: Iterable[str] | None = None
) -> QuerySet[Message]:
    """The bureau's list; `places` None means everywhere, else only what concerns these places."""
    exact = {"state": state, "channel": channel, "batch": batch}
    rows = Message.objects.filter(**{name: value for name, value in exact.items() if value}).select_related("to_party")
    if text:
        rows = rows.filter(holds(text, "title", "to_user", "to_party__name"))
    return rows if places is None else rows.filter(place__in=list(places))


def waiting_by_channel() -> dict[str, int]:
    """How many messages wait to be sent, by channel."""
    rows = Message.objects.filter(state=Message.State.QUEUED).values("channel").annotate(n=Count("pk"))
    return {row["channel"]: row["n"] for row in rows}


def due(channels: Iterable[str], at: datetime) -> QuerySet[Message]:
    """What may be tried at the instant, the longest waiting first; leased ones are not among them."""
    rows = Message.objects.filter(state=Message.State.QUEUED, channel__in=list(channels), next_try_at__lte=at)
    return rows.order_by("next_try_at", "pk")


def next_due(channels: Iterable[str]) -> datetime | None:
    """When the next try falls due, whether or not that instant has come."""
    rows = Message.objects.filter(state=Message.State.QUEUED, channel__in=list(channels))
    return rows.order_by("next_try_at").values_list("next_try_at", flat=True).first()
