"""Objections in time: who is reminded and when, what the home page shows; the stamped scan lies sealed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from keshu.bureau.outbox.models import Message
from keshu.bureau.programmes.models import Application, Objection, ObjectionReminder, Stage
from keshu.bureau.programmes.publicity import due, lists, objecting
from keshu.bureau.programmes.publicity.objecting import Said
from keshu.bureau.records import files
from keshu.bureau.records.audit import faults
from keshu.kernel.workdays import add_workdays
from tests.programmes.filling import PDF

TEXT = "该项目与申报单位去年已经结题的项目内容重复，附对照说明。"
PERSON = Said("欧阳若兰", "13905941234", TEXT)


@pytest.fixture
def shown(submitted, bureau):
    """A list with one case on it."""
    case = submitted
    Application.objects.filter(pk=case.pk).update(state="announcing")
    Stage.objects.filter(application=case, left_at__isnull=True).update(state="announcing")
    return lists.publish(case.call_id, [case.pk], title="拟立项公示", text="", contact="计财科", viewer=bureau["clerk"])


def objected(publicity, said=PERSON, *, case=False):
    told = {**vars(said), "application": publicity.items.get().application_id if case else None}
    return objecting.file_objection(publicity.pk, Said(**told), day=publicity.starts_on).objection


def told(kind="objection.remind"):
    return sorted(Message.objects.filter(kind=kind).values_list("to_user", "title"))


def test_a_stamped_scan_is_on_the_disk_under_seal_and_comes_back_whole(shown, bureau):
    row = objected(shown, Said("欧阳若兰", "", TEXT, "江川别家仪器有限公司", file=(PDF, "pdf", "application/pdf")))
    assert b"%PDF" not in files.read(row.file)
    assert objecting.open_scan(row.pk, viewer=bureau["office"], at=row.act.at, reason="当面核实") == PDF
    assert not list(faults())
    assert files.damaged() == []


def test_the_page_answers_with_the_scan_after_a_reason(shown, client_as):
    row = objected(shown, Said("欧阳若兰", "", TEXT, "江川别家仪器有限公司", file=(PDF, "pdf", "application/pdf")))
    page, address = client_as("office"), reverse("programmes:objection-scan", args=[row.pk])
    assert page.post(address, {"reason": ""}).headers["Content-Type"].startswith("text/html")
    answer = page.post(address, {"reason": "当面核实"})
    assert (answer.content, answer.headers["Content-Type"]) == (PDF, "application/pdf")
    assert "欧阳" not in answer.headers["Content-Disposition"]


def test_days_of_reminding_are_stored_with_the_objection_and_go_with_its_outcome(shown, bureau):
    row = objected(shown)
    days = dict(ObjectionReminder.objects.values_list("on", "kind"))
    assert days[row.due_on] == "due"
    assert days[add_workdays(row.due_on, 1)] == "after"
    assert [kind for day, kind in sorted(days.items()) if day < row.due_on] == ["before", "before"]
    objecting.settle(row.pk, outcome="invalid", reply="经核查，您反映的情况不属于受理范围。", viewer=bureau["clerk"])
    assert not ObjectionReminder.objects.exists()


def test_each_day_is_told_once_to_whoever_has_to_handle_it(shown, bureau):
    row = objected(shown, case=True)
    assert due.remind(row.received_on) == 0
    assert due.remind(row.due_on) == 3, "two days before and the day itself: one message"
    assert due.remind(row.due_on) == 0
    names = [name for name, _title in told()]
    assert "clerk" in names
    assert "director" not in names, "the outcome is not asked of a leader before it was taken up"
    assert len(names) == len(set(names))
    assert all("请按期办理" in title for _name, title in told())
    assert due.remind(add_workdays(row.due_on, 1)) == 1
    assert any("已逾期" in title for _name, title in told())
    assert not list(faults())


def test_an_objection_to_the_whole_list_is_brought_to_the_leader_too(shown):
    row = objected(shown)
    due.remind(row.due_on)
    assert {"clerk", "director"} <= {name for name, _title in told()}


def test_a_case_taken_up_is_due_with_its_objection_and_nobody_is_reminded_twice(shown, bureau):
    row = objected(shown, case=True)
    objecting.take_up(row.pk, viewer=bureau["clerk"])
    stage = Stage.objects.get(application=row.application_id, left_at__isnull=True)
    assert (stage.state, stage.due_on) == ("objection", row.due_on)
    assert stage.reminders.exists()
    due.remind(row.due_on)
    assert told() == []


def test_a_reminder_that_is_killed_in_between_is_told_later(shown, monkeypatch):
    row = objected(shown)

    def dying(*_args, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(due, "post", dying)
    with pytest.raises(KeyboardInterrupt):
        due.remind(row.due_on)
    monkeypatch.undo()
    assert due.remind(row.due_on) == 3
    assert told()


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        pytest.param("clerk", True, id="who announces"),
        pytest.param("director", True, id="who decides"),
        pytest.param("county", False, id="a county"),
    ],
)
def test_the_home_page_shows_what_is_due(shown, client_as, role, sees):
    row = objected(shown)
    Objection.objects.filter(pk=row.pk).update(due_on=row.received_on + timedelta(days=1))
    page = client_as(role).get("/").content.decode()
    assert (f"第{row.pk}号异议" in page) is sees


def test_the_home_page_leaves_out_what_was_handled(shown, client_as, bureau):
    row = objected(shown)
    Objection.objects.filter(pk=row.pk).update(due_on=row.received_on + timedelta(days=1))
    objecting.settle(row.pk, outcome="invalid", reply="经核查，您反映的情况不属于受理范围。", viewer=bureau["clerk"])
    assert f"第{row.pk}号异议" not in client_as("clerk").get("/").content.decode()
