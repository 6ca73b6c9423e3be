"""Entries of ledgers. Every change is a revision: a full snapshot that nobody rewrites."""

from django.db import models
from django.db.models import F, Q

from keshu.bureau.parties.models import Party
from keshu.bureau.places.models import Place
from keshu.bureau.records.fields import MoneyField, QuantityField
from keshu.bureau.records.models import Act, File


class Entry(models.Model):
    """The identity of a ledger row through all its revisions."""

    class Origin(models.TextChoices):
        IMPORT = "import", "导入"
        FORM = "form", "填报"
        PROGRAMME = "programme", "事项办理"
        DEAL = "deal", "对接成交"
        API = "api", "接口"

    ledger = models.CharField(max_length=40)
    origin = models.CharField(max_length=10, choices=Origin)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="entries")


class Revision(models.Model):
    """A snapshot of an entry, known from one instant to another; the definition says which field is which column."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="revisions")
    ledger = models.CharField(max_length=40)
    key = models.CharField(max_length=300)
    version = models.IntegerField()  # of the ledger's definition
    number_in_entry = models.IntegerField(default=1)
    voided = models.BooleanField(default=False)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="revisions")

    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="revisions")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    title = models.CharField(max_length=500, blank=True)
    number = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=40, blank=True)
    subcategory = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=40, blank=True)
    filed_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    amount_1 = MoneyField(null=True)
    amount_2 = MoneyField(null=True)
    amount_3 = MoneyField(null=True)
    quantity_1 = QuantityField(null=True)
    quantity_2 = QuantityField(null=True)
    quantity_3 = QuantityField(null=True)
    quantity_4 = QuantityField(null=True)
    quantity_5 = QuantityField(null=True)
    highlight = models.BooleanField(default=False)
    story = models.CharField(max_length=500, blank=True)
    data = models.JSONField(default=dict)
    origin_cell = models.CharField(max_length=120, blank=True)  # where in which file the row was read

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "key"], condition=Q(known_to__isnull=True, voided=False), name="entry_key_once"
            ),
            models.UniqueConstraint(fields=["entry"], condition=Q(known_to__isnull=True), name="entry_one_current"),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gte=F("known_from")),
                name="revision_closed_after_opened",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="entry_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["ledger", "filed_on"]),
            models.Index(fields=["ledger", "decided_on"]),
            models.Index(fields=["ledger", "started_on"]),
            models.Index(fields=["ledger", "place"]),
        ]


class EntryParty(models.Model):
    """Further holders of an entry, in their order; the first one is `Revision.party`."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="others")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)  # code of the ledger field
    order = models.IntegerField()


class Attachment(models.Model):
    """A file that proves an entry."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=100, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    removed_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")


class Report(models.Model):
    """A place says that a ledger is complete for a period: by import, by confirmation, or as empty (零报告).

    Or it says since when its records are kept at all: then there is `begins_on` and no period.
    """

    ledger = models.CharField(max_length=40)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=20)
    zero = models.BooleanField(default=False)
    begins_on = models.DateField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")


class Batch(models.Model):
    """A file being imported: parsed into staging first, so that the final transaction is short."""

    class State(models.TextChoices):
        PARSING = "parsing", "读取中"
        READY = "ready", "待确认"
        COMMITTED = "committed", "已入库"
        FAILED = "failed", "无法读取"
        DROPPED = "dropped", "已放弃"

    ledger = models.CharField(max_length=40)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PARSING)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    layout = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    started_by = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="batches")


class StagedRow(models.Model):
    """One row of a batch with its verdict and problems; deleted when the batch is committed or dropped."""

    class Verdict(models.TextChoices):
        NEW = "new", "新增"
        CHANGED = "changed", "变更"
        UNCHANGED = "unchanged", "无变化"
        DUPLICATE = "duplicate", "重复"
        WRONG = "wrong", "有误"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    ledger = models.CharField(max_length=40)
    sheet = models.CharField(max_length=100)
    row = models.IntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    key = models.CharField(max_length=300)
    entry = models.ForeignKey(Entry, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    seen = models.IntegerField(null=True)  # revision of the entry that the row was compared with
    values = models.JSONField(default=dict)
    problems = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["batch", "verdict"])]
