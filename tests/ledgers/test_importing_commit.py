"""Taking rows in: all or nothing, once, undone as one, and never over somebody else's head."""

from datetime import date

import pytest

from keshu.bureau.ledgers import services as entries
from keshu.bureau.ledgers.importing import services
from keshu.bureau.ledgers.models import Batch, Entry, Report, Revision, StagedRow
from keshu.bureau.parties.models import Party
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor
from tests.ledgers.conftest import CLERK, NOW, rows_of, said
from tests.ledgers.workbooks import Sheet, code, patent_number, xlsx

HEAD = ["企业名称", "统一社会信用代码", "所属县区", "证书编号", "发证日期", "备注", "联系人", "联系电话"]


def firm(n, **changes):
    row = {"name": f"云岭第{n}号仪表有限公司", "uscc": code("990121", n), "place": "青岩县", "number": f"GR202599{n:06d}",
           "issued": "2025-11-03", "remark": "", "contact": "", "phone": ""}  # fmt: skip
    return list((row | changes).values())


def titles(*rows):
    return xlsx(Sheet("名单", [["高新技术企业名单"], HEAD, *rows], merge=["A1:H1"]))


def living(ledger="title"):
    return {r.number for r in Revision.objects.filter(ledger=ledger, known_to__isnull=True, voided=False)}


@pytest.mark.django_db
def test_reading_a_file_writes_nothing_to_the_ledger(stage):
    batch = stage("title", titles(firm(1)))
    assert (batch.state, rows_of(batch)) == ("ready", {"new": 1})
    assert (Entry.objects.count(), Party.objects.count(), Act.objects.filter(verb__startswith="ledger").count()) == (
        0,
        0,
        0,
    )


@pytest.mark.django_db
def test_wrong_rows_write_nothing_unless_they_are_skipped(stage):
    batch = stage("title", titles(firm(1), firm(2, place="某县")))
    with pytest.raises(services.WrongRows, match="1 行有误"):
        services.commit(batch.pk, by=CLERK)
    assert (Entry.objects.count(), Party.objects.count(), StagedRow.objects.count()) == (0, 0, 2)
    act = services.commit(batch.pk, skip_wrong=True, by=CLERK, reason="先入库无误的")
    assert (living(), act.reason, act.note["rows"]["wrong"]) == ({"GR202599000001"}, "先入库无误的", 1)
    assert list(Party.objects.values_list("name", flat=True)) == ["云岭第1号仪表有限公司"]  # not the wrong row's
    assert StagedRow.objects.count() == 0
    assert not list(faults())


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing(take):
    content = titles(firm(1), firm(2, contact="周某", phone="13800138000"))
    _, first = take("title", content)
    batch, second = take("title", content)
    assert (rows_of(batch), second, batch.state) == ({"unchanged": 2}, None, "committed")
    assert (Revision.objects.count(), Act.objects.filter(verb="ledger.import").get()) == (2, first)


@pytest.mark.django_db
def test_committing_twice_is_committing_once(stage):
    batch = stage("title", titles(firm(1)))
    assert services.commit(batch.pk, by=CLERK) == services.commit(batch.pk, by=CLERK)
    assert Revision.objects.count() == 1


@pytest.mark.django_db
def test_a_later_file_changes_what_it_says_and_nothing_else(take):
    take("title", titles(firm(1, remark="上市后备", contact="周某")))
    entry = Entry.objects.get()
    entries.mark_highlight(entry.pk, highlight=True, story="首家上市后备企业", seen=1, by=CLERK)
    batch, _ = take("title", titles(firm(1, issued="2025-11-04")))
    assert rows_of(batch) == {"changed": 1}
    now = Revision.objects.get(known_to__isnull=True)
    assert (now.entry_id, now.number_in_entry, now.started_on) == (entry.pk, 3, date(2025, 11, 4))
    assert (now.highlight, now.story, now.data["remark"]) == (True, "首家上市后备企业", "上市后备")
    assert now.data["contact"].startswith("p1:")


@pytest.mark.django_db
def test_an_assumed_status_does_not_overwrite_the_known_one(take):
    head = [*HEAD[:5], "状态"]
    revoked = [*firm(1)[:5], "已取消"]
    take("title", xlsx(Sheet("名单", [["高新技术企业名单"], head, revoked])))
    batch, _ = take("title", titles(firm(1)))
    assert (rows_of(batch), Revision.objects.get(known_to__isnull=True).status) == ({"unchanged": 1}, "revoked")


