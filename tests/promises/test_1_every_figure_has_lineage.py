"""Promise 1: every figure has lineage, and a second hand that knows only rows and documents comes to the same value.

The second hand shares no code with the engine: it fetches the revisions by the ids of the lineage, reads the field from
the ledger's own values, counts or adds in Python, and takes ratios and formulas apart itself.
"""

import ast
import hashlib
import random
from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.catalogue import catalogue, ledger_of
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.services import void_entry
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.parties.models import PartyMerge
from keshu.bureau.parties.services import merge_parties
from keshu.bureau.places.services import move_place
from keshu.bureau.records.services import now
from keshu.bureau.reports.freezing import tellings_of
from keshu.bureau.statistics.models import ReceivedValue
from keshu.bureau.statistics.queries import Ask, figures, lineages
from keshu.bureau.statistics.services import void_value
from keshu.kernel.measure.period import Period
from tests.promises.summaries import composed, frozen_of
from tests.promises.world import CITY, CLERK, plant_world

pytestmark = pytest.mark.django_db
SCALES = {"percent": 100, "per_ten_thousand": 10000}


class SecondHand:
    """Values again, from the database rows that a lineage names and nothing else."""

    def __init__(self, known_at):
        self.known_at = known_at
        merges = PartyMerge.objects.filter(known_from__lte=known_at).exclude(known_to__lte=known_at)
        self.merged = dict(merges.values_list("source_id", "target_id"))
        self.revisions = {}

    def read(self, found):
        ids = {row.revision for one in found for row in one.rows}
        self.revisions |= {r.pk: r for r in Revision.objects.filter(pk__in=ids).prefetch_related("others")}

    def value(self, one):
        """The lineage's value; None where it stands on nothing that has one."""
        if one.operands and one.figure.kind in ("ratio", "formula") and one.figure.numerator is None and one.received:
            return self._of_document(one)
        if one.operands:
            return self._of_operands(one)
        if one.count:
            return self._of_rows(one)
        return self._of_document(one)

    def _of_rows(self, one):
        if not one.rows and one.figure.value is None:
            return None  # nobody has reported: counting nothing is not a zero
        rows = [self._known(row) for row in one.rows]
        match one.count:
            case "entry":
                return Decimal(len({row.entry_id for row in rows}))
            case "party":
                return Decimal(len({self._final(row.party_id) for row in rows if row.party_id}))
            case "place":
                return Decimal(len({row.place_id for row in rows}))
        field = catalogue().indicators[one.ask.code].facts.summed
        read = (values_of(ledger_of(row.ledger), row, [(o.party_id, o.role) for o in row.others.all()]) for row in rows)
        return sum((values[field] for values in read if field in values), Decimal(0))

    def _known(self, row):
        """The revision that the lineage names: it was known at the instant, held, and belongs to the entry."""
        revision = self.revisions[row.revision]
        assert (revision.entry_id, revision.ledger, revision.voided) == (row.id, row.source, False)
        assert revision.known_from <= self.known_at
        assert revision.known_to is None or revision.known_to > self.known_at
        return revision

    def _final(self, party):
        while party in self.merged:
            party = self.merged[party]
        return party

    def _of_operands(self, one):
        values = [self.value(below) for below in one.operands]
        indicator = catalogue().indicators[one.ask.code]
        if indicator.kind == "ratio":
            top, bottom = values
            return None if top is None or not bottom else top / bottom * SCALES.get(indicator.scale, 1)
        if indicator.kind == "formula":
            return _arithmetic(indicator.formula, {b.ask.code: v for b, v in zip(one.operands, values, strict=True)})
        known = [value for value in values if value is not None]
        return sum(known, Decimal(0)) if known else None

    def _of_document(self, one):
        if one.received is None:
            return None
        stored = ReceivedValue.objects.select_related("source").get(pk=one.received.id)
        heading = stored.source.headings.get(known_to__isnull=True)
        assert heading.issuer and heading.title and heading.cut_off, "a document says who, what and up to when"
        assert stored.cell, "and where in it the value stands"
        return stored.value


def _arithmetic(formula, values):
    """The formula with its codes replaced by the operands' values."""
    if any(value is None for value in values.values()):
        return None
    names = {code: f"v{n}" for n, code in enumerate(sorted(values, key=len, reverse=True))}
    for code, name in names.items():
        formula = formula.replace(code, name)
    tree = ast.parse(formula, mode="eval")
    assert all(
        isinstance(n, ast.Expression | ast.BinOp | ast.Name | ast.operator | ast.Load | ast.Constant)
        for n in ast.walk(tree)
    )
    try:
        return eval(compile(tree, "formula", "eval"), {}, {name: values[code] for code, name in names.items()})
    except (ZeroDivisionError, ArithmeticError):
        return None


def disagreements(asks, known_at):
    """Asks whose lineage does not give the figure, or whose hash is not that of its rows."""
    found, stand = figures(asks, known_at=known_at), lineages(asks, known_at=known_at)
    hand = SecondHand(known_at)
    hand.read(stand.values())
    return [
        (ask.code, ask.place, ask.scope, str(found[ask].value), str(hand.value(stand[ask])))
        for ask in asks
        if not _same(hand.value(stand[ask]), found[ask].value) or stand[ask].rows_hash != rows_hash(stand[ask].rows)
    ]


def _same(mine, theirs):
    """A figure that is missing may have an empty lineage: counting nothing gives 0, which is not said."""
    if theirs is None:
        return not mine
    return mine is not None and abs(mine - theirs) <= Decimal("1e-12") * max(1, abs(theirs))


