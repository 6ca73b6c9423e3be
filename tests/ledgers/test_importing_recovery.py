"""Reading that is cut short, dropped or begun again; the file itself afterwards; parties that a form brings."""

import os
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from keshu.bureau.accounts.models import Unmasking
from keshu.bureau.ledgers import services as entries
from keshu.bureau.ledgers.importing import files, services
from keshu.bureau.ledgers.models import Batch, Revision, StagedRow
from keshu.bureau.parties.models import Party
from keshu.bureau.records.models import Act
from tests.ledgers.conftest import CLERK, NOW
from tests.ledgers.test_importing_shapes import PROJECTS, project
from tests.ledgers.workbooks import Sheet, code, xlsx

TODAY = date(2026, 11, 1)
CONTENT = xlsx(Sheet("表", [PROJECTS, *(project(n) for n in range(1, 6))]))


def begun(content=CONTENT, ledger="project"):
    return services.begin(ledger, content, name="项目.xlsx", place="990100", by=CLERK, at=NOW)


@pytest.mark.django_db
def test_a_file_that_was_dropped_while_it_was_read_stays_dropped(city, monkeypatch):
    batch, stage_rows = begun(), services.staging.stage_rows

    def staged_and_dropped(*args):
        stage_rows(*args)
        services.drop(batch.pk)

    monkeypatch.setattr(services.staging, "settle_twins", lambda *args: services.drop(batch.pk))
    assert services.run(batch.pk, today=TODAY, content=CONTENT).state == Batch.State.DROPPED
    assert not StagedRow.objects.exists()


@pytest.mark.django_db
def test_of_two_readings_the_later_one_counts(city, monkeypatch):
    batch, settle = begun(), services.staging.settle_twins

    def meanwhile(*args):
        monkeypatch.setattr(services.staging, "settle_twins", settle)
        services.run(batch.pk, today=TODAY)
        settle(*args)

    monkeypatch.setattr(services.staging, "settle_twins", meanwhile)
    assert services.run(batch.pk, today=TODAY).state == Batch.State.READY
    assert StagedRow.objects.count() == 5


@pytest.mark.django_db
def test_a_reader_that_died_is_found_out_within_a_minute(client_as, places):
    batch = begun()
    Batch.objects.filter(pk=batch.pk).update(started_at=timezone.now(), started_by="clerk")
    page, client = reverse("ledgers:batch", args=[batch.pk]), client_as("clerk")
    assert "重新读取" not in client.get(page).content.decode()
    mark = files.mark_of(batch.stored)
    mark.touch()
    assert "重新读取" not in client.get(page).content.decode()
    old = (timezone.now() - timedelta(minutes=1)).timestamp()
    os.utime(mark, (old, old))
    assert "重新读取" in client.get(page).content.decode()
    client.post(reverse("ledgers:batch-columns", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, mark.exists()) == (Batch.State.READY, False)


@pytest.mark.django_db
def test_the_file_can_be_had_again_as_it_was(client_as, places):
    batch = begun()
    services.run(batch.pk, today=TODAY)
    services.commit(batch.pk, by=CLERK)
    client = client_as("office")
    assert batch.sha256 in client.get(reverse("ledgers:batch", args=[batch.pk])).content.decode()
    answer = client.get(reverse("ledgers:batch-file", args=[batch.pk]))
    if answer.headers["Content-Type"].startswith("text/html"):  # its ledger has personal fields
        assert Unmasking.objects.count() == 0
        answer = client.post(reverse("ledgers:batch-file", args=[batch.pk]), {"reason": "核对原件"})
        assert Unmasking.objects.get().subject == f"batch:{batch.pk}"
    assert answer.content == CONTENT
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    files.drop(batch.stored)
    assert client.post(reverse("ledgers:batch-file", args=[batch.pk]), {"reason": "再看"}).status_code == 404


@pytest.mark.django_db
def test_the_file_is_part_of_the_act(take):
    _batch, act = take("project", CONTENT)
    assert act.link.parts["original"][0] == 1


@pytest.mark.django_db
def test_a_party_that_a_form_brings_is_part_of_the_entrys_act_and_undo(client_as, places):
    texts = {"holder": "青岩远景农业有限公司", "kind": "hte", "number": "GR202599000001", "issued": "2025年11月3日",
             "place": "990121", "uscc": code("990121", 1)}  # fmt: skip
    before = Act.objects.count()
    given = {f"row-{name}": text for name, text in texts.items()} | {"anyway": "1"}
    client_as("clerk").post(reverse("ledgers:new", args=["title"]), given)
    row, party = Revision.objects.get(), Party.objects.get(name="青岩远景农业有限公司")
    assert (Act.objects.count() - before, party.act_id, party.provisional) == (1, row.act_id, True)
    entries.undo_act(row.act_id, by=CLERK, reason="录错")
    party.refresh_from_db()
    assert party.withdrawn


@pytest.mark.django_db
def test_undoing_an_import_takes_back_both_ledgers_that_it_fed(take):
    head = ["企业名称", "统一社会信用代码", "证书编号", "发证日期", "上年营业收入"]
    rows = [
        [f"云岭第{n}号仪表有限公司", code("990121", n), f"GR202599{n:06d}", "2025-11-03", 8000 + n] for n in range(3)
    ]
    content = xlsx(Sheet("表", [["2025年高企名单(单位:万元)"], head, *rows], merge=["A1:E1"]))
    _, act = take("title", content)
    assert set(Revision.objects.values_list("ledger", flat=True)) == {"title", "profile"}
    assert entries.undo_act(act.pk, by=CLERK, reason="导错").restored == 6
    assert not Revision.objects.filter(known_to__isnull=True, voided=False).exists()
    assert not Party.objects.filter(withdrawn=False).exists()
    again, _ = take("title", content)
    assert again.counts["new"] == 3 and Party.objects.filter(withdrawn=False).count() == 3
