"""Everybody's own messages, and the bureau's view of all that was sent."""

from typing import Any

from django.contrib import messages as told
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keshu.bureau.accounts.access import Viewer, requires, signed_in
from keshu.bureau.accounts.queries import names_of
from keshu.bureau.desk.message_forms import ChosenForm, OutboxFilter
from keshu.bureau.outbox import queries, services
from keshu.bureau.outbox.models import Message
from keshu.bureau.outbox.sending import open_channels
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import whole_number
from keshu.bureau.parties.personal import mask, unseal
from keshu.bureau.places.queries import codes_below
from keshu.bureau.statistics.queries import root_place

AT_ONCE = 500  # so many ticked messages are taken from one page


@signed_in
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What is unread; everything once there is nothing unread, or when asked for."""
    own = request.viewer.actor.username
    unread = queries.unread_count(own)
    every = request.GET.get("show") == "all" or not unread
    page = page_of(queries.inbox(own, unread=not every), request.GET, sorts={"at": "sent_at"}, default="-at")
    return render(request, "desk/inbox.html", {"page": page, "unread": unread, "every": every})


@signed_in
@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    """The message counts as read, and its page opens; without one, the list."""
    own = request.viewer.actor.username
    message = get_object_or_404(queries.inbox(own), pk=whole_number(request.POST.get("id", "")))
    services.mark_read([message.pk], own, at=timezone.now())
    return redirect(message.url or "messages:inbox")


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    count = services.mark_read(None, request.viewer.actor.username, at=timezone.now())
    told.success(request, _("已将 %(n)s 条消息标为已读") % {"n": count})
    return redirect("messages:inbox")


@requires("outbox.view")
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    form = OutboxFilter(request.GET)
    rows = _listed(request.viewer, form.cleaned_data if form.is_valid() else {})
    page = page_of(rows, request.GET, sorts={"at": "created_at"}, default="-at")
    names = names_of({row.to_user for row in page.rows})
    context = {
        "form": form,
        "page": page,
        "total": rows.count(),
        "rows": [_row(row, names) for row in page.rows],
        "full": _reads_cases(request.viewer),
        "may_manage": "outbox.manage" in request.viewer.rights,
        "closed": _closed(),
    }
    return render(request, "desk/outbox.html", context)


def _listed(viewer: Viewer, wanted: dict[str, Any]) -> Any:
    """Messages within the viewer's places; whoever reads no cases cannot search what was said either."""
    return queries.messages(
        state=wanted.get("state", ""),
        channel=wanted.get("channel", ""),
        batch=wanted.get("batch", ""),
        text=wanted.get("q", "") if _reads_cases(viewer) else "",
        places=_places(viewer, "outbox.view"),
    )


def _reads_cases(viewer: Viewer) -> bool:
    """A system administrator sees that messages go out, not what they say."""
    return "cases.view" in viewer.rights


def _places(viewer: Viewer, right: str) -> frozenset[str] | None:
    """Places whose messages are the viewer's; None for the bureau itself, which also sees those without a place."""
    roots = viewer.places(right)
    if roots is None:
        return None
    codes: frozenset[str] = frozenset().union(*(codes_below(root) for root in roots))
    return None if root_place() in codes else codes


TONES = {"held": "info", "queued": "warn", "sent": "ok", "failed": "bad", "cancelled": "quiet"}


def _row(message: Message, names: dict[str, str]) -> dict[str, Any]:
    return {
        "message": message,
        "whom": names.get(message.to_user, message.to_user),
        "address": _masked(message),
        "tone": TONES[message.state],
        "open": message.state in (Message.State.FAILED, Message.State.QUEUED, Message.State.HELD),
    }


def _masked(message: Message) -> str:
    if not message.address:
        return ""
    address = unseal(message.address)
    if message.channel == Message.Channel.SMS:
        return mask(address, "phone")
    name, _at, domain = address.partition("@")
    return f"{name[:1]}***@{domain}"


def _closed() -> list[tuple[str, int, str]]:
    """Channels that messages wait for although nobody has set them up: name, how many wait, the setting."""
    settings = {"email": "KESHU_EMAIL_URL", "sms": "KESHU_SMS_HOOK"}
    waiting = queries.waiting_by_channel()
    return [
        (Message.Channel(channel).label, waiting[channel], setting)
        for channel, setting in settings.items()
        if channel in waiting and channel not in open_channels()
    ]


@requires("outbox.manage")
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    return _act_on_chosen(request, services.retry, _("已将 %(n)s 条消息重新排队"))


@requires("outbox.manage")
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    return _act_on_chosen(request, services.cancel_messages, _("已撤下 %(n)s 条消息"))


def _act_on_chosen(request: HttpRequest, service: Any, sentence: str) -> HttpResponse:
    """Only what the person may see is touched, whatever the form says."""
    asked = [pk for text in request.POST.getlist("ids")[:AT_ONCE] if (pk := whole_number(text)) is not None]
    rows = queries.messages(places=_places(request.viewer, "outbox.manage")).filter(pk__in=asked)
    form = ChosenForm(request.POST, list(rows.values_list("pk", flat=True)))
    if form.is_valid():
        data = form.cleaned_data
        count = service(data["ids"], by=request.viewer.actor, reason=data["reason"])
        told.success(request, sentence % {"n": count})
    else:
        told.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("messages:outbox")