def rows_hash(rows):
    lines = sorted({(row.source, row.id, row.revision) for row in rows})
    return hashlib.sha256("\n".join(" ".join(map(str, line)) for line in lines).encode()).hexdigest()


@pytest.fixture
def world(db):
    return plant_world()


def every_ask(world, *spans):
    """What the cases ask, and every indicator in each of its scopes for the whole city in these periods."""
    periods = [Period.parse(text) for text in spans]
    whole = [
        Ask(code, CITY, period, scope)
        for code, one in catalogue().indicators.items()
        for scope in ("", *one.scopes)
        for period in periods
    ]
    return list(dict.fromkeys([*world.asks, *whole]))


def test_every_indicator_of_the_catalogue_recomputes_from_its_lineage(world):
    asks, known_at = every_ask(world, "2025", "2025-01..2025-10", "2025H1"), now()
    found = figures(asks, known_at=known_at)
    assert disagreements(asks, known_at) == []
    said = {ask.code for ask in asks if found[ask].value is not None}
    computed = {
        code for code, one in catalogue().indicators.items() if one.kind in ("flow", "stock", "ratio", "formula")
    }
    of_cases = {
        code for code in computed if code.startswith("case.")
    }  # no rows here: tests/programmes/test_counting.py
    assert computed - of_cases <= said, "every computed indicator has a value somewhere in this world"


def test_a_figure_with_a_value_stands_on_something(world):
    """Rows, a document, or operands that do; a zero of rows may stand on no row where the ledger reports all the time."""
    asks = every_ask(world, "2025")
    stand = lineages(asks, known_at=now())

    def stands(one):
        below = [b for b in one.operands if b.figure.value is not None]
        return bool(
            one.rows or one.received or (below and all(map(stands, below))) or (one.count and one.figure.value == 0)
        )

    assert [ask for ask in asks if stand[ask].figure.value is not None and not stands(stand[ask])] == []


def test_what_a_figure_stood_on_stays_true_after_everything_has_changed(world):
    """Void rows and values, merge parties, move a county: the figures of before keep value, count and hash."""
    asks, before = every_ask(world, "2025-01..2025-10"), now()
    stood = lineages(asks, known_at=before)
    _shake(world, stood.values())
    after = now()
    again, today = lineages(asks, known_at=before), lineages(asks, known_at=after)
    assert [ask for ask in asks if _kept(stood[ask]) != _kept(again[ask])] == []
    assert disagreements(asks, before) == []
    assert disagreements(asks, after) == []
    assert sum(_kept(stood[ask]) != _kept(today[ask]) for ask in asks) > 100, "the corrections were felt"


def _kept(one):
    """What a frozen figure keeps."""
    return one.figure.value, one.row_count, one.rows_hash


def _shake(world, stood):
    draw = random.Random(7)
    entries = sorted({row.id for one in stood for row in one.rows})
    for entry in draw.sample(entries, 60):
        void_entry(entry, seen=1, by=CLERK, reason="核实不符")
    for value in draw.sample(list(ReceivedValue.objects.order_by("pk").values_list("pk", flat=True)), 8):
        void_value(value, by=CLERK, reason="通报更正")
    pairs = draw.sample(sorted(world.parties), 20)
    for source, target in zip(pairs[::2], pairs[1::2], strict=True):
        merge_parties(world.parties[source], world.parties[target], by=CLERK, reason="同一企业")
    move_place("A0", parent="D0", on=date(2025, 6, 1), by=CLERK, reason="区划调整")


def test_a_frozen_figure_recomputes_from_the_rows_that_it_keeps(bureau, places, add, firms):
    """Also where a town left the county in the middle of the year and both sides are counted on the tree of today."""
    for year in (2025, 2026):
        values = {"number": f"{year}T1", "total": Decimal(90000 * (year - 2020)), "registered": date(year, 3, 3)}
        add("tech_contract", at="990121001", name="镇里的合同", kind="development", seller=firms[0].pk, flow="output",
            signed=date(year, 3, 3), status="registered", traded=values["total"], **values)  # fmt: skip
    move_place("990121001", parent="990102", on=date(2026, 5, 1), by=CLERK, reason="划归江川区")
    summary = composed()
    frozen = frozen_of(summary)
    void_entry(Revision.objects.get(number="2026A1").entry_id, seen=1, by=CLERK, reason="重复登记")
    told = tellings_of(summary)
    marks = list(frozen.marks.filter(kind="figure").exclude(definition=""))
    assert len({mark.reference for mark in marks}) > 15
    assert [problem for mark in marks for problem in _faults(mark, told.raw(mark.reference), frozen.known_at)] == []


def _faults(mark, formed, known_at):
    """How a frozen figure disagrees with what its operands stand on."""
    asks = [one.ask for one in formed.operands]
    stand = lineages(asks, known_at=known_at)
    hand = SecondHand(known_at)
    hand.read(stand.values())
    for operand, ask in zip(formed.operands, asks, strict=True):
        if not _same(hand.value(stand[ask]), operand.value):
            yield mark.reference, "operand", str(ask), str(operand.value), str(hand.value(stand[ask]))
    if formed.form == "value" and Decimal(mark.value) != hand.value(stand[asks[0]]):
        yield mark.reference, "value", mark.value
    counted = asks[:1] if formed.form in ("rank", "rank_moved") else asks
    rows = [row for ask in counted for row in stand[ask].rows]
    if (mark.rows, mark.digest) != (len({row.revision for row in rows}), rows_hash(rows)):
        yield mark.reference, "rows", mark.rows, len({row.revision for row in rows})
