"""Bulk actions in the browser's terms: ticked rows, a preview, a batch, its release and its undoing."""

from datetime import UTC, date, datetime
from io import BytesIO
from types import SimpleNamespace

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from keshu.bureau.programmes.handling.batches import add_batches
from keshu.bureau.programmes.handling.looking import Asked
from keshu.bureau.programmes.models import Advice, Batch, Decision
from keshu.bureau.records.services import Actor, writing
from tests.programmes.cases_at import again, put

TODAY = date.today()


@pytest.fixture
def at(call, firm):
    def make(state, **options):
        return put(call, firm, state, **options)

    return make


def ticks(cases):
    return [f"{one.pk}:{again(one).revision}" for one in cases]


@pytest.fixture
def deciding(at):
    cases = [at("deciding", title=title) for title in ("甲", "乙")]
    with writing(verb="test.advise", by=Actor("t")) as act:
        Advice.objects.create(application=cases[0], verdict="support", amount=300000, note="基础好", act=act.act)
    return cases


def test_ticked_cases_are_offered_their_events(at, client_as):
    cases = [at("accepting"), at("checking")]
    response = client_as("clerk").post("/programmes/bulk/", {"case": ticks(cases), "list": "work"})
    text = response.content.decode()
    assert "受理（1 件可选）" in text and "通过形式审查（1 件可选）" in text
    assert Batch.objects.count() == 0


def test_a_preview_counts_and_says_why_not(at, client_as):
    cases = [at("accepting"), at("checking")]
    response = client_as("clerk").post(
        "/programmes/bulk/", {"case": ticks(cases), "event": "accept", "step": "preview"}
    )
    assert (len(response.context["can"]), len(response.context["cannot"])) == (1, 1)
    assert "现在的状态是“形式审查”" in response.content.decode()
    assert "形式审查中" in response.context["told"][0][0]


def test_all_of_a_filter_is_more_than_a_page(at, client_as):
    for _ in range(3):
        at("accepting")
    at("checking")
    response = client_as("clerk").post(
        "/programmes/bulk/?state=accepting", {"all": "1", "list": "work", "event": "accept"}
    )
    assert len(response.context["known"]) == 3


def test_keeping_releasing_and_undoing_through_the_pages(at, client_as):
    cases = [at("accepting"), at("accepting")]
    client = client_as("clerk")
    response = client.post(
        "/programmes/bulk/", {"case": ticks(cases), "event": "accept", "step": "keep", "name": "第一批受理"}
    )
    batch = Batch.objects.get()
    assert response.url == f"/programmes/batches/{batch.pk}/"
    text = client.get(response.url).content.decode()
    assert "第一批受理" in text and "可以办理 2 件" in text and "发布时会告知谁" in text
    client.post(f"/programmes/batches/{batch.pk}/release/", {"case": [one.pk for one in cases]})
    assert {again(one).state for one in cases} == {"checking"}
    assert "撤销批次" in client.get(f"/programmes/batches/{batch.pk}/").content.decode()
    assert "2 件" in client.get(f"/programmes/batches/{batch.pk}/undo/").content.decode()
    refused = client.post(f"/programmes/batches/{batch.pk}/undo/", {"reason": " "})
    assert refused.status_code == 200 and "请填写" in refused.content.decode()  # the page stays, nothing is lost
    client.post(f"/programmes/batches/{batch.pk}/undo/", {"reason": "受理时间未到"})
    assert {again(one).state for one in cases} == {"accepting"}
    assert "受理时间未到" in client.get(f"/programmes/batches/{batch.pk}/").content.decode()
    assert client.get("/programmes/batches/").context["lines"] == []
    shown = client.get("/programmes/batches/?done=1").context["lines"]
    assert [(row, row.n, label) for row, label in shown] == [(batch, 2, "受理")]


