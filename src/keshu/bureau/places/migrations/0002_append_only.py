from django.db import migrations

from keshu.bureau.records.triggers import append_only


def compare_bytes(apps, editor):
    """Paths are compared as ranges; a locale's collation would let "990121/" fall outside its own county."""
    if editor.connection.vendor == "postgresql":
        editor.execute('ALTER TABLE places_placespan ALTER COLUMN path TYPE varchar(200) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [
        migrations.RunPython(compare_bytes, migrations.RunPython.noop),
        append_only("places.PlaceSpan", closing="known_to"),
    ]
