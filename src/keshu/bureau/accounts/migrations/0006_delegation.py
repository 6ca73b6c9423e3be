import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from keshu.bureau.records.triggers import append_only


def _to(model, related):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=related, to=model)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_claims"), ("records", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("reason", models.CharField(max_length=200)),
                ("ended_at", models.DateTimeField(null=True)),
                ("act", _to("records.act", "+")),
                ("deputy", _to(settings.AUTH_USER_MODEL, "standing_in")),
                ("user", _to(settings.AUTH_USER_MODEL, "delegations")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["deputy", "ends_on"], name="standing_in"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("deputy")), _negated=True), name="delegation_needs_two"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="delegation_ends_after_it_begins",
                    ),
                ],
            },
        ),
        append_only("accounts.Delegation", closing="ended_at"),
    ]
