import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programmes", "0005_handling_batches"), ("records", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="ArchiveIndex",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rows", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.act"),
                ),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="archive", to="programmes.application"
                    ),
                ),
            ],
        ),
    ]