@pytest.mark.django_db
def test_undo_takes_back_the_rows_and_the_parties_that_the_file_brought(take):
    take("title", titles(firm(1)))
    _, act = take("title", titles(firm(1, issued="2025-11-05"), firm(2)))
    undone = entries.undo_act(act.pk, by=CLERK, reason="传错文件")
    assert (undone.restored, undone.left, living()) == (2, (), {"GR202599000001"})
    assert Revision.objects.get(known_to__isnull=True, voided=False).started_on == date(2025, 11, 3)
    assert [(p.name[:6], p.withdrawn) for p in Party.objects.order_by("pk")] == [
        ("云岭第1号仪", False),
        ("云岭第2号仪", True),
    ]
    assert not list(faults())
    batch, _ = take("title", titles(firm(2)))
    assert (said(batch), rows_of(batch)) == (set(), {"new": 1})


@pytest.mark.django_db
def test_undo_leaves_rows_that_somebody_changed_since(take):
    _, act = take("title", titles(firm(1), firm(2)))
    touched = Revision.objects.get(number="GR202599000002")
    entries.mark_highlight(touched.entry_id, highlight=True, story="", seen=1, by=CLERK)
    undone = entries.undo_act(act.pk, by=CLERK)
    assert (undone.restored, undone.left, living()) == (1, (touched.entry_id,), {"GR202599000002"})


@pytest.mark.django_db
def test_a_row_that_another_county_registered_is_a_duplicate(take, stage):
    take("title", titles(firm(1)), place="990121")
    batch = stage("title", titles(firm(1, place="江川区")), place="990102")
    assert (said(batch), rows_of(batch)) == ({(3, "held-elsewhere"), (3, "region-differs")}, {"duplicate": 1})
    assert "青岩县" in batch.rows.get().problems[-1]["message"]


@pytest.mark.django_db
def test_a_county_may_not_bring_rows_of_another(stage):
    batch = stage("title", titles(firm(1), firm(2, place="江川区", uscc=code("990102", 2))), place="990121")
    assert (said(batch), rows_of(batch)) == ({(4, "place-outside")}, {"new": 1, "wrong": 1})


@pytest.mark.django_db
def test_the_city_may_say_more_exactly_where_its_own_row_belongs(take):
    head, row = (
        ["申请号", "专利名称", "专利权人", "申请日"],
        [patent_number(2024, 1, 7), "一种装置", "云岭甲有限公司", "2024-03-02"],
    )
    take("patent", xlsx(Sheet("表", [head, row])))
    batch, _ = take("patent", xlsx(Sheet("表", [[*head, "所属县区"], [*row, "青岩县"]])))
    assert (rows_of(batch), Revision.objects.get(known_to__isnull=True).place.name) == ({"changed": 1}, "青岩县")
    batch, _ = take("patent", xlsx(Sheet("表", [head, row])))
    assert rows_of(batch) == {"unchanged": 1}


@pytest.mark.django_db
def test_a_batch_is_stale_when_the_ledger_changed_after_it_was_read(take, stage):
    take("title", titles(firm(1)))
    waiting = stage("title", titles(firm(1, issued="2025-11-06")))
    entries.mark_highlight(Entry.objects.get().pk, highlight=True, story="", seen=1, by=CLERK)
    with pytest.raises(services.StaleBatch, match="重新读取"):
        services.commit(waiting.pk, by=CLERK)
    waiting.refresh_from_db()
    assert (waiting.state, Revision.objects.count()) == ("ready", 2)


@pytest.mark.django_db
def test_two_files_that_bring_the_same_firm_make_one_party(stage):
    first = stage("title", titles(firm(1)))
    second = stage("title", titles(firm(2, name="云岭第1号仪表有限公司", uscc="")))
    for batch in (first, second):
        services.commit(batch.pk, by=CLERK)
    assert list(Party.objects.values_list("name", "uscc", "provisional")) == [
        ("云岭第1号仪表有限公司", code("990121", 1), True)
    ]


