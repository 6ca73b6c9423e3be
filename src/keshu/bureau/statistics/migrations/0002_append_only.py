from django.db import migrations

from keshu.bureau.records.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("statistics", "0001_initial")]
    operations = [
        append_only("statistics.Source"),
        append_only("statistics.Heading", closing="known_to"),
        append_only("statistics.ReceivedValue", closing="known_to"),
    ]
