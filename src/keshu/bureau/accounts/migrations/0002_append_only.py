from django.db import migrations

from keshu.bureau.records.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        append_only("accounts.Unmasking"),
    ]
