"""Lists under publicity: days, ending, corrections; objections whose name nobody reads without a trace."""

import io
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from keshu.bureau.accounts.models import Unmasking
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import Application, Correction, Objection, Publicity, Stage
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity import lists, objecting
from keshu.bureau.programmes.publicity.objecting import Said
from keshu.bureau.records.audit import faults
from keshu.bureau.records.machine import NotAllowed
from keshu.kernel.workdays import add_workdays
from tests.programmes.filling import PDF, fill

NAME, PHONE = "欧阳若兰", "13905941234"
SAID = Said(NAME, PHONE, "该项目与申报单位去年已经结题的项目内容重复，附对照说明。我是欧阳若兰。")


def bring(application, state):
    """As if the case had come to this state by its own way."""
    Application.objects.filter(pk=application.pk).update(state=state)
    Stage.objects.filter(application=application, left_at__isnull=True).update(state=state)
    return Application.objects.select_related("call__place", "place", "party").get(pk=application.pk)


@pytest.fixture
def announcing(call, begun, submit, firms):
    """`announcing(n)`: cases of one call that wait for publicity."""

    def make(n=1):
        cases = []
        for number, party in enumerate(firms(n), 1):
            application = fill(begun(call, party), changes={"project_name": f"在线测试关键技术研究之{number}"})
            cases.append(bring(submit(application), "announcing"))
        return cases

    return make


@pytest.fixture
def shown(announcing, bureau):
    """A list with one case on it."""
    cases = announcing(1)
    return show(cases, bureau["clerk"])


def show(cases, viewer):
    return lists.publish(
        cases[0].call_id, [case.pk for case in cases], title="2026年度拟立项公示", text="", contact="计财科 0594-2345678",
        viewer=viewer,
    )  # fmt: skip


def over(publicity):
    """As if the days of the list had gone by."""
    begun = publicity.starts_on - timedelta(days=20)
    Publicity.objects.filter(pk=publicity.pk).update(starts_on=begun, ends_on=begun + timedelta(days=7))


def the_case(publicity):
    return Application.objects.select_related("call__place", "place", "party").get(
        pk=publicity.items.get().application_id
    )


def test_a_list_is_one_act_with_the_days_of_the_calendar(announcing, bureau):
    cases = announcing(3)
    publicity = show(cases, bureau["clerk"])
    assert publicity.ends_on == add_workdays(publicity.starts_on, 5)
    assert publicity.items.count() == 3
    assert {one.state for one in Application.objects.all()} == {"publicity"}
    labels = [label for label, _text in publicity.items.first().columns]
    assert labels[:4] == ["受理编号", "项目名称", "申报单位", "负责人"]
    assert publicity.act.verb == "publicity.start"
    stage = Stage.objects.get(application=cases[0], left_at__isnull=True)
    assert stage.due_on == add_workdays(publicity.ends_on, 1)
    assert not list(faults())


def test_all_or_none_go_on_the_list(announcing, bureau):
    one, other = announcing(2)
    bring(other, "advising")
    with pytest.raises(CaseProblem, match="之2"):
        show([one, other], bureau["clerk"])
    assert not Publicity.objects.exists()


def test_a_county_cannot_announce(announcing, bureau):
    with pytest.raises(CaseProblem):
        show(announcing(1), bureau["county"])


def test_it_ends_only_after_its_last_day(shown, bureau):
    with pytest.raises(CaseProblem, match="为止"):
        lists.end_publicity(shown.pk, viewer=bureau["clerk"])
    over(shown)
    assert lists.end_publicity(shown.pk, viewer=bureau["clerk"]) == (1, [])
    assert the_case(shown).state == "issuing"
    shown.refresh_from_db()
    assert shown.ended_at is not None


def test_a_disputed_case_stays_while_the_others_go_on(announcing, bureau):
    cases = announcing(2)
    publicity = show(cases, bureau["clerk"])
    objecting.file_objection(
        publicity.pk, Said(NAME, PHONE, SAID.content, application=cases[0].pk), day=publicity.starts_on
    )
    over(publicity)
    passed, left = lists.end_publicity(publicity.pk, viewer=bureau["clerk"])
    assert (passed, [one.pk for one, _why in left]) == (1, [cases[0].pk])
    publicity.refresh_from_db()
    assert publicity.ended_at is None


def test_an_objection_to_the_whole_list_holds_everybody_back(shown, bureau):
    objecting.file_objection(shown.pk, SAID, day=shown.starts_on)
    over(shown)
    with pytest.raises(CaseProblem, match="没有指明项目"):
        lists.end_publicity(shown.pk, viewer=bureau["clerk"])


