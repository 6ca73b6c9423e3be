"""What the preview of an import shows of each row: enough to see a slip without opening the file."""

import pytest
from django.urls import reverse

from keshu.bureau.ledgers.importing import services
from keshu.bureau.ledgers.pages import batches
from tests.ledgers.conftest import CLERK
from tests.ledgers.workbooks import Sheet, code, xlsx

HEAD = ["企业名称", "统一社会信用代码", "证书编号", "发证日期", "有效期至", "所属区县", "营业收入（万元）"]
WRONG = code("990121", 1)[:-1] + "!"


def row(n, *, uscc=None, place="青岩县", revenue=777):
    return [
        f"青岩{n}号有限公司",
        uscc or code("990121", n),
        f"GR20259900{n:04d}",
        "2025-12-01",
        "2028-11-30",
        place,
        revenue,
    ]


@pytest.fixture
def preview(places, client_as):
    """`preview(ledger, rows…)`: (headings, lines, the page's text) of a file read for the whole city."""

    def read(*rows, ledger="title", name="2025年高新技术企业名单.xlsx"):
        batch = services.stage(ledger, xlsx(Sheet("名单", [*rows])), name=name, place="990100", by=CLERK)
        items, lines = batches.lines(batch)
        page = client_as("clerk").get(reverse("ledgers:batch", args=[batch.pk])).content.decode()
        return [item.code for item in items], lines, page

    return read


def test_what_could_not_be_read_is_shown_as_written_and_marked(preview):
    items, lines, page = preview(HEAD, row(1, uscc=WRONG), row(2, place="某县"))
    first, second = lines
    cell = first.cells[items.index("uscc")]
    assert (cell.text, cell.tone) == (WRONG, "bad")
    assert cell.said
    assert second.cells[items.index("place")].text == "某县"
    assert second.cells[items.index("place")].tone == "bad"
    assert f"{WRONG}</td>" in page
    assert [one.tone for one in second.cells].count("bad") == 1


def test_a_wrong_patent_number_is_there_to_be_compared(preview):
    head = ["专利名称", "专利号", "专利类型", "专利权人", "申请日", "授权公告日", "所属区县"]
    _items, [line], _page = preview(
        head, ["一种刀具", "ZL202310000123.9", "发明专利", "青岩数控有限公司", "2023-01-05", "2025-03-04", "青岩县"],
        ledger="patent", name="专利.xlsx",
    )  # fmt: skip
    assert [cell.text for cell in line.cells if cell.tone == "bad"] == ["ZL202310000123.9"]


def test_the_place_of_every_row_can_be_seen(preview):
    """A county's file uploaded for the city shows by its places that it was."""
    head, rows = HEAD[:5], [row(1)[:5], row(2)[:5]]
    items, lines, page = preview(head, *rows)
    assert [line.cells[items.index("place")].text for line in lines] == ["云岭市", "云岭市"]
    assert "所属区划" in page


def test_amounts_have_separators_and_the_unit_of_the_lists(preview):
    head = ["合同登记编号", "项目名称", "合同类别", "卖方名称", "成交额(元)", "技术交易额(元)", "登记日期"]
    made = ["20260000010001", "刀具", "技术开发", "青岩数控有限公司", 7_770_000.55, 178_200, "2026-07-01"]
    items, [line], _page = preview(head, made, ledger="tech_contract", name="合同.xlsx")
    assert line.cells[items.index("total")].text == "777.000055 万元"
    assert line.cells[items.index("traded")].text == "17.82 万元"


def test_the_button_says_what_of_its_sum_goes_elsewhere(preview):
    _items, _lines, page = preview(HEAD, row(1), row(2), row(3))
    assert "入库 6 条（其中企业年度数据 3 条）" in page


def test_the_day_of_knowing_is_asked_once(places, client_as):
    page = client_as("clerk").get(reverse("ledgers:import", args=["title"])).content.decode()
    assert "known_on" not in page
