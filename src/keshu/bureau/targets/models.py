"""Targets 目标: what was set for an indicator, a place and a year. Each change closes a revision and opens the next."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.places.models import Place
from keshu.bureau.records.models import Act
from keshu.bureau.statistics.fields import ExactField


class Kind(models.TextChoices):
    """How a target is worded; the same codes as `kernel.measure.targets.TargetKind`."""

    EXACT = "exact", _("定值")
    AT_LEAST = "at_least", _("不低于(以上)")
    RANGE = "range", _("区间")
    ABOUT = "about", _("左右")
    GROWTH = "growth", _("增长率")
    SHARE = "share", _("占比")
    RANK = "rank", _("位次")
    COVERAGE = "coverage", _("覆盖率")
    ZERO_BREAK = "zero_break", _("零的突破")
    AS_HANDED_DOWN = "as_handed_down", _("完成上级下达任务")


class Tier(models.TextChoices):
    PLAIN = "", _("单一目标")
    ENSURE = "ensure", _("确保目标")
    STRIVE = "strive", _("争取目标")


class Target(models.Model):
    """One target through all its revisions."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="targets")


class TargetRevision(models.Model):
    """What the target said from one instant to another. `low` is the value, or the lower end of a range.

    Values are in the indicator's base unit; growth, share and coverage are percent numbers, a rank is a position.
    """

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="revisions")
    indicator = models.CharField(_("指标"), max_length=80)
    scope = models.CharField(_("口径"), max_length=40, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("区划"))
    section = models.CharField(_("科室"), max_length=40, blank=True)
    year = models.IntegerField(_("年度"))
    kind = models.CharField(_("目标类型"), max_length=14, choices=Kind)
    tier = models.CharField(_("档次"), max_length=6, choices=Tier, blank=True)
    low = ExactField(_("目标值"), null=True)
    high = ExactField(_("上限"), null=True)
    issuer = models.CharField(_("下达单位"), max_length=100, blank=True)
    document = models.CharField(_("文件"), max_length=200, blank=True)
    promised_in = models.CharField(_("写入的计划"), max_length=200, blank=True)
    parent = models.ForeignKey(Target, null=True, on_delete=models.PROTECT, related_name="parts")
    weight = ExactField(_("权重"), null=True)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    number = models.IntegerField(default=1)
    voided = models.BooleanField(default=False)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="target_revisions")

    class Meta:
        indexes = [models.Index(fields=["year", "place"]), models.Index(fields=["indicator", "year"])]
        constraints = [
            models.UniqueConstraint(
                fields=["target"], condition=Q(known_to__isnull=True), name="target_one_current_revision"
            ),
            models.UniqueConstraint(
                fields=["indicator", "scope", "place", "section", "year", "tier", "issuer"],
                condition=Q(known_to__isnull=True, voided=False),
                name="target_set_once",
            ),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gte=F("known_from")), name="target_closed_after_opened"
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(kind__in=["zero_break", "as_handed_down"]),
                name="target_has_its_value",
            ),
            models.CheckConstraint(
                condition=Q(kind="range", high__isnull=False) | (~Q(kind="range") & Q(high__isnull=True)),
                name="target_upper_only_for_ranges",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"
