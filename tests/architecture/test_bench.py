"""Benchmarks import late, in processes of their own: every name that they take from the program is there."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

BENCH = sorted((Path(__file__).parents[2] / "bench").glob("*.py"))


@pytest.mark.parametrize("path", BENCH, ids=lambda path: path.stem)
def test_what_a_benchmark_imports_exists(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    taken = [
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("keshu")
    ]
    missing = []
    for node in taken:
        module = import_module(str(node.module))
        for name in node.names:
            if not hasattr(module, name.name):
                try:
                    import_module(f"{node.module}.{name.name}")
                except ImportError:
                    missing.append(f"{node.module}.{name.name}")
    assert missing == []
