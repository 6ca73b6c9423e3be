from django.db import migrations

from keshu.bureau.records.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]
    operations = [
        append_only("parties.PartyName"),
        append_only("parties.PartyMerge", closing="known_to"),
    ]
