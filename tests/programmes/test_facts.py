"""Facts about an applicant: from its own words, from ledgers, from cases; what nobody told is unknown."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.parties import personal
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.programmes.calls.party_facts import ELSEWHERE
from keshu.bureau.programmes.definitions import programmes
from keshu.bureau.programmes.facts import About, known_facts, registered
from keshu.bureau.programmes.models import Application, CaseEntry, CasePerson, Credit, Stage
from keshu.bureau.records.services import writing
from keshu.catalogue.schema.programme_words import FACTS
from tests.conftest import CLERK

NOW = datetime.now(UTC)
TODAY = NOW.date()
NUMBER = "11010119900307803X"


@pytest.fixture
def know(firm, call):
    """`know("申报单位.规上")`: one fact about the enterprise before the call."""

    def read(name, application=None, of=None, party=None, **values):
        about = About(of or call, (party or firm).pk, TODAY, NOW, application=application, values=values)
        return known_facts(about, [name])[name]

    return read


@pytest.fixture
def entry(firm, places):
    """`entry("title", kind="hte")`: a row of the enterprise in a ledger."""

    def make(ledger, party=None, **values):
        holder = (party or firm).pk
        field = {"title": "holder", "profile": "holder", "project": "holder", "platform": "host"}.get(ledger)
        values = {field: holder, **values} if field else {"holders": [holder], **values}
        return create_entry(ledger, values, place_id=places["990121"].pk, by=CLERK)

    return make


def hte(entry, **changed):
    values = {
        "kind": "hte", "level": "national", "number": "GR202435000001", "status": "valid",
        "issued": TODAY - timedelta(days=400), "ended": TODAY + timedelta(days=600),
    }  # fmt: skip
    return entry("title", **{**values, **changed})


def project(entry, number="P1", **changed):
    values = {
        "number": number, "name": "旧项目", "plan": "key_rd", "level": "municipal", "status": "approved",
        "approved": TODAY - timedelta(days=300), "leader": "王工",
    }  # fmt: skip
    return entry("project", **{**values, **changed})


@pytest.fixture
def running(submitted):
    """The submitted case as one that was approved and is under way."""
    Application.objects.filter(pk=submitted.pk).update(state="running", issued_on=TODAY)
    Stage.objects.filter(application=submitted, left_at=None).update(
        state="running", due_on=TODAY + timedelta(days=100)
    )
    return Application.objects.get(pk=submitted.pk)


def test_every_fact_is_registered_or_says_who_else_knows_it():
    assert set(FACTS) - registered() == set(ELSEWHERE)
    assert all(ELSEWHERE.values())
    assert registered() <= set(FACTS)


def test_what_the_unit_says_of_itself(know):
    assert know("申报单位.类型") == "企业"
    assert know("申报单位.注册日期") == date(2015, 5, 1)
    assert know("申报单位.本地注册") is True
    assert know("申报年度") == NOW.year


def test_a_unit_that_told_nothing_is_unknown_and_not_refused(know, places):
    silent = register_party(PartySpec("无资料公司", None, None), by=CLERK)
    for name in ("申报单位.类型", "申报单位.注册日期", "申报单位.本地注册", "申报单位.规上", "所属区划"):
        assert know(name, party=silent) is None, name


def test_a_unit_of_elsewhere_is_not_local(know, places, db):
    from keshu.bureau.places.services import PlaceSpec, plant_places

    other = plant_places([PlaceSpec("980100", "外市", "city", "")], by=CLERK, since=date(2000, 1, 1))["980100"]
    assert know("申报单位.本地注册", party=register_party(PartySpec("外地公司", None, other.pk), by=CLERK)) is False


@pytest.mark.parametrize(
    ("changed", "valid"),
    [
        ({}, True),
        ({"ended": TODAY}, True),
        ({"ended": TODAY - timedelta(days=1)}, False),
        ({"issued": TODAY + timedelta(days=1)}, False),
        ({"status": "revoked", "revoke_reason": "未报年报"}, False),
        ({"kind": "phte", "level": "provincial"}, None),
    ],
)
def test_a_title_counts_while_it_is_valid(know, entry, changed, valid):
    hte(entry, **changed)
    assert know("申报单位.有效高企") is valid


def test_without_any_title_in_the_ledger_nobody_can_say_no(know, entry):
    assert know("申报单位.有效高企") is None
    hte(entry, party=register_party(PartySpec("别家公司"), by=CLERK))
    assert know("申报单位.有效高企") is False


def test_scale_is_that_of_the_latest_year(know, entry):
    entry("profile", year=NOW.year - 2, above_scale=True)
    assert know("申报单位.规上") is True
    entry("profile", year=NOW.year - 1, above_scale=False)
    assert know("申报单位.规上") is False


def test_projects_of_the_ledger_and_cases_are_counted_once(know, entry, running):
    assert know("申报单位.在研项目数") == 1
    project(entry)
    project(entry, "P2", status="accepted", accepted=TODAY)
    project(entry, "P3", level="provincial")
    assert know("申报单位.在研项目数") == 2
    own = project(entry, "P4")
    with writing(verb="test", by=CLERK) as act:
        CaseEntry.objects.filter(application=running).delete()
        CaseEntry.objects.create(application=running, ledger="project", entry_id=own.entry_id, act=act.act)
    assert know("申报单位.在研项目数") == 2


def test_overdue_counts_what_waits_for_the_applicant_and_imported_projects_past_their_plan(know, entry, running):
    project(entry, "P1", plan_end=TODAY + timedelta(days=3))
    assert know("申报单位.逾期项目数") == 0
    project(entry, "P2", plan_end=TODAY - timedelta(days=3))
    Stage.objects.filter(application=running, left_at=None).update(due_on=TODAY - timedelta(days=1))
    assert know("申报单位.逾期项目数") == 2
    Application.objects.filter(pk=running.pk).update(state="concluding")
    assert know("申报单位.逾期项目数") == 1


def test_applications_of_the_year_count_this_one_and_no_withdrawn_ones(know, submitted, begun, open_call):
    soft = open_call("plan.soft", name="软科学")
    assert know("申报单位.本年申报数", of=soft) == 2
    assert know("申报单位.本年申报数", application=submitted, of=submitted.call) == 1
    assert know("申报单位.本年申报数", of=open_call("title.hte", name="高企")) == 1
    Application.objects.filter(pk=submitted.pk).update(state="withdrawn", end="withdrawn", ended_at=NOW)
    assert know("申报单位.本年申报数", of=soft) == 1


def test_patents_count_for_every_holder(know, entry, firm):
    assert know("申报单位.有效发明专利数") is None
    first = register_party(PartySpec("第一权利人公司"), by=CLERK)
    patent = {"name": "一种装置", "kind": "invention", "status": "valid", "filed": date(2020, 1, 1)}
    entry("patent", number="2020100000012", holders=[first.pk, firm.pk], **patent)
    entry("patent", number="2020100000020", **{**patent, "status": "lapsed"})
    assert know("申报单位.有效发明专利数") == 1


def test_prizes_of_five_years_and_high_platforms(know, entry, open_call):
    prize = {"kind": "progress", "grade": "second", "level": "provincial", "status": "awarded"}
    entry("award", name="甲", year=NOW.year - 1, awarded=TODAY - timedelta(days=300), **prize)
    entry("award", name="乙", year=NOW.year - 7, awarded=TODAY - timedelta(days=7 * 365), **prize)
    entry("award", name="丙", year=NOW.year - 1, awarded=TODAY, **{**prize, "level": "municipal"})
    assert know("申报单位.近五年科技奖数") == 1
    entry(
        "platform", name="省重点实验室", kind="key_lab", level="provincial", status="valid", approved=date(2022, 1, 1)
    )
    entry(
        "platform",
        name="市中心",
        kind="engineering_center",
        level="municipal",
        status="valid",
        approved=date(2022, 1, 1),
    )
    assert know("申报单位.省级以上平台数") == 1
    assert know("申报单位.同级同类平台数", of=open_call("platform.engineering_center", name="中心")) == 1
    assert know("申报单位.同级同类平台数", of=open_call("platform.key_lab", name="实验室")) == 0
    assert know("申报单位.同级同类平台数") is None


def credit(**columns):
    with writing(verb="test", by=CLERK) as act:
        given = {"level": "serious", "what": "逾期不验收", "since": TODAY - timedelta(days=9), "act": act.act}
        return Credit.objects.create(**{**given, **columns})


def test_credit_of_a_unit_bars_until_its_day_or_its_repair(know, firm):
    assert know("申报单位.失信") is False and know("申报单位.限制申报") is False
    row = credit(party=firm, until=TODAY)
    assert know("申报单位.失信") is True and know("申报单位.限制申报") is True
    Credit.objects.filter(pk=row.pk).update(repaired_on=TODAY, repaired_act=row.act)
    assert know("申报单位.失信") is False and know("申报单位.限制申报") is False
    credit(party=firm, level="ordinary")
    assert know("申报单位.失信") is False


def test_leader_is_found_by_number_at_any_unit(know, submitted, running):
    with writing(verb="test", by=CLERK) as act:
        CasePerson.objects.filter(application=running).delete()
        blind = personal.blind("person", NUMBER)
        CasePerson.objects.create(application=running, blind=blind, name="李工", leads=True, act=act.act)
    said = {"负责人姓名": "李工", "负责人身份证号": NUMBER}
    assert know("负责人.在研主持数", **said) == 1
    assert know("负责人.在研参与数", **said) == 1
    assert know("负责人.本年主持申报数", **said) == 2
    assert know("负责人.在研主持数", 负责人姓名="李工", 负责人身份证号="110101199003071938") == 0
    assert know("负责人.失信", **said) is False
    credit(person=blind, person_name="李工", until=TODAY + timedelta(days=5))
    assert know("负责人.失信", **said) is True


def test_leader_of_imported_projects_is_known_by_name_and_unit(know, entry):
    project(entry)
    assert know("负责人.在研主持数", 负责人姓名="王工") == 1
    assert know("负责人.在研主持数", 负责人姓名="赵工") == 0


def test_leader_who_is_not_named_is_unknown(know):
    for name in ("负责人.年龄", "负责人.在研主持数", "负责人.本年主持申报数", "负责人.失信"):
        assert know(name) is None


def test_age_is_in_full_years(know, submitted):
    on = datetime(2026, 3, 6, 4, tzinfo=UTC)
    Application.objects.filter(pk=submitted.pk).update(submitted_at=on)
    case = Application.objects.get(pk=submitted.pk)
    assert know("负责人.年龄", case, 负责人身份证号=NUMBER) == 35
    Application.objects.filter(pk=submitted.pk).update(submitted_at=on + timedelta(days=1))
    assert know("负责人.年龄", Application.objects.get(pk=submitted.pk), 负责人身份证号=NUMBER) == 36


def test_pledge_tells_of_no_accident(know):
    assert know("申报单位.重大事故") is None
    assert know("申报单位.重大事故", 无重大事故承诺=True) is False


def test_all_programmes_share_their_queries(firm, open_call, entry, django_assert_num_queries):
    """Thirty calls ask as often as one: what concerns the party is read once."""
    project(entry)
    calls = [open_call(code, name=code) for code in programmes()]
    shared = {"申报单位.本年同类兑现额", "得分", "核定金额"}
    for chosen in (calls[:1], calls):
        shelf = {}
        with django_assert_num_queries(6):
            for one in chosen:
                about = About(one, firm.pk, TODAY, NOW, shelf=shelf)
                known_facts(about, set(FACTS) - shared)
    assert Decimal(len(calls)) >= 20
