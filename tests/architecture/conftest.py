"""Lets the tests here import their helpers: with importlib mode pytest does not put the directory on the path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
