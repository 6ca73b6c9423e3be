from django.db import migrations

from keshu.bureau.records.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [
        append_only("reports.SectionVersion"),
        append_only("reports.Signature"),
        append_only("reports.Frozen"),
        append_only("reports.FrozenMark"),
    ]
