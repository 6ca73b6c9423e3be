"""Messages to people: one row for each person and each way of telling."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.parties.models import Party
from keshu.bureau.records.models import Act


class Message(models.Model):
    """What somebody is told. What it says never changes; only how far it has come does.

    A held message to an organisation names the party alone; when it is released, one message for each of its
    administrators is made, and this row stays as `sent`: handed over to them.
    """

    class Channel(models.TextChoices):
        SITE = "site", _("站内消息")
        EMAIL = "email", _("电子邮件")
        SMS = "sms", _("短信")

    class State(models.TextChoices):
        HELD = "held", _("待放行")
        QUEUED = "queued", _("待发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")
        CANCELLED = "cancelled", _("已撤下")

    ref = models.UUIDField(default=uuid4, unique=True)  # told to receivers, so that they can drop a repetition
    to_user = models.CharField(max_length=150, blank=True)
    to_party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=5, choices=Channel)
    address = models.TextField(blank=True)  # sealed; of e-mail and SMS, once it is known
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=State)
    batch = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=20, blank=True)  # whose business it is: cuts the bureau's list
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)  # also the end of a lease: whoever tries moves it on first
    tries = models.SmallIntegerField(default=0)
    error = models.TextField(blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="messages")

    class Meta:
        indexes = [
            models.Index(fields=["to_user", "-sent_at"], name="message_inbox", condition=Q(channel="site")),
            models.Index(
                fields=["to_user"], name="message_unread", condition=Q(channel="site", state="sent", read_at=None)
            ),
            models.Index(fields=["next_try_at"], name="message_due", condition=Q(state="queued")),
            models.Index(fields=["batch"], name="message_batch", condition=~Q(batch="")),
            models.Index(fields=["subject"], name="message_subject", condition=~Q(subject="")),
            models.Index(fields=["-created_at"], name="message_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="message_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state="held", released_at__isnull=True)
                | Q(state="cancelled")
                | Q(state__in=["queued", "sent", "failed"], released_at__isnull=False),
                name="message_held_until_released",
            ),
            models.CheckConstraint(condition=~Q(state="held") | ~Q(batch=""), name="message_held_in_a_batch"),
            models.CheckConstraint(
                condition=~Q(state="queued") | (~Q(channel="site") & ~Q(address="") & Q(next_try_at__isnull=False)),
                name="message_queued_can_be_tried",
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(channel="site", state="sent"), name="message_read_was_delivered"
            ),
            models.CheckConstraint(
                condition=~Q(to_user="") | Q(to_party__isnull=False) | ~Q(address=""), name="message_is_for_somebody"
            ),
        ]
