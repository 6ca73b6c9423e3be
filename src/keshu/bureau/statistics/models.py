"""Sources 来源件 and the values received on them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.places.models import Place
from keshu.bureau.records.models import Act, File
from keshu.bureau.statistics.fields import ExactField


class Status(models.TextChoices):
    """How final a value is, by the document that brought it."""

    ESTIMATED = "estimated", _("预计")
    FLASH = "flash", _("快报")
    ANNUAL = "annual", _("年报")
    VERIFIED = "verified", _("核定")


class Presence(models.TextChoices):
    VALUE = "value", _("有值")
    ZERO = "zero", _("零")
    MISSING = "missing", _("缺报")
    NOT_APPLICABLE = "not_applicable", _("不适用")
    PARTIAL = "partial", _("不完整")


class Source(models.Model):
    """A document that values were taken from: bulletin, yearbook, letter. Its heading is what it says of itself."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="sources")


class Heading(models.Model):
    """Issuer, title and dates of a source; a correction closes one heading and opens the next."""

    class Release(models.TextChoices):
        PUBLIC = "public", _("公开")
        INTERNAL = "internal", _("内部")
        UNPUBLISHED = "unpublished", _("未公布")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="headings")
    issuer = models.CharField(_("发文单位"), max_length=100)
    title = models.CharField(_("文件名称"), max_length=200)
    number = models.CharField(_("文号"), max_length=80, blank=True)
    cut_off = models.DateField(_("数据截止日"))
    obtained_on = models.DateField(_("取得日期"))
    status = models.CharField(_("数据性质"), max_length=10, choices=Status, default=Status.FLASH)
    release = models.CharField(_("公开程度"), max_length=12, choices=Release, default=Release.INTERNAL)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    file = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")
    number_in_source = models.IntegerField(default=1)
    voided = models.BooleanField(default=False)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="headings")

    class Meta:
        indexes = [models.Index(fields=["-obtained_on", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(known_to__isnull=True), name="source_one_current_heading"
            ),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gte=F("known_from")),
                name="heading_closed_after_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReceivedValue(models.Model):
    """What a document says of one indicator, place and period; a correction closes the row and opens another.

    Value and average are in the indicator's base unit (元, 件, a percent number), growth is a percent number.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="values")
    indicator = models.CharField(max_length=80)
    scope = models.CharField(max_length=40, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=30)
    period_end = models.DateField()
    value = ExactField(null=True)
    rank = models.IntegerField(null=True)
    rank_of = models.IntegerField(null=True)
    average = ExactField(null=True)
    growth = ExactField(null=True)
    presence = models.CharField(max_length=14, choices=Presence)
    status = models.CharField(max_length=10, choices=Status)
    cell = models.CharField(max_length=120, blank=True)
    number_in_row = models.IntegerField(default=1)
    voided = models.BooleanField(default=False)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="received_values")

    class Meta:
        indexes = [
            models.Index(fields=["indicator", "period_end"]),
            models.Index(fields=["source", "indicator"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "indicator", "scope", "place", "period"],
                condition=Q(known_to__isnull=True),
                name="received_once_by_source",
            ),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gte=F("known_from")),
                name="received_closed_after_opened",
            ),
            models.CheckConstraint(
                condition=Q(presence__in=["value", "zero", "partial"], value__isnull=False)
                | Q(presence__in=["missing", "not_applicable"], value__isnull=True),
                name="received_presence_fits_value",
            ),
            models.CheckConstraint(condition=Q(rank__isnull=True) | Q(rank__gte=1), name="received_rank_from_one"),
        ]
