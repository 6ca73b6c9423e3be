"""Texts that were dropped to be read and checked, what was read out of them, and what people said of the findings.

A reading and the two indexes beside it are a cache: `services.read_text` makes them again from the kept file at any
time. No total is stored; lists count rows.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keshu.bureau.places.models import Place
from keshu.bureau.records.fields import QuantityField
from keshu.bureau.records.models import Act


class Text(models.Model):
    """A file or pasted text of a place and a year. Its bytes lie with the stored documents, under their hash.

    It has no row in `records.File`: those are evidence and stay for ever, while a draft may be deleted with its bytes.
    """

    class Kind(models.TextChoices):
        DRAFT = "draft", _("草稿")
        FINAL = "final", _("定稿")
        OTHER = "other", _("其他材料")

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        READING = "reading", _("正在读取")
        READY = "ready", _("已核校")
        FAILED = "failed", _("未能读取")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="texts")
    year = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DRAFT)
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    added_by = models.CharField(max_length=150)
    added_name = models.CharField(max_length=100, blank=True)
    added_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    message = models.TextField(blank=True)
    step = models.IntegerField(default=0)  # how far the reading has come, of `services.STEPS`
    touched_at = models.DateTimeField()  # when its state last changed: a reading that stands still was interrupted
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["place", "year"]), models.Index(fields=["sha256"])]

    def __str__(self) -> str:
        return self.title


class Reading(models.Model):
    """What a text says, as it was read last: the decoded text, its blocks, figures and findings. A cache of the file."""

    text = models.OneToOneField(Text, on_delete=models.CASCADE, related_name="reading")
    content = models.TextField()
    blocks = models.JSONField(default=list)
    figures = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    notes = models.JSONField(default=list)  # what a reader should know of the file: sentences
    read_at = models.DateTimeField()


class TextFigure(models.Model):
    """One figure of a text, for the search over all texts; made with the reading and never without it."""

    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="figures", db_index=False)
    number = models.IntegerField()  # its place in Reading.figures
    start = models.IntegerField()
    said = models.CharField(max_length=100)
    subject = models.CharField(max_length=200, blank=True)
    value = QuantityField(null=True)
    unit = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20)
    scope = models.CharField(max_length=60, blank=True)
    period = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=10)
    indicator = models.CharField(max_length=80, blank=True, db_index=True)
    verdict = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["text", "number"])]


class TextFinding(models.Model):
    """One finding of a text, so that lists can count what is open; made with the reading."""

    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="findings", db_index=False)
    number = models.IntegerField()
    code = models.CharField(max_length=80)
    severity = models.CharField(max_length=10)
    certainty = models.CharField(max_length=10)
    passage = models.CharField(max_length=64)  # hash of the check and the sentences that it is about

    class Meta:
        indexes = [models.Index(fields=["text", "number"]), models.Index(fields=["passage"])]


class Judgement(models.Model):
    """What a person said of a finding. It holds for every text of the place in which the sentences are the same."""

    class Verdict(models.TextChoices):
        VERIFIED = "verified", _("已核实无误")
        CORRECTED = "corrected", _("已改")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    passage = models.CharField(max_length=64)
    text = models.ForeignKey(Text, null=True, on_delete=models.SET_NULL, related_name="judgements")
    verdict = models.CharField(max_length=10, choices=Verdict)
    note = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "passage"], name="one_judgement_for_a_passage")]
