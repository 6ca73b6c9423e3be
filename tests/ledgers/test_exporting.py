"""A workbook that was exported says, when it is imported again, nothing new."""

from datetime import date

import pytest

from keshu.bureau.ledgers.commands import export_file, import_file
from keshu.bureau.ledgers.importing import services
from keshu.bureau.ledgers.models import Batch, StagedRow
from keshu.office.tables import read_workbook
from tests.ledgers.conftest import CLERK, NOW, rows_of, said
from tests.ledgers.test_importing_real_shapes import activities, certificates, contracts, patents


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ledger", "name", "make"),
    [
        ("title", "a.xlsx", certificates),
        ("patent", "a.xlsx", patents),
        ("tech_contract", "a.csv", contracts),
        ("activity", "a.xlsx", activities),
    ],
    ids=["title", "patent", "tech_contract", "activity"],
)
def test_an_exported_ledger_comes_back_unchanged(take, stage, tmp_path, ledger, name, make):
    take(ledger, make(), name)
    for code in {ledger, "profile" if ledger == "title" else ledger}:
        out = tmp_path / f"{code}.xlsx"
        written = export_file(code, out)
        batch = stage(code, out.read_bytes(), out.name)
        assert (said(batch), rows_of(batch)) == (set(), {"unchanged": written["rows"]})


@pytest.mark.django_db
def test_an_export_is_cut_by_place_and_year_and_leaves_personal_fields_out(take, tmp_path):
    take("title", certificates(), "a.xlsx")
    out = tmp_path / "out.xlsx"
    assert export_file("title", out, place="990121", year=2025)["rows"] == 2
    sheet = read_workbook(out)[0]
    heads = [cell.value for cell in sheet.rows[0]]
    assert "联系电话" not in heads
    assert {row[heads.index("所属区划")].value for row in sheet.rows[1:]} == {"青岩县"}


@pytest.mark.django_db
def test_an_amount_of_many_digits_survives_the_workbook(take, stage, tmp_path):
    from tests.ledgers.workbooks import csv_bytes

    head = ["项目名称", "承担单位", "计划类别", "级别", "总投资(元)"]
    take("project", csv_bytes([head, ["大项目", "云岭甲有限公司", "重点研发", "市级", "98765432109876.54"]]), "a.csv")
    out = tmp_path / "out.xlsx"
    export_file("project", out)
    assert rows_of(stage("project", out.read_bytes(), out.name)) == {"unchanged": 1}


@pytest.mark.django_db
def test_import_as_a_command_answers_in_its_fixed_shape(city, tmp_path):
    path = tmp_path / "高企.xlsx"
    path.write_bytes(certificates())
    looked = import_file("title", path, place="990100", by=CLERK, at=NOW)
    assert {key: looked[key] for key in ("ledger", "file", "committed", "act")} == {
        "ledger": "title", "file": str(path), "committed": False, "act": None,
    }  # fmt: skip
    assert looked["rows"] == {"new": 23, "changed": 0, "unchanged": 0, "duplicate": 1, "wrong": 1}
    first = looked["problems"][0]
    assert (first["sheet"], first["row"], first["cell"], first["column"]) == (
        "2025年高企名单",
        14,
        "C14",
        "统一社会信用代码",
    )
    assert set(first) >= {"sheet", "row", "column", "code", "message", "remedy"}
    refused = import_file("title", path, place="990100", commit=True, by=CLERK, at=NOW)
    assert (refused["committed"], refused["act"], Batch.objects.filter(state="committed").count()) == (False, None, 0)
    done = import_file("title", path, place="990100", commit=True, skip_wrong=True, by=CLERK, at=NOW)
    assert done["committed"]
    assert done["act"] == Batch.objects.get(state="committed").act_id
    assert StagedRow.objects.count() == 0


@pytest.mark.django_db
def test_entries_are_read_over_the_api_within_ones_scope(take, client, city, django_assert_num_queries):
    from keshu.bureau.accounts.models import Membership, User
    from keshu.bureau.records.services import writing

    take("title", certificates(), "a.xlsx")
    with writing(verb="test", by=CLERK) as under_way:
        user = User.objects.create(username="county", name="县", created_at=NOW, password_changed_at=NOW)
        Membership.objects.create(user=user, role="county", scope="place", place=city["990121"], act=under_way.act)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/api/v1/entries", {"ledger": "title", "limit": 3}).json()
    assert [row["place"] for row in answer["rows"]] == ["990121"] * 3
    with django_assert_num_queries(10):
        rest = client.get("/api/v1/entries", {"ledger": "title", "after": answer["next"]}).json()
    assert (len(answer["rows"]) + len(rest["rows"]), rest["next"]) == (5, None)
    row = answer["rows"][0]
    assert (row["values"]["kind"], row["values"]["holder"], row["revision"]) == ("hte", "云岭第2号试验材料有限公司", 1)
    assert client.get(f"/api/v1/entries/{row['entry']}").json()["revisions"] == [row]
    other = services.Place.objects.get(code="990102").pk
    foreign = Batch.objects.get().act.revisions.filter(place_id=other).first()
    assert client.get(f"/api/v1/entries/{foreign.entry_id}").status_code == 404
    assert client.get("/api/v1/entries", {"ledger": "nothing"}).status_code == 404
    assert client.get("/api/v1/entries", {"ledger": "title", "limit": 9999}).status_code == 400
    assert date.fromisoformat(row["values"]["issued"]).year in (2024, 2025)
