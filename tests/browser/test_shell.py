"""The shell in a real browser: keys, drawer, search while typing, charts with their tables, both languages, print."""

import re

import pytest

pytestmark = pytest.mark.browser


def test_letters_lead_through_the_site(page_as):
    page = page_as("clerk")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/parties/")
    page.keyboard.press("j")
    first = page.locator("tr.is-here a").first.get_attribute("href")
    page.keyboard.press("j")
    assert page.locator("tr.is-here a").first.get_attribute("href") != first
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}")


def test_brackets_turn_pages(page_as):
    page = page_as("clerk")
    page.goto("/parties/")
    first = page.locator("tbody tr").first.inner_text()
    page.keyboard.press("]")
    page.wait_for_url(re.compile(r"page="))
    assert page.locator("tbody tr").first.inner_text() != first
    page.keyboard.press("[")
    page.wait_for_load_state("networkidle")
    assert page.locator("tbody tr").first.inner_text() == first


def test_a_question_mark_lists_the_keys(page_as):
    page = page_as("auditor")
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("dialog#keys").is_visible()


def test_letters_typed_into_a_field_lead_nowhere(page_as):
    page = page_as("clerk")
    page.keyboard.press("/")
    page.keyboard.type("gp?")
    assert page.locator("[data-search]").input_value() == "gp?"
    assert page.url.endswith("/")
    assert not page.locator("dialog#keys").is_visible()


def test_search_answers_while_typing_and_arrows_walk_the_hits(page_as):
    page = page_as("clerk")
    page.keyboard.press("/")
    page.keyboard.type("高新技术企业", delay=10)
    page.wait_for_selector("#found a")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('#found') !== null")
    page.keyboard.press("Escape")
    assert page.locator("#found a").count() == 0


def test_the_drawer_opens_and_closes_on_a_phone(page_as):
    page = page_as("clerk", 390, 844)
    assert not page.locator("#nav").is_visible()
    page.click("a.k-top-menu")
    page.wait_for_selector("#nav.is-open")
    assert page.locator("#nav").is_visible()
    page.keyboard.press("Escape")
    page.locator("#nav").wait_for(state="hidden")


@pytest.mark.parametrize("address", ["/", "/parties/", "/places/", "/catalogue/", "/accounts/password/"])
def test_no_page_is_wider_than_a_phone(page_as, address):
    page = page_as("clerk", 390, 844)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_a_list_of_cases_is_read_without_scrolling_sideways_and_ticked_by_key(page_as):
    page = page_as("clerk", 390, 844)
    page.goto("/programmes/work/")
    cells = page.locator("table.k-stack tbody tr").first.locator("td:visible")
    assert cells.count() > 3
    assert cells.evaluate_all("cells => cells.every((cell) => cell.getBoundingClientRect().right <= innerWidth)")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("tbody input:checked").count() == 1
    page.check("thead input[data-all]")
    assert page.locator("tbody input:checked").count() == page.locator("tbody tr").count()


def test_a_chart_is_drawn_with_its_table_beside_it(page_as, firm_with_years):
    page = page_as("clerk")
    page.goto(firm_with_years)
    page.wait_for_selector("[data-chart].is-drawn svg")
    page.click(".k-chart-table summary")
    assert page.locator(".k-chart-table tbody tr").count() >= 2


@pytest.fixture
def firm_with_years(city):
    import sqlite3

    with sqlite3.connect(city / "data" / "keshu.sqlite3") as base:
        row = base.execute(
            "SELECT party_id FROM ledgers_revision WHERE ledger = 'profile' AND amount_1 IS NOT NULL AND known_to IS NULL"
            " GROUP BY party_id HAVING count(*) > 1 LIMIT 1"
        ).fetchone()
    return f"/parties/{row[0]}/"


def test_unsaved_changes_are_asked_about(page_as):
    page = page_as("sysadmin")
    page.goto("/accounts/users/add/")
    page.fill("#id_name", "刘洋")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/")
    assert asked == ["beforeunload"]


def test_the_other_language_is_one_click_away(page_as):
    page = page_as("clerk")
    page.click(".k-lang button")
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#nav").get_by_text("Catalogue").is_visible()
    page.click(".k-lang button")


def test_without_javascript_the_forms_and_the_drawer_still_work(chromium, site):
    context = chromium.new_context(java_script_enabled=False, base_url=site, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/accounts/sign-in/")
    page.fill("#id_username", "clerk")
    page.fill("#id_password", "Yunling#2026")
    page.click("form button.btn-primary")
    page.wait_for_url(f"{site}/")
    page.click("a.k-top-menu")
    page.click("#nav a[href='/parties/']")
    page.wait_for_url("**/parties/")
    page.fill("#id_q", "科技")
    page.click(".k-filters button")
    assert page.locator("tbody tr").count() > 0
    context.close()


def test_paper_shows_the_content_alone(page_as):
    page = page_as("clerk")
    page.goto("/parties/")
    page.emulate_media(media="print")
    assert not page.locator("#nav").is_visible()
    assert not page.locator(".k-top").is_visible()
    assert page.locator("main table").is_visible()
