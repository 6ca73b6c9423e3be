"""Each test begins in the site's own language, whatever the last one switched to."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def own_language(settings):
    with translation.override(settings.LANGUAGE_CODE):
        yield
