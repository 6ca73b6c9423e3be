"""Summaries as rows: sections with their versions, signatures, and what was frozen.

Versions, signatures and everything frozen are append-only; a section's own row is the newest version and may change.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.places.models import Place
from keshu.bureau.records.models import Act, File
from keshu.kernel.measure.period import Period


class Summary(models.Model):
    """A document that is being written or lies frozen: one for a place, a period and a skeleton."""

    class State(models.TextChoices):
        WRITING = "writing", _("起草中")
        FROZEN = "frozen", _("已冻结")

    class Audience(models.TextChoices):
        INTERNAL = "internal", _("内部报送")
        PUBLIC = "public", _("公开")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="summaries")
    period = models.CharField(max_length=30)
    year = models.IntegerField()
    kind = models.CharField(max_length=40)  # code of the summary definition
    version = models.IntegerField()  # of that definition
    title = models.CharField(max_length=200)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.INTERNAL)
    state = models.CharField(max_length=10, choices=State, default=State.WRITING)
    due_on = models.DateField(null=True)
    known_at = models.DateTimeField()  # the figures are those known at this instant
    outline = models.JSONField(default=dict)  # chapter -> codes of items in this site's order; empty: the definition's
    chain = models.JSONField(default=list)  # steps after the sections: [{code, name, right}]
    step = models.IntegerField(default=0)  # how many of them are passed
    lists = models.JSONField(default=dict)  # falls, warnings, promises, annex, omitted, loose of the last composition
    revision = models.IntegerField(default=1)  # grows with every change of the row, for optimistic locking
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-year", "-period", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["place", "period", "kind"], name="summary_once_for_place_period_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def period_words(self) -> str:
        """2026年1—10月."""
        return Period.parse(self.period).flow_words(with_year=True)


class Section(models.Model):
    """A part of a summary that one section of the bureau answers for; `blocks` is its text as ProseMirror JSON."""

    class State(models.TextChoices):
        DRAFT = "draft", _("待签")
        SIGNED = "signed", _("已签")

    summary = models.ForeignKey(Summary, on_delete=models.PROTECT, related_name="sections")
    code = models.CharField(max_length=40)
    chapter = models.CharField(max_length=40)
    role = models.CharField(max_length=12)
    order = models.IntegerField()
    level = models.IntegerField(default=2)
    heading = models.CharField(max_length=100, blank=True)
    theme = models.CharField(max_length=60, blank=True)
    owner = models.CharField(max_length=60)
    included = models.BooleanField(default=True)  # False: no rows this year, nothing printed
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.IntegerField(default=1)
    blocks = models.JSONField(default=list)
    edited_by = models.CharField(max_length=150, blank=True)
    edited_name = models.CharField(max_length=100, blank=True)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["summary", "code"], name="section_once_in_a_summary")]

    def __str__(self) -> str:
        return self.heading or self.code


class SectionVersion(models.Model):
    """A section's text as it stood; every save adds one, none is ever changed."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="versions")
    version = models.IntegerField()
    heading = models.CharField(max_length=100, blank=True)
    included = models.BooleanField(default=True)
    blocks = models.JSONField(default=list)
    cause = models.CharField(max_length=12)  # composed | edited | moved
    known_from = models.DateTimeField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="section_versions")

    class Meta:
        ordering = ["section", "-version"]
        constraints = [models.UniqueConstraint(fields=["section", "version"], name="section_version_once")]


class Signature(models.Model):
    """Somebody signed, or sent back: a section at a version, a step of the chain, or the list of falls."""

    class Event(models.TextChoices):
        SIGNED = "signed", _("签字")
        RETURNED = "returned", _("退回")

    summary = models.ForeignKey(Summary, on_delete=models.PROTECT, related_name="signatures")
    section = models.ForeignKey(Section, null=True, on_delete=models.PROTECT, related_name="signatures")
    step = models.CharField(max_length=20)  # section | falls | code of a chain step
    event = models.CharField(max_length=10, choices=Event)
    version = models.IntegerField(default=0)  # of the section
    digest = models.CharField(max_length=64)  # of what was signed
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=100, blank=True)
    paper = models.BooleanField(default=False)  # signed on paper by `by_name`; the scan lies in `scan`
    scan = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(paper=False) | Q(scan__isnull=False), name="paper_signature_has_a_scan")
        ]


class Frozen(models.Model):
    """The whole document as it was signed off; never changed."""

    summary = models.OneToOneField(Summary, on_delete=models.PROTECT, related_name="frozen")
    content = models.JSONField()
    text = models.TextField()  # as a reader of the file reads it, for verifying
    sha256 = models.CharField(max_length=64)
    known_at = models.DateTimeField()
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")


class FrozenMark(models.Model):
    """One figure, list of names or record of a frozen document: what was printed and what it stood on."""

    class Kind(models.TextChoices):
        FIGURE = "figure", _("数字")
        NAMES = "names", _("名称")
        RECORD = "record", _("记录")

    frozen = models.ForeignKey(Frozen, on_delete=models.PROTECT, related_name="marks")
    mark = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Kind)
    section = models.CharField(max_length=40)
    order = models.IntegerField()
    reference = models.CharField(max_length=300)
    name = models.CharField(max_length=120, blank=True)
    printed = models.CharField(max_length=2000)
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    start = models.IntegerField(default=-1)  # where it stands in the frozen text
    sentence = models.TextField(blank=True)
    place = models.CharField(max_length=20)
    period = models.CharField(max_length=30)
    value = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    presence = models.CharField(max_length=14, blank=True)
    status = models.CharField(max_length=10, blank=True)
    definition = models.CharField(max_length=64, blank=True)  # hash of the indicator's definition
    rows = models.IntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # of the sorted (source, id, revision)
    owner = models.CharField(max_length=60, blank=True)
    stands_on = models.CharField(max_length=300, blank=True)  # ledger or document, in words

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["frozen", "mark"], name="frozen_mark_once")]
