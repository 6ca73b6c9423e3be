import django.db.models.deletion
import keshu.bureau.records.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('parties', '0003_facts'),
        ('places', '0002_append_only'),
        ('programmes', '0003_applying_receipts'),
        ('records', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', keshu.bureau.records.fields.MoneyField(verbose_name='核定金额（元）')),
                ('day', models.DateField(verbose_name='核定日期')),
                ('reference', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='programmes.application')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
            ],
            options={
                'indexes': [models.Index(fields=['day'], name='money_appro_day_0afcb2_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_by__isnull', True)), fields=('application',), name='one_approval_holds'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='approval_positive')],
            },
        ),
        migrations.CreateModel(
            name='ApprovalShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('national', '中央'), ('provincial', '省级'), ('municipal', '市级'), ('county', '县级')], max_length=10)),
                ('amount', keshu.bureau.records.fields.MoneyField()),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='money.approval')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('approval', 'level'), name='level_once_in_approval'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='approval_share_positive')],
            },
        ),
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('national', '中央'), ('provincial', '省级'), ('municipal', '市级'), ('county', '县级')], max_length=10, verbose_name='资金级次')),
                ('year', models.IntegerField(verbose_name='预算年度')),
                ('name', models.CharField(max_length=120, verbose_name='预算项目')),
                ('amount', keshu.bureau.records.fields.MoneyField(verbose_name='金额（元）')),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='budget_lines', to='programmes.call')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_by__isnull', True)), fields=('call', 'level', 'year', 'name'), name='budget_line_holds_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='budget_line_positive')],
            },
        ),
        migrations.CreateModel(
            name='Instalment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('order', models.IntegerField()),
                ('name', models.CharField(max_length=60, verbose_name='款项')),
                ('amount', keshu.bureau.records.fields.MoneyField(verbose_name='应拨金额（元）')),
                ('on', models.CharField(max_length=40)),
                ('condition', models.CharField(max_length=200, verbose_name='拨款条件')),
                ('promised_on', models.DateField(null=True, verbose_name='应拨日期')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instalments', to='programmes.application')),
                ('lapsed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('stopped_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
            ],
            options={
                'indexes': [models.Index(fields=['promised_on'], name='money_insta_promise_9b6abf_idx')],
                'constraints': [models.UniqueConstraint(fields=('application', 'code'), name='instalment_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='instalment_positive')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('national', '中央'), ('provincial', '省级'), ('municipal', '市级'), ('county', '县级')], max_length=10, verbose_name='资金级次')),
                ('amount', keshu.bureau.records.fields.MoneyField(verbose_name='拨付金额（元）')),
                ('paid_on', models.DateField(verbose_name='拨付日期')),
                ('year', models.IntegerField()),
                ('voucher_no', models.CharField(max_length=60, verbose_name='凭证号')),
                ('key', models.CharField(max_length=60, null=True, unique=True)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='records.act')),
                ('instalment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='money.instalment')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                ('voided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
            ],
            options={
                'indexes': [models.Index(fields=['-paid_on'], name='money_payme_paid_on_2ea3a9_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('voided_by__isnull', True)), fields=('place', 'year', 'voucher_no'), name='treasury_voucher_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_positive'), models.CheckConstraint(condition=models.Q(('voucher_no', ''), _negated=True), name='payment_names_its_voucher')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('full', keshu.bureau.records.fields.MoneyField()),
                ('amount', keshu.bureau.records.fields.MoneyField()),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='programmes.application')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_by__isnull', True)), fields=('application',), name='one_proposal_holds'), models.CheckConstraint(condition=models.Q(('full__gte', 0)), name='proposal_not_negative'), models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('amount__lte', models.F('full'))), name='proposal_never_above_its_rule')],
            },
        ),
        migrations.CreateModel(
            name='Recovery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', keshu.bureau.records.fields.MoneyField(verbose_name='应收回金额（元）')),
                ('reason', models.CharField(max_length=300, verbose_name='事由')),
                ('due_on', models.DateField(verbose_name='应缴回日期')),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='programmes.application')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
            ],
            options={
                'indexes': [models.Index(fields=['due_on'], name='money_recov_due_on_213355_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='recovery_positive'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='recovery_says_why')],
            },
        ),
        migrations.CreateModel(
            name='RecoveryReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', keshu.bureau.records.fields.MoneyField(verbose_name='缴回金额（元）')),
                ('received_on', models.DateField(verbose_name='缴回日期')),
                ('voucher_no', models.CharField(max_length=60, verbose_name='缴款凭证号')),
                ('key', models.CharField(max_length=60, null=True, unique=True)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('recovery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='money.recovery')),
                ('voided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('voided_by__isnull', True)), fields=('recovery', 'voucher_no'), name='money_back_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='receipt_positive'), models.CheckConstraint(condition=models.Q(('voucher_no', ''), _negated=True), name='receipt_names_its_voucher')],
            },
        ),
        migrations.CreateModel(
            name='Surplus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', keshu.bureau.records.fields.MoneyField(verbose_name='结余金额（元）')),
                ('found_on', models.DateField(verbose_name='认定日期')),
                ('disposal', models.CharField(choices=[('kept', '留用'), ('returned', '收回')], max_length=8, verbose_name='处理')),
                ('keep_until', models.DateField(null=True, verbose_name='留用至')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surpluses', to='programmes.application')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_by__isnull', True)), fields=('application',), name='one_surplus_holds'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='surplus_not_negative'), models.CheckConstraint(condition=models.Q(('keep_until__isnull', True), models.Q(('disposal', 'kept'), ('keep_until__gte', models.F('found_on'))), _connector='OR'), name='only_kept_surplus_has_an_end')],
            },
        ),
        migrations.CreateModel(
            name='VoucherGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='券号')),
                ('year', models.IntegerField(verbose_name='年度')),
                ('quota', keshu.bureau.records.fields.MoneyField(verbose_name='额度（元）')),
                ('issued_on', models.DateField(verbose_name='发放日期')),
                ('expires_on', models.DateField(verbose_name='有效期至')),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='parties.party')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
            ],
            options={
                'indexes': [models.Index(fields=['expires_on'], name='money_vouch_expires_ce0714_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quota__gt', 0)), name='voucher_quota_positive'), models.CheckConstraint(condition=models.Q(('expires_on__gte', models.F('issued_on'))), name='voucher_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='VoucherUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contract_no', models.CharField(max_length=80, verbose_name='合同编号')),
                ('service', models.CharField(max_length=200, verbose_name='服务内容')),
                ('cost', keshu.bureau.records.fields.MoneyField(verbose_name='实际支付（元）')),
                ('amount', keshu.bureau.records.fields.MoneyField(verbose_name='用券金额（元）')),
                ('used_on', models.DateField(verbose_name='使用日期')),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('grant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='money.vouchergrant')),
                ('redeemed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voucher_uses', to='programmes.application')),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voucher_services', to='parties.party')),
                ('voided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('voided_by__isnull', True)), fields=('supplier', 'contract_no'), name='contract_uses_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='voucher_use_positive'), models.CheckConstraint(condition=models.Q(('cost__gte', models.F('amount'))), name='voucher_use_within_cost'), models.CheckConstraint(condition=models.Q(('contract_no', ''), _negated=True), name='voucher_use_names_its_contract'), models.CheckConstraint(condition=models.Q(('voided_by__isnull', True), ('redeemed_by__isnull', True), _connector='OR'), name='voided_use_is_not_redeemed')],
            },
        ),
    ]
