"""Files of at most 400 lines, functions of at most 50; whoever needs more says why here."""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "keshu"
FILE, FUNCTION = 400, 50
LONG_FILES: dict[str, str] = {}  # path below src/keshu -> reason
LONG_FUNCTIONS: dict[str, str] = {}  # path::name -> reason


def _files():
    return [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]


def _long_functions(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= FUNCTION:
            yield f"{path.relative_to(SOURCE)}::{node.name}"


def test_no_file_is_too_long():
    long = {
        str(path.relative_to(SOURCE)) for path in _files() if len(path.read_text(encoding="utf-8").splitlines()) > FILE
    }
    assert long == set(LONG_FILES)


def test_no_function_is_too_long():
    assert {name for path in _files() for name in _long_functions(path)} == set(LONG_FUNCTIONS)
