"""Our own export that comes back: untouched, or with a number typed over."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.parties.services import PartySpec, add_parties
from keshu.bureau.records.services import Actor, writing
from keshu.bureau.reports.build import build_text, wish_for, write
from keshu.bureau.texts.own import changes_in
from keshu.kernel.measure.period import Period

CLERK = Actor("clerk", "周经办")


@pytest.fixture
def export(places, tmp_path):
    with writing(verb="test.firms", by=CLERK) as under_way:
        firm = add_parties([PartySpec("青岩茶业有限公司", place_id=places["990121"].pk)], within=under_way)[0]
    for number in range(15):
        values = {
            "number": f"A{number}", "name": f"{number}号技术开发", "kind": "development", "seller": firm.pk,
            "flow": "output", "total": Decimal(123400), "traded": Decimal(123400), "signed": date(2026, 2, 1),
            "registered": date(2026, 2, 1 + number), "status": "registered",
        }  # fmt: skip
        create_entry("tech_contract", values, place_id=places["990121"].pk, by=CLERK)
    built = build_text(wish_for("990121", Period.parse("2026-01..2026-10"), "county", datetime.now(UTC)))
    path = tmp_path / "总结.docx"
    write(built.document, path)
    return path.read_bytes()


def typed_over(content, old, new):
    """The same file with some words of its text replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as made:
        for item in source.infolist():
            data = source.read(item)
            made.writestr(
                item, data.replace(old.encode(), new.encode()) if item.filename == "word/document.xml" else data
            )
    return target.getvalue()


def test_an_untouched_export_is_said_to_be_so(export):
    assert [line for line in changes_in(export, "总结.docx") if "均未改动" in line]


def test_a_number_typed_over_is_named(export):
    lines = changes_in(typed_over(export, ">15项<", ">18项<"), "总结.docx")
    assert any("处被改动" in line for line in lines)
    assert any("15项" in line and "18项" in line for line in lines)


def test_a_strangers_file_is_left_alone(places):
    assert changes_in(b"not a document", "总结.docx") == []
    assert changes_in("登记技术合同15项。".encode(), "总结.txt") == []
