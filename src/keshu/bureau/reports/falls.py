"""未写入的下降指标: what fell against last year and is not said in the text, whether or not a sentence tried to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from keshu.bureau.reports.composing.paragraphs import Fall
from keshu.bureau.reports.telling import Tellings
from keshu.catalogue.loader import Catalogue
from keshu.catalogue.schema.summary import Item


def compared(code: str, catalogue: Catalogue) -> str:
    """The reference that holds an indicator against last year; "" for what has no better side."""
    indicator = catalogue.indicators.get(code)
    if indicator is None or indicator.direction == "none":
        return ""
    return f"{code}:{'points' if indicator.unit == '%' else 'growth'}"


def fall_references(references: Iterable[str], catalogue: Catalogue) -> list[str]:
    """For every indicator that the text or the annex could print, its comparison with last year."""
    codes = dict.fromkeys(code_of(reference) for reference in references)
    return [reference for code in codes if (reference := compared(code, catalogue))]


def code_of(reference: str) -> str:
    return reference.partition(":")[0].partition("/")[0].partition("@")[0]


def unwritten(
    tried: Sequence[Fall],
    printed: set[str],
    annex: Sequence[str],
    items: Iterable[Item],
    told: Tellings,
    catalogue: Catalogue,
) -> tuple[Fall, ...]:
    """Falls that sentences left out, then those of indicators that the text or the annex tells without their fall."""
    said = {
        code_of(reference)
        for reference in printed
        if reference.partition(":")[2] in ("growth", "points", "difference", "net")
    }
    found: dict[str, Fall] = {}
    for fall in tried:
        if fall.told.code not in said:
            found.setdefault(fall.told.code, fall)
    home = {code_of(reference): item.code for item in items for reference in _of_item(item)}
    for code in dict.fromkeys([*(code_of(reference) for reference in printed), *annex]):
        reference = compared(code, catalogue)
        if not reference or code in said or code in found:
            continue
        one = told.tell(reference)
        if one.present and one.worse:
            found[code] = Fall(one, home.get(code, "annex"))
    return in_order(tuple(found.values()), set(annex), catalogue)


#: falls that are shown before the rest is folded away
SHOWN = 6


def in_order(falls: Iterable[Fall], main: Collection[str], catalogue: Catalogue) -> tuple[Fall, ...]:
    """By theme; the themes with main indicators first, in each the main indicators first, then the deepest fall."""

    def weight(fall: Fall) -> tuple[bool, Decimal]:
        rate = fall.told.value if fall.told.form == "growth" and fall.told.unit != "%" else None
        return fall.told.code not in main, min(rate or Decimal(0), Decimal(0))

    themes: dict[str, list[Fall]] = {}
    for fall in sorted(falls, key=weight):
        themes.setdefault(theme_of(fall.told.code, catalogue), []).append(fall)
    return tuple(fall for group in themes.values() for fall in group)


def theme_of(code: str, catalogue: Catalogue) -> str:
    indicator = catalogue.indicators.get(code)
    return indicator.theme if indicator else ""


def by_theme(falls: Sequence[Mapping[str, Any]], catalogue: Catalogue) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """The stored list under its themes, in its order."""
    themes: dict[str, list[Mapping[str, Any]]] = {}
    for fall in falls:
        themes.setdefault(theme_of(fall["code"], catalogue), []).append(fall)
    return list(themes.items())


def _of_item(item: Item) -> Iterable[str]:
    from keshu.bureau.reports.telling import references_of

    return references_of([item])
