"""The tree province > city > county > town, with bureaus and sections under their place, as it was on any day."""

from django.db import models

from keshu.bureau.records.models import Act


class Place(models.Model):
    """A node; where it hangs is told by its spans. `code` is the GB/T 2260 code, or one of ours for sections."""

    class Kind(models.TextChoices):
        PROVINCE = "province", "省"
        CITY = "city", "市"
        COUNTY = "county", "县(市、区)"
        ZONE = "zone", "开发区"
        TOWN = "town", "乡镇(街道)"
        BUREAU = "bureau", "局"
        SECTION = "section", "科室"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    short = models.CharField(max_length=30)
    kind = models.CharField(max_length=10, choices=Kind)
    aliases = models.JSONField(default=list)
    order = models.IntegerField(default=0)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class PlaceSpan(models.Model):
    """Where a place hung from one day to another. `path` joins codes with "/" and ends in one: 990100/990121/."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="spans")
    path = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["path"]), models.Index(fields=["place", "valid_from"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="span_ends_after_it_begins",
            )
        ]
