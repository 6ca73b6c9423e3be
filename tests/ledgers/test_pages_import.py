"""The pages of imports, button by button."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from keshu.bureau.ledgers import import_views
from keshu.bureau.ledgers import services as entries
from keshu.bureau.ledgers.importing import services
from keshu.bureau.ledgers.models import Batch, Revision, StagedRow
from keshu.bureau.parties.models import Party
from keshu.bureau.records.models import Act
from keshu.office.tables import read_workbook
from tests.ledgers.conftest import CLERK
from tests.ledgers.test_importing_commit import firm, titles
from tests.ledgers.workbooks import Sheet, xlsx


def living():
    return Revision.objects.filter(ledger="title", known_to__isnull=True, voided=False)


def send(client, content, *, place="990100", name="名单.xlsx", **more):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("ledgers:import", args=["title"]), {"file": file, "place": place, **more}, follow=True)


@pytest.fixture
def batch(places):
    def read(*rows, place="990100"):
        return services.stage("title", titles(*rows), name="名单.xlsx", place=place, by=CLERK)

    return read


def press(client, name, batch, **data):
    return client.post(reverse(f"ledgers:{name}", args=[batch.pk]), data, follow=True)


def test_a_file_is_read_and_shown_before_anything_is_written(client_as):
    page = send(client_as("clerk"), titles(firm(1), firm(2, place="某县")))
    text = page.content.decode()
    assert Batch.objects.get().counts == {"new": 1, "changed": 0, "unchanged": 0, "duplicate": 0, "wrong": 1}
    assert "名单!C4" in text and "没有名为“某县”的区划" in text
    assert "跳过错误行入库 1 条" in text
    assert Revision.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "status"), [("clerk", 200), ("office", 200), ("county", 200), ("director", 403), ("audit", 403)]
)
def test_who_may_open_the_pages(client_as, role, status):
    client = client_as(role)
    assert client.get(reverse("ledgers:imports")).status_code == status
    assert client.get(reverse("ledgers:import", args=["title"])).status_code == status


def test_a_stranger_signs_in_first(client, places):
    assert client.get(reverse("ledgers:import", args=["title"])).status_code == 302
    assert client.get(reverse("ledgers:import", args=["title"])).url.startswith("/accounts/sign-in/")


def test_an_unknown_ledger_and_an_unknown_batch_are_not_there(client_as):
    client = client_as("clerk")
    assert client.get(reverse("ledgers:import", args=["nosuch"])).status_code == 404
    assert client.get(reverse("ledgers:batch", args=[99])).status_code == 404


def test_a_county_uploads_for_itself_only(client_as):
    page = send(client_as("county"), titles(firm(1)), place="990100")
    assert page.status_code == 200
    assert page.context["form"].errors["place"]
    assert Batch.objects.count() == 0


@pytest.mark.parametrize("name", ["batch", "batch-problems", "batch-undo"])
def test_another_places_file_is_not_there(client_as, batch, name):
    mine, other = batch(firm(1), place="990121"), batch(firm(2, place="江川区"), place="990102")
    client = client_as("county")
    assert client.get(reverse(f"ledgers:{name}", args=[other.pk])).status_code == 404
    assert client.get(reverse("ledgers:batch", args=[mine.pk])).status_code == 200


@pytest.mark.parametrize("name", ["batch-commit", "batch-drop", "batch-columns"])
def test_another_places_file_cannot_be_touched(client_as, batch, name):
    other = batch(firm(2, place="江川区"), place="990102")
    assert press(client_as("county"), name, other).status_code == 404
    other.refresh_from_db()
    assert other.state == "ready"


@pytest.mark.parametrize("name", ["batch-commit", "batch-drop", "batch-columns"])
def test_buttons_are_pressed_not_opened(client_as, batch, name):
    assert client_as("clerk").get(reverse(f"ledgers:{name}", args=[batch(firm(1)).pk])).status_code == 405


def test_what_is_no_table_is_refused_with_a_remedy(client_as):
    page = send(client_as("clerk"), b"%PDF-1.4 scan", name="名单.pdf")
    said = page.content.decode()
    assert "的内容是PDF 文档，不是表格" in said
    assert "请导入 PDF 所依据的原始表格" in said, "as the command line says"
    assert Batch.objects.count() == 0


def test_taking_in_is_one_act_of_the_person(client_as, batch):
    one = batch(firm(1), firm(2))
    page = press(client_as("clerk"), "batch-commit", one, reason="年度名单")
    act = Act.objects.get(verb="ledger.import")
    assert (act.by, act.reason, act.subject, living().count()) == ("clerk", "年度名单", "ledger:title", 2)
    assert f"#{act.pk}" in page.content.decode()


def test_taking_in_twice_changes_nothing_more(client_as, batch):
    one, client = batch(firm(1)), client_as("clerk")
    press(client, "batch-commit", one)
    press(client, "batch-commit", one)
    assert (Act.objects.filter(verb="ledger.import").count(), Revision.objects.count()) == (1, 1)


def test_wrong_rows_are_taken_in_by_nobody_unless_skipped(client_as, batch):
    one, client = batch(firm(1), firm(2, place="某县")), client_as("clerk")
    assert "1 行有误" in press(client, "batch-commit", one).content.decode()
    assert Revision.objects.count() == 0
    page = press(client, "batch-commit", one, skip="1").content.decode()
    assert living().count() == 1
    assert "没有名为“某县”的区划" in page, "what was wrong stays readable"


def test_a_stale_preview_is_refused_and_read_again(client_as, batch):
    first, second, client = batch(firm(1)), batch(firm(1)), client_as("clerk")
    press(client, "batch-commit", first)
    assert "台账有变动" in press(client, "batch-commit", second).content.decode()
    press(client, "batch-columns", second)
    second.refresh_from_db()
    assert second.counts["unchanged"] == 1


def test_the_day_of_knowing_is_kept_and_never_lies_ahead(client_as, batch):
    client = client_as("clerk")
    press(client, "batch-commit", batch(firm(1)), known_on="2025-12-31")
    assert str(Act.objects.get(verb="ledger.import").known_on) == "2025-12-31"
    page = press(client, "batch-commit", batch(firm(2)), known_on="2999-01-01")
    assert "知悉日期不能晚于今天" in page.content.decode()
    assert living().count() == 1


def test_dropping_forgets_the_file(client_as, batch):
    one = batch(firm(1))
    press(client_as("clerk"), "batch-drop", one)
    one.refresh_from_db()
    assert (one.state, StagedRow.objects.count(), Revision.objects.count()) == ("dropped", 0, 0)


def test_what_was_taken_in_cannot_be_dropped(client_as, batch):
    one, client = batch(firm(1)), client_as("clerk")
    press(client, "batch-commit", one)
    assert "不能放弃" in press(client, "batch-drop", one).content.decode()
    assert living().count() == 1


def test_undoing_takes_back_rows_and_parties_and_lists_what_it_left(client_as, batch):
    one, client = batch(firm(1), firm(2)), client_as("clerk")
    press(client, "batch-commit", one)
    kept = living().order_by("pk").first()
    entries.mark_highlight(kept.entry_id, highlight=True, story="", seen=1, by=CLERK)
    asked = client.get(reverse("ledgers:batch-undo", args=[one.pk])).content.decode()
    assert "将恢复" in asked and living().count() == 2
    page = press(client, "batch-undo", one, reason="传错文件")
    assert list(living().values_list("entry_id", flat=True)) == [kept.entry_id]
    assert Party.objects.filter(withdrawn=True).count() == 1
    assert [row.entry_id for row in page.context["taken"].left] == [kept.entry_id]
    assert "已经撤销过" in press(client, "batch-undo", one).content.decode()


def test_a_column_that_nobody_knows_is_given_a_field(client_as, places):
    head = ["企业名称", "所属县区", "资质类别", "牌照号", "发证日期"]
    content = xlsx(Sheet("名单", [head, ["云岭甲仪表有限公司", "青岩县", "瞪羚企业", "D-1", "2025-05-01"]]))
    client = client_as("clerk")
    send(client, content)
    one = Batch.objects.get()
    assert one.layout["sheets"][0]["unknown"][0]["heading"] == "牌照号"
    press(client, "batch-columns", one, **{"column-0-3": "number"})
    assert StagedRow.objects.get().values["number"] == "D-1"
    assert Batch.objects.get().layout["chosen"] == {"名单": {"3": "number"}}


def test_problems_are_filtered_by_kind_and_downloaded(client_as, batch):
    one = batch(firm(1, place="某县"), firm(2, uscc="91990121MA0000021X"))
    client = client_as("clerk")
    page = client.get(reverse("ledgers:batch", args=[one.pk]), {"kind": "place-unknown"})
    assert {problem["code"] for problem in page.context["problems"].shown} == {"place-unknown"}
    answer = client.get(reverse("ledgers:batch-problems", args=[one.pk]))
    rows = [tuple(row) for row in read_workbook(b"".join(answer.streaming_content), "问题.xlsx")[0].values]
    assert rows[0] == ("工作表", "行", "位置", "列", "程度", "问题", "怎么办")
    assert ("名单", 3, "C3", "所属县区", "有误") in {row[:5] for row in rows[1:]}


def test_rows_that_change_something_show_what(client_as, batch):
    client = client_as("clerk")
    press(client, "batch-commit", batch(firm(1)))
    again = batch(firm(1, remark="已变更经营范围"))
    page = client.get(reverse("ledgers:batch", args=[again.pk]), {"verdict": "changed"})
    assert [line.changes for line in page.context["lines"]] == [(("备注", "", "已变更经营范围"),)]


def test_a_large_file_is_left_to_the_worker(client_as, monkeypatch, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    monkeypatch.setattr(import_views, "AT_ONCE", 10)
    client = client_as("clerk")
    page = send(client, titles(firm(1)))
    one = Batch.objects.get()
    assert one.state == "parsing"
    assert "在后台读取" in page.content.decode()
    asked = client.get(reverse("ledgers:batch", args=[one.pk]), headers={"HX-Request": "true"})
    assert asked.content.decode().startswith('<div id="progress"')
    assert "读完后再放弃" in press(client, "batch-drop", one).content.decode()
    assert "正在读取" in press(client, "batch-columns", one).content.decode()
    services.run(one.pk, today=one.started_at.date())
    done = client.get(reverse("ledgers:batch", args=[one.pk]), headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"


def test_a_file_that_cannot_be_read_says_why(client_as):
    rows = [["车牌", "车型", "司机"], ["甲1", "轿车", "张三"], ["甲2", "货车", "李四"], ["甲3", "客车", "王五"]]
    page = send(client_as("clerk"), xlsx(Sheet("车辆", rows)))
    assert [problem["code"] for problem in page.context["problems"].shown] == ["no-heading"]
    assert "没有找到“资质认定”的表头" in page.content.decode()


def test_personal_fields_are_never_shown_in_the_preview(client_as, batch):
    one = batch(firm(1, contact="李四方", phone="13800000001"))
    page = client_as("clerk").get(reverse("ledgers:batch", args=[one.pk])).content.decode()
    assert "13800000001" not in page and "李四方" not in page


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_of_imports_costs_the_same_for_one_and_three_files(client_as, batch, n, django_assert_num_queries):
    for number in range(n):
        batch(firm(number + 1))
    client = client_as("clerk")
    with django_assert_num_queries(9):
        page = client.get(reverse("ledgers:imports"))
    assert len(page.context["lines"]) == n
