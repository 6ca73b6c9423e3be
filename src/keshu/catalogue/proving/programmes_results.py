"""Whether points, money, outcomes and papers of a programme refer to what is there and add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from keshu.catalogue.problems import Flaw
from keshu.catalogue.programme_judging import parameter_facts
from keshu.catalogue.proving.programmes_names import Known, kind_of_field
from keshu.catalogue.proving.programmes_rules import Path, formula_flaws, rule_flaws
from keshu.catalogue.proving.programmes_stages import limit_flaws
from keshu.catalogue.proving.where import where_flaws
from keshu.catalogue.schema import Ledger
from keshu.catalogue.schema.programme import Outcome, Programme
from keshu.catalogue.schema.programme_money import Money, ScoreItem, ScoreSheet
from keshu.catalogue.schema.programme_parts import BandRow, TierRow
from keshu.catalogue.schema.programme_words import TEMPLATES
from keshu.kernel.rules import compile_formula, gaps

if TYPE_CHECKING:
    from keshu.catalogue.loader import Catalogue


def tier_flaws(rows: tuple[TierRow, ...], path: Path) -> Iterator[Flaw]:
    """Holes and overlaps of a point table."""
    for bound, what in gaps([row.tier for row in rows]):
        said = "有空缺" if what == "hole" else "有重叠"
        yield Flaw(
            path, f"分档在 {bound.normalize():f} 处{said}", "核对各档的上下限：from、to 含本数，above、below 不含"
        )


def band_flaws(rows: tuple[BandRow, ...], path: Path) -> Iterator[Flaw]:
    starts = [row.above for row in rows]
    if starts != sorted(set(starts)):
        yield Flaw(path, "各段的起点没有从小到大排列", "按 above 从小到大写，不得重复")


def scoring_flaws(sheet: ScoreSheet, known: Mapping[str, Known]) -> Iterator[Flaw]:
    total = sum((group.most for group in sheet.groups), Decimal(0))
    if total != sheet.full:
        yield Flaw(("scoring", "full"), f"各组满分合计 {total}，不等于总分 {sheet.full}", "核对各组的 most 与 full")
    seen: set[str] = set()
    for at, group in enumerate(sheet.groups):
        if sum((item.most for item in group.items), Decimal(0)) < group.most:
            yield Flaw(("scoring", "groups", at), f"“{group.name}”各项加起来达不到满分 {group.most}", "核对各项的 most")
        for number, item in enumerate(group.items):
            here = ("scoring", "groups", at, "items", number)
            if item.code in seen:
                yield Flaw((*here, "code"), f"评分项代码“{item.code}”重复", "每项用自己的代码")
            seen.add(item.code)
            yield from _item_flaws(item, here, known)
    if sheet.passes:
        yield from rule_flaws(sheet.passes, ("scoring", "passes"), known, later=True)


def _item_flaws(item: ScoreItem, path: Path, known: Mapping[str, Known]) -> Iterator[Flaw]:
    if item.by == "computed" and item.of is None:
        yield Flaw((*path, "of"), f"“{item.name}”由系统计分却没有写按什么计", "在 of 中写计算项的名称")
    if item.of is not None and (item.of not in known or known[item.of].kind not in ("number", "any")):
        yield Flaw((*path, "of"), f"“{item.name}”所按的“{item.of}”不是一个数", "写计算项或数值字段的名称")
    if item.bands and item.of is not None:
        yield from tier_flaws(item.bands, (*path, "bands"))
    for number, row in enumerate(item.bands):
        if row.value > item.most or (row.lowest is not None and row.lowest > row.value):
            yield Flaw((*path, "bands", number), f"“{item.name}”的一档超出满分或高低颠倒", "核对 value、lowest 与 most")


def money_flaws(programme: Programme, money: Money, known: Mapping[str, Known], catalogue: Catalogue) -> Iterator[Flaw]:
    events = programme.ladder.events()
    for part in ("amount", "most", "least"):
        if (text := getattr(money, part)) is not None:
            yield from formula_flaws(text, ("money", part), known, kind="number", later=True)
    for at, row in enumerate(money.instalments):
        here = ("money", "instalments", at)
        if row.on not in events:
            yield Flaw((*here, "on"), f"流程中没有事件“{row.on}”", "写流程中的事件代码")
        if row.when:
            yield from rule_flaws(row.when, (*here, "when"), known, later=True)
        yield from formula_flaws(row.share, (*here, "share"), known, kind="number", later=True)
    facts = parameter_facts(catalogue.parameters, programme.valid_to or date(2999, 1, 1))
    shares = [compile_formula(row.share).value(facts) for row in money.instalments]
    if shares and None not in shares and sum(shares, Decimal(0)) != 1:
        yield Flaw(("money", "instalments"), "各期拨款比例加起来不是 100%", "核对各期的 share")


def outcome_flaws(programme: Programme, known: Mapping[str, Known], catalogue: Catalogue) -> Iterator[Flaw]:
    filled: dict[str, set[str]] = {}
    for at, outcome in enumerate(programme.outcomes):
        path: Path = ("outcomes", at)
        ledger = catalogue.ledgers.get(outcome.ledger)
        if ledger is None:
            message = f"没有“{outcome.ledger}”这个台账"
            yield Flaw((*path, "ledger"), message, "写已有台账的代码", outcome.ledger)
            continue
        yield from _one_outcome(programme, outcome, ledger, path, known, catalogue)
        filled.setdefault(ledger.code, set()).update(outcome.set, outcome.fields)
    for code, fields in filled.items():
        ledger = catalogue.ledgers[code]
        for field in ledger.fields:
            if field.required and field.default is None and field.code not in fields:
                message = f"写入台账“{ledger.name}”缺少必填字段“{field.name}”（{field.code}）"
                yield Flaw(("outcomes",), message, "在 set 或 fields 中补写")


def _one_outcome(
    programme: Programme, outcome: Outcome, ledger: Ledger, path: Path, known: Mapping[str, Known], catalogue: Catalogue
) -> Iterator[Flaw]:
    for number, event in enumerate(outcome.on):
        if event not in programme.ladder.events():
            yield Flaw((*path, "on", number), f"流程中没有事件“{event}”", "写流程中的事件代码")
    yield from where_flaws(ledger, dict(outcome.set), (*path, "set"), mapped=False)
    for code, text in outcome.fields.items():
        field, here = ledger.field(code), (*path, "fields", code)
        if field is None:
            yield Flaw(here, f"台账“{ledger.name}”没有字段“{code}”", "写该台账的字段代码")
            continue
        yield from formula_flaws(text, here, known, kind=kind_of_field(field).replace("any", ""), later=True)
    if outcome.validity is not None:
        yield from limit_flaws(outcome.validity.length, (*path, "validity", "length"), catalogue)
        if (outcome.validity.length is None) != outcome.validity.given:
            yield Flaw((*path, "validity"), "有效期写法不对", "写 length，或写 given: true 表示由上级公布")
        if not any("有效期至" in compile_formula(text).names for text in outcome.fields.values()):
            yield Flaw(
                (*path, "validity"), "写了有效期却没有把“有效期至”写入台账", "在 fields 中写明哪个字段是“有效期至”"
            )


def document_flaws(programme: Programme) -> Iterator[Flaw]:
    for at, document in enumerate(programme.documents):
        if document.template not in TEMPLATES:
            message = f"没有“{document.template}”这个文书样式"
            yield Flaw(("documents", at, "template"), message, f"只能写：{'、'.join(TEMPLATES)}")
        if document.on not in programme.ladder.events():
            yield Flaw(("documents", at, "on"), f"流程中没有事件“{document.on}”", "写流程中的事件代码")