@pytest.mark.django_db
def test_a_code_that_a_file_knows_is_learnt_for_a_firm_known_by_name(take):
    take("title", titles(firm(1, uscc="")))
    take("title", titles(firm(1)))
    assert Party.objects.get().uscc == code("990121", 1)


@pytest.mark.django_db
def test_known_on_dates_the_knowledge_back_and_the_act_says_so(take):
    _, act = take("title", titles(firm(1)), known_on=date(2024, 1, 31))
    assert (act.known_on, Revision.objects.get().known_from.isoformat()) == (
        date(2024, 1, 31),
        "2024-01-31T15:59:59.999999+00:00",
    )


@pytest.mark.django_db
def test_personal_fields_are_never_stored_open(take):
    take("title", titles(firm(1, contact="周某某", phone="13800138000")))
    stored = (
        str(list(Revision.objects.values())) + str(list(StagedRow.objects.values())) + str(list(Batch.objects.values()))
    )
    assert "13800138000" not in stored
    assert "周某某" not in stored
    from keshu.bureau.parties.personal import decrypt

    data = Revision.objects.get().data
    assert (decrypt(data["contact"]), decrypt(data["phone"])) == ("周某某", "13800138000")


@pytest.mark.django_db
def test_an_erased_person_does_not_come_back_by_an_import(take, stage):
    from keshu.bureau.ledgers.problems import EntryProblem
    from keshu.bureau.parties.personal import erase

    take("title", titles(firm(1, contact="周某某", phone="13800138000")))
    for person in Party.objects.filter(kind="person"):
        erase(person, by=CLERK, reason="本人申请", at=NOW)
    batch = stage("title", titles(firm(1, contact="周某某", phone="13800138000", remark="新")))
    with pytest.raises(EntryProblem, match="依法清除"):
        services.commit(batch.pk, by=CLERK)


@pytest.mark.django_db
def test_a_file_that_names_its_period_reports_it_for_its_place(take):
    head, row = (
        ["申请号", "专利名称", "专利权人", "申请日"],
        [patent_number(2024, 1, 7), "一种装置", "云岭甲有限公司", "2024-03-02"],
    )
    take("patent", xlsx(Sheet("表", [head, [patent_number(2024, 1, 8), *row[1:]]])), place="990121")
    assert not Report.objects.exists()
    _, act = take("patent", xlsx(Sheet("表", [["2026年1—10月专利申请表"], head, row])), place="990121")
    assert list(Report.objects.values_list("period", "place__code", "zero", "known_to")) == [
        ("2026-01..2026-10", "990121", False, None)
    ]
    entries.undo_act(act.pk, by=CLERK)
    assert Report.objects.filter(known_to__isnull=True).count() == 0


@pytest.mark.django_db
def test_dropping_a_batch_leaves_nothing_but_its_name(stage):
    from keshu.bureau.ledgers.importing import files

    batch = stage("title", titles(firm(1)))
    services.drop(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, StagedRow.objects.count()) == ("dropped", 0)
    with pytest.raises(FileNotFoundError):
        files.take(batch.stored)


@pytest.mark.django_db
def test_a_firm_merged_into_another_keeps_its_rows(take):
    from keshu.bureau.parties.services import merge_parties

    head = ["企业名称", "年度", "营业收入(万元)"]
    take("profile", xlsx(Sheet("表", [head, ["云岭旧名有限公司", 2025, 80], ["云岭新名有限公司", 2024, 70]])))
    old, new = (Party.objects.get(name=name).pk for name in ("云岭旧名有限公司", "云岭新名有限公司"))
    merge_parties(old, new, by=CLERK, reason="同一单位")
    batch, _ = take("profile", xlsx(Sheet("表", [head, ["云岭新名有限公司", 2025, 90]])))
    assert rows_of(batch) == {"changed": 1}
    assert Entry.objects.count() == 2


@pytest.mark.django_db
def test_the_statements_do_not_grow_with_the_rows(stage):
    services.commit(stage("title", titles(firm(999))).pk, by=CLERK)  # the first use of a definition keeps it
    small = stage("title", titles(*(firm(n) for n in range(3))))
    large = stage("title", titles(*(firm(n) for n in range(100, 120))))

    def statements(batch):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as caught:
            services.commit(batch.pk, by=Actor("clerk"))
        return len(caught)

    assert statements(small) == statements(large)