def test_decisions_carry_their_amounts(deciding, client_as):
    first, second = deciding
    data = {
        "case": ticks(deciding), "event": "agree", "step": "preview", "meeting": "第5次局党组会", "day": TODAY.isoformat(),
        f"amount-{first.pk}": "30万", f"amount-{second.pk}": "20.5万",
    }  # fmt: skip
    client = client_as("director")
    response = client.post("/programmes/bulk/", data)
    text = response.content.decode()
    assert str(response.context["total"]) == "505000.00" and "505,000.00" in text and "基础好" in text
    client.post("/programmes/bulk/", data | {"step": "keep"})
    batch = Batch.objects.get()
    given = [item.given["decision"] for item in batch.items.order_by("pk")]
    assert [(one["meeting"], one["amount"]) for one in given] == [
        ("第5次局党组会", "300000.00"),
        ("第5次局党组会", "205000.00"),
    ]
    assert Decision.objects.count() == 0
    assert "505,000.00" in client.get(f"/programmes/batches/{batch.pk}/").content.decode()


def test_the_advised_amount_is_the_beginning(deciding, client_as):
    response = client_as("director").post("/programmes/bulk/", {"case": ticks(deciding), "event": "agree"})
    assert response.context["typed"] == {deciding[0].pk: "300000.00", deciding[1].pk: ""}


def book(rows):
    file = BytesIO()
    workbook = xlsxwriter.Workbook(file)
    sheet = workbook.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    workbook.close()
    file.seek(0)
    file.name = "金额.xlsx"
    return file


def test_the_exported_table_is_read_back(deciding, client_as):
    client = client_as("director")
    content = b"".join(client.post("/programmes/bulk/amounts/", {"case": ticks(deciding)}).streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][:5] == [deciding[0].number, "甲", deciding[0].party.name, 300000.0, 300000.0]
    rows[2][4] = 123456.78
    response = client.post("/programmes/bulk/", {"case": ticks(deciding), "event": "agree", "table": book(rows)})
    assert response.context["problems"] == []
    assert response.context["typed"] == {deciding[0].pk: "300000.00", deciding[1].pk: "123456.78"}


def test_a_wrong_table_is_told_cell_by_cell(deciding, client_as):
    head = ["受理编号", "名称", "申报单位", "科室建议金额(元)", "核定金额(元)"]
    rows = [
        head,
        ["X1", "", "", "", 5],
        [deciding[0].number, "", "", "", "很多"],
        [deciding[1].number, "", "", "", 1],
        [deciding[1].number, "", "", "", 2],
    ]
    response = client_as("director").post(
        "/programmes/bulk/", {"case": ticks(deciding), "event": "agree", "table": book(rows)}
    )
    assert [one[:2] for one in response.context["problems"]] == ["A2", "E3", "A5"]
    response = client_as("director").post(
        "/programmes/bulk/", {"case": ticks(deciding), "event": "agree", "table": BytesIO(b"\x00\x01nonsense")}
    )
    assert response.context["problems"]


def test_many_cases_are_left_to_the_worker(at, client_as, settings, monkeypatch):
    from keshu.bureau.programmes.handling import batch_views

    monkeypatch.setattr(batch_views, "AT_ONCE", 1)
    asked, task = [], batch_views.tasks.release
    monkeypatch.setattr(
        batch_views, "tasks", SimpleNamespace(release=SimpleNamespace(enqueue=lambda *a: asked.append(a)))
    )
    cases = [at("accepting"), at("accepting")]
    client = client_as("clerk")
    client.post("/programmes/bulk/", {"case": ticks(cases), "event": "accept", "step": "keep"})
    batch = Batch.objects.get()
    client.post(f"/programmes/batches/{batch.pk}/release/", {"case": [one.pk for one in cases]})
    assert "正在一次性办理" in client.get(f"/programmes/batches/{batch.pk}/").content.decode()
    task.func(*asked[0])
    assert {again(one).state for one in cases} == {"checking"}
    assert "已办理" in client.get(f"/programmes/batches/{batch.pk}/").content.decode()


