"""Links resolve, the two front pages agree, words are used once, and the project speaks of itself alone."""

import re
from collections import Counter

import pytest

from tests.docs.pages import DOCS, MADE, ROOT, documents, headings, page, without_code

PAGES = documents()
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", NAMES)
def test_every_link_and_picture_leads_somewhere(name):
    here = (ROOT / name).parent
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page(name))):
        if re.match(r"https?://|mailto:", target):
            continue
        path, _, anchor = target.partition("#")
        goal = (here / path).resolve() if path else ROOT / name
        if goal.is_relative_to(ROOT) and str(goal.relative_to(ROOT)) in MADE:
            continue
        assert goal.exists(), f"{name}: {target}"
        if anchor:
            known = {heading.strip().lower().replace(" ", "-") for heading in headings(goal.read_text("utf-8"))}
            assert anchor.lower() in known, f"{name}: {target}"


def test_the_two_front_pages_have_the_same_shape():
    english, chinese = page("README.md"), page("README.zh.md")
    assert len(headings(english)) == len(headings(chinese))
    for pattern in (r"^ {4}make \w+", r"^- \*\*", r"!\[", r"^\|"):
        assert len(re.findall(pattern, english, re.MULTILINE)) == len(re.findall(pattern, chinese, re.MULTILINE)), (
            pattern
        )
    assert re.findall(r"^ {4}(make \w+)", english, re.MULTILINE) == re.findall(
        r"^ {4}(make \w+)", chinese, re.MULTILINE
    )


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "docs/operator.md"])
def test_every_make_command_is_a_target_of_the_makefile(name):
    targets = set(re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE))
    used = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", page(name), re.MULTILINE))
    assert used, name
    assert used <= targets


def test_the_front_page_counts_what_the_catalogue_has():
    from keshu.catalogue import load

    catalogue = load()
    for name, words in (("README.md", ("{} ledgers", "{} indicators")), ("README.zh.md", ("{} 种台账", "{} 个指标"))):
        for word, n in zip(words, (len(catalogue.ledgers), len(catalogue.indicators)), strict=True):
            assert word.format(n) in page(name), f"{name}: {word.format(n)}"


@pytest.mark.parametrize("name", NAMES)
def test_no_document_speaks_of_how_the_work_is_organised(name):
    """Sessions of the site are meant where the pages speak of signing in; nothing else is called so."""
    english = [line for line in without_code(page(name)).splitlines() if not CHINESE.search(line)]
    said = re.compile(
        r"\bissues? #?\d+|\b(?:in|this|our|previous|next) sessions?\b|\bagents?\b|\bhelper\b", re.IGNORECASE
    )
    assert [line for line in english if said.search(line)] == []


def test_every_term_has_one_name_and_every_name_one_term():
    rows = [
        row
        for row in re.findall(r"^\| (.+?) \| (.+?) \|", page("docs/glossary.md"), re.MULTILINE)
        if row != ("中文", "English")
    ]
    chinese = Counter(term for row in rows for term in row[0].split("、"))
    english = Counter(term.strip() for row in rows for term in row[1].split(","))
    assert len(rows) > 60
    assert {term for term, n in (chinese + english).items() if n > 1} == set()


def test_every_decision_has_the_same_parts_and_is_listed():
    index = page("docs/decisions/README.md")
    records = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [path.name for path in records] == re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", index)
    for number, path in enumerate(records, start=1):
        text = path.read_text("utf-8")
        assert path.name.startswith(f"{number:04}-")
        assert [part for part in ("## What", "## Why", "## Price") if part in text] == [
            "## What",
            "## Why",
            "## Price",
        ], path


def test_the_changelog_begins_with_the_version_of_the_package():
    version = re.search(r'^version = "(.+)"$', page("pyproject.toml"), re.MULTILINE)
    released = re.findall(r"^## ([0-9.]+)$", page("CHANGELOG.md"), re.MULTILINE)
    assert version and released[0] == version.group(1)


def test_architecture_names_every_package():
    text = page("docs/architecture.md")
    source = ROOT / "src/keshu"
    packages = [path.parent.name for path in source.glob("bureau/*/__init__.py")]
    packages += [path.parent.name for layer in ("kernel", "office") for path in source.glob(f"{layer}/*/__init__.py")]
    assert [name for name in packages if not re.search(rf"\b{name}\b", text)] == []
