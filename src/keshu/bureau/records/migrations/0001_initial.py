import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Head',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.BigIntegerField(default=0)),
                ('hash', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=60)),
                ('by', models.CharField(max_length=150)),
                ('by_name', models.CharField(blank=True, max_length=100)),
                ('at', models.DateTimeField()),
                ('known_on', models.DateField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('place', models.CharField(blank=True, max_length=20)),
                ('note', models.JSONField(default=dict)),
                ('undoes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='records.act')),
            ],
            options={
                'indexes': [models.Index(fields=['-at'], name='records_act_at_2de3b6_idx'), models.Index(fields=['verb', '-at'], name='records_act_verb_2b7e8e_idx'), models.Index(fields=['subject'], name='records_act_subject_ce995c_idx')],
            },
        ),
        migrations.CreateModel(
            name='Definition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('code', models.CharField(max_length=80)),
                ('version', models.IntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.JSONField()),
                ('first_used_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'code', 'version'), name='definition_version_once')],
            },
        ),
        migrations.CreateModel(
            name='File',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=255)),
                ('mime', models.CharField(max_length=100)),
                ('size', models.BigIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='records.act')),
            ],
            options={
                'indexes': [models.Index(fields=['sha256'], name='records_fil_sha256_85f761_idx')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.BigIntegerField(unique=True)),
                ('parts', models.JSONField(default=dict)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('act', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='link', to='records.act')),
            ],
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('machine', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=80)),
                ('event', models.CharField(max_length=40)),
                ('from_state', models.CharField(max_length=40)),
                ('to_state', models.CharField(max_length=40)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passages', to='records.act')),
            ],
            options={
                'indexes': [models.Index(fields=['machine', 'subject'], name='records_pas_machine_cd68c3_idx')],
            },
        ),
    ]
