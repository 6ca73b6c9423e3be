"""The fields that every ledger has without saying so."""

from __future__ import annotations

from typing import Final

from keshu.catalogue.headers import normalise_header
from keshu.catalogue.schema.ledger import Field, Ledger

PLACE = Field(
    code="place",
    name="所属区划",
    type="place",
    maps="place",
    aliases=(
        "区划", "所属县区", "所属区县", "所属县市区", "所属地区", "所在县区", "所在区县", "所在地区", "所属区域",
        "县区", "区县", "县市区", "县（市、区）", "县（区）", "所属地", "行政区划", "属地", "辖区",
    ),
    help="留空时取导入时选定的区划",
)  # fmt: skip
REMARK = Field(code="remark", name="备注", type="longtext", aliases=("说明", "附注", "备注说明"), help="原表的备注")
HIGHLIGHT = Field(
    code="highlight",
    name="亮点",
    type="bool",
    aliases=("是否亮点", "星标"),
    help="总结中可以点名举例的条目",
)
STORY = Field(
    code="story",
    name="一句话",
    type="text",
    aliases=("一句话说明", "亮点说明"),
    help="经办人写的一句话，举例时照用",
)

_BY_CODE: Final = {field.code: field for field in (PLACE, REMARK, HIGHLIGHT, STORY)}
STANDARD_CODES: Final = frozenset(_BY_CODE)


def with_standard_fields(ledger: Ledger) -> Ledger:
    """The ledger with ``place`` (where it has no place of its own), ``remark``, ``highlight`` and ``story``."""
    have = {field.code for field in ledger.fields}
    taken = ledger.headers()
    added = [field for field in (REMARK, HIGHLIGHT, STORY) if field.code not in have]
    if ledger.mapped("place") is None and "place" not in have:
        added.insert(0, PLACE)
    return ledger.model_copy(update={"fields": (*ledger.fields, *(_without(field, taken) for field in added))})


def _without(field: Field, taken: dict[str, str]) -> Field:
    """The field without the aliases that a field of the ledger already answers to."""
    free = tuple(alias for alias in field.aliases if normalise_header(alias) not in taken)
    return field if free == field.aliases else field.model_copy(update={"aliases": free})


def is_standard(field: Field) -> bool:
    """Whether the loader added this field, whatever aliases it had to leave to others."""
    one = _BY_CODE.get(field.code)
    return one is not None and (field.name, field.type, field.maps) == (one.name, one.type, one.maps)
