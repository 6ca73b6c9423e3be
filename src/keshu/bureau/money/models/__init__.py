"""Money: what was set aside, what was approved, what is paid when, what comes back, and vouchers."""

from keshu.bureau.money.models.approving import Approval, ApprovalShare, BudgetLine, Level, Proposal
from keshu.bureau.money.models.paying import Instalment, Payment
from keshu.bureau.money.models.returning import Recovery, RecoveryReceipt, Surplus
from keshu.bureau.money.models.vouchers import VoucherGrant, VoucherUse

__all__ = [
    "Approval",
    "ApprovalShare",
    "BudgetLine",
    "Instalment",
    "Level",
    "Payment",
    "Proposal",
    "Recovery",
    "RecoveryReceipt",
    "Surplus",
    "VoucherGrant",
    "VoucherUse",
]
