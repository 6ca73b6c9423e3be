import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0001_initial'),
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('organisation', '单位'), ('person', '个人')], default='organisation', max_length=12)),
                ('name', models.CharField(max_length=200)),
                ('normal_name', models.CharField(db_index=True, max_length=200)),
                ('short', models.CharField(blank=True, max_length=40)),
                ('uscc', models.CharField(max_length=18, null=True, unique=True)),
                ('blind', models.CharField(max_length=64, null=True, unique=True)),
                ('provisional', models.BooleanField(default=False)),
                ('withdrawn', models.BooleanField(default=False)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='records.act')),
                ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='places.place')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('uscc', ''), _negated=True), name='party_code_is_null_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='PartyMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('known_from', models.DateTimeField()),
                ('known_to', models.DateTimeField(null=True)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merged_into', to='parties.party')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='parties.party')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='merge_needs_two'), models.UniqueConstraint(condition=models.Q(('known_to__isnull', True)), fields=('source',), name='merged_once')],
            },
        ),
        migrations.CreateModel(
            name='PartyName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('normal_name', models.CharField(db_index=True, max_length=200)),
                ('kind', models.CharField(choices=[('current', '现用名'), ('former', '曾用名'), ('alias', '别名')], max_length=8)),
                ('until', models.DateField(null=True)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='parties.party')),
            ],
        ),
        migrations.CreateModel(
            name='PersonKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wrapped', models.BinaryField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
                ('party', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='personal_key', to='parties.party')),
            ],
        ),
    ]
