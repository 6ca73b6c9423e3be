"""No praise without a row: every word of the table passes and fails where it should; claims are found, fixed terms are not."""

from decimal import Decimal as D

import pytest

from keshu.kernel.prose.gates import (
    EFFECT_CLAUSES,
    Evidence,
    Gate,
    best_growth_word,
    effect_clause,
    gate_of,
    gated_words,
    judge,
)
from keshu.kernel.prose.rules import Rules


@pytest.mark.parametrize(
    ("word", "passes", "fails"),
    [
        ("稳步增长", {"growth": D("0.1")}, {"growth": D(0)}),
        ("较快增长", {"growth": D(10)}, {"growth": D("9.9")}),
        ("大幅增长", {"growth": D(30)}, {"growth": D("29.9")}),
        ("翻番", {"growth": D(100)}, {"growth": D(99)}),
        ("显著", {"growth": D(10)}, {"growth": D(9)}),
        ("明显", {"target_reached": True}, {}),
        ("有力", {"rank_moved": 1}, {"rank_moved": -1}),
        ("新高", {"series_high": True}, {"growth": D(50)}),
        ("新台阶", {"series_high": True}, {}),
        ("首个", {"evidence_rows": 1}, {"growth": D(50)}),
        ("唯一", {"evidence_rows": 1}, {}),
        ("率先", {"evidence_rows": 1}, {}),
        ("首次突破", {"evidence_rows": 1}, {"series_high": True}),
        ("前列", {"rank": 2, "ranked": 8, "rank_sourced": True}, {"rank": 3, "ranked": 8, "rank_sourced": True}),
        ("领先", {"rank": 3, "ranked": 80, "rank_sourced": True}, {"rank": 4, "ranked": 80, "rank_sourced": True}),
        ("中上游", {"rank": 3, "ranked": 9, "rank_sourced": True}, {"rank": 4, "ranked": 9, "rank_sourced": True}),
        ("前列", {"rank": 1, "ranked": 8, "rank_sourced": True}, {"rank": 1, "ranked": 8}),
        ("全覆盖", {"coverage": D(100)}, {"coverage": D("99.9")}),
        ("应统尽统", {"coverage": D(100)}, {}),
        ("基本全覆盖", {"coverage": D(95)}, {"coverage": D(94)}),
        ("批示", {"approval_rows": 1}, {}),
        ("广泛关注", {"media_rows": 2}, {"approval_rows": 2}),
    ],
)
def test_each_word_has_its_test(word, passes, fails):
    allowed, denied = judge(word, Evidence(**passes)), judge(word, Evidence(**fails))
    assert (allowed.allowed, denied.allowed) == (True, False)
    assert allowed.reason and denied.reason and allowed.word == word


def test_thresholds_are_the_sites():
    assert not judge("较快增长", Evidence(growth=D(12)), rules=Rules(fast_growth=D(15))).allowed


def test_every_gate_has_a_word_and_no_praise_comes_without_evidence():
    words = ["稳步增长", "较快增长", "大幅增长", "翻番", "显著", "新高", "首个", "前列", "领先", "上游", "全覆盖"]
    words += ["基本全覆盖", "批示", "广泛关注"]
    assert {gate_of(word) for word in words} == set(Gate)
    assert not any(judge(word, Evidence()).allowed for word in words)
    assert gate_of("组织") is None
    with pytest.raises(KeyError):
        judge("组织", Evidence())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("企业创新活力显著增强，成果转化有效推动", ["显著", "有效推动"]),
        ("成交额首次突破10亿元，创历史新高", ["首次突破", "创历史新高"]),
        ("走在全省前列，引起广泛关注", ["走在全省前列", "广泛关注"]),
        ("为全省首个，居全省首位", ["首个", "居全省首位"]),
        ("得到省科技厅充分肯定", ["得到省科技厅充分肯定"]),
        ("基本实现全覆盖", ["基本实现全覆盖"]),
    ],
)
def test_claims_are_found(text, words):
    found = gated_words(text)
    assert [claim.word for claim in found] == words
    assert all(text[claim.start : claim.end] == claim.word for claim in found)


@pytest.mark.parametrize(
    "text",
    [
        "有效发明专利358件",
        "打造区域创新高地",
        "在上级部门的有力指导下",
        "力争在关键技术上实现新突破",
        "实现零的突破",
        "成效还不明显",
        "产业链上游企业12家",
        "组织申报高新技术企业50家，其中首次申报32家",
        "到2030年力争走在全省前列",
    ],
)
def test_fixed_terms_and_plans_claim_nothing(text):
    assert gated_words(text) == []


@pytest.mark.parametrize(
    ("growth", "word"),
    [
        ("120", "翻番"),
        ("35", "大幅增长"),
        ("12", "较快增长"),
        ("3", "稳步增长"),
        ("0", None),
        ("-5", None),
        (None, None),
    ],
)
def test_the_strongest_word_that_a_growth_carries(growth, word):
    number = None if growth is None else D(growth)
    assert best_growth_word(number) == word
    assert word is None or judge(word, Evidence(growth=number)).allowed


def test_effect_clauses_stand_on_evidence():
    for theme in EFFECT_CLAUSES:
        assert effect_clause(theme, Evidence()) is None
        assert effect_clause(theme, Evidence(target_reached=True)) == EFFECT_CLAUSES[theme]
    assert effect_clause("unknown", Evidence(target_reached=True)) is None
