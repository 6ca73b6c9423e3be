"""Whatever stands in the cells: the file is read to its end, every problem is a sentence with a remedy, nothing is half-done."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keshu.bureau.ledgers.importing import services, staging
from keshu.bureau.ledgers.models import Entry, Revision
from keshu.bureau.parties.models import Party
from tests.ledgers.conftest import CLERK
from tests.ledgers.workbooks import Sheet, code, csv_bytes, xlsx

CHINESE = re.compile(r"[\u4e00-\u9fff]")
HEAD = [
    "企业名称",
    "统一社会信用代码",
    "所属县区",
    "证书编号",
    "发证日期",
    "有效期至",
    "上年营业收入(万元)",
    "联系电话",
    "备注",
]
NASTY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "/", "合计", "小计", "注:", "单位:万元", "企业名称", "#REF!", "=1+1", "1e308", "９９", "-0", "∞", "١٢٣", "0x1F", "NaN",
         "2025-02-30", "00000000000000000000", "二百五", "1/0", "A" * 400, "\u200b", "江川区", "截至2025年13月", "a\x0bb"]
    ),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(date(1900, 3, 1), date(9999, 12, 31)),
)  # fmt: skip
LENIENT = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def sound(n):
    return [
        f"云岭第{n}号仪表有限公司",
        code("990121", n),
        "青岩县",
        f"GR202599{n:06d}",
        "2025-11-03",
        "2028-11-03",
        5000 + n,
        "",
        "",
    ]


def well_said(batch):
    for problem in staging.problems_of(batch):
        assert CHINESE.search(problem["message"])
        assert CHINESE.search(problem["remedy"])
        assert problem["code"]
        assert problem["severity"] in ("error", "warning")
        assert problem["row"] or problem["sheet"] or batch.state == "failed"


@pytest.mark.django_db
@LENIENT
@given(spoilt=st.lists(st.tuples(st.integers(0, 13), st.integers(0, 8), NASTY), min_size=1, max_size=12))
def test_spoilt_cells_are_told_in_sentences_and_wrong_rows_write_nothing(city, spoilt):
    rows = [["2025年高新技术企业名单"], HEAD, *(sound(n) for n in range(1, 13))]
    for row, column, value in spoilt:
        line = rows[row]
        line.extend([""] * (9 - len(line)))
        line[column] = value
    before = (Entry.objects.count(), Revision.objects.count(), Party.objects.count())
    batch = services.stage("title", xlsx(Sheet("表", rows)), name="表.xlsx", place="990100", by=CLERK)
    assert batch.state in ("ready", "failed")
    well_said(batch)
    if batch.state == "ready" and batch.counts["wrong"]:
        with pytest.raises(services.WrongRows):
            services.commit(batch.pk, by=CLERK)
        assert (Entry.objects.count(), Revision.objects.count(), Party.objects.count()) == before
    if batch.state == "ready":
        services.commit(batch.pk, skip_wrong=True, by=CLERK)
        again = services.stage("title", xlsx(Sheet("表", rows)), name="表.xlsx", place="990100", by=CLERK)
        assert (again.counts["new"], again.counts["changed"]) == (0, 0)


@pytest.mark.django_db
@LENIENT
@given(rows=st.lists(st.lists(NASTY, max_size=12), max_size=20))
def test_a_sheet_of_anything_at_all_is_read_or_refused(city, rows):
    at = datetime(2026, 11, 1, tzinfo=UTC)
    batch = services.stage("project", xlsx(Sheet("表", rows)), name="表.xlsx", place="990100", by=CLERK, at=at)
    assert batch.state in ("ready", "failed")
    well_said(batch)


@pytest.mark.django_db
@LENIENT
@given(content=st.binary(max_size=300), name=st.sampled_from(["表.xlsx", "表.xls", "表.csv", "表", "表.docx"]))
def test_a_file_of_any_bytes_is_read_or_refused(city, content, name):
    batch = services.stage("project", content, name=name, place="990100", by=CLERK)
    assert batch.state in ("ready", "failed")
    assert list(staging.problems_of(batch))
    well_said(batch)


@pytest.mark.django_db
@LENIENT
@given(
    cells=st.lists(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=12), min_size=9, max_size=9)
)
def test_a_row_of_any_text_in_a_csv(city, cells):
    content = csv_bytes([HEAD, *(map(str, sound(n)) for n in range(1, 5)), cells], "utf-8")
    batch = services.stage("title", content, name="高企.csv", place="990100", by=CLERK)
    assert batch.state in ("ready", "failed")
    well_said(batch)
