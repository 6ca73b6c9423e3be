"""From the filled form to the receipt: one act, one number, one hash, however often the button is pressed."""

from datetime import UTC, datetime, timedelta

import pytest

from keshu.bureau.parties import personal
from keshu.bureau.programmes.applying.conditions import told
from keshu.bureau.programmes.applying.layout import layout_of
from keshu.bureau.programmes.applying.submitting import hand_over
from keshu.bureau.programmes.applying.versions import differences, hash_of, version_before
from keshu.bureau.programmes.closing import closes_at
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import (
    Application,
    CasePerson,
    Extension,
    FormCell,
    FormVersion,
    Receipt,
)
from keshu.bureau.programmes.problems import StaleCase
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.models import Act, File
from keshu.bureau.records.services import writing
from tests.conftest import CLERK
from tests.programmes.filling import IDCARD, add_paper, fill

pytestmark = pytest.mark.django_db


def fresh(application):
    return Application.objects.select_related("call__place", "place", "party", "version").get(pk=application.pk)


def test_submitting_fixes_a_version_gives_a_number_and_a_receipt(submitted):
    case = fresh(submitted)
    year = case.call.year
    assert (case.state, case.number, case.title, case.leader) == (
        "recommending", f"{year}-KEYRD-0001", "在线测试仪器关键技术研究", "林远"
    )  # fmt: skip
    assert case.version.sha256 == hash_of(case.version)
    assert case.version.values["project_name"] == "在线测试仪器关键技术研究"
    assert case.version.values["unit_name"] == case.party.name, "what was prefilled is handed in too"
    receipt = Receipt.objects.get()
    assert (receipt.event, receipt.sha256, receipt.at) == ("submit", case.version.sha256, case.submitted_at)
    assert Act.objects.get(pk=receipt.act_id).note == {"event": "submit"}


def test_personal_texts_lie_sealed_and_people_are_found_by_their_index(submitted):
    values = fresh(submitted).version.values
    assert personal.unseal(values["leader_idcard"]) == IDCARD
    assert IDCARD not in str(FormVersion.objects.values_list("values", flat=True)[0])
    rows = list(CasePerson.objects.order_by("order").values_list("blind", "name", "leads"))
    assert rows == [
        (personal.blind("person", IDCARD), "林远", True),
        (personal.blind("person", "姓名的内容|所在单位的内容"), "姓名的内容", False),
    ]


def test_every_paper_is_named_in_the_act_of_submission(submitted):
    act = Act.objects.get(pk=fresh(submitted).version.act_id)
    assert File.objects.filter(act=act).count() == submitted.papers.count() == len(fresh(submitted).version.papers)


def test_the_audit_finds_nothing_amiss(submitted):
    from keshu.bureau.records.audit import faults

    assert list(faults()) == []


def test_the_audit_finds_a_letter_that_was_changed_past_the_program(submitted):
    from keshu.bureau.records.audit import faults
    from tests.programmes.filling import past_the_guard

    version = fresh(submitted).version
    past_the_guard(FormVersion, "values", version.pk, {**version.values, "project_name": "另一个项目"})
    assert [(one.act, one.kind) for one in faults()] == [(version.act_id, "form")]


def test_numbers_run_on_without_gaps(submitted, begun, submit, open_call, firms):
    second = submit(fill(begun(submitted.call)))
    other = submit(fill(begun(open_call("plan.agri"), firms(2)[1])))
    year = submitted.call.year
    assert [fresh(one).number for one in (second, other)] == [f"{year}-KEYRD-0002", f"{year}-AGRI-0001"]


def test_an_act_that_fails_gives_its_number_back(filled, submitted, begun):
    from keshu.bureau.programmes.applying.numbering import next_number, prefix_of

    with pytest.raises(ZeroDivisionError), writing(verb="test", by=CLERK):
        next_number(prefix_of(submitted.call))
        raise ZeroDivisionError
    with writing(verb="test", by=CLERK):
        assert next_number(prefix_of(submitted.call)).endswith("-0002")


