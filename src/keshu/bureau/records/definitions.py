"""The definitions that records were made under, kept as they stood when they were first used."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from keshu.bureau.records.models import Definition
from keshu.catalogue.hashing import definition_hash
from keshu.catalogue.schema import Definition as CatalogueDefinition


@dataclass(frozen=True)
class Drift:
    """A definition whose content changed under a version that was already used."""

    kind: str
    code: str
    version: int
    message: str


_seen: set[tuple[str, str, int]] = set()


def use(kind: str, definition: CatalogueDefinition, *, at: datetime) -> None:
    """Keep the definition's content at its first use; a no-op afterwards. Call inside the writing transaction."""
    name = (kind, definition.code, definition.version)
    if name in _seen:
        return
    Definition.objects.get_or_create(
        kind=kind,
        code=definition.code,
        version=definition.version,
        defaults={
            "sha256": definition_hash(definition),
            "content": definition.model_dump(mode="json", by_alias=True),
            "first_used_at": at,
        },
    )
    transaction.on_commit(lambda: _seen.add(name))


def drifts(current: dict[str, dict[str, CatalogueDefinition]]) -> list[Drift]:
    """Used versions whose content is another now; a start-up error, because old figures would silently change."""
    found = []
    for row in Definition.objects.all():
        definition = current.get(row.kind, {}).get(row.code)
        if definition is None or definition.version != row.version or definition_hash(definition) == row.sha256:
            continue
        message = _(
            "口径 %(code)s 第 %(version)s 版已被使用，内容却被改动；请恢复原内容，或将 version 加一另立新版"
        ) % {
            "code": row.code,
            "version": row.version,
        }
        found.append(Drift(row.kind, row.code, row.version, message))
    return found


def old_content(kind: str, code: str, version: int) -> dict[str, Any] | None:
    """The content of a version that was used, whatever the catalogue says today."""
    row = Definition.objects.filter(kind=kind, code=code, version=version).first()
    return row.content if row else None


def newest_content(kind: str, code: str) -> dict[str, Any] | None:
    """The content of the newest version that was kept under the code."""
    row = Definition.objects.filter(kind=kind, code=code).order_by("-version").first()
    return row.content if row else None
