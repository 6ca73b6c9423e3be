"""What an applicant fills in: cells that save themselves, attachments, and the fixed versions that were handed in."""

from django.db import models
from django.db.models import F, Q

from keshu.bureau.programmes.models.cases import Application
from keshu.bureau.records.models import Act


class FormCell(models.Model):
    """One field of the draft as it was typed; its own version number, so that nobody overwrites unseen.

    `path` is the code of a field, `table:row:column` for a cell, `table:` for the order of a table's rows.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="cells", db_index=False)
    path = models.CharField(max_length=120)
    text = models.TextField(blank=True)  # sealed where personal
    version = models.IntegerField(default=1)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "path"], name="cell_once")]


class FormVersion(models.Model):
    """What was handed in: every text and the hash of every attachment, under one hash. Append-only."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    values = models.JSONField()  # path: text, personal ones sealed
    papers = models.JSONField()  # [{slot, name, sha256, size}]
    sha256 = models.CharField(max_length=64)
    event = models.CharField(max_length=40)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["sha256"])]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="form_version_once")]


class Paper(models.Model):
    """A file in a slot of the draft; handed in with the version that names its hash."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="papers")
    slot = models.CharField(max_length=60)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    mime = models.CharField(max_length=100)
    order = models.IntegerField(default=0)
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["sha256"])]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "slot", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="paper_once_in_slot",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(removed_at__gte=F("added_at")),
                name="paper_removed_after_added",
            ),
        ]


class Receipt(models.Model):
    """The answer to something handed in: number, time, hash. One for each click, however often it arrives. Append-only.

    `revision` is the case's as whoever clicked had seen it: a click that comes twice finds the receipt of the first.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="receipts")
    event = models.CharField(max_length=40)
    revision = models.IntegerField()
    version = models.ForeignKey(FormVersion, null=True, on_delete=models.PROTECT, related_name="receipts")
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["sha256"])]
        constraints = [
            models.UniqueConstraint(fields=["application", "event", "revision"], name="receipt_once_for_a_click")
        ]


class NumberSeries(models.Model):
    """How far a series of numbers has come; its row is locked until the act commits, so that none is left out."""

    prefix = models.CharField(max_length=40, unique=True)
    last = models.IntegerField(default=0)
