"""The checks of texts: every example of every definition, and definitions and functions belonging together."""

import pytest

from keshu.catalogue.loader import load, validate
from keshu.kernel.prose.checking import CHECKS, Finding, examine
from keshu.kernel.prose.reading import read

DEFINITIONS = load().checks


def findings(code: str, text: str) -> list[Finding]:
    return list(examine(text, read(text, 2025), checks=[DEFINITIONS[code]]).findings)


def samples(kind: str):
    return [
        pytest.param(check.code, text, id=f"{check.code} {text[:20].strip()}")
        for check in DEFINITIONS.values()
        for text in getattr(check.examples, kind)
    ]


@pytest.mark.parametrize(("code", "text"), samples("fails"))
def test_a_failing_example_is_found(code, text):
    found = findings(code, text)
    assert found
    for one in found:
        assert one.code == code
        assert one.statement
        assert one.remedy == DEFINITIONS[code].remedy
        assert all(0 <= start < end <= len(text) for start, end in one.spans)


@pytest.mark.parametrize(("code", "text"), samples("clean"))
def test_a_clean_example_is_left_alone(code, text):
    assert findings(code, text) == []


@pytest.mark.parametrize(("code", "text"), samples("clean"))
def test_a_clean_example_accuses_nobody(code, text):
    found = examine(text, read(text, 2025), checks=DEFINITIONS.values(), year=2025).findings
    assert [one for one in found if one.certainty == "certain"] == []


def test_each_function_has_a_definition_and_each_definition_a_function():
    assert set(CHECKS) == set(DEFINITIONS)


def overlay(tmp_path, content: str):
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "own.yaml").write_text(content, encoding="utf-8")
    return validate(tmp_path)


HEAD = "version: 1\nname: 自拟规则\nseverity: hint\ncertainty: ask\nremedy: 核对\nexamples: {fails: [一二三四], clean: [五六七八]}\n"


def test_a_definition_without_a_function_is_refused(tmp_path):
    (problem,) = overlay(tmp_path, f"code: own.rule\ntype: edit\n{HEAD}")
    assert (problem.key, problem.line) == ("code", 1)
    assert "没有“own.rule”这条核对规则的程序" in problem.message


def test_missing_and_unknown_parameters_are_told(tmp_path):
    problems = overlay(tmp_path, f"code: share.rate\ntype: share\n{HEAD}params: {{rate: []}}\n")
    assert [problem.message for problem in problems] == ["缺少参数“rates”", "这条规则不用参数“rate”"]


def test_a_function_without_a_definition_is_refused(monkeypatch):
    monkeypatch.setitem(CHECKS, "own.rule", lambda page, definition: iter(()))
    (problem,) = validate()
    assert (problem.key, problem.message) == ("own.rule", "核对规则“own.rule”只有程序，没有定义")


def test_an_example_is_required(tmp_path):
    (problem,) = overlay(
        tmp_path, "code: share.over\ntype: share\nname: 名\nseverity: hint\ncertainty: ask\nremedy: 核对\n"
    )
    assert "examples" in problem.message


def test_a_fraction_among_the_parameters_is_quoted(tmp_path):
    (problem,) = overlay(tmp_path, f"code: share.rate\ntype: share\n{HEAD}params: {{rates: [{{limit: 1.5}}]}}\n")
    assert problem.message == "参数中的小数 1.5 要加引号"
