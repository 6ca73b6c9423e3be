"""A call 申报批次: one opening of a programme, with the definition's version that holds for all its cases."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.places.models import Place
from keshu.bureau.records.fields import MoneyField
from keshu.bureau.records.models import Act


class Call(models.Model):
    """One opening. Whether it is open now follows from the clock; the state says only whether it was published."""

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        PUBLISHED = "published", _("已发布")
        CANCELLED = "cancelled", _("已取消")

    programme = models.CharField(_("申报事项"), max_length=80)
    version = models.IntegerField()  # of the definition, pinned when the call is published
    year = models.IntegerField(_("年度"))
    name = models.CharField(_("批次名称"), max_length=120)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="calls", verbose_name=_("区划"))
    section = models.CharField(_("主管科室"), max_length=40)
    guide = models.TextField(_("申报指南"), blank=True)
    basis = models.CharField(_("依据文号"), max_length=120, blank=True)
    opens_at = models.DateTimeField(_("开始时间"))
    closes_at = models.DateTimeField(_("截止时间"))
    budget = MoneyField(_("预算"), null=True)
    unit_limit = models.IntegerField(_("每单位限报"), null=True)
    person_limit = models.IntegerField(_("每人限报"), null=True)
    contact = models.CharField(_("联系人"), max_length=50)
    phone = models.CharField(_("联系电话"), max_length=40)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    revision = models.IntegerField(default=1)  # grows with every change; editors say which one they saw
    published_at = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="calls")  # the act that wrote it last

    class Meta:
        indexes = [
            models.Index(fields=["state", "closes_at"]),
            models.Index(fields=["programme", "year"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="call_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False) | Q(state="cancelled"),
                name="published_call_says_when",
            ),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0), name="call_budget_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Extension(models.Model):
    """A later deadline, as a recorded act: for all, for one place or for one case. Append-only."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="extensions")
    closes_at = models.DateTimeField()
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(
        "programmes.Application", null=True, on_delete=models.PROTECT, related_name="extensions"
    )
    reason = models.CharField(max_length=300)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(application__isnull=True), name="extension_has_one_scope"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_says_why"),
        ]
