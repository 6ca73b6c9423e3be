"""What indicators count of cases: values reasoned by hand, as they are known now and as they were known then."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from keshu.bureau.places.services import PlaceSpec, plant_places
from keshu.bureau.programmes import counting
from keshu.bureau.programmes.definitions import pin, programme_of
from keshu.bureau.programmes.models import Application, Call, FormVersion, Milestone, Stage
from keshu.bureau.records.models import Act, Passage
from keshu.bureau.records.services import ZONE, writing
from keshu.bureau.statistics.lineage import recompute
from keshu.bureau.statistics.queries import Ask, figures, lineages
from keshu.catalogue.reading import read_documents
from keshu.kernel.measure.period import Period
from tests.conftest import CLERK

KNOWN = read_documents(Path(__file__).parent / "known_cases.yaml")[0][0]
PLACES = [
    PlaceSpec("990100", "云岭市", "city", ""), PlaceSpec("C", "丙县", "county", "990100"),
    PlaceSpec("A", "甲镇", "town", "C"), PlaceSpec("B", "乙镇", "town", "C"), PlaceSpec("D", "丁县", "county", "990100"),
]  # fmt: skip


def at(day, hour=9):
    return datetime.combine(day, time(hour), ZONE)


def act_on(day, **columns):
    return Act.objects.create(verb="test", by="clerk", at=at(day), **columns)


@pytest.fixture
def world(db):
    """The seven cases, written as they would have been on their days."""
    from keshu.bureau.parties.services import PartySpec, register_party

    places = plant_places(PLACES, by=CLERK, since=date(2000, 1, 1))
    firm = register_party(PartySpec("云岭远景仪器有限公司", "91350402MA0000015H", places["A"].pk), by=CLERK)
    cases = {row["case"]: _case(row, places, firm) for row in KNOWN["cases"]}
    for row in KNOWN["events"]:
        _event(row, cases[row["case"]])
    orders = {}
    for row in KNOWN["stages"]:
        orders[row["case"]] = orders.get(row["case"], 0) + 1
        _stage(row, cases[row["case"]], orders[row["case"]])
    for number, row in enumerate(KNOWN["milestones"]):
        done = {"done_on": row["done"], "done_act": act_on(row["done"])} if "done" in row else {}
        Milestone.objects.create(
            application=cases[row["case"]],
            code=f"n{number}",
            name="样机",
            due_on=row["due"],
            act=act_on(date(2024, 6, 1)),
            **done,
        )
    return cases


def _case(row, places, firm):
    programme = programme_of(row["programme"])
    with writing(verb="test.call", by=CLERK) as act:
        pin(programme, at=act.act.at)
    day = row["submitted"]
    act = act_on(day)
    call = Call.objects.create(
        programme=programme.code, version=programme.version, year=2025, name=programme.name, place=places["990100"],
        section=programme.owner, opens_at=at(date(2023, 1, 1)), closes_at=at(date(2026, 1, 1)), contact="周经办", phone="1",
        act=act,
    )  # fmt: skip
    case = Application.objects.create(
        call=call, party=firm, place=places[row["place"]], title=f"项目{row['case']}", state="draft", created_by="x",
        created_at=at(day), act=act,
    )  # fmt: skip
    version = FormVersion.objects.create(
        application=case, number=1, values={}, papers=[], sha256="0", event="submit", by="x", at=at(day), act=act
    )
    case.version, case.number, case.submitted_at, case.state = version, f"2025{row['case']:04}", at(day), "checking"
    case.save()
    return case


def _event(row, case):
    act = act_on(row["on"])
    key = {"machine": case.call.programme, "subject": str(case.pk), "from_state": "x", "to_state": "y"}
    Passage.objects.create(**key, event=row["event"], act=act)
    if "undone" in row:
        Passage.objects.create(**key, event="undo", act=act_on(row["undone"], undoes=act))


def _stage(row, case, order):
    left = {}
    if "left" in row:
        late = row["left"] > row["due"] if "due" in row else False
        left = {"left_at": at(row["left"]), "left_by": row["by"], "left_act": act_on(row["left"]), "late": late}
    Stage.objects.create(
        application=case, state=row["state"], order=order, entered_at=at(row["since"]), due_on=row.get("due"),
        act=act_on(row["since"]), **left,
    )  # fmt: skip


def _ask(row):
    return Ask(row["code"], str(row["place"]), Period.parse(str(row["period"])), row.get("scope", ""))


def test_known_values_and_their_lineage(world):
    now, asks = datetime.now(UTC), [_ask(row) for row in KNOWN["expect"]]
    found, stand = figures(asks, known_at=now), lineages(asks, known_at=now)
    wrong = [
        (row, str(found[ask].value))
        for row, ask in zip(KNOWN["expect"], asks, strict=True)
        if not _agrees(row, found[ask])
    ]
    assert wrong == []
    assert [ask.code for ask in asks if recompute(stand[ask]) != found[ask].value] == []


def _agrees(row, figure):
    pairs = [("value", figure.value), ("numerator", figure.numerator), ("denominator", figure.denominator)]
    return all(
        name not in row or (value is not None and abs(Decimal(str(row[name])) - value) < Decimal("1e-9"))
        for name, value in pairs
    )


@pytest.mark.parametrize(("day", "value"), [(date(2025, 5, 31), 2), (date(2025, 6, 3), 3), (date(2025, 6, 6), 2)])
def test_what_was_taken_back_was_known_while_it_stood(world, day, value):
    ask = _ask({"code": "case.granted", "place": "990100", "period": 2025})
    assert figures([ask], known_at=at(day, 23))[ask].value == value


def test_who_stayed_was_still_there_before_he_left(world):
    """On 5 August nobody knew yet that case 6 would end on the eighth."""
    ask = _ask({"code": "case.running", "place": "990100", "period": "2025-01..2025-07"})
    assert figures([ask], known_at=at(date(2025, 8, 5)))[ask].value == 3


def test_a_row_opens_its_case(world):
    ask = _ask({"code": "case.submitted", "place": "A", "period": 2025})
    rows = lineages([ask], known_at=datetime.now(UTC))[ask].rows
    source = counting.find("case_event")
    shown = source.rows(row.revision for row in rows)
    assert {one.title for one in shown} == {"项目1", "项目7"}
    assert {source.url(one.entry_id) for one in shown} == {f"/programmes/cases/{world[n].pk}/" for n in (1, 7)}


def test_one_statement_for_each_source(world, django_assert_num_queries):
    """Three sources asked at once cost three statements of rows beside what every figure costs."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asks = [_ask(row) for row in KNOWN["expect"]]
    with CaptureQueriesContext(
        connection,
    ) as seen:
        figures(asks, known_at=datetime.now(UTC))
    assert sum("facts WHERE" in one["sql"] for one in seen.captured_queries) == 3
