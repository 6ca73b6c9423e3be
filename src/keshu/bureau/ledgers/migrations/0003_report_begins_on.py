from django.db import migrations, models

from keshu.bureau.records.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0002_append_only")]
    operations = [
        migrations.AddField("report", "begins_on", models.DateField(null=True)),
        append_only("ledgers.Report", closing="known_to"),  # again: it guards the columns that it knows
    ]
