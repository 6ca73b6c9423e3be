"""Money that is set aside for a call, money that the rules propose, money that was approved. All in yuan, kept as 分."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.programmes.models import Application, Call
from keshu.bureau.records.fields import MoneyField
from keshu.bureau.records.models import Act


class Level(models.TextChoices):
    """Whose treasury pays."""

    NATIONAL = "national", _("中央")
    PROVINCIAL = "provincial", _("省级")
    MUNICIPAL = "municipal", _("市级")
    COUNTY = "county", _("县级")


class BudgetLine(models.Model):
    """A line of the budget that stands behind a call. Append-only; another amount is another row."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="budget_lines")
    level = models.CharField(_("资金级次"), max_length=10, choices=Level)
    year = models.IntegerField(_("预算年度"))
    name = models.CharField(_("预算项目"), max_length=120)
    amount = MoneyField(_("金额（元）"))
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "level", "year", "name"],
                condition=Q(replaced_by__isnull=True),
                name="budget_line_holds_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_line_positive"),
        ]


class Proposal(models.Model):
    """What the rule of the programme gives a case, with every case of the call reduced alike. Append-only."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="proposals")
    full = MoneyField()  # by the rule
    amount = MoneyField()  # after all were reduced alike
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(replaced_by__isnull=True), name="one_proposal_holds"
            ),
            models.CheckConstraint(condition=Q(full__gte=0), name="proposal_not_negative"),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(amount__lte=models.F("full")), name="proposal_never_above_its_rule"
            ),
        ]


class Approval(models.Model):
    """The total that was approved for a case, with the decision that says so. Append-only; one holds at a time."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="approvals")
    amount = MoneyField(_("核定金额（元）"))
    day = models.DateField(_("核定日期"))
    reference = models.CharField(_("依据"), max_length=200, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["day"])]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(replaced_by__isnull=True), name="one_approval_holds"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="approval_positive"),
        ]


class ApprovalShare(models.Model):
    """What one treasury bears of an approved total; the shares of an approval add up to it. Append-only."""

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="shares")
    level = models.CharField(max_length=10, choices=Level)
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["approval", "level"], name="level_once_in_approval"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="approval_share_positive"),
        ]
