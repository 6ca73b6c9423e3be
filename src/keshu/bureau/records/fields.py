"""Whole numbers in the database, Decimal to everybody else.

SQLite keeps a Decimal column as a binary float: 98,765,432,109,876.54 comes back ending in .50. Money is therefore
stored as whole 分 and quantities as whole 1/10,000.
"""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

LIMIT = 2**63 - 1


class ScaledField(models.BigIntegerField):
    """A Decimal with a fixed number of places, kept as a BIGINT; refuses what it cannot keep exactly."""

    places = 0

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise ValidationError(_("金额与数量不得以浮点数传入"), code="float")
        return Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        if hasattr(value, "resolve_expression"):
            return value
        scaled = self.to_python(value).scaleb(self.places)
        whole = int(scaled)
        if whole != scaled or abs(whole) > LIMIT:
            raise ValidationError(
                _("%(value)s 超出可存储的精度或范围(保留 %(places)s 位小数)"),
                code="precision",
                params={"value": value, "places": self.places},
            )
        return whole


class MoneyField(ScaledField):
    """Yuan, kept as whole 分."""

    places = 2


class QuantityField(ScaledField):
    """Any measured quantity, kept to four places."""

    places = 4
