from django.db import migrations

from keshu.bureau.records.triggers import append_only


def begin_chain(apps, editor):
    apps.get_model("records", "Head").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.RunPython(begin_chain, migrations.RunPython.noop),
        append_only("records.Act"),
        append_only("records.Link"),
        append_only("records.Definition"),
        append_only("records.File"),
        append_only("records.Passage"),
    ]
