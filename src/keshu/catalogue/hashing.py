"""What a definition computes, as a hash: rewording a name does not change it, changing a rule does."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from keshu.catalogue.schema.base import LABELS, Definition
from keshu.catalogue.schema.ledger import Ledger
from keshu.catalogue.standard import is_standard


def definition_hash(model: Definition) -> str:
    """SHA-256 over everything but names, aliases, labels, help, owner and the fields that every ledger has.

    Parts at their default are left out, so a schema that grows leaves old hashes as they are.
    """
    text = json.dumps(_content(model), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def definition_content(model: Definition) -> dict[str, Any]:
    """The whole definition as plain JSON data, labels included: what is stored when a version is first used."""
    return model.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _content(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _parts(value)
    if isinstance(value, dict):
        return {str(key): _content(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_content(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"cannot hash {type(value).__name__}")


def _parts(model: BaseModel) -> dict[str, Any]:
    left_out = (LABELS | getattr(model, "unhashed", frozenset())) - getattr(model, "hashed", frozenset())
    parts: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if name in left_out or (not field.is_required() and value == field.get_default(call_default_factory=True)):
            continue
        if isinstance(model, Ledger) and name == "fields":
            value = [one for one in value if not is_standard(one)]
        parts[name] = _content(value)
    for name, value in (model.model_extra or {}).items():
        parts[name] = _content(value)
    return parts