@pytest.fixture
def endorsing(filled, applicant):
    return pass_case(filled.pk, "hand_in", seen=filled.revision, viewer=applicant)


def test_the_same_click_again_gets_the_same_receipt(endorsing, unit_admin):
    seen = endorsing.revision
    first = hand_over(endorsing.pk, "submit", seen=seen, viewer=unit_admin)
    again = hand_over(endorsing.pk, "submit", seen=seen, viewer=unit_admin)
    assert (first.again, again.again, first.receipt) == (False, True, again.receipt)
    assert (Receipt.objects.count(), FormVersion.objects.count()) == (1, 1)


def test_the_same_click_is_remembered_after_the_case_has_moved_on(endorsing, unit_admin, bureau):
    seen = endorsing.revision
    first = hand_over(endorsing.pk, "submit", seen=seen, viewer=unit_admin)
    pass_case(endorsing.pk, "recommend", seen=first.application.revision, viewer=bureau["county"])
    assert hand_over(endorsing.pk, "submit", seen=seen, viewer=unit_admin).receipt == first.receipt


def test_handing_in_twice_is_one_passage(filled, applicant):
    seen = filled.revision
    assert not hand_over(filled.pk, "hand_in", seen=seen, viewer=applicant).again
    assert hand_over(filled.pk, "hand_in", seen=seen, viewer=applicant).again
    assert fresh(filled).state == "endorsing"


def test_another_click_on_a_stale_page_is_refused(endorsing, applicant, unit_admin):
    hand_over(endorsing.pk, "submit", seen=endorsing.revision, viewer=unit_admin)
    with pytest.raises(StaleCase):
        hand_over(endorsing.pk, "withdraw", seen=endorsing.revision, viewer=applicant)


def test_somebody_else_learns_nothing_from_the_same_click(endorsing, unit_admin, bureau):
    hand_over(endorsing.pk, "submit", seen=endorsing.revision, viewer=unit_admin)
    with pytest.raises((StaleCase, NotAllowed)):
        hand_over(endorsing.pk, "submit", seen=endorsing.revision, viewer=bureau["clerk"])


def test_one_of_two_people_fills_in_and_the_other_hands_over(filled, applicant, unit_admin):
    """提交 takes the right to endorse: whoever only applies cannot skip her own unit."""
    case = pass_case(filled.pk, "hand_in", seen=filled.revision, viewer=applicant)
    with pytest.raises(NotAllowed):
        hand_over(case.pk, "submit", seen=case.revision, viewer=applicant)
    back = pass_case(case.pk, "send_back", seen=case.revision, viewer=unit_admin, given={"reason": "预算请再核对"})
    assert back.state == "draft"


def refusal(application, viewer, event="hand_in"):
    with pytest.raises(NotAllowed) as refused:
        hand_over(application.pk, event, seen=application.revision, viewer=viewer)
    return str(refused.value)


def test_a_form_with_gaps_is_not_handed_in_and_says_where(filled, applicant):
    FormCell.objects.filter(path__in=["project_name", "plan_end"]).delete()
    said = refusal(filled, applicant)
    assert (
        said
        == "还有 2 处需要补充或改正：项目概况 · 项目名称：没有填写项目名称；项目概况 · 计划完成日期：没有填写计划完成日期"
    )


def test_a_missing_paper_is_a_gap(filled, applicant):
    filled.papers.filter(slot="licence").delete()
    assert "没有上传营业执照或法人登记证书" in refusal(filled, applicant)


def test_a_pledge_that_is_not_given_stops_the_submission(filled, applicant, unit_admin):
    FormCell.objects.filter(path="integrity").update(text="否")
    case = pass_case(filled.pk, "hand_in", seen=filled.revision, viewer=applicant)
    assert "科研诚信承诺" in refusal(case, unit_admin, "submit")


def move(call, **hours):
    for name, value in hours.items():
        setattr(call, name, datetime.now(UTC) + timedelta(hours=value))
    call.save()


def test_after_the_deadline_the_time_and_the_telephone_are_said(filled, applicant):
    move(filled.call, closes_at=-1)
    said = refusal(filled, applicant)
    assert f"已于 {told(filled.call.closes_at)} 截止" in said
    assert "周经办（0594-2345678）" in said


