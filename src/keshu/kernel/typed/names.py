"""Names of people and organisations in cells, and the forms under which organisations are matched."""

from __future__ import annotations

import re

from keshu.kernel.typed.read import Read, cell_text, is_missing
from keshu.kernel.width import half_width, no_spaces

_SEPARATORS = set(";；、,，\n\r|")
_OPEN, _CLOSE = "(（[【〔「『“", ")）]】〕」』”"
_FOREIGN_TAIL = re.compile(r"\s*(?:Ltd|Inc|LLC|Limited|Corp|Co|GmbH|S\.A)\b", re.IGNORECASE)
_NUMBERING = re.compile(r"(?:^|(?<=[\s;；]))(?:[(（]\d{1,2}[)）]|\d{1,2}[.、)）．])(?=\D)")
_MORE = re.compile(r"(?<=[\u4e00-\u9fff)）])等(?:\d*(?:家|个|名|人|位|单位|企业)*)?$")
_FORMER = re.compile(r"[(（](?:原名|原|曾用名|前身为?|更名前)[:：]?(.+?)[)）]")
_WHOLE = re.compile(
    r"(?:公司|集团|厂|店|社|所|院|校|大学|学院|中学|小学|幼儿园|中心|局|委|会|站|室|部|行|园|场|馆|队|办|处|库|合伙|政府|基地|企业|联盟)"
    r"(?:[)）].{0,2})?$|[)）\d.]$"
)
_LEGAL = (
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "有限公司",
    "股份公司",
    "总公司",
    "公司",
    "集团",
    "(有限合伙)",
    "(普通合伙)",
)


def read_names(value: object, *, single: bool = False) -> Read[tuple[str, ...]]:
    """Several names in one cell, in their order, each once. Nothing inside brackets is split.

    `single` says that one name is expected: a line break inside it is the cell's, not a separator.
    """
    if is_missing(value):
        return Read()
    text = _NUMBERING.sub(";", _unwrapped(cell_text(value), single=single))
    names: list[str] = []
    notes: list[str] = []
    for part in _split(text):
        name = _clean(part)
        if more := _MORE.search(name):
            notes.append(f"原文有“{more[0]}”，名单不全")
            name = name[: more.start()]
        if not name or is_missing(name):
            continue
        if normal_name(name) in {normal_name(known) for known in names}:
            notes.append(f"“{name}”重复出现，只计一次")
        else:
            names.append(name)
    return Read(tuple(names) if names else None, "；".join(notes))


def _unwrapped(text: str, *, single: bool) -> str:
    """The text without line breaks that fall inside a name: what stands before them is no whole name yet.

    Where several names may stand, that is so only beside another separator; a line of its own is a name otherwise.
    """
    if "\n" not in text or not (single or re.search(r"[;；、,，|]", text)):
        return text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    joined = lines[0]
    for line in lines[1:]:
        before = re.split(r"[;；、,，|\n]", joined)[-1].strip()
        broken = before and not _WHOLE.search(before) and not before.isascii() and (single or len(before) > 4)
        joined += line if broken else f"\n{line}"
    return joined


def _split(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, character in enumerate(text):
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth = max(depth - 1, 0)
        elif depth == 0 and _separates(text, place):
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def _separates(text: str, place: int) -> bool:
    character = text[place]
    if character in ",，":
        return not _FOREIGN_TAIL.match(text, place + 1)
    if character in "/／":
        around = text[place - 1 : place] + text[place + 1 : place + 2]
        return not (around.isascii() and around.isalnum())
    return character in _SEPARATORS


def _clean(name: str) -> str:
    """No white space at the ends or beside Chinese characters, single spaces in foreign names, Chinese brackets."""
    text = re.sub(r"\s+", " ", half_width(name)).strip(" 。\"'“”")
    text = re.sub(r"(?<=[^\x00-\x7f])\.$", "", text)
    text = re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", text)
    if re.search(r"[\u4e00-\u9fff]", text):
        text = text.replace("(", "（").replace(")", "）")
    return text


def former_name(name: str) -> tuple[str, str | None]:
    """新名（原旧名） taken apart; None where no former name is given."""
    found = _FORMER.search(name)
    if not found:
        return name.strip(), None
    return (name[: found.start()] + name[found.end() :]).strip(), found[1].strip()


def normal_name(name: str) -> str:
    """The form under which names are matched: half-width, no spaces, no former name, capitals for Latin letters."""
    current, _ = former_name(half_width(name))
    plain = no_spaces(current).upper().strip(".。,;，；“”\"'")
    return re.sub(r"[\[【〔]", "(", re.sub(r"[\]】〕]", ")", plain))


def core_name(name: str) -> str:
    """The name without its legal form and brackets, for suggestions only: two firms may share it."""
    core = normal_name(name)
    for ending in _LEGAL:
        if core.endswith(ending) and len(core) > len(ending) + 1:
            core = core.removesuffix(ending)
            break
    return re.sub(r"[()]", "", core)
