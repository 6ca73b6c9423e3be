"""The form from its first cell to the receipt."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_filled_draft_has_a_cell_for_each_demand(filled):
    assert filled.state == "draft"
    assert filled.cells.filter(path="project_name").get().text == "在线测试仪器关键技术研究"
    assert filled.cells.filter(path="leader_idcard").get().text.startswith("s1:")
