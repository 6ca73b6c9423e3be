"""The front pages print what the program really says of the example."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, page


@pytest.fixture(scope="module")
def said() -> list[str]:
    command = [sys.executable, "-m", "keshu.site.cli", "prose", "check", "docs/examples/scraped.txt", "--year", "2025"]
    done = subprocess.run(command, cwd=Path(ROOT), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_example_says_what_the_page_prints(name: str, said: list[str]) -> None:
    printed = page(name).partition("keshu prose check docs/examples/scraped.txt --year 2025\n")[2]
    lines = [line.removeprefix("    ") for line in printed.partition("\n\n")[0].splitlines()]
    assert lines == said
