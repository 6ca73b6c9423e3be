"""Decimals that the database only keeps, never adds: as text, exact on both engines."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExactField(models.CharField):
    """A Decimal stored as plain digits, without exponent and without trailing zeros."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise ValidationError(_("数值不得以浮点数传入"), code="float")
        return Decimal(value)

    def get_prep_value(self, value: Any) -> str | None:
        number = self.to_python(value)
        return None if number is None else plain(number)

    def value_to_string(self, obj: Any) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""


def plain(number: Decimal) -> str:
    """The shortest plain spelling: 1E+3 becomes 1000, 2.50 becomes 2.5."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
