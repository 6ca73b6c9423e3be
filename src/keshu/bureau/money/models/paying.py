"""Instalments of an approved total, and the payments by which they are met.

Whether an instalment is paid is not stored: it follows from its payments. Triggers on both databases keep payments within
the instalment and within the approved total (money.guards).
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.money.models.approving import Level
from keshu.bureau.places.models import Place
from keshu.bureau.programmes.models import Application
from keshu.bureau.records.fields import MoneyField
from keshu.bureau.records.models import Act


class Instalment(models.Model):
    """A part of the total, due after an event. `promised_on` is stored when the event comes, or by hand.

    A stopped one is not paid until somebody lifts the stop; a lapsed one never is, for its event can no longer come.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="instalments")
    code = models.CharField(max_length=40)
    order = models.IntegerField()
    name = models.CharField(_("款项"), max_length=60)
    amount = MoneyField(_("应拨金额（元）"))
    on = models.CharField(max_length=40)  # the event of the case after which it is due
    condition = models.CharField(_("拨款条件"), max_length=200)
    promised_on = models.DateField(_("应拨日期"), null=True)
    promised_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    stopped_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    lapsed_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("说明"), max_length=300, blank=True)  # why it was stopped or lapsed
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")  # the act that planned it

    class Meta:
        indexes = [models.Index(fields=["promised_on"])]
        constraints = [
            models.UniqueConstraint(fields=["application", "code"], name="instalment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class Payment(models.Model):
    """Money that left the treasury: which voucher 凭证, which day. Append-only; a wrong one is voided by an act."""

    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="payments")
    level = models.CharField(_("资金级次"), max_length=10, choices=Level)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")  # whose treasury
    amount = MoneyField(_("拨付金额（元）"))
    paid_on = models.DateField(_("拨付日期"))
    year = models.IntegerField()  # of `paid_on`: vouchers are numbered anew each year
    voucher_no = models.CharField(_("凭证号"), max_length=60)
    key = models.CharField(max_length=60, null=True, unique=True)  # of the form: a second sending is the same payment
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="payments")
    voided_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["-paid_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "year", "voucher_no"],
                condition=Q(voided_by__isnull=True),
                name="treasury_voucher_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
            models.CheckConstraint(condition=~Q(voucher_no=""), name="payment_names_its_voucher"),
        ]
