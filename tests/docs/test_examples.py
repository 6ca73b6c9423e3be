"""The examples of the manual, carried out: what the page says happens, happens."""

import io
import json
import re
from datetime import UTC, datetime

import pytest
import xlsxwriter

from keshu.bureau.ledgers.commands import import_file
from keshu.bureau.records.services import Actor
from tests.docs.pages import page, section

CLERK = Actor("clerk", "周经办")
NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
IMPORT, REFERENCE = "docs/manual/03-import.md", "docs/manual/08-commands.md"


def table_of_the_page() -> list[list[str]]:
    """The cells of the workbook that the page draws, without its row numbers."""
    lines = re.findall(r"^\| (\d+) \|(.*)\|$", section(page(IMPORT), "走一遍").partition("\n1. ")[0], re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", cells)] for _number, cells in lines]


@pytest.fixture
def workbook(tmp_path):
    """The drawn workbook as a file; whole numbers are numbers."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory)
    sheet = book.add_worksheet("2025年")
    for row, cells in enumerate(table_of_the_page()):
        for column, text in enumerate(cells):
            if text:
                sheet.write(row, column, int(text) if text.isdigit() else text)
    book.close()
    path = tmp_path / "青岩县高企台账.xlsx"
    path.write_bytes(memory.getvalue())
    return path


@pytest.fixture
def told():
    """The JSON answer that the reference prints for this import."""
    block = re.search(r"\$ keshu ledger import .*? --json\n(.*?)\n\n", page(REFERENCE), re.DOTALL)
    return json.loads(block.group(1))


def test_the_drawn_workbook_has_the_problems_that_the_page_names(places, workbook):
    answer = import_file("title", workbook, place="990121", by=CLERK, at=NOW)
    listed = re.findall(r"^ {3}\| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \|$", page(IMPORT), re.MULTILINE)
    named = [(where, what, remedy) for where, what, remedy in listed if where != "位置" and not where.startswith("-")]
    found = [(one["cell"] or f"第 {one['row']} 行", one["message"], one["remedy"]) for one in answer["problems"]]
    assert found == named


def test_the_answer_of_the_import_is_the_one_of_the_reference(places, workbook, told):
    answer = import_file("title", workbook, place="990121", by=CLERK, at=NOW)
    assert answer | {"file": told["file"], "problems": answer["problems"][:1]} == told


def test_skipping_the_wrong_rows_takes_in_the_rest_once(places, workbook):
    first = import_file("title", workbook, place="990121", commit=True, skip_wrong=True, by=CLERK, at=NOW)
    assert (first["committed"], first["rows"]["new"]) == (True, 2)
    again = import_file("title", workbook, place="990121", by=CLERK, at=NOW)
    assert (again["rows"]["new"], again["rows"]["changed"], again["rows"]["unchanged"]) == (0, 0, 2)


def test_without_skipping_nothing_is_written(places, workbook):
    from keshu.bureau.ledgers.models import Entry

    answer = import_file("title", workbook, place="990121", commit=True, by=CLERK, at=NOW)
    assert (answer["committed"], answer["act"]) == (False, None)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("example", ["2025.3.2", "2025年3月2日", "2025/3/2", "2025-3-2", "20250302"])
def test_the_dates_of_the_manual_are_read_as_it_says(example):
    from datetime import date

    from keshu.kernel.typed import read_date

    assert read_date(example).value == date(2025, 3, 2)


def test_the_periods_of_the_manual_are_periods():
    from keshu.kernel.measure.period import Period

    examples = re.findall(
        r"^\| `([0-9HQ.-]+)` \|", section(page("docs/manual/05-figures.md"), "期间怎么写"), re.MULTILINE
    )
    assert len(examples) == 6
    for example in examples:
        assert Period.parse(example)
