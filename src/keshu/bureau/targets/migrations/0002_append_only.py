from django.db import migrations

from keshu.bureau.records.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("targets", "0001_initial")]
    operations = [
        append_only("targets.Target"),
        append_only("targets.TargetRevision", closing="known_to"),
    ]
