"""What a case leaves in the ledgers: one row, whoever was first, and it can be taken back."""

from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.services import create_entry, void_entry
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.programmes.applying.versions import hash_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import Application, CaseEntry, Decision, DocumentItem, FormVersion, IssuedDocument
from keshu.bureau.programmes.outcomes import take_back_outcomes, write_outcomes
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.audit import faults
from keshu.bureau.records.services import writing
from tests.conftest import CLERK
from tests.programmes.filling import cells_for

TODAY = datetime.now(UTC).date()
NONE_CLAIMED = ("payout.patent", "payout.pledge")  # what the test fills in comes to 0


@contextmanager
def event(application, name):
    """An act in which the event happens to the case, as far as the ledgers are concerned."""
    with writing(verb="case.pass", by=CLERK, subject=f"application:{application.pk}") as under_way:
        case = Case(application, at=under_way.act.at, by=CLERK, event=name)
        yield case, under_way


def happen(application, name, state=None, end=""):
    if state:
        application.state, application.end = state, end
    with event(application, name) as (case, under_way):
        write_outcomes(case, under_way)
    return under_way.act


@pytest.fixture
def handed_in(begun, open_call):
    """`handed_in(code, party)`: a case with a version of the form, every required field filled in."""

    def make(code, party=None, changes=None, **columns):
        application = begun(open_call(code, name=f"{code} {len(columns)} {Application.objects.count()}"), party)
        programme = Case(application, at=datetime.now(UTC), by=CLERK).programme
        with writing(verb="case.submit", by=CLERK) as under_way:
            values = cells_for(programme) | (changes or {})
            version = FormVersion(
                application=application, number=1, values=values, papers=[], event="submit", by="applicant",
                at=under_way.act.at, act=under_way.act,
            )  # fmt: skip
            version.sha256 = hash_of(version)
            version.save()
            under_way.wrote(bytes.fromhex(version.sha256), "form")
            application.version, application.submitted_at = version, under_way.act.at
            application.number = f"T{application.pk}"
            application.save()
        return application

    return make


def paper(application, *, number="云科〔2026〕8号", item="", day=TODAY, until=None):
    """The document by which it is issued, with the number that it gives the case."""
    with writing(verb="document.number", by=CLERK) as under_way:
        document = IssuedDocument.objects.create(
            call=application.call, template="approval_document", number=f"{number}{application.pk}", title="文件",
            issuer="云岭市科学技术局", issued_on=day, act=under_way.act,
        )  # fmt: skip
        DocumentItem.objects.create(document=document, application=application, order=1, number=item, valid_until=until)
    application.issued_on = day
    return document


def current(application, ledger):
    link = CaseEntry.objects.get(application=application, ledger=ledger)
    return Revision.objects.get(entry_id=link.entry_id, known_to__isnull=True)


def hte(number, holder, **values):
    return {
        "kind": "hte", "level": "national", "action": "initial", "holder": holder.pk, "number": number,
        "status": "valid", "issued": TODAY, "ended": date(TODAY.year + 3, TODAY.month, min(TODAY.day, 28)), **values,
    }  # fmt: skip


def valid_htes(place):
    from keshu.bureau.statistics import commands

    return commands.figure(["hte.valid"], place=place, period=str(TODAY.year))[0]["value"]


def test_a_project_is_one_row_from_application_to_acceptance(handed_in, firm):
    case = handed_in("plan.key_rd")
    happen(case, "submit")
    row = current(case, "project")
    assert (row.title, row.party_id, row.status, row.category) == (
        "在线测试仪器关键技术研究",
        firm.pk,
        "applied",
        "key_rd",
    )
    assert row.entry.origin == "programme"
    assert row.place_id == firm.place_id
    happen(case, "recommend")
    paper(case, item="2026KEYRD001")
    happen(case, "issue", "contracting")
    now = current(case, "project")
    assert (now.entry_id, now.status, now.number, now.number_in_entry) == (row.entry_id, "approved", "2026KEYRD001", 3)
    assert values_of(ledger_of("project"), now)["approved"] == TODAY
    assert Revision.objects.filter(ledger="project", known_to__isnull=True).count() == 1
    assert not list(faults())


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        pytest.param("一等奖", "first", id="a grade of the ledger"),
        pytest.param("不分等级", "none", id="a prize without grades"),
    ],
)
def test_an_award_bears_the_grade_that_was_decided(handed_in, said, kept):
    """Indicators count prizes by grade: those that were decided here count as the imported ones do."""
    case = handed_in("award.science")
    happen(case, "submit")
    with writing(verb="case.decide", by=CLERK) as under_way:
        Decision.objects.create(
            application=case, state="submitting", meeting="市政府常务会议", day=TODAY, verdict="agreed", grade=said,
            act=under_way.act,
        )  # fmt: skip
    paper(case, number="云政〔2026〕3号")
    happen(case, "issue", "paying")
    row = current(case, "award")
    assert (row.status, row.subcategory) == ("awarded", kept)


