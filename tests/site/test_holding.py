"""Words are found wherever they stand, in capitals or not; Chinese costs no capitals."""

import pytest
from tests.conftest import CLERK

from keshu.bureau.pages.holding import holds
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.services import PartySpec, register_party


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("测试", {"云岭ABC测试有限公司", "江川测试中心"}, id="Chinese"),
        pytest.param("abc", {"云岭ABC测试有限公司"}, id="letters, not as they are written"),
        pytest.param("abc测", {"云岭ABC测试有限公司"}, id="both"),
        pytest.param("100%", set(), id="what means anything to LIKE is itself"),
        pytest.param("没有", set(), id="nothing"),
    ],
)
def test_words_are_found(places, text, found):
    for name in ("云岭ABC测试有限公司", "江川测试中心"):
        register_party(PartySpec(name), by=CLERK)
    assert {party.name for party in Party.objects.filter(holds(text, "name", "short"))} == found


def test_chinese_is_looked_for_as_it_stands(db):
    assert "UPPER" not in str(Party.objects.filter(holds("测试", "name")).query)
    assert "icontains" in str(holds("abc", "name"))
