from django.db import migrations

from keshu.bureau.records.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]
    operations = [
        append_only("programmes.Extension"),
        append_only("programmes.FormVersion"),
        append_only("programmes.CheckVerdict", closing="replaced_by_id"),
        append_only("programmes.Score", closing="withdrawn_by_id"),
        append_only("programmes.Decision", closing="withdrawn_by_id"),
        append_only("programmes.Correction"),
        append_only("programmes.Verdict", closing="replaced_by_id"),
        append_only("programmes.Conclusion", closing="withdrawn_by_id"),
    ]
