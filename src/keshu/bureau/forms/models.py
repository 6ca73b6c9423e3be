"""What somebody was filling in and has not handed in: kept on the server, so that a closed tab loses nothing."""

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
