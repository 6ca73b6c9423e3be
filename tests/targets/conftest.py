"""Targets are tested over the small catalogue of the statistics tests."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("small_rows", Path(__file__).parents[1] / "statistics" / "conftest.py")
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
small, later, party, add = _module.small, _module.later, _module.party, _module.add
