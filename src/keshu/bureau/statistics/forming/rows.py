"""Forms that need the rows themselves: who entered and left, the largest, the classes, the names."""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.parties.models import Party
from keshu.bureau.statistics.engine import Engine
from keshu.bureau.statistics.forming.base import Context, Named, NamesOf, Part, RowsOf, Steps
from keshu.bureau.statistics.lineage import Lineage, LineageRow
from keshu.bureau.statistics.measures import source_for
from keshu.kernel.measure import arithmetic

DETAILS = ("id", "title", "level", "amount_1", "decided_on", "started_on", "filed_on")
AT_ONCE = 10_000


def entered(context: Context) -> Steps:
    """Those that a stock has at the cut-off and had not at the base."""
    return (yield from _turnover(context, "entered"))


def left(context: Context) -> Steps:
    """Those that a stock had at the base and has no longer."""
    return (yield from _turnover(context, "left"))


def net(context: Context) -> Steps:
    """Entered minus left; for what is no stock, the difference to the base."""
    return (yield from _turnover(context, "net"))


def _turnover(context: Context, what: str) -> Steps:
    base = context.base()
    figures = yield [context.ask, base]
    now, before = figures[context.ask], figures[base]
    changed = context.changed(base)
    if now.kind != "stock" or now.value is None or before.value is None or before.row_count + now.row_count == 0:
        value = arithmetic.difference(now=now.value, before=before.value) if what == "net" else None
        return context.formed([now, before], value, now.unit, before=before.value, definition_changed=changed)
    rows = yield RowsOf([context.ask, base])
    here, there = _who(rows[context.ask]), _who(rows[base])
    came, went = here.keys() - there.keys(), there.keys() - here.keys()
    counts = {"entered": len(came), "left": len(went), "net": len(came) - len(went)}
    chosen = {"entered": [here[key] for key in came], "left": [there[key] for key in went], "net": []}[what]
    names = yield from named(row for group in chosen for row in group)
    return context.formed(
        [now, before], Decimal(counts[what]), now.unit, before=before.value, names=names, definition_changed=changed
    )


def _who(lineage: Lineage) -> dict[int, list[LineageRow]]:
    """Rows by party where parties are counted, else by entry."""
    found: dict[int, list[LineageRow]] = defaultdict(list)
    for row in lineage.rows:
        found[row.party if lineage.count == "party" else row.id].append(row)
    return dict(found)


def without_largest(context: Context) -> Steps:
    """The amount without the k largest parties, their names, and what percent of the whole they hold (`before`)."""
    k = int(context.reference.argument or 1)
    figures = yield [context.ask]
    now = figures[context.ask]
    rows = yield RowsOf([context.ask])
    shares = _by_party(rows[context.ask])
    if now.value is None or not shares:
        reason = _("没有可按主体分开的条目")
        return context.formed([now], None, now.unit, reason=reason)
    rest = arithmetic.without_largest({str(party): amount for party, (amount, _rows) in shares.items()}, k=k)
    largest = [row for party in rest.without for row in shares[int(party)][1]]
    names = yield from named(largest)
    return context.formed([now], rest.value, now.unit, names=names, before=rest.share_removed)


def _by_party(lineage: Lineage) -> dict[int, tuple[Decimal, list[LineageRow]]]:
    """Amount and rows by party; rows without a party stand for themselves (negative entry)."""
    found: dict[int, tuple[Decimal, list[LineageRow]]] = {}
    for row in lineage.rows:
        key = row.party or -row.id
        amount, rows = found.get(key, (Decimal(0), []))
        found[key] = (amount + (Decimal(1) if lineage.count != "sum" else row.amount or Decimal(0)), [*rows, row])
    return found