def test_the_worker_keeps_what_stood_in_the_way(at, bureau, client_as):
    from keshu.bureau.programmes.handling.batches import add_batches
    from keshu.bureau.programmes.handling.looking import Asked
    from keshu.bureau.programmes.handling.tasks import release
    from keshu.bureau.programmes.services import pass_case

    case = at("accepting")
    batch = add_batches(
        [Asked(case.pk, case.revision)], "accept", name="", viewer=bureau["clerk"], at=datetime.now(UTC)
    )[0]
    pass_case(case.pk, "refuse", seen=case.revision, viewer=bureau["clerk"], given={"reason": "不属本市"})
    assert release.func(batch.pk, "clerk", None) == {"done": 0, "left": 0}
    assert "没有一件可以办理" in client_as("clerk").get(f"/programmes/batches/{batch.pk}/").content.decode()


@pytest.mark.parametrize("page", ["", "release/", "drop/", "undo/"])
def test_a_batch_of_others_is_not_there(deciding, bureau, client_as, page):
    from keshu.bureau.programmes.handling.batches import add_batches
    from keshu.bureau.programmes.handling.looking import Asked

    said = {"decision": {"meeting": "会", "day": TODAY.isoformat()}}
    asked = [Asked(one.pk, again(one).revision, said) for one in deciding]
    batch = add_batches(asked, "agree", name="", viewer=bureau["director"], at=datetime.now(UTC))[0]
    client = client_as("clerk")
    url = f"/programmes/batches/{batch.pk}/{page}"
    assert (client.post(url) if page == "release/" else client.get(url)).status_code == 404


def test_dropping_asks_first(at, client_as):
    case = at("accepting")
    client = client_as("clerk")
    client.post("/programmes/bulk/", {"case": ticks([case]), "event": "accept", "step": "keep"})
    batch = Batch.objects.get()
    assert "放弃" in client.get(f"/programmes/batches/{batch.pk}/drop/").content.decode()
    client.post(f"/programmes/batches/{batch.pk}/drop/")
    assert Batch.objects.get().state == "dropped"


def test_cases_of_others_are_not_taken_along(at, client_as, places):
    from keshu.bureau.programmes.models import Application

    case = at("recommending")
    Application.objects.filter(pk=case.pk).update(place=places["990102"])
    response = client_as("county").post(
        "/programmes/bulk/", {"case": ticks([case]), "event": "recommend", "step": "keep"}
    )
    assert response.status_code == 302 and Batch.objects.count() == 0


def test_who_releases_a_batch_reads_what_was_decided_and_by_whom(deciding, client_as):
    client = client_as("director")
    said = {"meeting": "第3次局务会", "day": TODAY.isoformat(), "event": "agree", "step": "keep", "reason": "请抓紧"}
    amounts = {f"amount-{one.pk}": "300000" for one in deciding}
    response = client.post("/programmes/bulk/", {"case": ticks(deciding), **said, **amounts})
    page = client.get(response.url)
    names = dict(page.context["facts"])
    assert names["会议或决定人"] == "第3次局务会" and names["决定日期"] == TODAY.isoformat()
    assert names["原因或附言"] == "请抓紧" and Batch.objects.get().act.by_name in names["存入"]
    listed = client.get("/programmes/batches/").content.decode()
    assert page.context["label"] in listed and Batch.objects.get().act.by_name in listed


def test_nothing_ticked_leads_back_to_the_list_as_it_was_filtered(at, client_as):
    at("accepting")
    response = client_as("clerk").post("/programmes/bulk/?state=accepting", {"list": "work"})
    assert response.url == "/programmes/work/?state=accepting"


def test_a_first_look_at_a_decision_asks_for_the_meeting_and_reproaches_nobody(deciding, client_as):
    said = {"case": ticks(deciding), "event": "agree", "step": "preview"}
    page = client_as("director").post("/programmes/bulk/", said).content.decode()
    assert "填好会议" in page and "还没有登记会议决定" not in page


def test_the_list_of_batches_asks_the_same_however_many_they_are(client_as, at, bureau, django_assert_num_queries):
    client = client_as("clerk")
    for n in (1, 2):
        for one in [at("accepting") for _one in range(n)]:
            asked = [Asked(one.pk, again(one).revision, {})]
            add_batches(asked, "accept", name="", viewer=bureau["clerk"], at=datetime.now(UTC))
        client.get("/programmes/batches/")
        with django_assert_num_queries(6):
            assert len(client.get("/programmes/batches/").context["lines"]) == 2 * n - 1
