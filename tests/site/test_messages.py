"""The second language: every message has its English, with the same placeholders, and the page shows it."""

import pytest
from babel.messages.pofile import read_po

from keshu.site import messages
from keshu.site.messages import FUNCTIONS
from keshu.site.messages import messages as in_use


def test_messages_are_found_in_code_and_templates():
    found = in_use()
    assert "bureau/accounts/models.py" in found["系统管理员"]
    assert "site/templates/desk/home.html" in found["常用操作"]
    assert "site/templates/parts/pager.html" in found["共 %(n)s 条"]
    assert {"_", "gettext_lazy"} <= FUNCTIONS


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_message_is_translated(language):
    assert messages.missing(language) == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_translation_loses_a_placeholder(language):
    with messages.po_path(language).open("rb") as file:
        for entry in read_po(file):
            if entry.id and entry.string:
                assert messages.placeholders(entry.id) == messages.placeholders(entry.string), entry.id


def test_a_page_speaks_english(client_as):
    from keshu.site.assets import translations

    translations()
    client = client_as("clerk")
    client.post("/language/", {"language": "en", "next": "/"})
    page = client.get("/").content.decode()
    assert "My recent acts" in page
    assert "Catalogue" in page
    assert "我最近的操作" not in page
