"""A clerk drops a draft: its faults are walked through by keys, a figure is opened, the file comes back with comments."""

import zipfile

import pytest
from docx import Document

from keshu.office.texts import read_text

pytestmark = pytest.mark.browser
LINES = (
    "青岩县科技工作半年情况",
    "今年上半年，全县新认定高新技术企业5家，其中规上企业3家、规下企业4家。",
    "登记技术合同62份，成交额1.26亿元，比上年同期的1.05亿元增长25%。",
    "引进科技特派员xx名。",
)


@pytest.fixture
def draft(tmp_path):
    document = Document()
    for line in LINES:
        document.add_paragraph(line)
    document.save(tmp_path / "半年情况.docx")
    return tmp_path / "半年情况.docx"


def drop(page, path):
    """Onto the page, as a hand does it."""
    page.goto("/texts/new/")
    transfer = page.evaluate_handle(
        "([name, bytes]) => { const data = new DataTransfer(); data.items.add(new File([new Uint8Array(bytes)], name)); return data; }",
        [path.name, list(path.read_bytes())],
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": transfer})
    assert path.name in page.locator("[data-files]").inner_text()
    page.select_option("select[name=place]", "990121")
    page.fill("input[name=year]", "2026")
    page.click("main form button.btn-primary")
    page.wait_for_selector(".tx-paper")


def test_a_draft_is_dropped_walked_through_and_taken_away_with_comments(page_as, draft, tmp_path, picture):
    page = page_as("clerk")
    drop(page, draft)
    assert page.locator(".tx-line").count() >= 2
    page.keyboard.press("n")
    first = page.locator(".tx-line.is-here").get_attribute("data-n")
    assert page.locator(".tx-piece.is-here").count() >= 1
    page.keyboard.press("n")
    assert page.locator(".tx-line.is-here").get_attribute("data-n") != first
    page.keyboard.press("p")
    assert page.locator(".tx-line.is-here").get_attribute("data-n") == first
    page.locator("a.tx-figure", has_text="1.26亿元").click()
    page.wait_for_selector("#detail .tx-said")
    assert "1.26亿元" in page.locator("#detail").inner_text()
    picture(page, "text")
    with page.expect_download() as download:
        page.click("text=带批注的 Word")
    path = tmp_path / "back.docx"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as parts:
        comments = parts.read("word/comments.xml").decode()
    assert "科枢核校" in comments and "xx名" in comments
    assert read_text(path, "back.docx").text == read_text(draft, "半年情况.docx").text


def test_a_finding_is_judged_and_the_next_version_takes_the_judgement_over(page_as, draft):
    page = page_as("clerk")
    drop(page, draft)
    line = page.locator(".tx-line", has_text="xx名")
    line.locator("input[name=note]").fill("名单下周到")
    line.locator("button:has-text('已核实无误')").click()
    page.wait_for_load_state("networkidle")
    assert "名单下周到" in page.locator(".tx-line", has_text="xx名").inner_text()
    document = Document(str(draft))
    document.paragraphs[1].runs[0].text = LINES[1].replace("规下企业4家", "规下企业2家")
    document.save(draft)
    drop(page, draft)
    assert "名单下周到" in page.locator(".tx-line", has_text="xx名").inner_text()


def test_on_a_telephone_the_finding_stands_at_the_foot(page_as, draft, picture):
    page = page_as("clerk", width=390, height=844)
    drop(page, draft)
    page.keyboard.press("n")
    assert page.locator(".tx-sheet").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("a.tx-figure", has_text="62份").click()
    page.wait_for_selector(".tx-detail.is-sheet")
    picture(page, "text-phone")
