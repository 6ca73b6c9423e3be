from django.db import migrations

from keshu.bureau.records.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0001_initial")]
    operations = [
        append_only("ledgers.Revision", closing="known_to"),
        append_only("ledgers.EntryParty"),
        append_only("ledgers.Report", closing="known_to"),
    ]
