"""Party numbers for the names in a row, with whatever has to be said about them."""

from collections.abc import Iterable
from typing import Any

from keshu.bureau.ledgers.importing.drafts import Draft, RowReader
from keshu.bureau.ledgers.importing.findings import ERROR, WARNING
from keshu.bureau.parties.resolving import Resolver
from keshu.catalogue.schema import Field
from keshu.kernel.typed import Problem


def settle(draft: Draft, reader: RowReader, resolver: Resolver) -> None:
    """Replace names by parties in the draft's values."""
    for item in reader.parties:
        names = draft.names.get(item.code)
        if names:
            _settle_field(draft, reader, item, names, resolver)


def _settle_field(draft: Draft, reader: RowReader, item: Field, names: tuple[str, ...], resolver: Resolver) -> None:
    uscc, place = str(draft.values.get(reader.code_of.get(item.code, ""), "")), draft.values.get(reader.place)
    found: list[int] = []
    for order, name in enumerate(names):
        answer = resolver.find(name, uscc="" if order else uscc, place_id=place, row=draft.row)
        if answer.problem is not None:
            severity = ERROR if answer.fatal else WARNING
            draft.findings.append(reader.finding(draft, item.code, answer.problem, severity))
        if answer.party is not None and answer.party not in found:
            found.append(answer.party)
    if not found:
        return
    draft.values[item.code] = found if item.type == "parties" else found[0]
    if item.type == "party" and len(names) > 1:
        message = f"“{item.name}”只能有一个单位，这里有{len(names)}个，只取“{names[0]}”"
        problem = Problem("several-parties", message, "请把其余单位填入合作单位等栏")
        draft.findings.append(reader.finding(draft, item.code, problem, WARNING))


def mentioned(values: dict[str, Any], fields: Iterable[Field]) -> list[int]:
    """The party numbers in a row's values; `fields` are the ones that hold parties."""
    found: list[int] = []
    for item in fields:
        value = values.get(item.code)
        if item.type == "party" and isinstance(value, int):
            found.append(value)
        elif item.type == "parties" and value:
            found += value
    return found
