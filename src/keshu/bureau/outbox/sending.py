"""One message out of the house: by Django's mail backend, or by the SMS hook of the installation."""

import hashlib
import hmac
import json
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from keshu.bureau.outbox.models import Message
from keshu.bureau.parties.personal import is_sealed, unseal

TIMEOUT = 5  # seconds for the SMS hook; e-mail has EMAIL_TIMEOUT
SIGNATURE = "X-Keshu-Signature"
Channel = Message.Channel


class NotSent(Exception):
    """The message did not leave; the text says why, for the outbox."""


def open_channels() -> tuple[str, ...]:
    """The channels out of the house that this installation has set up."""
    ready = {Channel.EMAIL: settings.EMAIL_ON, Channel.SMS: bool(settings.SMS_HOOK)}
    return tuple(channel for channel, on in ready.items() if on)


def send(message: Message) -> None:
    """Hand the message over, once; receivers recognise a repetition by its `ref`. Raises NotSent."""
    if message.channel == Channel.EMAIL:
        _send_email(message)
    else:
        _send_sms(message)


def _send_email(message: Message) -> None:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "keshu"
    letter = EmailMessage(
        subject=message.title,
        body=_letter(message),
        to=[unseal(message.address)],
        headers={"Message-ID": f"<{message.ref.hex}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=get_connection(),
    )
    try:
        letter.send()
    except (OSError, ValueError) as problem:  # smtplib's own are OSError, a broken address is ValueError
        raise NotSent(_("邮件服务器没有收下：%(why)s") % {"why": _short(problem)}) from problem


def _letter(message: Message) -> str:
    site = next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    link = f"{site}{message.url}" if site and message.url else ""
    return "\n\n".join(part for part in (_said(message), link) if part)


def _said(message: Message) -> str:
    """The body; one that is a key to something (a link for a new password) lies sealed and is opened only here."""
    return unseal(message.body) if is_sealed(message.body) else message.body or message.title


class _NoRedirect(HTTPRedirectHandler):
    """A redirected POST would silently become a GET without its content."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def _send_sms(message: Message) -> None:
    content = json.dumps(
        {"to": unseal(message.address), "text": _said(message), "id": message.ref.hex},
        ensure_ascii=False,
    ).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", SIGNATURE: signature(content)}
    if not settings.SMS_HOOK.startswith(("http://", "https://")):
        raise NotSent(_("KESHU_SMS_HOOK 须以 http:// 或 https:// 开头，请改正后重启"))
    request = Request(settings.SMS_HOOK, data=content, headers=headers, method="POST")  # noqa: S310  checked above
    try:
        with build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as answer:
            status = answer.status
    except HTTPError as problem:
        raise NotSent(_("短信接口答复 %(status)s，没有收下") % {"status": problem.code}) from problem
    except (OSError, ValueError) as problem:
        raise NotSent(_("短信接口连不上：%(why)s") % {"why": _short(problem)}) from problem
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        raise NotSent(_("短信接口答复 %(status)s，没有收下") % {"status": status})


def signature(content: bytes) -> str:
    """HMAC-SHA256 of the body under the installation's key `sms.key`: proves to the receiver who asks."""
    key = settings.PATHS.secret("sms.key").encode()
    return "sha256=" + hmac.new(key, content, hashlib.sha256).hexdigest()


def _short(problem: Exception) -> str:
    return f"{type(problem).__name__} {problem}"[:200]