@pytest.mark.parametrize("name", ["匿名", "一名群众", "张某", "知情人", "李**", "王先生", "", "A"])
def test_nobody_objects_without_a_name(shown, name):
    with pytest.raises(CaseProblem, match="真实姓名"):
        objecting.file_objection(shown.pk, Said(name, PHONE, SAID.content), day=shown.starts_on)


def test_a_unit_objects_with_a_stamped_scan(shown):
    unit = Said(NAME, "", SAID.content, organisation="江川别家仪器有限公司")
    with pytest.raises(CaseProblem, match="盖公章"):
        objecting.file_objection(shown.pk, unit, day=shown.starts_on)
    kept = objecting.file_objection(
        shown.pk, Said(NAME, "", SAID.content, "江川别家仪器有限公司", file=(PDF, "pdf", "application/pdf")),
        day=shown.starts_on,
    )  # fmt: skip
    assert kept.objection.file.name == "异议材料"
    assert kept.objection.due_on == add_workdays(shown.starts_on, 15)


def test_the_public_is_heard_only_while_the_list_is_shown(shown):
    with pytest.raises(CaseProblem, match="期满"):
        objecting.file_objection(shown.pk, SAID, day=shown.ends_on + timedelta(days=1))


def test_a_letter_counts_from_the_day_it_came(shown, bureau):
    kept = objecting.register_objection(
        shown.pk, SAID, received=shown.starts_on, viewer=bureau["clerk"], today=shown.ends_on
    )
    assert (kept.objection.by_letter, kept.objection.received_on) == (True, shown.starts_on)
    with pytest.raises(CaseProblem, match="收到日期"):
        objecting.register_objection(
            shown.pk, SAID, received=shown.starts_on - timedelta(days=1), viewer=bureau["clerk"], today=shown.ends_on
        )
    with pytest.raises(CaseProblem, match="权限"):
        objecting.register_objection(
            shown.pk, SAID, received=shown.starts_on, viewer=bureau["county"], today=shown.ends_on
        )


def objected(publicity, content=SAID.content):
    case = publicity.items.first().application_id
    said = Said(NAME, PHONE, content, application=case)
    return objecting.file_objection(publicity.pk, said, day=publicity.starts_on).objection


def test_an_objection_that_is_dismissed_gives_the_case_back(shown, bureau):
    objection = objected(shown)
    with pytest.raises(CaseProblem, match="转入异议处理"):
        objecting.settle(objection.pk, outcome="dismissed", reply="经核查，两者内容不同。", viewer=bureau["director"])
    objecting.take_up(objection.pk, viewer=bureau["clerk"])
    assert the_case(shown).state == "objection"
    with pytest.raises(NotAllowed):
        objecting.settle(objection.pk, outcome="dismissed", reply="经核查，两者内容不同。", viewer=bureau["clerk"])
    objecting.settle(objection.pk, outcome="dismissed", reply="经核查，两者内容不同。", viewer=bureau["director"])
    assert the_case(shown).state == "publicity"
    over(shown)
    assert lists.end_publicity(shown.pk, viewer=bureau["clerk"])[0] == 1


def test_an_objection_that_is_upheld_takes_the_case_off_the_list(shown, bureau):
    first, second = objected(shown), objected(shown)
    objecting.take_up(first.pk, viewer=bureau["clerk"])
    objecting.settle(first.pk, outcome="upheld", reply="情况属实，已取消。", viewer=bureau["director"])
    case = the_case(shown)
    assert (case.state, case.end) == ("excluded", "rejected")
    second.refresh_from_db()
    assert second.outcome == "upheld"
    assert shown.items.get().removed_by is not None
    assert "异议成立" in Correction.objects.get().reason
    assert not list(faults())


def test_two_objections_are_both_answered_before_the_case_goes_on(shown, bureau):
    first, second = objected(shown), objected(shown)
    objecting.take_up(first.pk, viewer=bureau["clerk"])
    objecting.settle(first.pk, outcome="dismissed", reply="经核查不属实。", viewer=bureau["director"])
    assert the_case(shown).state == "objection"
    objecting.settle(second.pk, outcome="dismissed", reply="经核查不属实。", viewer=bureau["director"])
    assert the_case(shown).state == "publicity"


def test_the_case_page_cannot_dismiss_past_an_open_objection(shown, bureau):
    from keshu.bureau.programmes.services import pass_case

    objecting.take_up(objected(shown).pk, viewer=bureau["clerk"])
    case = the_case(shown)
    with pytest.raises(CaseProblem, match="逐件办结"):
        pass_case(case.pk, "dismiss", seen=case.revision, viewer=bureau["director"], given={"reason": "不属实"})


