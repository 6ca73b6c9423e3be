"""What can be wrong with money, in sentences that say what to do; refusals of the database by their names."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keshu.bureau.programmes.problems import CaseProblem
from keshu.office.papers.words import yuan as yuan  # noqa: PLC0414 - every module of money says amounts by it


class MoneyProblem(CaseProblem):
    """It cannot be done with this money; the message says why and what to do."""


REFUSALS = {
    "payment_exceeds_instalment": gettext_lazy("拨付金额超过这笔款项尚未拨付的金额；刷新页面核对已拨情况后重填"),
    "payment_exceeds_approval": gettext_lazy("拨付后累计会超过核定金额；先核对核定金额，确需增加的先登记新的核定文件"),
    "payment_of_stopped_instalment": gettext_lazy("这笔款项已停止拨付；恢复拨付后再登记"),
    "payment_year_differs": gettext_lazy("凭证年度与拨付日期不一致；核对拨付日期"),
    "instalment_below_paid": gettext_lazy("应拨金额不能小于这笔款项已拨的金额"),
    "approval_below_paid": gettext_lazy("核定金额不能小于已拨金额；需要收回的登记应收回经费"),
    "receipt_exceeds_recovery": gettext_lazy("缴回金额超过尚未缴回的金额；核对缴款凭证"),
    "voucher_exceeds_quota": gettext_lazy("用券金额超过券的剩余额度；调整用券金额"),
    "voucher_out_of_time": gettext_lazy("使用日期不在券的有效期内，或券已收回；核对使用日期"),
    "treasury_voucher_once": gettext_lazy("本年度已登记过同一凭证号；核对凭证号，重复的不再登记"),
    "money_payment.place_id, money_payment.year, money_payment.voucher_no": "treasury_voucher_once",
    "money_payment_key": gettext_lazy("这笔拨付已经登记，没有重复登记"),
    "money_payment.key": "money_payment_key",
    "money_recoveryreceipt_key": gettext_lazy("这笔缴回已经登记，没有重复登记"),
    "money_recoveryreceipt.key": "money_recoveryreceipt_key",
    "money_back_once": gettext_lazy("这笔应收回经费已登记过同一缴款凭证号"),
    "money_recoveryreceipt.recovery_id, money_recoveryreceipt.voucher_no": "money_back_once",
    "payment_positive": gettext_lazy("拨付金额必须大于 0"),
    "approval_positive": gettext_lazy("核定金额必须大于 0；不予支持的，会议决定选“不同意”"),
    "one_approval_holds": gettext_lazy("核定金额刚刚由他人登记；刷新页面后重试"),
    "money_approval.application_id": "one_approval_holds",
    "budget_line_holds_once": gettext_lazy("同一级次、年度和名称的预算项目已经登记；改金额请在原有一行上修改"),
    "money_budgetline.call_id, money_budgetline.level, money_budgetline.year, money_budgetline.name": (
        "budget_line_holds_once"
    ),
    "contract_uses_once": gettext_lazy("这家服务机构的同一份合同已经用过券；一份合同只能用一次"),
    "money_voucheruse.supplier_id, money_voucheruse.contract_no": "contract_uses_once",
    "voucher_use_within_cost": gettext_lazy("用券金额不能超过实际支付金额"),
    "money_vouchergrant_number": gettext_lazy("券号已被使用；换一个券号"),
    "money_vouchergrant.number": "money_vouchergrant_number",
}


def said(error: IntegrityError) -> MoneyProblem | None:
    """What the database's refusal means to people; None for one that is not about money."""
    text = str(error)
    for name, meaning in REFUSALS.items():
        if name in text:
            found = REFUSALS.get(meaning, meaning) if isinstance(meaning, str) else meaning
            return MoneyProblem(str(found))
    return None


@contextmanager
def in_words() -> Iterator[None]:
    """What the database refuses inside is raised as a MoneyProblem; the rows written inside are gone then."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise said(error) or error from error


def no_money() -> MoneyProblem:
    return MoneyProblem(_("这个申报事项不拨款"))