def test_a_partner_nobody_knows_is_registered_for_later_verification(handed_in):
    from keshu.bureau.parties.models import Party

    case = handed_in("plan.key_rd", changes={"partners": "青岩远景农业有限公司、江川大学"})
    happen(case, "submit")
    row = current(case, "project")
    partners = [one.party for one in row.others.filter(role="partners").order_by("order")]
    assert [party.name for party in partners] == ["青岩远景农业有限公司", "江川大学"]
    assert all(party.provisional for party in partners)
    assert Party.objects.filter(name="江川大学").count() == 1


def test_imported_first_then_recognised_is_one_title(handed_in, firm, places):
    imported = create_entry("title", hte("GR202635000001", firm, batch="2026年第一批"), place_id=firm.place_id, by=CLERK, origin="import")  # fmt: skip
    assert valid_htes("990100") == "1"
    case = handed_in("title.hte")
    happen(case, "submit")
    own = current(case, "title")
    assert own.entry_id != imported.entry_id
    paper(case, item="GR202635000001")
    happen(case, "upper_approve", "holding")
    now = current(case, "title")
    assert now.entry_id == imported.entry_id
    assert (now.data["batch"], now.status, now.filed_on) == ("2026年第一批", "valid", own.filed_on)
    assert Revision.objects.get(entry_id=own.entry_id, known_to__isnull=True).voided
    assert valid_htes("990100") == "1"
    assert not list(faults())


def test_recognised_first_then_imported_is_one_title(handed_in, firm, places):
    case = handed_in("title.hte")
    happen(case, "submit")
    paper(case, item="GR202635000001")
    happen(case, "upper_approve", "holding")
    assert valid_htes("990100") == "1"
    rows = [
        ["企业名称", "资质类别", "证书编号", "发证日期", "批次"],
        [firm.name, "高新技术企业", "GR202635000001", TODAY.isoformat(), "2026年第一批"],
    ]
    take_in("title", rows)
    now = current(case, "title")
    assert now.data["batch"] == "2026年第一批"
    assert Revision.objects.filter(ledger="title", known_to__isnull=True, voided=False).count() == 1
    assert valid_htes("990100") == "1"


def take_in(ledger, rows):
    from keshu.bureau.ledgers.importing import committing, services
    from tests.ledgers.workbooks import Sheet, xlsx

    batch = services.stage(ledger, xlsx(Sheet("表", rows)), name="表.xlsx", place="990100", by=CLERK)
    committing.commit(batch.pk, by=CLERK)


def test_a_certificate_number_of_another_firm_is_refused_with_a_sentence(handed_in, firm, places):
    from keshu.bureau.parties.services import PartySpec, register_party

    other = register_party(PartySpec("江川别家仪器有限公司", "", places["990102"].pk), by=CLERK)
    create_entry("title", hte("GR202635000001", other), place_id=places["990102"].pk, by=CLERK)
    case = handed_in("title.hte")
    happen(case, "submit")
    paper(case, item="GR202635000001")
    with pytest.raises(CaseProblem, match=r"GR202635000001.*江川别家仪器有限公司"):
        happen(case, "upper_approve", "holding")
    assert current(case, "title").status == "applied"


def test_applying_again_does_not_set_back_what_is_held(handed_in, firm):
    held = {
        "name": "云岭精密测试重点实验室",
        "host": firm.pk,
        "kind": "key_lab",
        "level": "municipal",
        "status": "valid",
    }
    before = create_entry("platform", held, place_id=firm.place_id, by=CLERK, origin="import")
    case = handed_in("platform.key_lab", changes={"platform_name": "云岭精密测试重点实验室"})
    happen(case, "submit")
    assert Revision.objects.get(entry_id=before.entry_id, known_to__isnull=True).status == "valid"
    own = current(case, "platform")
    assert (own.entry_id != before.entry_id, own.status) == (True, "applied")
    paper(case)
    happen(case, "issue", "operating")
    assert current(case, "platform").entry_id == before.entry_id
    assert Revision.objects.get(entry_id=own.entry_id, known_to__isnull=True).voided


def test_the_same_claim_a_year_later_is_another_row(handed_in):
    first, second = handed_in("payout.rd_segment"), None
    happen(first, "submit")
    second = handed_in("payout.rd_segment")
    happen(second, "submit")
    rows = Revision.objects.filter(ledger="payout", known_to__isnull=True, voided=False)
    assert rows.count() == 2
    assert len(set(rows.values_list("key", flat=True))) == 2


def test_taking_back_leaves_what_somebody_changed_since(handed_in):
    kept, changed = handed_in("plan.soft"), handed_in("plan.soft", changes={"project_name": "另一项软科学研究课题"})
    for case in (kept, changed):
        happen(case, "submit")
        paper(case, item=f"2026SOFT{case.pk:03d}")
    with writing(verb="batch.release", by=CLERK) as under_way:
        for case in (kept, changed):
            case.state = "contracting"
            write_outcomes(Case(case, at=under_way.act.at, by=CLERK, event="issue"), under_way)
    row = current(changed, "project")
    void_entry(row.entry_id, seen=row.number_in_entry, by=CLERK, reason="重复")
    released = under_way.act.pk
    left = []
    with writing(verb="batch.undo", by=CLERK, undoes=under_way.act) as under_way:
        for application in (kept, changed):
            case = Case(application, at=under_way.act.at, by=CLERK)
            take_back_outcomes(case, released, under_way)
            left += case.notes["left_rows"]
    assert left == [row.entry_id]
    assert current(kept, "project").status == "applied"
    assert current(kept, "project").number == ""
    assert current(changed, "project").voided
    assert not list(faults())


