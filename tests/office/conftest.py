"""Pages that LibreOffice prints."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keshu.office.gbt9704 import OfficialDocument, write_official
from keshu.office.soffice import to_pdf

from .office_documents import Word, words_of


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[OfficialDocument], list[Word]]:
    """Print a document with LibreOffice and return the words on its pages."""

    done: dict[OfficialDocument, list[Word]] = {}

    def print_it(document: OfficialDocument) -> list[Word]:
        if document not in done:
            done[document] = once(document)
        return done[document]

    def once(document: OfficialDocument) -> list[Word]:
        folder = tmp_path_factory.mktemp("printed")
        write_official(document, folder / "a.docx")
        to_pdf(folder / "a.docx", folder / "a.pdf")
        return words_of(folder / "a.pdf")

    return print_it
