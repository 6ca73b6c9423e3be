"""Every act can be told in words: whoever writes under a new verb names it, and what its subject means."""

import ast
from pathlib import Path

import pytest

from keshu.bureau.pages import registry

SOURCE = Path(__file__).parents[2] / "src" / "keshu"


def _said(argument):
    """The constant beginnings of `verb=` or `subject=` in every call, with the file that says it."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            for keyword in node.keywords:
                value = keyword.value.values[0] if isinstance(keyword.value, ast.JoinedStr) else keyword.value
                if keyword.arg == argument and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value, str(path.relative_to(SOURCE))


@pytest.mark.parametrize(("verb", "place"), sorted({(v, p) for v, p in _said("verb") if "." in v}))
def test_every_verb_has_words(verb, place):
    assert verb in registry.verb_names(), f"{place}: register_verbs({{'{verb}': _('…')}}) in the app's ready()"


@pytest.mark.parametrize(("kind", "place"), sorted({(s.split(":")[0], p) for s, p in _said("subject") if s}))
def test_every_kind_of_subject_has_words(kind, place):
    assert registry.subject_name(f"{kind}:1") != f"{kind}:1", f"{place}: register_subject('{kind}', …)"


def test_a_ledger_is_called_by_its_name():
    assert registry.subject_name("ledger:title") == "台账 资质认定"


def test_a_subject_that_nobody_named_stays_as_it_is():
    assert registry.subject_name("nosuch:7") == "nosuch:7"
    assert registry.subject_url("nosuch:7") == ""
