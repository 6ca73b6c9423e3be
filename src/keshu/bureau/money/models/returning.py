"""Money that comes back: what is to be returned and why, what was received, what was left over."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.programmes.models import Application
from keshu.bureau.records.fields import MoneyField
from keshu.bureau.records.models import Act


class Surplus(models.Model):
    """What was left over 结余 by the audit, and whether the organisation may keep it for research until a day."""

    class Disposal(models.TextChoices):
        KEPT = "kept", _("留用")
        RETURNED = "returned", _("收回")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="surpluses")
    amount = MoneyField(_("结余金额（元）"))
    found_on = models.DateField(_("认定日期"))
    disposal = models.CharField(_("处理"), max_length=8, choices=Disposal)
    keep_until = models.DateField(_("留用至"), null=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(replaced_by__isnull=True), name="one_surplus_holds"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="surplus_not_negative"),
            models.CheckConstraint(
                condition=Q(keep_until__isnull=True) | Q(disposal="kept", keep_until__gte=F("found_on")),
                name="only_kept_surplus_has_an_end",
            ),
        ]


class Recovery(models.Model):
    """An amount that the organisation has to give back by a day. Append-only; withdrawn by an act."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="recoveries")
    amount = MoneyField(_("应收回金额（元）"))
    reason = models.CharField(_("事由"), max_length=300)
    due_on = models.DateField(_("应缴回日期"))
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["due_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="recovery_says_why"),
        ]


class RecoveryReceipt(models.Model):
    """Money that came back, with the number of the treasury's receipt. Append-only; voided by an act."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="receipts")
    amount = MoneyField(_("缴回金额（元）"))
    received_on = models.DateField(_("缴回日期"))
    voucher_no = models.CharField(_("缴款凭证号"), max_length=60)
    key = models.CharField(max_length=60, null=True, unique=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    voided_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recovery", "voucher_no"], condition=Q(voided_by__isnull=True), name="money_back_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_positive"),
            models.CheckConstraint(condition=~Q(voucher_no=""), name="receipt_names_its_voucher"),
        ]
