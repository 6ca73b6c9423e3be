"""Acts and their chain, files, and the definitions that records were made under.

Acts, links, definitions and every revision are append-only: triggers on both databases refuse UPDATE and DELETE.
"""

from django.db import models


class Act(models.Model):
    """One service call that wrote something: who, when, why. The unit of audit and of undo."""

    verb = models.CharField(max_length=60)
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    known_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    subject = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=20, blank=True)
    note = models.JSONField(default=dict)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        indexes = [models.Index(fields=["-at"]), models.Index(fields=["verb", "-at"]), models.Index(fields=["subject"])]

    def __str__(self) -> str:
        return f"{self.verb} #{self.pk}"


class Link(models.Model):
    """The act's place in the chain; written last in its transaction, under the lock on the head."""

    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="link")
    position = models.BigIntegerField(unique=True)
    parts = models.JSONField(default=dict)  # kind of row: [how many, digest of their digests]
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)


class Head(models.Model):
    """The end of the chain: exactly one row, the only one here that changes."""

    position = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)


class File(models.Model):
    """A stored document, addressed by its content; the bytes lie under the data directory."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    mime = models.CharField(max_length=100)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="files")

    class Meta:
        indexes = [models.Index(fields=["sha256"])]


class Definition(models.Model):
    """The content of a catalogue definition as it stood when it was first used."""

    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=80)
    version = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    first_used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code", "version"], name="definition_version_once")]


class Passage(models.Model):
    """One passage of a transition machine: what went from where to where, by which act."""

    machine = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    event = models.CharField(max_length=40)
    from_state = models.CharField(max_length=40)
    to_state = models.CharField(max_length=40)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="passages")

    class Meta:
        indexes = [models.Index(fields=["machine", "subject"])]
