"""Header cells and choices meet on one spelling."""

import pytest

from keshu.catalogue.headers import normalise, normalise_header, split_header


@pytest.mark.parametrize(
    ("cell", "plain", "unit"),
    [
        ("其中:技术交易额(元)", "技术交易额", "元"),
        ("合同成交总额（万元）", "合同成交总额", "万元"),
        ("营业收入(单位:万元)", "营业收入", "万元"),
        ("研发费用/万元", "研发费用", "万元"),
        ("所属\n县区", "所属县区", None),
        ("＊企业名称", "企业名称", None),
        ("1.企业名称", "企业名称", None),
        ("参与人次", "参与人次", None),
        ("活动场次(场次)", "活动场次", "场次"),
        ("高新技术产品(服务)收入", "高新技术产品服务收入", None),
        ("(万元)", "万元", None),
        ("Ｒ＆Ｄ经费 (万元)", "r&d经费", "万元"),
    ],
)
def test_a_header_is_read_with_its_unit(cell, plain, unit):
    assert split_header(cell) == (plain, unit)
    assert normalise_header(cell) == plain


def test_normalising_twice_changes_nothing():
    for text in ("其中:技术交易额", "县(市、区)", "Ａ Ｂ", "1.企业名称"):
        assert normalise(normalise(text)) == normalise(text)
