"""Whether a form holds together: codes, types, sums, sources to fill it from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from keshu.catalogue.problems import Flaw
from keshu.catalogue.proving.programmes_names import NUMERIC
from keshu.catalogue.schema.programme_form import FormField, Section, Table
from keshu.catalogue.schema.programme_words import ACCOUNT_FIELDS, CALL_FIELDS, PARTY_FIELDS

if TYPE_CHECKING:
    from keshu.catalogue.loader import Catalogue

Path: TypeAlias = tuple[str | int, ...]
_PERSONAL_TYPES = frozenset({"idcard", "phone"})
_SOURCES = {"party": PARTY_FIELDS, "account": ACCOUNT_FIELDS, "call": CALL_FIELDS}


def section_flaws(section: Section, path: Path, catalogue: Catalogue) -> Iterator[Flaw]:
    """What one section gets wrong by itself, whoever uses it."""
    if not section.fields and not section.tables:
        yield Flaw(path, f"“{section.name}”一项内容也没有", "补写 fields 或 tables")
    seen: set[str] = set()
    for at, field in enumerate(section.fields):
        yield from _field(field, (*path, "fields", at), seen, catalogue)
    for at, table in enumerate(section.tables):
        here = (*path, "tables", at)
        if table.code in seen:
            yield Flaw((*here, "code"), f"代码“{table.code}”重复", "每个字段和表用自己的代码")
        seen.add(table.code)
        yield from _table(table, here, catalogue)


def _table(table: Table, path: Path, catalogue: Catalogue) -> Iterator[Flaw]:
    seen: set[str] = set()
    for at, column in enumerate(table.columns):
        yield from _field(column, (*path, "columns", at), seen, catalogue)
    types = {column.code: column.type for column in table.columns}
    for at, code in enumerate(table.sums):
        if types.get(code) not in NUMERIC:
            yield Flaw((*path, "sums", at), f"合计的列“{code}”不是本表的数值列", "写数值列的代码")
    sources = {column.prefill.partition(".")[0] for column in table.columns if column.prefill}
    if len(sources) > 1 or sources & set(_SOURCES):
        yield Flaw((*path, "columns"), "表格各列的预填来源不是同一本台账", "一张表只从一本台账带入各行")
    if table.least > table.most:
        yield Flaw((*path, "least"), "最少行数大于最多行数", "核对 least 与 most")


def _field(field: FormField, path: Path, seen: set[str], catalogue: Catalogue) -> Iterator[Flaw]:
    if field.code in seen:
        yield Flaw((*path, "code"), f"代码“{field.code}”重复", "每个字段和表用自己的代码")
    seen.add(field.code)
    if (field.type == "code") != bool(field.codes):
        remedy = "在 codes 中列出各个取值" if field.type == "code" else "删去 codes，或把类型改为 code"
        yield Flaw((*path, "codes"), f"字段“{field.name}”的类型与取值表不符", remedy)
    if field.default is not None and field.codes and field.default not in field.codes:
        yield Flaw((*path, "default"), f"默认值“{field.default}”不在取值表中", "写取值表中的代码")
    if field.type in _PERSONAL_TYPES and not field.personal:
        yield Flaw((*path, "personal"), f"字段“{field.name}”是个人信息却没有标明", "加上 personal: true")
    for attribute in ("maps", "infer", "of", "until"):
        if getattr(field, attribute) is not None:
            yield Flaw((*path, attribute), f"申报书的字段不写 {attribute}", "删去它；写入台账的办法写在 outcomes")
    if field.prefill is not None:
        yield from _prefill(field.prefill, (*path, "prefill"), catalogue)


def _prefill(text: str, path: Path, catalogue: Catalogue) -> Iterator[Flaw]:
    source, _dot, rest = text.partition(".")
    code, _at, year = rest.partition("@")
    if source in _SOURCES:
        if code not in _SOURCES[source] or year:
            yield Flaw(
                path, f"预填来源“{text}”没有这一项", f"可以写：{'、'.join(f'{source}.{k}' for k in _SOURCES[source])}"
            )
        return
    ledger = catalogue.ledgers.get(source)
    if ledger is None:
        yield Flaw(path, f"预填来源没有“{source}”", "写 party、account、call 或台账代码", source)
    elif ledger.field(code) is None:
        yield Flaw(path, f"台账“{ledger.name}”没有字段“{code}”", "写该台账的字段代码")
    elif year and ledger.reporting != "yearly":
        yield Flaw(path, f"台账“{ledger.name}”不是按年度的", "删去 @ 和后面的年份")