def test_taking_back_a_merge_gives_both_rows_their_former_life(handed_in, firm):
    imported = create_entry("title", hte("GR202635000001", firm), place_id=firm.place_id, by=CLERK, origin="import")
    case = handed_in("title.hte")
    happen(case, "submit")
    own = current(case, "title").entry_id
    paper(case, item="GR202635000001")
    act = happen(case, "upper_approve", "holding")
    with writing(verb="batch.undo", by=CLERK, undoes=act) as under_way:
        take_back_outcomes(Case(case, at=under_way.act.at, by=CLERK), act.pk, under_way)
    row = current(case, "title")
    assert (row.entry_id, row.voided, row.status) == (own, False, "applied")
    before = Revision.objects.get(entry_id=imported.entry_id, known_to__isnull=True)
    assert (before.filed_on, before.status) == (None, "valid")


def test_taking_back_the_first_row_forgets_it(handed_in):
    case = handed_in("plan.soft")
    act = happen(case, "submit")
    entry = current(case, "project").entry_id
    with writing(verb="batch.undo", by=CLERK, undoes=act) as under_way:
        take_back_outcomes(Case(case, at=under_way.act.at, by=CLERK), act.pk, under_way)
    assert not CaseEntry.objects.filter(application=case).exists()
    assert Revision.objects.get(entry_id=entry, known_to__isnull=True).voided
    happen(case, "submit")
    assert current(case, "project").entry_id != entry


def test_no_money_no_row_of_money(handed_in):
    case = handed_in("platform.engineering_center")
    happen(case, "submit")
    paper(case)
    happen(case, "issue", "operating")
    assert not CaseEntry.objects.filter(application=case, ledger="payout").exists()


NUMBERS = {
    "title.hte": f"GR{TODAY.year}35000001",
    "title.tsme": f"{TODAY.year}35042100000001",
    "title.phte": f"GR{TODAY.year}35000002",
}


def programmes():
    from keshu.catalogue.loader import load

    return [code for code, one in sorted(load().programmes.items()) if not one.abstract]


def event_order(programme):
    """Events with an outcome, the way that the ladder goes on first, then those that end the case early."""
    ladder, happy, state, seen = programme.ladder, [], programme.ladder.start, set()
    while state not in seen:
        seen.add(state)
        onward = [s for s in ladder.out_of(state) if s.target not in seen and (ladder.states[s.target].end in (None, "completed", "approved"))]  # fmt: skip
        if not onward:
            break
        step = max(onward, key=lambda one: list(ladder.states).index(one.target))
        happy.append(step)
        state = step.target
    return [step for step in happy if programme.outcomes_on(step.event)], [
        step for step in ladder.steps if programme.outcomes_on(step.event) and step not in happy
    ]


@pytest.fixture
def known_money(monkeypatch, request):
    """What the money would say, before any is there."""
    from keshu.bureau.programmes import facts

    amount = Decimal(0) if request.node.callspec.params["code"] in NONE_CLAIMED else Decimal(1000)
    given = {
        "核定金额": amount, "已拨金额": amount, "拨付日期": TODAY, "验收日期": TODAY, "得分": Decimal(88),
        "申报年度": Decimal(TODAY.year), "申报日期": TODAY,
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setitem(facts._facts, name, lambda _about, value=value: value)


@pytest.mark.parametrize("code", programmes())
def test_every_programme_leaves_rows_that_its_ledgers_accept(code, handed_in, known_money, firm):
    case = handed_in(code)
    programme = Case(case, at=datetime.now(UTC), by=CLERK).programme
    happy, others = event_order(programme)
    for step in happy:
        if step.event in ("issue", "upper_approve", "report"):
            paper(
                case,
                number=step.event,
                item=NUMBERS.get(code, f"{code}-{case.pk}"),
                until=date(TODAY.year + 3, TODAY.month, 1),
            )
        happen(case, step.event, step.target)
    for ledger in {outcome.ledger for step in happy for outcome in programme.outcomes_on(step.event)}:
        row, definition = current(case, ledger), ledger_of(ledger)
        values = values_of(definition, row)
        assert row.party_id is not None
        assert not row.voided
        assert all(item.code in values for item in definition.fields if item.required), (ledger, values)
        said = [
            o.set["status"]
            for s in happy
            for o in programme.outcomes_on(s.event)
            if o.ledger == ledger and "status" in o.set
        ]
        assert row.status == said[-1]
    for step in others:
        early = handed_in(code, changes={"project_name": f"{step.event}另一项"})
        if step.event != "submit":
            happen(early, "submit")
        happen(early, step.event, step.target, programme.ladder.states[step.target].end or "")
    assert not list(faults())
