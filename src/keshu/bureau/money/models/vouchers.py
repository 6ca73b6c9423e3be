"""Innovation vouchers 创新券: a quota for a year, used with suppliers, redeemed by a case that pays it out."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keshu.bureau.parties.models import Party
from keshu.bureau.places.models import Place
from keshu.bureau.programmes.models import Application
from keshu.bureau.records.fields import MoneyField
from keshu.bureau.records.models import Act


class VoucherGrant(models.Model):
    """What an organisation may spend on services until a day. Append-only; withdrawn by an act while unused."""

    number = models.CharField(_("券号"), max_length=40, unique=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="vouchers")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")  # who issued it
    year = models.IntegerField(_("年度"))
    quota = MoneyField(_("额度（元）"))
    issued_on = models.DateField(_("发放日期"))
    expires_on = models.DateField(_("有效期至"))
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["expires_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(quota__gt=0), name="voucher_quota_positive"),
            models.CheckConstraint(condition=Q(expires_on__gte=F("issued_on")), name="voucher_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.number


class VoucherUse(models.Model):
    """A service bought with a voucher: from whom, by which contract, how much of the quota it takes.

    `redeemed_by` is the case that pays it out; both closings happen once.
    """

    grant = models.ForeignKey(VoucherGrant, on_delete=models.PROTECT, related_name="uses")
    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="voucher_services")
    contract_no = models.CharField(_("合同编号"), max_length=80)
    service = models.CharField(_("服务内容"), max_length=200)
    cost = MoneyField(_("实际支付（元）"))
    amount = MoneyField(_("用券金额（元）"))
    used_on = models.DateField(_("使用日期"))
    redeemed_by = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="voucher_uses")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    voided_by = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "contract_no"], condition=Q(voided_by__isnull=True), name="contract_uses_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="voucher_use_positive"),
            models.CheckConstraint(condition=Q(cost__gte=F("amount")), name="voucher_use_within_cost"),
            models.CheckConstraint(condition=~Q(contract_no=""), name="voucher_use_names_its_contract"),
            models.CheckConstraint(
                condition=Q(voided_by__isnull=True) | Q(redeemed_by__isnull=True), name="voided_use_is_not_redeemed"
            ),
        ]
