"""Whether a ledger holds together: codes, mapping, key, spellings, rules, layouts, feeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from keshu.catalogue.columns import mappable
from keshu.catalogue.headers import normalise, normalise_header
from keshu.catalogue.problems import Flaw
from keshu.catalogue.proving.where import where_flaws
from keshu.catalogue.schema import Feed, Field, Layout, Ledger

#: types whose column of facts has to be one and whose values name somebody, so that a person may be recognised
_PERSONAL_TYPES = frozenset({"idcard", "phone"})


def ledger_flaws(ledger: Ledger, ledgers: Mapping[str, Ledger]) -> Iterator[Flaw]:
    yield from _repeated_codes(ledger)
    yield from _mapping(ledger)
    yield from _spellings(ledger)
    for index, field in enumerate(ledger.fields):
        yield from _field(ledger, index, field)
    yield from _keys(ledger)
    yield from _checks(ledger)
    for index, layout in enumerate(ledger.layouts):
        yield from _layout(ledger, index, layout)
    for index, feed in enumerate(ledger.feeds):
        yield from _feed(ledger, index, feed, ledgers)
    for name, where in ledger.headline.items():
        yield from where_flaws(ledger, where, ("headline", name), mapped=False)


def _repeated_codes(ledger: Ledger) -> Iterator[Flaw]:
    seen: set[str] = set()
    for index, field in enumerate(ledger.fields):
        if field.code in seen:
            yield Flaw(("fields", index, "code"), f"字段代码“{field.code}”重复", "每个字段用自己的代码")
        seen.add(field.code)


def _mapping(ledger: Ledger) -> Iterator[Flaw]:
    taken: dict[str, str] = {}
    for index, field in enumerate(ledger.fields):
        if field.maps is None:
            continue
        if field.maps not in mappable(field.type):
            can = "、".join(mappable(field.type)) or "(这种类型不能映射)"
            yield Flaw(
                ("fields", index, "maps"),
                f"类型为 {field.type} 的字段“{field.name}”不能映射到 {field.maps}",
                f"可以映射到：{can}；或删去 maps",
            )
        for column in field.columns:
            if column in taken:
                message = f"字段“{field.name}”与“{taken[column]}”都映射到 {column}"
                yield Flaw(("fields", index, "maps"), message, "给其中一个换一列，或删去 maps")
            taken[column] = field.name


def _spellings(ledger: Ledger) -> Iterator[Flaw]:
    owner: dict[str, int] = {}
    for index, field in enumerate(ledger.fields):
        for text in field.spellings:
            plain = normalise_header(text)
            if not plain:
                yield Flaw(("fields", index, "aliases"), f"表头“{text}”去掉单位和标点后是空的", "换一种写法")
            elif owner.setdefault(plain, index) != index:
                message = f"表头“{text}”已经属于字段“{ledger.fields[owner[plain]].name}”"
                yield Flaw(("fields", index, "aliases" if text != field.name else "name"), message, "删去一处")


def _field(ledger: Ledger, index: int, field: Field) -> Iterator[Flaw]:
    here = ("fields", index)
    if (field.type == "code") != bool(field.codes):
        remedy = "在 codes 中列出各个取值" if field.type == "code" else "删去 codes，或把类型改为 code"
        yield Flaw((*here, "codes"), f"字段“{field.name}”的类型与取值表不符", remedy)
    if field.default is not None and field.codes and field.default not in field.codes:
        yield Flaw((*here, "default"), f"默认值“{field.default}”不在取值表中", "写取值表中的代码")
    if field.type in _PERSONAL_TYPES and not field.personal:
        yield Flaw((*here, "personal"), f"字段“{field.name}”是个人信息却没有标明", "加上 personal: true")
    if field.personal and field.maps:
        yield Flaw((*here, "maps"), f"个人信息字段“{field.name}”不得映射到事实列", "删去 maps")
    counts = Counter(text for choice in field.codes.values() for text in {*map(normalise, choice.spellings)})
    for text in sorted(text for text, count in counts.items() if count > 1):
        yield Flaw((*here, "codes"), f"取值“{text}”属于两个代码", "删去其中一处")
    for code, choice in field.codes.items():
        for wanted, value in choice.implies.items():
            yield from where_flaws(ledger, {wanted: value}, (*here, "codes", code, "implies"), mapped=False)
    for attribute, types in (
        ("infer", {"text", "longtext"}),
        ("of", {"party", "parties", "person"}),
        ("until", {"date", "month"}),
    ):
        named = getattr(field, attribute)
        target = ledger.field(named) if named else None
        if named and (target is None or target.type not in types):
            remedy = f"写本台账中类型为 {'、'.join(sorted(types))} 的字段代码"
            yield Flaw((*here, attribute), f"{attribute} 所指的“{named}”不合用", remedy)


def _keys(ledger: Ledger) -> Iterator[Flaw]:
    for attribute in ("key", "key_else"):
        for index, code in enumerate(getattr(ledger, attribute)):
            field = ledger.field(code)
            if field is None:
                yield Flaw((attribute, index), f"主键用了不存在的字段“{code}”", "写本台账的字段代码")
            elif field.personal:
                yield Flaw((attribute, index), f"主键用了个人信息字段“{code}”", "换用编号等不涉及个人信息的字段")
    if not ledger.key_else and not any((field := ledger.field(code)) and field.required for code in ledger.key):
        yield Flaw(("key",), "主键的字段都可以为空", "至少把一个主键字段标为必填，或补写 key_else")


def _checks(ledger: Ledger) -> Iterator[Flaw]:
    seen: set[str] = set()
    for index, check in enumerate(ledger.checks):
        if check.code in seen:
            yield Flaw(("checks", index, "code"), f"校验代码“{check.code}”重复", "换一个代码")
        seen.add(check.code)
        for code in check.parsed.fields:
            if ledger.field(code) is None:
                yield Flaw(("checks", index, "rule"), f"校验用了不存在的字段“{code}”", "写本台账的字段代码")
        yield from where_flaws(ledger, check.when, ("checks", index, "when"), mapped=False)


def _layout(ledger: Ledger, index: int, layout: Layout) -> Iterator[Flaw]:
    here = ("layouts", index)
    for code, value in layout.set.items():
        yield from where_flaws(ledger, {code: value}, (*here, "set"), mapped=False)
    if layout.sheet_year:
        yield from _year_field(ledger, layout.sheet_year.field, (*here, "sheet_year", "field"))


def _feed(ledger: Ledger, index: int, feed: Feed, ledgers: Mapping[str, Ledger]) -> Iterator[Flaw]:
    here = ("feeds", index)
    target = ledgers.get(feed.ledger)
    if target is None:
        yield Flaw((*here, "ledger"), f"没有“{feed.ledger}”这个台账", "写已有台账的代码", feed.ledger)
        return
    for code in feed.when:
        if target.field(code) is None:
            yield Flaw((*here, "when"), f"台账“{target.name}”没有字段“{code}”", "写该台账的字段代码")
    for wanted, source in feed.fields.items():
        if target.field(wanted) is None:
            yield Flaw((*here, "fields", wanted), f"台账“{target.name}”没有字段“{wanted}”", "写该台账的字段代码")
        if ledger.field(source) is None:
            yield Flaw((*here, "fields", wanted), f"本台账没有字段“{source}”", "写本台账的字段代码")
    if feed.sheet_year:
        yield from _year_field(target, feed.sheet_year.field, (*here, "sheet_year", "field"))
    filled = {*feed.when, *feed.fields, *feed.set, *([feed.sheet_year.field] if feed.sheet_year else [])}
    for code in target.key:
        if code not in filled:
            yield Flaw(
                here, f"没有写明“{target.name}”的主键字段“{code}”从哪里来", "在 fields、set 或 sheet_year 中补写"
            )


def _year_field(ledger: Ledger, code: str, path: tuple[str | int, ...]) -> Iterator[Flaw]:
    field = ledger.field(code)
    if field is None or field.type != "year":
        yield Flaw(path, f"“{code}”不是台账“{ledger.name}”的年度字段", "写类型为 year 的字段代码")
