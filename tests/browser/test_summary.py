"""The year's summary as its writers use it: open a figure, sign along the chain, freeze, download, have it verified."""

import json
import re
import shutil
import subprocess
import zipfile

import pytest

from .conftest import KESHU, environment

pytestmark = pytest.mark.browser
COUNTY = "青岩县科学技术局2026年工作总结"
CITY = "云岭市科学技术局2026年工作总结"


def opened(page, title):
    page.goto("/summaries/")
    page.click(f"main a:has-text('{title}')")
    page.wait_for_selector(".rp-paper")
    return page


def test_this_year_is_written_beside_last_year_frozen(page_as, picture):
    page = page_as("office")
    page.goto("/summaries/")
    rows = page.locator("main table").first
    assert rows.locator("text=起草中").count() == 2
    assert rows.locator("text=已冻结").count() == 2
    assert "还有 9 天" in rows.inner_text()
    picture(page, "summaries")


def test_a_click_on_a_figure_opens_what_it_stands_on(page_as, picture):
    page = opened(page_as("office"), CITY)
    picture(page, "summary")
    figure = page.locator(".rp-paper a[data-kind=figure], .rp-paper .rp-figure").first
    said = figure.inner_text()
    figure.click()
    panel = page.locator("#rp-panel")
    panel.locator("text=口径").first.wait_for()
    assert re.search(r"\d", said)
    assert said in panel.inner_text() or panel.locator("table tr, li").count() > 0
    picture(page, "summary-figure")


def press(page):
    """The button of a page that asks; what it does is done when the next page is there."""
    with page.expect_navigation():
        page.click("main form button.btn-primary")


def test_it_is_signed_frozen_downloaded_and_verified(page_as, picture, city, tmp_path):
    office = opened(page_as("office"), COUNTY)
    address = office.url
    while (waiting := office.locator(".rp-bar a:has-text('签字')")).count():
        waiting.first.click()
        press(office)
        office.goto(address)
    director = page_as("director")
    director.goto(f"{address}falls/")
    if director.locator("main form button.btn-primary").count():
        press(director)
    for page in (office, director):
        page.goto(f"{address}step/")
        press(page)
    office.goto(f"{address}freeze/")
    picture(office, "freeze")
    press(office)
    office.goto(address)
    assert "已于" in office.locator(".rp-state").first.inner_text()
    assert office.locator(".rp-bar a:has-text('改写')").count() == 0
    with office.expect_download() as download:
        office.click("details.rp-downloads summary")
        office.click("details.rp-downloads a:has-text('Word 公文')")
    document = tmp_path / "summary.docx"
    download.value.save_as(document)
    assert verified(city, document)["changed"] == []
    for kind in ("odt", "doc", "docx"):
        saved = resaved(document, kind, tmp_path / kind)
        answer = verified(city, saved)
        assert (answer["changed"], answer["missing"]) == ([], []), kind


def resaved(document, kind, folder):
    """The same document as LibreOffice saves it."""
    folder.mkdir()
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        shutil.which("soffice"),
        profile,
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(folder),
        str(document),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"summary.{kind}"


def verified(city, document, code=0):
    command = [KESHU, "summary", "verify", str(document), "--json"]
    done = subprocess.run(command, check=False, env=environment(city), capture_output=True, text=True, timeout=120)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_a_figure_that_somebody_changed_is_named(city, tmp_path):
    document, changed = tmp_path / "a.docx", tmp_path / "b.docx"
    command = [
        KESHU,
        "summary",
        "build",
        "--place",
        "990121",
        "--period",
        "2025",
        "--kind",
        "county",
        "--out",
        str(document),
    ]
    subprocess.run(command, env=environment(city), check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(document) as old, zipfile.ZipFile(changed, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "word/document.xml":
                content, n = re.subn(
                    rb"(<w:sdt>.*?<w:t[^>]*>)(\d+)(\xe5\xae\xb6</w:t>)",
                    rb"\g<1>987\3",
                    content,
                    count=1,
                    flags=re.DOTALL,
                )
                assert n == 1
            new.writestr(item, content)
    answer = verified(city, changed, code=1)
    assert [one["found"] for one in answer["changed"]] == ["987家"]
