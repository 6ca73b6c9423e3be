"""Definitions that ship are read from their files once for all tests; what a test writes itself is read as ever."""

import pytest

from keshu.catalogue import loader
from keshu.catalogue.reading import read_documents


@pytest.fixture(scope="session", autouse=True)
def _read_once():
    kept = {}

    def reading(path):
        if not path.is_relative_to(loader.ROOT):
            return read_documents(path)
        if path not in kept:
            kept[path] = read_documents(path)
        return kept[path]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "read_documents", reading)
        yield
