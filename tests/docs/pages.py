"""The documents of the project as text, and what the code says that they have to name."""

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
MANUAL = DOCS / "manual"
SOURCE = ROOT / "src/keshu"

#: made by `make pictures` and `make bench`; a page may name them before they are there
MADE = {f"docs/images/{name}.png" for name in (
    "home", "ledger-list", "import-preview", "bulletin", "indicator", "figure-lineage", "summary", "summary-figure",
    "freeze", "targets", "audit", "sign-in",
)} | {"docs/benchmarks.md"}  # fmt: skip


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def manual() -> str:
    """The manual and the operator's guide as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in [*sorted(MANUAL.glob("*.md")), DOCS / "operator.md"])


def documents() -> list[Path]:
    tops = [ROOT / name for name in ("README.md", "README.zh.md", "CHANGELOG.md")]
    return [*tops, *sorted(DOCS.rglob("*.md"))]


def without_code(text: str) -> str:
    """The page without fenced and indented blocks and without `code`: what remains is prose, headings, links."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    text = re.sub(r"^(?: {4}|\t).*$", "", text, flags=re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "", text)


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ +(.+?) *$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)


def section(text: str, heading: str) -> str:
    """What stands under a heading of the second level, up to the next one."""
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def commands(parser: argparse.ArgumentParser, name: str = "keshu") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that does something, with its parser."""
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not groups:
        yield name, parser
    for group in groups:
        for word, sub in group.choices.items():
            yield from commands(sub, f"{name} {word}")


#: which argument of these calls is the code of a problem
CODE_AT = {"Problem": 0, "wrong": 0, "bad": 1, "WorkbookProblem": 0, "Finding": 3, "Trouble": 3, "trouble": 2}
AREAS = (
    "kernel/ids",
    "kernel/typed",
    "bureau/forms",
    "bureau/ledgers",
    "bureau/statistics",
    "office/reading",
    "office/tables.py",
)


def problem_codes() -> set[str]:
    """The codes that reading a cell, a row, a file or a bulletin may answer with."""
    found: set[str] = set()
    for area in AREAS:
        place = SOURCE / area
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            found |= set(_codes_in(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _codes_in(tree: ast.Module) -> Iterator[str]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        at = CODE_AT.get(name)
        if at is not None and len(call.args) > at:
            code = call.args[at]
            if isinstance(code, ast.Constant) and isinstance(code.value, str) and code.value:
                yield code.value


#: where the answers of the commands and of the API are put together
ANSWERS = (
    "site/commands", "site/backups.py", "bureau/ledgers/commands.py", "bureau/ledgers/importing/findings.py",
    "bureau/statistics/commands.py", "bureau/reports/commands.py", "bureau/reports/verifying.py",
)  # fmt: skip
INSIDE = {"tables", "migrations", "sha256", "hex", "json"}  # of the backup file, not of an answer


def answer_keys() -> set[str]:
    """Every key of a JSON answer: the literal keys of the dictionaries in those modules."""
    found: set[str] = set()
    for name in ANSWERS:
        place = SOURCE / name
        for path in [place] if place.is_file() else sorted(place.glob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            filled = [node.right for node in ast.walk(tree) if isinstance(node, ast.BinOp)]  # "…%(day)s" % {…}
            for node in ast.walk(tree):
                if isinstance(node, ast.Dict) and node not in filled:
                    keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
                    found |= {key for key in keys if isinstance(key, str) and re.fullmatch(r"[a-z_]+", key)}
    return found - INSIDE
