"""The same workbook as .xlsx, genuine .xls, .ods and .csv: the same rows, and the second file changes nothing."""

from random import Random

import pytest

from keshu.bureau.ledgers.models import StagedRow
from tests.ledgers.conftest import rows_of, said
from tests.ledgers.messy import Dress, build, csv_of
from tests.ledgers.office_forms import FORMS
from tests.ledgers.workbooks import csv_bytes, xlsx
from tests.office.converting import converted


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["project", "patent", "tepaiyuan"])
def test_the_same_file_in_another_form_changes_nothing(take, stage, name):
    dress = Dress(grouped=True, unit="head", totals="total", signed=True, noted=True, blank_rows=True)
    made = build(FORMS[name], dress, Random(name))
    content = xlsx(*made.sheets)
    batch, _ = take(FORMS[name].ledger, content, "上报表.xlsx")
    assert (said(batch), rows_of(batch)) == (set(), {"new": 16})
    others = {f"上报表.{form}": converted(content, form) for form in ("xls", "ods")}
    others["上报表.csv"] = csv_bytes(csv_of(made.sheets[0]), "gb18030")
    for file, other in others.items():
        again = stage(FORMS[name].ledger, other, file)
        assert (file, said(again), rows_of(again)) == (file, set(), {"unchanged": 16})
        assert sorted(StagedRow.objects.filter(batch=again).values_list("row", flat=True)) == sorted(
            row for _, row in made.at.values()
        )
