import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import keshu.bureau.records.fields
from keshu.bureau.records.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0004_publicity"),
        ("records", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="Advice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("support", "建议支持"), ("oppose", "建议不支持")], max_length=7, verbose_name="建议"
                    ),
                ),
                ("amount", keshu.bureau.records.fields.MoneyField(null=True, verbose_name="建议金额")),
                ("grade", models.CharField(blank=True, max_length=40, verbose_name="建议等级")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.act"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="advices", to="programmes.application"
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.act"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("replaced_by__isnull", True)), fields=("application",), name="case_has_one_advice"
                    ),
                    models.CheckConstraint(
                        condition=Q(("amount__isnull", True), ("amount__gte", 0), _connector="OR"),
                        name="advised_amount_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperRecommendation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signed_on", models.DateField(verbose_name="盖章日期")),
                ("reason", models.CharField(max_length=300, verbose_name="代为登记的原因")),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.act"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_recommendations",
                        to="programmes.application",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.file"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="batch",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="problem",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["state", "-id"], name="batch_newest"),
        ),
        migrations.AddIndex(
            model_name="stage",
            index=models.Index(
                condition=Q(("left_at__isnull", True)), fields=["state", "due_on"], name="stage_open_state"
            ),
        ),
        migrations.AddIndex(
            model_name="stage",
            index=models.Index(condition=Q(("left_at__isnull", True)), fields=["due_on", "id"], name="stage_open_due"),
        ),
        append_only("programmes.Advice", closing="replaced_by_id"),
        append_only("programmes.PaperRecommendation"),
    ]
