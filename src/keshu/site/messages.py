"""The words for other languages: `python -m keshu.site.messages` brings the .po files up to date with the code.

Reads every message that goes through gettext, in Python (by its syntax tree) and in templates, so that neither xgettext
nor a list by hand is needed. New messages come in empty, those no longer used are dropped, translations stay.
"""

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SITE = Path(__file__).resolve().parent
SOURCE = SITE.parent
LANGUAGES = ("en",)
FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
WIDTHS = str.maketrans("，；：？！（）", ",;:?!()")
CALL = re.compile(r"\b(?:gettext|pgettext|ngettext)\(u?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')")


def messages() -> dict[str, list[str]]:
    """Every message with the files that use it, in the order of their names."""
    found: dict[str, list[str]] = {}
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]):
        if "migrations" in path.parts:
            continue
        place = str(path.relative_to(SOURCE))
        text = path.read_text(encoding="utf-8")
        for message in _in_python(text) if path.suffix == ".py" else _in_template(text, place):
            if place not in found.setdefault(message, []):
                found[message].append(place)
    return found


def _in_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            continue
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def _in_template(text: str, place: str) -> Iterator[str]:
    """Django turns a template into something like Python; only its gettext calls matter here."""
    for found in CALL.finditer(templatize(text, origin=place)):
        yield ast.literal_eval(found.group(1))


def po_path(language: str) -> Path:
    return SITE / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def missing(language: str) -> list[str]:
    """Messages without a translation, and translations that lost a placeholder."""
    catalog = read(language)
    return [message for message in messages() if not _translated(catalog, message)]


def _translated(catalog: Catalog, message: str) -> bool:
    entry = catalog.get(message)
    return bool(entry and entry.string) and placeholders(message) == placeholders(str(entry.string))


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]", text))


def _plain(text: str) -> str:
    """Without the width of its punctuation: whoever mends a comma does not lose the translation."""
    return "".join(text.split()).translate(WIDTHS)


def update(language: str) -> Catalog:
    """Write the .po file anew: every message in use, with the translation that it had."""
    old, new = read(language), _empty(language)
    reworded = {_plain(str(entry.id)): entry.string for entry in old if entry.id and entry.string}
    for message, places in sorted(messages().items(), key=lambda pair: (pair[1][0], pair[0])):
        entry = old.get(message)
        said = entry.string if entry and entry.string else reworded.get(_plain(message), "")
        flags = ["python-format"] if placeholders(message) else []
        new.add(message, said, locations=[(place, None) for place in places], flags=flags)
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".po.new")  # whoever reads meanwhile reads all of the old file, never half of the new one
    with fresh.open("wb") as file:
        write_po(file, new, width=0, omit_header=False, include_lineno=False)
    fresh.replace(path)
    return new


def _empty(language: str) -> Catalog:
    """Without dates and names in the header, so that only changed words change the file."""
    day = datetime(2026, 1, 1, tzinfo=UTC)
    about = "# The words of Keshu in another language; brought up to date by `python -m keshu.site.messages`."
    return Catalog(
        locale=language, project="Keshu", header_comment=about, creation_date=day, revision_date=day,
        last_translator="Keshu", language_team="Keshu", msgid_bugs_address="", charset="utf-8", fuzzy=False,
    )  # fmt: skip


def main() -> int:
    for language in LANGUAGES:
        update(language)
        left = missing(language)
        print(f"{language}: {len(messages())} messages, {len(left)} without translation")
        print("\n".join(f"  {message!r}" for message in left))
    return 0


if __name__ == "__main__":
    sys.exit(main())
