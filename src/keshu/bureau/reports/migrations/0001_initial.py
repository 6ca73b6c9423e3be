import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0002_append_only'),
        ('records', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('chapter', models.CharField(max_length=40)),
                ('role', models.CharField(max_length=12)),
                ('order', models.IntegerField()),
                ('level', models.IntegerField(default=2)),
                ('heading', models.CharField(blank=True, max_length=100)),
                ('theme', models.CharField(blank=True, max_length=60)),
                ('owner', models.CharField(max_length=60)),
                ('included', models.BooleanField(default=True)),
                ('state', models.CharField(choices=[('draft', '待签'), ('signed', '已签')], default='draft', max_length=10)),
                ('version', models.IntegerField(default=1)),
                ('blocks', models.JSONField(default=list)),
                ('edited_by', models.CharField(blank=True, max_length=150)),
                ('edited_name', models.CharField(blank=True, max_length=100)),
                ('edited_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='Summary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=30)),
                ('year', models.IntegerField()),
                ('kind', models.CharField(max_length=40)),
                ('version', models.IntegerField()),
                ('title', models.CharField(max_length=200)),
                ('audience', models.CharField(choices=[('internal', '内部报送'), ('public', '公开')], default='internal', max_length=10)),
                ('state', models.CharField(choices=[('writing', '起草中'), ('frozen', '已冻结')], default='writing', max_length=10)),
                ('due_on', models.DateField(null=True)),
                ('known_at', models.DateTimeField()),
                ('outline', models.JSONField(default=dict)),
                ('chain', models.JSONField(default=list)),
                ('step', models.IntegerField(default=0)),
                ('lists', models.JSONField(default=dict)),
                ('revision', models.IntegerField(default=1)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='summaries', to='places.place')),
            ],
            options={
                'ordering': ['-year', '-period', 'kind'],
                'constraints': [models.UniqueConstraint(fields=('place', 'period', 'kind'), name='summary_once_for_place_period_kind')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=20)),
                ('event', models.CharField(choices=[('signed', '签字'), ('returned', '退回')], max_length=10)),
                ('version', models.IntegerField(default=0)),
                ('digest', models.CharField(max_length=64)),
                ('by', models.CharField(max_length=150)),
                ('by_name', models.CharField(blank=True, max_length=100)),
                ('paper', models.BooleanField(default=False)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('scan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.file')),
                ('section', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='reports.section')),
                ('summary', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='reports.summary')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('paper', False), ('scan__isnull', False), _connector='OR'), name='paper_signature_has_a_scan')],
            },
        ),
        migrations.AddField(
            model_name='section',
            name='summary',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='reports.summary'),
        ),
        migrations.CreateModel(
            name='Frozen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('text', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('known_at', models.DateTimeField()),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('summary', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='frozen', to='reports.summary')),
            ],
        ),
        migrations.CreateModel(
            name='FrozenMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('figure', '数字'), ('names', '名称'), ('record', '记录')], max_length=8)),
                ('section', models.CharField(max_length=40)),
                ('order', models.IntegerField()),
                ('reference', models.CharField(max_length=300)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('printed', models.CharField(max_length=2000)),
                ('before', models.CharField(blank=True, max_length=60)),
                ('after', models.CharField(blank=True, max_length=60)),
                ('start', models.IntegerField(default=-1)),
                ('sentence', models.TextField(blank=True)),
                ('place', models.CharField(max_length=20)),
                ('period', models.CharField(max_length=30)),
                ('value', models.CharField(blank=True, max_length=60)),
                ('unit', models.CharField(blank=True, max_length=20)),
                ('presence', models.CharField(blank=True, max_length=14)),
                ('status', models.CharField(blank=True, max_length=10)),
                ('definition', models.CharField(blank=True, max_length=64)),
                ('rows', models.IntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('owner', models.CharField(blank=True, max_length=60)),
                ('stands_on', models.CharField(blank=True, max_length=300)),
                ('frozen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='reports.frozen')),
            ],
            options={
                'ordering': ['order'],
                'constraints': [models.UniqueConstraint(fields=('frozen', 'mark'), name='frozen_mark_once')],
            },
        ),
        migrations.CreateModel(
            name='SectionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.IntegerField()),
                ('heading', models.CharField(blank=True, max_length=100)),
                ('included', models.BooleanField(default=True)),
                ('blocks', models.JSONField(default=list)),
                ('cause', models.CharField(max_length=12)),
                ('known_from', models.DateTimeField()),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='section_versions', to='records.act')),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='reports.section')),
            ],
            options={
                'ordering': ['section', '-version'],
                'constraints': [models.UniqueConstraint(fields=('section', 'version'), name='section_version_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(fields=('summary', 'code'), name='section_once_in_a_summary'),
        ),
    ]
