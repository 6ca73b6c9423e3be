"""A clerk's morning: a messy workbook and a superior's bulletin come in, and the figures change."""

from random import Random

import pytest
import xlsxwriter

from keshu.site.demo.numbers import credit_code

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def messy(tmp_path_factory):
    """高企名单 as bureaus send it: titles above, two-row headings, mixed dates and units, a wrong code, a twin, a total."""
    path = tmp_path_factory.mktemp("messy") / "2026年高企名单.xlsx"
    draw = Random(5)
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("名单")
    sheet.merge_range("A1:I1", "云岭市2026年度高新技术企业名单")
    sheet.merge_range("A2:I2", "单位：万元              截至2026年10月31日")
    for column, text in ((0, "序号"), (1, "企业名称"), (2, "统一社会信用代码"), (3, "所属\n县区")):
        sheet.merge_range(2, column, 3, column, text)
    sheet.merge_range("E3:G3", "认定情况")
    for column, text in enumerate(("证书编号", "发证日期", "有效期至"), start=4):
        sheet.write(3, column, text)
    sheet.merge_range("H3:H4", "上年营业收入")
    sheet.merge_range("I3:I4", "备注")
    dates = (
        ("2026年9月3日", "2029-09-03"),
        ("2026.9.4", "20290904"),
        ("20260905", "2029/9/5"),
        ("2026-09-07", "2029年9月7日"),
    )
    incomes = ("8,920.56", "２３２８．７", "2.3287亿元", "/")
    rows = []
    for n in range(12):
        place = ("江川", "临湖 区", "青岩县", "高新区")[n % 4]
        code = credit_code(draw, "990102")
        issued, ended = dates[n % 4]
        rows.append(
            [
                n + 1,
                f"云岭新晨{'甲乙丙丁戊己庚辛壬癸子丑'[n]}实业有限公司",
                code,
                place,
                f"GR2026880{n:05d}",
                issued,
                ended,
                incomes[n % 4],
                "",
            ]
        )
    rows[7][2] = rows[7][2][:-1] + ("0" if rows[7][2][-1] != "0" else "1")
    rows.append([13, *rows[3][1:]])
    for number, row in enumerate(rows, start=4):
        sheet.write_row(number + (number > 8), 0, row)
    sheet.write_row(4 + len(rows) + 2, 0, ["合计", "12家"])
    book.close()
    return path


def value_of(page, code, period):
    page.goto(f"/statistics/figure/?ref={code}&place=990100&period={period}")
    return int(page.locator(".k-stat-value, .k-stats").first.inner_text().split("家")[0].split()[-1].replace(",", ""))


def test_a_messy_workbook_is_taken_in_and_the_figure_changes_and_undo_takes_it_back(page_as, messy, picture):
    page = page_as("office")
    before = value_of(page, "hte.valid", "2026-01..2026-10")
    page.goto("/ledgers/title/import/")
    page.set_input_files("input[type=file]", messy)
    page.click("main form button.btn-primary")
    page.wait_for_selector("text=校验位不符")
    text = page.locator("main").inner_text()
    assert "重复" in text
    picture(page, "import-preview")
    page.click("button:has-text('跳过')")
    page.wait_for_selector("text=撤销")
    result = page.url
    assert value_of(page, "hte.valid", "2026-01..2026-10") == before + 11
    page.goto(result)
    page.locator("a:has-text('撤销'), button:has-text('撤销')").first.click()
    if page.locator("main form button:has-text('撤销')").count():
        page.locator("main form button:has-text('撤销')").first.click()
    page.wait_for_load_state("networkidle")
    assert value_of(page, "hte.valid", "2026-01..2026-10") == before


def test_a_bulletin_is_taken_in_as_one_step(page_as, tmp_path, picture):
    path = tmp_path / "通报.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("通报")
    sheet.merge_range("A1:E1", "2026年1—9月全市科技创新主要指标")
    sheet.write_row(1, 0, ["区划", "高新技术产业投资(亿元)", "同比(%)", "位次"])
    for n, place in enumerate(("江川区", "临湖区", "青岩县", "石门县", "白沙县", "云岭高新区"), start=2):
        sheet.write_row(n, 0, [place, 10.5 - n, 8.1 + n / 10, n - 1])
    book.close()
    page = page_as("office")
    page.goto("/statistics/sources/import/")
    page.set_input_files("input[type=file]", path)
    page.fill("[name=period]", "2026-01..2026-09")
    page.fill("[name=cut_off]", "2026-09-30")
    page.fill("[name=title]", "2026年1—9月科技指标通报")
    page.fill("[name=issuer]", "云岭市统计局")
    page.fill("[name=obtained_on]", "2026-10-20")
    page.click("main form button.btn-primary")
    page.wait_for_selector("text=读到 6 个数值")
    picture(page, "bulletin")
    page.click("button:has-text('确认收入')")
    page.wait_for_load_state("networkidle")
    page.goto("/statistics/figure/?ref=hitech.investment&place=990121&period=2026-01..2026-09")
    text = page.locator("main").inner_text()
    assert "6.50 亿元" in text or "6.50亿元" in text
    assert "2026年1—9月科技指标通报" in text


@pytest.mark.parametrize(
    ("name", "user", "address"),
    [
        ("sign-in", "", "/accounts/sign-in/"),
        ("home", "office", "/"),
        ("ledger-list", "office", "/ledgers/tech_contract/?year=2026"),
        ("indicator", "office", "/statistics/indicators/contract.total/"),
        ("figure-lineage", "office", "/statistics/figure/?ref=hte.valid&place=990100&period=2026-01..2026-10"),
        ("targets", "office", "/targets/"),
        ("audit", "auditor", "/audit/"),
    ],
)
def test_pages_of_the_manual(page_as, picture, chromium, site, name, user, address):
    if not user:
        context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", base_url=site)
        page = context.new_page()
    else:
        page = page_as(user)
    answer = page.goto(address)
    page.wait_for_load_state("networkidle")
    assert answer.status == 200
    assert page.locator("main h1").count() == 1
    assert picture(page, name).stat().st_size > 10_000


def test_a_row_is_found_opened_and_tells_its_history(page_as):
    page = page_as("office")
    page.goto("/ledgers/tech_contract/?year=2026")
    first = page.locator("main tbody a").first
    said = first.inner_text()
    first.click()
    page.wait_for_load_state("networkidle")
    assert said in page.locator("main").inner_text()
    assert "修改历史" in page.locator("main").inner_text()