def test_an_answer_never_names_the_objector(shown, bureau):
    objection = objected(shown)
    with pytest.raises(CaseProblem, match="答复中出现"):
        objecting.settle(objection.pk, outcome="invalid", reply=f"{NAME}：您好，", viewer=bureau["clerk"])


def test_the_name_is_nowhere_in_the_database(shown, bureau):
    objection = objected(shown)
    objecting.take_up(objection.pk, viewer=bureau["clerk"])
    objecting.settle(objection.pk, outcome="dismissed", reply="经核查，您反映的情况不属实。", viewer=bureau["director"])
    dump = io.StringIO()
    call_command("dumpdata", stdout=dump)
    for secret in (NAME, PHONE, "去年已经结题"):
        assert secret not in dump.getvalue()
        assert secret.encode("unicode_escape").decode() not in dump.getvalue()


def test_reading_takes_the_name_out_and_unmasking_leaves_a_trace(shown, bureau):
    objection = objected(shown)
    assert NAME not in objecting.read(objection).content
    assert "重复" in objecting.read(objection).content
    with pytest.raises(CaseProblem, match="原因"):
        objecting.unmask(objection.pk, viewer=bureau["clerk"], at=objection.act.at, reason=" ")
    told = objecting.unmask(objection.pk, viewer=bureau["clerk"], at=objection.act.at, reason="电话核实")
    assert told == {"姓名": NAME, "联系方式": PHONE}
    assert Unmasking.objects.get().subject == f"objection:{objection.pk}"


def test_the_ticket_is_told_once_and_found_however_it_is_typed(shown):
    kept = objecting.file_objection(shown.pk, SAID, day=shown.starts_on)
    assert kept.ticket not in str(Objection.objects.values())
    assert objecting.by_ticket(f" {kept.ticket.lower().replace('-', ' ')}") == kept.objection
    assert objecting.by_ticket("AAAA-AAAA-AAAA") is None


def test_a_correction_leaves_what_stood_there(shown, bureau):
    item = shown.items.get()
    lists.correct(item.pk, label="负责人", after="林致远", reason="申报书笔误", viewer=bureau["clerk"])
    item.refresh_from_db()
    assert dict(item.columns)["负责人"] == "林致远"
    row = Correction.objects.get()
    assert (row.before, row.after, row.on) == ("负责人：林远", "负责人：林致远", date.today())
    with pytest.raises(CaseProblem, match="一样"):
        lists.correct(item.pk, label="负责人", after="林致远", reason="笔误", viewer=bureau["clerk"])
    assert not list(faults())


def test_undoing_takes_the_list_back(shown, bureau):
    from keshu.bureau.programmes.machine import take_back_all
    from keshu.bureau.records.services import writing

    case = the_case(shown)
    with writing(verb="batch.undo", by=bureau["clerk"].actor) as act:
        take_back_all(Case(case, at=act.act.at, by=bureau["clerk"].actor), shown.act_id, act)
    shown.refresh_from_db()
    assert shown.withdrawn_by is not None
    assert lists.item_of(case) is None


def test_a_name_that_every_line_repeats_is_left_out_of_the_table():
    title = [[["受理编号", str(n)], ["名称", "省级高新技术企业备案"], ["申报单位", f"单位{n}"]] for n in (1, 2)]
    assert lists.table_of(title) == (["受理编号", "申报单位"], [["1", "单位1"], ["2", "单位2"]])
    assert lists.table_of(title[:1])[0] == ["受理编号", "名称", "申报单位"]
    title[1][1][1] = "另一个"
    assert lists.table_of(title)[0] == ["受理编号", "名称", "申报单位"]


def test_every_text_stands_under_its_own_label_where_a_line_lacks_one():
    lines = [[["受理编号", "1"], ["拟支持金额", "5万元"]], [["受理编号", "2"], ["拟定等级", "二等奖"]]]
    assert lists.table_of(lines) == (["受理编号", "拟支持金额", "拟定等级"], [["1", "5万元", ""], ["2", "", "二等奖"]])


def test_the_name_of_the_programme_is_no_name_of_a_case(submitted, bureau):
    Application.objects.filter(pk=submitted.pk).update(title=programme_for(submitted.call).name)
    case = Case(Application.objects.get(pk=submitted.pk), at=submitted.submitted_at, by=bureau["clerk"].actor)
    assert [label for label, _text in lists.columns_of(case)][:2] == ["受理编号", "申报单位"]
