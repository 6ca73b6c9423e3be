import django.db.models.deletion
from django.db import migrations, models


def _act() -> models.ForeignKey:
    return models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.act")


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_applying_receipts"), ("records", "0001_initial"), ("ledgers", "0001_initial")]
    operations = [
        migrations.RemoveConstraint(model_name="issueddocument", name="document_number_once"),
        migrations.AddField(
            model_name="caseentry",
            name="former",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledgers.entry"
            ),
        ),
        migrations.AddField(model_name="publicity", name="withdrawn_by", field=_act()),
        migrations.AddField(model_name="objection", name="by_letter", field=models.BooleanField(default=False)),
        migrations.AlterField(
            model_name="objection", name="ticket", field=models.CharField(max_length=64, unique=True)
        ),
        migrations.AddField(model_name="issueddocument", name="dropped_by", field=_act()),
        migrations.AddField(
            model_name="issueddocument", name="text", field=models.TextField(blank=True, verbose_name="正文")
        ),
        migrations.AlterField(
            model_name="issueddocument", name="issued_on", field=models.DateField(null=True, verbose_name="成文日期")
        ),
        migrations.AlterField(
            model_name="issueddocument",
            name="number",
            field=models.CharField(blank=True, max_length=80, verbose_name="文号"),
        ),
        migrations.AddField(model_name="documentitem", name="grade", field=models.CharField(blank=True, max_length=40)),
        migrations.AddField(
            model_name="documentitem",
            name="result",
            field=models.CharField(
                blank=True,
                choices=[("", "未写结果"), ("approved", "通过"), ("rejected", "未通过")],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("issuer", "number"),
                name="document_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(issued_on__isnull=True, number=""),
                    models.Q(models.Q(("number", ""), _negated=True), ("issued_on__isnull", False)),
                    _connector="OR",
                ),
                name="numbered_document_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("dropped_by__isnull", True), ("number", ""), _connector="OR"),
                name="numbered_document_is_not_dropped",
            ),
        ),
    ]