def test_before_it_opens_the_day_is_said(filled, applicant):
    move(filled.call, opens_at=2, closes_at=9)
    assert f"{told(filled.call.opens_at)} 起可以提交" in refusal(filled, applicant)


@pytest.mark.parametrize("scope", ["all", "place", "case"])
def test_an_extension_holds_for_its_scope(scope, filled, applicant, begun):
    move(filled.call, closes_at=-1)
    later = datetime.now(UTC) + timedelta(hours=3)
    own = {"all": {}, "place": {"place": filled.place}, "case": {"application": filled}}[scope]
    with writing(verb="call.extend", by=CLERK) as act:
        Extension.objects.create(call=filled.call, closes_at=later, reason="系统检修", act=act.act, **own)
    assert closes_at(filled) == later
    assert pass_case(filled.pk, "hand_in", seen=filled.revision, viewer=applicant).state == "endorsing"


@pytest.mark.parametrize("scope", ["place", "case"])
def test_an_extension_of_others_holds_for_nobody_else(scope, filled, applicant, begun, places):
    move(filled.call, closes_at=-1)
    other = begun(filled.call)
    own = {"place": {"place": places["990102"]}, "case": {"application": other}}[scope]
    with writing(verb="call.extend", by=CLERK) as act:
        Extension.objects.create(
            call=filled.call, closes_at=datetime.now(UTC) + timedelta(hours=3), reason="停电", act=act.act, **own
        )
    assert "截止" in refusal(filled, applicant)


@pytest.fixture
def reworking(submitted, bureau):
    return pass_case(
        submitted.pk, "ask_rework", seen=submitted.revision, viewer=bureau["county"], given={"reason": "请补充预算说明"}
    )


def test_a_reworked_form_is_a_new_version_with_its_difference(reworking, applicant):
    FormCell.objects.filter(path="project_name").update(text="新的项目名称")
    FormCell.objects.filter(path="keywords").update(text="")
    now = datetime.now(UTC)
    FormCell.objects.create(application=reworking, path="members:r2:name", text="周宁", by="x", at=now)
    FormCell.objects.create(application=reworking, path="members:r2:unit", text="市农科所", by="x", at=now)
    FormCell.objects.create(application=reworking, path="members:r2:task", text="试验", by="x", at=now)
    FormCell.objects.create(application=reworking, path="members:r2:months", text="6", by="x", at=now)
    FormCell.objects.filter(path="keywords").update(text="仪器；检测；在线")
    add_paper(reworking, "other", "补充说明.pdf", content=b"%PDF-1.4 2")
    handed = hand_over(reworking.pk, "hand_back", seen=reworking.revision, viewer=applicant)
    version = fresh(handed.application).version
    assert (version.number, handed.receipt.version, FormVersion.objects.count()) == (2, version, 2)
    found = differences(layout_of(programme_for(reworking.call)), version_before(version), version)
    assert [(one.label, one.before, one.after, one.kind) for one in found] == [
        ("项目名称", "在线测试仪器关键技术研究", "新的项目名称", "changed"),
        ("关键词", "测试；仪器；在线", "仪器；检测；在线", "changed"),
        ("成员 第 2 行 姓名", "", "周宁", "added"),
        ("成员 第 2 行 所在单位", "", "市农科所", "added"),
        ("成员 第 2 行 分工", "", "试验", "added"),
        ("成员 第 2 行 投入月数", "", "6", "added"),
        ("其他证明材料", "", "补充说明.pdf", "added"),
    ]
    assert fresh(handed.application).title == "新的项目名称"
    assert fresh(handed.application).number.endswith("-0001"), "the number stays"


def test_a_case_is_withdrawn_until_it_is_accepted(submitted, applicant, accepting):
    assert pass_case(accepting.pk, "pull_back", seen=accepting.revision, viewer=applicant).end == "withdrawn"


def test_a_version_is_never_rewritten(submitted):
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        FormVersion.objects.update(sha256="0" * 64)
