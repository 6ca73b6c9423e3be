"""The seven cases of known_cases.yaml, written into the database as they would have been on their days."""

from datetime import date, datetime, time
from pathlib import Path

from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.programmes.definitions import pin, programme_of
from keshu.bureau.programmes.models import Application, Call, FormVersion, Milestone, Stage
from keshu.bureau.records.models import Act, Passage
from keshu.bureau.records.services import ZONE, writing
from keshu.catalogue.reading import read_documents
from tests.conftest import CLERK

KNOWN = read_documents(Path(__file__).parent / "known_cases.yaml")[0][0]


def at(day, hour=9):
    return datetime.combine(day, time(hour), ZONE)


def act_on(day, **columns):
    return Act.objects.create(verb="test", by="clerk", at=at(day), **columns)


def plant_cases(places):
    """All seven; `places` are the ids of 990100, A, B and D. Answers with the cases by their numbers in the file."""
    firm = register_party(PartySpec("云岭远景仪器有限公司", "91350402MA0000015H", places["A"]), by=CLERK)
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
            application=cases[row["case"]], code=f"n{number}", name="样机", due_on=row["due"],
            act=act_on(date(2024, 6, 1)), **done,
        )  # fmt: skip
    return cases


def _case(row, places, firm):
    programme = programme_of(row["programme"])
    with writing(verb="test.call", by=CLERK) as act:
        pin(programme, at=act.act.at)
    day = row["submitted"]
    act = act_on(day)
    call = Call.objects.create(
        programme=programme.code, version=programme.version, year=2025, name=programme.name, place_id=places["990100"],
        section=programme.owner, opens_at=at(date(2023, 1, 1)), closes_at=at(date(2026, 1, 1)), contact="周经办", phone="1",
        act=act,
    )  # fmt: skip
    case = Application.objects.create(
        call=call, party=firm, place_id=places[row["place"]], title=f"项目{row['case']}", state="draft", created_by="x",
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
