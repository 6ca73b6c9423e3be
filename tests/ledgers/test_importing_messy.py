"""Clean workbooks in every dress raise no alarm, whatever the ledger and the format."""

from random import Random

import pytest

from keshu.bureau.ledgers.importing import staging
from tests.ledgers.conftest import rows_of, said
from tests.ledgers.messy import build, csv_of, dress_of
from tests.ledgers.office_forms import FORMS
from tests.ledgers.workbooks import csv_bytes, xlsx

SEEDS = range(1, 7)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_sound_workbook_raises_no_alarm(stage, name, seed):
    draw = Random(f"{name}:{seed}")
    form, dress = FORMS[name], dress_of(draw)
    made = build(form, dress, draw)
    content, file = xlsx(*made.sheets), "上报表.xlsx"
    if seed % 3 == 0 and len(made.sheets) == 1:
        content, file = csv_bytes(csv_of(made.sheets[0]), draw.choice(["gb18030", "utf-8-sig"])), "上报表.csv"
    batch = stage(form.ledger, content, file)
    problems = list(staging.problems_of(batch))
    assert said(batch) == set(), (dress, problems[:4], [made.sheets[0].rows[p["row"] - 1] for p in problems[:3]])
    assert rows_of(batch) == {"new": 16}, dress
