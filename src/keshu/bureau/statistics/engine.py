"""Figures for many asks at once: at most two grouped statements per fact source, whatever is asked of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from keshu.bureau.parties.queries import final, merges
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import ZONE
from keshu.bureau.statistics.asking import Ask, Figure, Homes, homes_of
from keshu.bureau.statistics.conditions import places_of
from keshu.bureau.statistics.cube import PLACE, Cube, Sieve, Tally, hashing, read_cube, tally
from keshu.bureau.statistics.definitions import Definitions
from keshu.bureau.statistics.formulas import evaluate, formula_names
from keshu.bureau.statistics.measures import Join, Measure, Window, measure_of, source_for, window_of
from keshu.bureau.statistics.plans import STARTED, Plan
from keshu.bureau.statistics.received import Received, ReceivedRef
from keshu.bureau.statistics.reporting import REPORTING, Reports, begun
from keshu.bureau.statistics.trees import Trees
from keshu.catalogue import Catalogue, Indicator
from keshu.kernel.measure.arithmetic import ratio
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.presence import Presence, Status, presence_over, status_over


class Engine:
    """Everything that figures of one instant are read from. Load asks first; then figures cost no statement."""

    def __init__(self, known_at: datetime, catalogue: Catalogue) -> None:
        self.known_at = known_at
        self.catalogue = catalogue
        self.definitions = Definitions(catalogue, known_at)
        self.received = Received(known_at)
        self._cubes: dict[str, Cube] = {}
        self._asked: dict[Ask, None] = {}
        self._expected: dict[Ask, None] = {}
        self._homes: Homes = {}
        self._tallies: dict[tuple[Measure, Window], Tally] = {}
        self._measures: dict[Ask, tuple[Measure, Window] | None] = {}
        self._switches: dict[tuple[str, str, date], str | None] = {}
        self._figures: dict[Ask, Figure] = {}
        self._reports = Reports((), known_at, self.trees)
        self._rows_in: dict[tuple[str, Window], frozenset[int]] = {}

    @cached_property
    def trees(self) -> Trees:
        return Trees(self.known_at)

    @cached_property
    def known_since(self) -> datetime | None:
        """None where nothing was written after the instant: then the current rows are the ones known, and cheaper."""
        last, _begun = self._written
        return None if last is not None and last <= self.known_at else self.known_at

    @cached_property
    def _written(self) -> tuple[datetime | None, bool]:
        """When anything was written last, and whether any ledger says since when it is kept; in one statement."""
        acts = Act.objects.order_by("-at").annotate(begun=begun())
        return acts.values_list("at", "begun").first() or (None, False)

    @cached_property
    def canonical(self) -> dict[int, int]:
        """Merged parties to what was left of them at the instant."""
        merged = dict(merges(self.known_at).values_list("source_id", "target_id"))
        return {source: final(source, merged) for source in merged}

    def expect(self, asks: Iterable[Ask]) -> None:
        """These will be asked for later: they are read together with whatever is asked for first."""
        self._expected |= dict.fromkeys(asks)

    def figures(self, asks: Iterable[Ask]) -> dict[Ask, Figure]:
        wanted = list(dict.fromkeys(asks))
        for ask in (*wanted, *self._expected):
            self.trees.require(ask.place)
        new = [ask for ask in self._expand([*wanted, *self._expected]) if ask not in self._asked]
        if new:
            self._expected = {}
            self._asked |= dict.fromkeys(new)
            everything = list(self._asked)
            self._load_received(new)
            self._homes = homes_of(everything, self.trees, self._alone(everything))
            self._tallies, self._rows_in = {}, {}
            self._load_cubes(everything)
        return {ask: self.figure(ask) for ask in wanted}

    def _alone(self, asks: list[Ask]) -> set[str]:
        """Places whose own rows are counted without those below them, in any version of what is asked."""
        return {
            ask.place for ask in asks if any(one.facts and one.facts.own for one in self.definitions.all_of(ask.code))
        }

    def _expand(self, asks: list[Ask]) -> list[Ask]:
        """The asks and all that they are made of, level by level, so that definitions load a level at a time."""
        seen: dict[Ask, None] = {}
        level = asks
        while level:
            self.definitions.load({ask.code for ask in level})
            seen |= dict.fromkeys(level)
            level = [part for ask in level for part in self.operands(ask) if part not in seen]
        return list(seen)

    def operands(self, ask: Ask) -> list[Ask]:
        """What a ratio or formula is made of; a scope goes down to the operands that have it."""
        indicator = self.definitions.on(ask.code, ask.period.cut_off)
        if indicator is None:
            return []
        codes = [code for code in (indicator.numerator, indicator.denominator) if code]
        if indicator.formula:
            codes += formula_names(indicator.formula) or ()
        self.definitions.load(codes)
        return [self._operand(ask, code) for code in codes]

    def _operand(self, ask: Ask, code: str) -> Ask:
        has_scope = ask.scope in self.definitions.newest(code).scopes
        return replace(ask, code=code, scope=ask.scope if has_scope else "", only=())

    def _load_received(self, asks: list[Ask]) -> None:
        versions = [self.definitions.on(ask.code, ask.period.cut_off) for ask in asks]
        lagging = {v.denominator for v in versions if v is not None and v.denominator and _lags(v)}
        self.received.load({ask.code for ask in asks}, {ask.period.end for ask in asks}, lagging)

    def _load_cubes(self, asks: list[Ask]) -> None:
        plans: dict[str, Plan] = {}

        def plan_of(source: str) -> Plan:
            return plans.setdefault(source, Plan(self.trees, self._homes))

        for measure, window in dict.fromkeys(found for ask in asks if (found := self.measure(ask)) is not None):
            plan_of(measure.source).include(measure, window)
            for join in measure.also:
                plan_of(join.source).include_join(join.tests, window.end)
        for source, plan in plans.items():
            if self._reporting(source) != "continuous":
                plan.report()
        with hashing():
            for source, plan in plans.items():
                self._cubes[source] = read_cube(source_for(source, self.catalogue), plan, self.known_since)
        _last, kept_since = self._written
        told = [source for source in plans if kept_since or self._reporting(source) != "continuous"]
        self._reports = Reports(told, self.known_at, self.trees)

    def _reporting(self, source: str) -> str:
        ledger = self.catalogue.countable.get(source)
        return ledger.reporting if ledger else "continuous"

    def measure(self, ask: Ask) -> tuple[Measure, Window] | None:
        """What is counted for the ask; None for what is not counted from rows, or not any more."""
        if ask not in self._measures:
            self._measures[ask] = self._measure(ask)
        return self._measures[ask]

    def _measure(self, ask: Ask) -> tuple[Measure, Window] | None:
        indicator = self.definitions.on(ask.code, ask.period.cut_off)
        if indicator is None or indicator.facts is None or self._off(indicator, ask) is not None:
            return None
        measure = measure_of(indicator, ask.scope, self.catalogue, ask.only)
        return measure, window_of(measure, ask.period)

    def _off(self, indicator: Indicator, ask: Ask) -> str | None:
        key = (indicator.code, ask.place, ask.period.cut_off)
        if key not in self._switches:
            places = self.trees.upper(ask.place, ask.period.cut_off)
            self._switches[key] = self.definitions.switched_off(indicator, ask.period.cut_off, places)
        return self._switches[key]

    def figure(self, ask: Ask) -> Figure:
        if ask not in self._figures:
            self._figures[ask] = self._figure(ask)
        return self._figures[ask]

    def _figure(self, ask: Ask) -> Figure:
        indicator = self.definitions.on(ask.code, ask.period.cut_off)
        if indicator is None:
            return self._blank(ask, self.definitions.newest(ask.code), Presence.NOT_APPLICABLE)
        off = self._off(indicator, ask)
        received = self._received(ask, indicator)
        blank = replace(
            self._blank(ask, indicator, Presence.MISSING), received=received, switched_off=off is not None,
            reason=off or "", published=received is None or received.published,
        )  # fmt: skip
        if off is not None or indicator.kind == "received":
            return self._from_document(ask, indicator, blank)
        match indicator.kind:
            case "ratio":
                figure = self._ratio(ask, indicator, blank)
            case "formula":
                figure = self._formula(ask, indicator, blank)
            case _:
                figure = self._counted(ask, blank)
        return _beside(figure, received)

    def _blank(self, ask: Ask, indicator: Indicator, presence: Presence) -> Figure:
        scope = indicator.scopes.get(ask.scope)
        return Figure(
            code=ask.code, version=indicator.version, name=indicator.name, place=ask.place, scope=ask.scope,
            period=ask.period, known_at=self.known_at, value=None, numerator=None, denominator=None,
            unit=indicator.unit, print_unit=indicator.print_unit, precision=indicator.precision, presence=presence,
            status=None, direction=indicator.direction, row_count=0, kind=indicator.kind,
            says=scope.says if scope else "", tree_on=ask.tree_on, only=ask.only,
        )  # fmt: skip

    def _received(self, ask: Ask, indicator: Indicator) -> ReceivedRef | None:
        if ask.only:
            return None
        found = self.received.get(ask.code, ask.scope, ask.place, ask.period)
        if found is None and indicator.kind == "stock":
            return self.received.at(ask.code, ask.scope, ask.place, ask.period.cut_off)
        return found

    def _from_document(self, ask: Ask, indicator: Indicator, blank: Figure) -> Figure:
        ref = blank.received
        if ref is not None and (ref.value is not None or ref.presence == Presence.NOT_APPLICABLE):
            return _of_document(blank, ref)
        if indicator.over_place != "sum" or self.trees.kinds.get(ask.place) in REPORTING:
            return blank
        children = self.trees.children(ask.place, ask.tree_on or ask.period.cut_off)
        parts = [self.figure(replace(ask, place=child)) for child in children]
        known = [part.value for part in parts if part.value is not None]
        presence = presence_over(part.presence for part in parts) if parts else Presence.MISSING
        status = status_over(part.status for part in parts if part.status is not None)
        value = sum(known, Decimal(0)) if known else None
        published = all(part.published for part in parts)
        return replace(blank, value=value, presence=presence, status=status, published=published)

    def _ratio(self, ask: Ask, indicator: Indicator, blank: Figure) -> Figure:
        top, bottom = (self.figure(part) for part in self.operands(ask))
        denominator, period, published = bottom.value, None, bottom.published
        if denominator is None and _lags(indicator):
            older = self.received.latest_before(bottom.code, ask.place, ask.period.cut_off)
            if older is not None:
                denominator, period, published = older.value, Period.parse(older.period), older.published
        value = ratio(numerator=top.value, denominator=denominator, scale=indicator.scale_factor)
        presence = _presence_of_ratio(top, bottom, denominator)
        return replace(
            blank, value=value, numerator=top.value, denominator=denominator, presence=presence,
            status=status_over(s for s in (top.status, bottom.status) if s is not None),
            row_count=top.row_count + bottom.row_count, denominator_period=period,
            published=blank.published and top.published and published,
        )  # fmt: skip

    def _formula(self, ask: Ask, indicator: Indicator, blank: Figure) -> Figure:
        parts = [self.figure(part) for part in self.operands(ask)]
        value = evaluate(indicator.formula or "0", {part.code: part.value for part in parts})
        if value is None:
            none = all(part.presence is Presence.NOT_APPLICABLE for part in parts)
            presence = Presence.NOT_APPLICABLE if none else Presence.MISSING
        elif any(part.presence is Presence.PARTIAL for part in parts):
            presence = Presence.PARTIAL
        else:
            presence = Presence.ZERO if value == 0 else Presence.VALUE
        status = status_over(part.status for part in parts if part.status is not None)
        rows = sum(part.row_count for part in parts)
        published = blank.published and all(part.published for part in parts)
        return replace(blank, value=value, presence=presence, status=status, row_count=rows, published=published)

    def _counted(self, ask: Ask, blank: Figure) -> Figure:
        found = self.measure(ask)
        if found is None:  # flows and stocks always have facts
            return blank
        measure, window = found
        keys = self._keys(ask, measure, window)
        result = self.tally(measure, window)
        rows = sum(result.rows[key] for key in keys)
        value = _total(measure, result, keys)
        if rows == 0 and not self._reported(ask, measure, window):
            value = None
        reach = self._reach(ask, measure, window)
        if reach is Presence.MISSING:
            return blank
        presence = Presence.MISSING if value is None else Presence.ZERO if value == 0 else Presence.VALUE
        return replace(blank, value=value, presence=presence if value is None else reach or presence, row_count=rows)

    def _reach(self, ask: Ask, measure: Measure, window: Window) -> Presence | None:
        """MISSING before records were kept; PARTIAL where they begin inside the period, or a year is being collected."""
        sources = [(measure.source, window.start), *((join.source, window.end) for join in measure.also)]
        found = [self._reports.reach(source, ask.place, start, window.end) for source, start in sources]
        if Presence.MISSING in found:
            return Presence.MISSING
        today = self.known_at.astimezone(ZONE).date()
        by_year = self._by_year(measure) and self._reports.collecting(measure.source, ask.place, window.end, today)
        return Presence.PARTIAL if by_year or Presence.PARTIAL in found else None

    def _by_year(self, measure: Measure) -> bool:
        """Rows that describe a whole year, in a ledger that is collected by years."""
        if self._reporting(measure.source) != "yearly":
            return False
        dated = measure.on or STARTED
        return any(
            one.type == "year" and dated in one.columns for one in self.catalogue.countable[measure.source].fields
        )

    def _keys(self, ask: Ask, measure: Measure, window: Window) -> list[tuple[int, int]]:
        """The (age of the tree, place) pairs that lie below the asked place, each on the tree that counts."""
        inside: dict[int, frozenset[int]] = {}
        keys = []
        for age, place in self.tally(measure, window).rows:
            if age not in inside:
                inside[age] = self.trees.counted(ask.place, ask.tree_on or self._day_of(age), own=measure.own)
            if place in inside[age]:
                keys.append((age, place))
        return keys

    def _day_of(self, age: int) -> date:
        return self.trees.changes[age - 1] if age else date.min

    def tally(self, measure: Measure, window: Window) -> Tally:
        key = (measure, window)
        if key not in self._tallies:
            canonical = self.canonical if measure.by_party else {}
            sieve = Sieve(self.trees, self._homes, canonical, self.parties_also(measure, window))
            self._tallies[key] = tally(self._cubes[measure.source], measure, window, sieve)
        return self._tallies[key]

    def parties_also(self, measure: Measure, window: Window) -> frozenset[int] | None:
        """The parties that stand in every joined source at the cut-off; None where nothing is joined."""
        if not measure.also:
            return None
        return frozenset.intersection(*(self._joined(join, window.end) for join in measure.also))

    def _joined(self, join: Join, day: date) -> frozenset[int]:
        cube = self._cubes[join.source]
        groups = [key for _, key in cube.select(join.tests, Window("", day, day))]
        found = (one.parties for key in groups for one in cube.holders(key, self.canonical))
        return frozenset().union(*found) - {0}

    def _reported(self, ask: Ask, measure: Measure, window: Window) -> bool:
        if self._reporting(measure.source) == "continuous":
            return True

        def rows_in() -> frozenset[int]:
            key = (measure.source, window)
            if key not in self._rows_in:
                rows = self._cubes[measure.source].rows((), window)
                self._rows_in[key] = frozenset(row[PLACE] for row in rows)
            return self._rows_in[key]

        return self._reports.reported(measure.source, ask.place, window.start, window.end, rows_in)


def _lags(indicator: Indicator) -> bool:
    """Ratios to a population take last year's where this year's is not out yet; their text says which year."""
    return indicator.scale == "per_ten_thousand"


def _total(measure: Measure, result: Tally, keys: list[tuple[int, int]]) -> Decimal | None:
    match measure.count:
        case "entry":
            return Decimal(sum(result.rows[key] for key in keys))
        case "party":
            return Decimal(len(set().union(*(result.parties[key] for key in keys))))
        case "place":
            return Decimal(len(set().union(*(result.places[key] for key in keys))))
    known = [result.totals[key] for key in keys if key in result.totals]
    if not known and keys:
        return None  # rows are there, their amounts are not
    return Decimal(sum(known)).scaleb(-places_of(measure.summed))


def _of_document(blank: Figure, ref: ReceivedRef) -> Figure:
    return replace(blank, value=ref.value, presence=Presence(ref.presence), status=Status(ref.status))


def _beside(figure: Figure, ref: ReceivedRef | None) -> Figure:
    """Rows count; a document fills what no row tells, and is shown beside where it says otherwise."""
    if ref is None or ref.value is None:
        return figure
    if figure.value is None and figure.presence is Presence.MISSING:
        return _of_document(figure, ref)
    if figure.presence is Presence.PARTIAL and figure.kind in ("flow", "stock"):
        return _of_document(replace(figure, row_count=0), ref)
    return replace(figure, counted=figure.value) if figure.value != ref.value else figure


def _presence_of_ratio(top: Figure, bottom: Figure, denominator: Decimal | None) -> Presence:
    if top.presence is Presence.NOT_APPLICABLE or denominator == 0:
        return Presence.NOT_APPLICABLE
    if top.value is None or denominator is None:
        return Presence.MISSING
    if Presence.PARTIAL in (top.presence, bottom.presence):
        return Presence.PARTIAL
    return Presence.ZERO if top.value == 0 else Presence.VALUE
