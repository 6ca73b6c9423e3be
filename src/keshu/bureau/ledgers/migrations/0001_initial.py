import django.db.models.deletion
import keshu.bureau.records.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('parties', '0001_initial'),
        ('places', '0001_initial'),
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ledger', models.CharField(max_length=40)),
                ('file_name', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('stored', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('parsing', '读取中'), ('ready', '待确认'), ('committed', '已入库'), ('failed', '无法读取'), ('dropped', '已放弃')], default='parsing', max_length=10)),
                ('done', models.IntegerField(default=0)),
                ('total', models.IntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('layout', models.JSONField(default=dict)),
                ('message', models.TextField(blank=True)),
                ('started_by', models.CharField(max_length=150)),
                ('started_at', models.DateTimeField()),
                ('act', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='records.act')),
                ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ledger', models.CharField(max_length=40)),
                ('origin', models.CharField(choices=[('import', '导入'), ('form', '填报'), ('programme', '事项办理'), ('deal', '对接成交'), ('api', '接口')], max_length=10)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='records.act')),
            ],
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(blank=True, max_length=100)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.file')),
                ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='ledgers.entry')),
            ],
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ledger', models.CharField(max_length=40)),
                ('period', models.CharField(max_length=20)),
                ('zero', models.BooleanField(default=False)),
                ('known_from', models.DateTimeField()),
                ('known_to', models.DateTimeField(null=True)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
            ],
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ledger', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=300)),
                ('version', models.IntegerField()),
                ('number_in_entry', models.IntegerField(default=1)),
                ('voided', models.BooleanField(default=False)),
                ('known_from', models.DateTimeField()),
                ('known_to', models.DateTimeField(null=True)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('number', models.CharField(blank=True, max_length=200)),
                ('category', models.CharField(blank=True, max_length=40)),
                ('subcategory', models.CharField(blank=True, max_length=40)),
                ('level', models.CharField(blank=True, max_length=20)),
                ('status', models.CharField(blank=True, max_length=40)),
                ('filed_on', models.DateField(null=True)),
                ('decided_on', models.DateField(null=True)),
                ('started_on', models.DateField(null=True)),
                ('ended_on', models.DateField(null=True)),
                ('amount_1', keshu.bureau.records.fields.MoneyField(null=True)),
                ('amount_2', keshu.bureau.records.fields.MoneyField(null=True)),
                ('amount_3', keshu.bureau.records.fields.MoneyField(null=True)),
                ('quantity_1', keshu.bureau.records.fields.QuantityField(null=True)),
                ('quantity_2', keshu.bureau.records.fields.QuantityField(null=True)),
                ('quantity_3', keshu.bureau.records.fields.QuantityField(null=True)),
                ('quantity_4', keshu.bureau.records.fields.QuantityField(null=True)),
                ('quantity_5', keshu.bureau.records.fields.QuantityField(null=True)),
                ('highlight', models.BooleanField(default=False)),
                ('story', models.CharField(blank=True, max_length=500)),
                ('data', models.JSONField(default=dict)),
                ('origin_cell', models.CharField(blank=True, max_length=120)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='records.act')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='ledgers.entry')),
                ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='parties.party')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='places.place')),
            ],
            options={
                'indexes': [models.Index(fields=['ledger', 'filed_on'], name='ledgers_rev_ledger_f9669a_idx'), models.Index(fields=['ledger', 'decided_on'], name='ledgers_rev_ledger_fe2f2e_idx'), models.Index(fields=['ledger', 'started_on'], name='ledgers_rev_ledger_b75756_idx'), models.Index(fields=['ledger', 'place'], name='ledgers_rev_ledger_114ec1_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('known_to__isnull', True), ('voided', False)), fields=('ledger', 'key'), name='entry_key_once'), models.UniqueConstraint(condition=models.Q(('known_to__isnull', True)), fields=('entry',), name='entry_one_current'), models.CheckConstraint(condition=models.Q(('known_to__isnull', True), ('known_to__gte', models.F('known_from')), _connector='OR'), name='revision_closed_after_opened'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('started_on__isnull', True), ('ended_on__gte', models.F('started_on')), _connector='OR'), name='entry_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='EntryParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=40)),
                ('order', models.IntegerField()),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='others', to='ledgers.revision')),
            ],
        ),
        migrations.CreateModel(
            name='StagedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ledger', models.CharField(max_length=40)),
                ('sheet', models.CharField(max_length=100)),
                ('row', models.IntegerField()),
                ('verdict', models.CharField(choices=[('new', '新增'), ('changed', '变更'), ('unchanged', '无变化'), ('duplicate', '重复'), ('wrong', '有误')], max_length=10)),
                ('key', models.CharField(max_length=300)),
                ('seen', models.IntegerField(null=True)),
                ('values', models.JSONField(default=dict)),
                ('problems', models.JSONField(default=list)),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='ledgers.batch')),
                ('entry', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ledgers.entry')),
            ],
            options={
                'indexes': [models.Index(fields=['batch', 'verdict'], name='ledgers_sta_batch_i_36e951_idx')],
            },
        ),
    ]
