from django.db import migrations

from keshu.bureau.money.guards import keep_sums
from keshu.bureau.records.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("money", "0001_initial")]
    operations = [
        append_only("money.BudgetLine", closing="replaced_by_id"),
        append_only("money.Proposal", closing="replaced_by_id"),
        append_only("money.Approval", closing="replaced_by_id"),
        append_only("money.ApprovalShare"),
        append_only("money.Payment", closing="voided_by_id"),
        append_only("money.Surplus", closing="replaced_by_id"),
        append_only("money.Recovery", closing="withdrawn_by_id"),
        append_only("money.RecoveryReceipt", closing="voided_by_id"),
        append_only("money.VoucherGrant", closing="withdrawn_by_id"),
        keep_sums(),
    ]
