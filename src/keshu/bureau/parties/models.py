"""Organisations and people: one master record each, whoever mentions them."""

from django.db import models
from django.db.models import F, Q

from keshu.bureau.places.models import Place
from keshu.bureau.records.fields import MoneyField
from keshu.bureau.records.models import Act


class Party(models.Model):
    """An organisation (by unified social credit code) or a person (by the blind index of the ID number)."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", "单位"
        PERSON = "person", "个人"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ORGANISATION)
    name = models.CharField(max_length=200)
    normal_name = models.CharField(max_length=200, db_index=True)
    short = models.CharField(max_length=40, blank=True)
    uscc = models.CharField(max_length=18, null=True, unique=True)
    blind = models.CharField(max_length=64, null=True, unique=True)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="parties")
    provisional = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="parties")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(uscc=""), name="party_code_is_null_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class PartyName(models.Model):
    """A name that the party bears or bore, in the form used for matching; former names keep old rows findable."""

    class Kind(models.TextChoices):
        CURRENT = "current", "现用名"
        FORMER = "former", "曾用名"
        ALIAS = "alias", "别名"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    normal_name = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=8, choices=Kind)
    until = models.DateField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")


class PartyMerge(models.Model):
    """`source` turned out to be `target`; read at a known-at, so that old figures stay what they were."""

    source = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="merged_into")
    target = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="merged_from")
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="merge_needs_two"),
            models.UniqueConstraint(fields=["source"], condition=Q(known_to__isnull=True), name="merged_once"),
        ]


class PersonKey(models.Model):
    """The key under which one person's fields are encrypted, itself wrapped; without it they are gone for good."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="personal_key")
    wrapped = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)


class PartyFacts(models.Model):
    """What an organisation says of itself, as it was known at a time; a change closes one row and opens the next."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="facts")
    unit_type = models.CharField(max_length=10, blank=True)  # one of APPLICANT_TYPES; empty: not told
    registered_on = models.DateField(null=True)
    address = models.CharField(max_length=200, blank=True)
    legal_person = models.CharField(max_length=50, blank=True)
    industry = models.CharField(max_length=100, blank=True)
    capital = MoneyField(null=True)
    phone = models.TextField(blank=True)  # sealed (parties.personal)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(known_to__isnull=True), name="one_current_description_of_a_party"
            ),
            models.CheckConstraint(
                condition=Q(capital__isnull=True) | Q(capital__gte=0), name="capital_is_not_below_zero"
            ),
            models.CheckConstraint(condition=Q(phone="") | Q(phone__startswith="s1:"), name="party_phone_is_sealed"),
        ]
