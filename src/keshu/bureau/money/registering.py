"""What money brings to the machine of cases, to its page, and to audit."""

from django.utils.translation import gettext_lazy as _

from keshu.bureau.money import (
    approving,
    knowing,
    panel,
    paying,
    planning,
    queries,
    returning,
    undoing,
    voucher_views,
    vouchers,
)
from keshu.bureau.pages.registry import Subject, register_subject, register_verbs
from keshu.bureau.programmes import machine
from keshu.bureau.programmes.handling import leading, looking
from keshu.bureau.records.audit import register_recount


def register() -> None:
    from keshu.bureau.money import file_parts  # noqa: F401 - by importing

    machine.condition("instalment_due")(paying.instalment_due)
    machine.condition("money_settled")(returning.settled)
    machine.effect("allot_money")(approving.allot)
    machine.effect("plan_instalments")(planning.plan)
    machine.effect("record_payment")(paying.record)
    machine.effect("stop_payments")(paying.stop_all)
    machine.effect("resume_payments")(paying.resume_all)
    machine.effect("recover_money")(returning.recover)
    machine.arrival(planning.arrived)
    machine.take_back(undoing.take_back)
    machine.on("pay")(vouchers.redeem)
    knowing.register()
    leading.register_money(queries.budget_and_approved, approving.foreseen)
    looking.foresight(approving.foresee)
    panel.register()
    register_recount("payment", paying.recount_payments)
    register_recount("approval", paying.recount_approvals)
    register_verbs(VERBS)
    register_subject("voucher", Subject(_("创新券"), voucher_views.address, names=vouchers.names_of))


VERBS = {
    "money.propose": _("测算核定金额"),
    "money.approve": _("调整核定金额"),
    "money.budget": _("登记预算"),
    "money.pay": _("批量登记拨付"),
    "money.void": _("撤销拨付登记"),
    "money.promise": _("调整应拨日期"),
    "money.stop": _("停止拨付"),
    "money.resume": _("恢复拨付"),
    "money.lapse": _("确定不再拨付"),
    "money.recover": _("登记应收回经费"),
    "money.receive": _("登记缴回经费"),
    "money.surplus": _("登记结余"),
    "voucher.issue": _("发放创新券"),
    "voucher.use": _("登记用券"),
    "voucher.void": _("撤销用券"),
    "voucher.withdraw": _("收回创新券"),
}
