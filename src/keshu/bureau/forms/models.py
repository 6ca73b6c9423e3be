"""What somebody was filling in or sending and has not handed in: a closed tab or a lost line loses nothing."""

import uuid

from django.db import models


class Draft(models.Model):
    """The texts of one form as they were typed; no record yet, gone when the form is handed in or given up."""

    owner = models.CharField(max_length=150)  # account name
    form = models.CharField(max_length=80)  # "ledger:title"
    subject = models.CharField(max_length=80)  # "entry:17", or "new:" and a random word for something new
    values = models.JSONField(default=dict)  # texts by field code; personal ones sealed
    version = models.IntegerField(default=0)  # revision number of the subject that the form began from
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "form", "subject"], name="draft_once")]


class Upload(models.Model):
    """A large file on its way in, in pieces; its bytes lie in the folder of uploads until it is complete.

    `received` follows the length of the file on the disk, which alone is the truth. What the slot allowed when the
    upload began is kept with it, so that it is judged at the end by the rule that the sender was shown.
    """

    class State(models.TextChoices):
        OPEN = "open", "open"
        DONE = "done", "done"
        DROPPED = "dropped", "dropped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=150)  # account name
    subject = models.CharField(max_length=80)  # "application:17"
    slot = models.CharField(max_length=80)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)  # as the sender said, then as it was found
    types = models.JSONField(default=list)  # codes of office.filetypes
    received = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=20, blank=True)  # code of office.filetypes, once it is done
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "subject", "slot", "name", "size"], condition=models.Q(state="open"),
                name="upload_open_once",
            ),
            models.CheckConstraint(condition=models.Q(state__in=["open", "done", "dropped"]), name="upload_state"),
            models.CheckConstraint(
                condition=models.Q(size__gt=0, received__gte=0, received__lte=models.F("size")), name="upload_within_size"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done") | (models.Q(received=models.F("size")) & ~models.Q(sha256="") & ~models.Q(kind="")),
                name="upload_done_is_whole",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "touched_at"])]
