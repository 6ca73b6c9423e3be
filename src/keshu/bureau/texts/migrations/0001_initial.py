import django.db.models.deletion
import keshu.bureau.records.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0002_append_only'),
        ('records', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Text',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.IntegerField()),
                ('kind', models.CharField(choices=[('draft', '草稿'), ('final', '定稿'), ('other', '其他材料')], default='draft', max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('file_name', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.BigIntegerField()),
                ('added_by', models.CharField(max_length=150)),
                ('added_name', models.CharField(blank=True, max_length=100)),
                ('added_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('queued', '排队中'), ('reading', '正在读取'), ('ready', '已核校'), ('failed', '未能读取')], default='queued', max_length=10)),
                ('message', models.TextField(blank=True)),
                ('step', models.IntegerField(default=0)),
                ('touched_at', models.DateTimeField()),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='places.place')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['place', 'year'], name='texts_text_place_i_6459d8_idx'), models.Index(fields=['sha256'], name='texts_text_sha256_210755_idx')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.TextField()),
                ('blocks', models.JSONField(default=list)),
                ('figures', models.JSONField(default=list)),
                ('findings', models.JSONField(default=list)),
                ('notes', models.JSONField(default=list)),
                ('read_at', models.DateTimeField()),
                ('text', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reading', to='texts.text')),
            ],
        ),
        migrations.CreateModel(
            name='Judgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('passage', models.CharField(max_length=64)),
                ('verdict', models.CharField(choices=[('verified', '已核实无误'), ('corrected', '已改')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('by', models.CharField(max_length=150)),
                ('by_name', models.CharField(blank=True, max_length=100)),
                ('at', models.DateTimeField()),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.act')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                ('text', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='judgements', to='texts.text')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('place', 'passage'), name='one_judgement_for_a_passage')],
            },
        ),
        migrations.CreateModel(
            name='TextFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('start', models.IntegerField()),
                ('said', models.CharField(max_length=100)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('value', keshu.bureau.records.fields.QuantityField(null=True)),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('kind', models.CharField(max_length=20)),
                ('scope', models.CharField(blank=True, max_length=60)),
                ('period', models.CharField(blank=True, max_length=60)),
                ('role', models.CharField(max_length=10)),
                ('indicator', models.CharField(blank=True, db_index=True, max_length=80)),
                ('verdict', models.CharField(blank=True, max_length=20)),
                ('text', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='texts.text')),
            ],
            options={
                'indexes': [models.Index(fields=['text', 'number'], name='texts_textf_text_id_d5a638_idx')],
            },
        ),
        migrations.CreateModel(
            name='TextFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('code', models.CharField(max_length=80)),
                ('severity', models.CharField(max_length=10)),
                ('certainty', models.CharField(max_length=10)),
                ('passage', models.CharField(max_length=64)),
                ('text', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='texts.text')),
            ],
            options={
                'indexes': [models.Index(fields=['text', 'number'], name='texts_textf_text_id_9ca6a5_idx'), models.Index(fields=['passage'], name='texts_textf_passage_93e19d_idx')],
            },
        ),
    ]