def parts(context: Context) -> Steps:
    """The figure by the codes of a field (the argument, else the first that the indicator is told by).

    `complete` is false where the classes do not add up to the whole: rows without a class, or a party in two of them.
    """
    indicator = context.engine.definitions.newest(context.ask.code)
    name = context.reference.argument or (indicator.by[0] if indicator.by else "")
    ledger = context.engine.catalogue.countable.get(indicator.facts.ledger) if indicator.facts else None
    field = ledger.field(name) if ledger else None
    if field is None or not field.columns:
        figures = yield [context.ask]
        return context.formed([figures[context.ask]], None, "", reason=_("该指标不能按“%(name)s”分项") % {"name": name})
    choices = {code: choice.name for code, choice in field.codes.items()} or {"true": _("是"), "false": _("否")}
    asks = {code: replace(context.ask, only=((name, code),)) for code in choices}
    figures = yield [context.ask, *asks.values()]
    whole = figures[context.ask]
    found = tuple(
        Part(code, choices[code], figures[ask].value or Decimal(0), figures[ask])
        for code, ask in asks.items()
        if figures[ask].row_count
    )
    complete = whole.value is not None and sum((part.value for part in found), Decimal(0)) == whole.value
    return context.formed(
        [whole, *(part.figure for part in found)], whole.value, whole.unit, parts=found, complete=complete
    )


def names(context: Context) -> Steps:
    """Who stands behind the figure, by level, amount and date; `title` names the rows instead of their parties."""
    figures = yield [context.ask]
    now = figures[context.ask]
    rows = yield RowsOf([context.ask])
    found = yield from named(rows[context.ask].rows, titles=context.reference.argument == "title")
    return context.formed([now], now.value, now.unit, names=found)


@dataclass(frozen=True)
class Details:
    """What names are made of: the columns of each row by its revision, name and short name by party."""

    rows: Mapping[int, "Detail"]
    parties: Mapping[int, tuple[str, str]]


Detail = Mapping[str, Any]


def named(rows: Iterable[LineageRow], *, titles: bool = False) -> Generator[NamesOf, Details, tuple[Named, ...]]:
    """Parties of rows in the order in which a text names them: highest level, largest amount, earliest date."""
    groups: dict[int, list[LineageRow]] = defaultdict(list)
    for row in rows:
        groups[-row.id if titles or not row.party else row.party].append(row)
    if not groups:
        return ()
    details = yield NamesOf(row for group in groups.values() for row in group)
    ordered = sorted(groups.items(), key=lambda item: _order(item[1], details.rows, item[0]))
    return tuple(_named(key, group, details) for key, group in ordered)


def details_of(engine: Engine, rows: Iterable[LineageRow]) -> Details:
    """The details of all rows that any form names: one statement for each table and one for the parties."""
    sources: dict[int, str] = {}
    parties: set[int] = set()
    for row in rows:
        sources[row.revision] = row.source
        parties.add(row.party)
    facts = {source: source_for(source, engine.catalogue) for source in set(sources.values())}
    tables = {one.table(): one for one in facts.values()}  # ledgers share theirs
    levels = {source: _levels(engine, source) for source in facts}
    found: dict[int, Detail] = {}
    for table, one in tables.items():
        for some in _some(revision for revision, source in sources.items() if facts[source].table() == table):
            for detail in one.rows(some).values(*DETAILS):
                of_source = levels[sources[detail["id"]]]
                found[detail["id"]] = detail | {"rank": of_source.get(detail["level"], len(of_source))}
    people = {
        key: (name, short)
        for some in _some(parties - {0})
        for key, name, short in Party.objects.filter(pk__in=some).values_list("pk", "name", "short")
    }
    return Details(found, people)


def _some(ids: Iterable[int]) -> Iterator[list[int]]:
    """As many at once as every engine takes in one statement."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _levels(engine: Engine, source: str) -> dict[str, int]:
    ledger = engine.catalogue.countable.get(source)
    field = ledger.mapped("level") if ledger else None
    return {code: order for order, code in enumerate(field.codes)} if field else {}


def _order(rows: list[LineageRow], details: Mapping[int, Detail], key: int) -> tuple[object, ...]:
    of_rows = [details[row.revision] for row in rows]
    amount = max((detail["amount_1"] or Decimal(0) for detail in of_rows), default=Decimal(0))
    dates = [day for detail in of_rows if (day := detail["decided_on"] or detail["started_on"] or detail["filed_on"])]
    return (min(detail["rank"] for detail in of_rows), -amount, str(min(dates, default="9999")), key)


def _named(key: int, rows: list[LineageRow], details: Details) -> Named:
    entries = tuple(row.id for row in rows)
    amounts = [row.amount for row in rows if row.amount is not None]
    amount = sum(amounts, Decimal(0)) if amounts else None
    if key in details.parties:
        name, short = details.parties[key]
        return Named(key, name, short, entries, amount)
    title = str(details.rows[rows[0].revision]["title"])
    return Named(0, title, "", entries, amount)
