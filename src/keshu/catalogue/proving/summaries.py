"""Whether a summary names items, indicators, ledgers and fields that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from keshu.catalogue.frames import fields_in, figures_in, parse_frame
from keshu.catalogue.problems import Flaw
from keshu.catalogue.proving.where import where_flaws
from keshu.catalogue.schema.summary import Item, Rows, Sentence, Summary
from keshu.kernel.prose.reference import BadReference, Form, Reference

if TYPE_CHECKING:
    from keshu.catalogue.loader import Catalogue

#: periods that the composer replaces by real ones: the newest with a value, years of the five-year plan
_OWN_PERIODS = re.compile(r"/(?:latest|plan_(?:base|start|so_far|but_last|end))(?=[:|]|$)")


def summary_flaws(summary: Summary, catalogue: Catalogue) -> Iterator[Flaw]:
    if summary.library is not None and summary.library not in catalogue.summaries:
        yield Flaw(("library",), f"没有“{summary.library}”这个栏目库", "写已有总结的代码,或删去 library")
        return
    known = {code for one in _chain(summary, catalogue) for code in (item.code for item in one.items)}
    for index, chapter in enumerate(summary.chapters):
        for place, code in enumerate(chapter.items):
            if code not in known:
                yield Flaw(
                    ("chapters", index, "items", place),
                    f"没有“{code}”这个栏目",
                    "写栏目库中的栏目代码,或在 items 中定义",
                )
    for index, item in enumerate(summary.items):
        yield from _item(item, ("items", index), catalogue)
    for place, code in enumerate(summary.annex.indicators if summary.annex else ()):
        if not _is_figure(code, catalogue):
            yield Flaw(("annex", "indicators", place), f"没有“{code}”这个指标", "写已有指标的代码")


def _chain(summary: Summary, catalogue: Catalogue) -> Iterator[Summary]:
    """The summary and the libraries behind it, each once."""
    seen: set[str] = set()
    here: Summary | None = summary
    while here is not None and here.code not in seen:
        seen.add(here.code)
        yield here
        here = catalogue.summaries.get(here.library) if here.library else None


def _item(item: Item, path: tuple[str | int, ...], catalogue: Catalogue) -> Iterator[Flaw]:
    yield from _needs(item.needs, (*path, "needs"), catalogue)
    for number, paragraph in enumerate(item.paragraphs):
        for place, sentence in enumerate(paragraph.sentences):
            yield from _sentence(sentence, (*path, "paragraphs", number, "sentences", place), catalogue)


def _sentence(sentence: Sentence, path: tuple[str | int, ...], catalogue: Catalogue) -> Iterator[Flaw]:
    for frame in sentence.frames:
        for reference in figures_in(parse_frame(frame)):
            yield from _reference(reference, (*path, "text"), catalogue)
    for index, test in enumerate(sentence.when):
        yield from _reference(test.figure, (*path, "when", index, "figure"), catalogue)
    yield from _needs(sentence.needs, (*path, "needs"), catalogue)
    if sentence.rows is not None:
        yield from _rows(sentence, sentence.rows, (*path, "rows"), catalogue)


def _needs(needs: tuple[str, ...], path: tuple[str | int, ...], catalogue: Catalogue) -> Iterator[Flaw]:
    for need in needs:
        if "." in need:
            yield from _reference(need, path, catalogue)
        elif need not in catalogue.ledgers:
            yield Flaw(path, f"没有“{need}”这个台账", "写已有台账或指标的代码")


def _reference(text: str, path: tuple[str | int, ...], catalogue: Catalogue) -> Iterator[Flaw]:
    try:
        reference = Reference.parse("{" + _OWN_PERIODS.sub("/last_year", text) + "}")
    except BadReference as fault:
        yield Flaw(path, f"引用“{text}”写得不对:{fault.message}", fault.remedy)
        return
    if not _is_figure(reference.code, catalogue):
        yield Flaw(
            path,
            f"引用“{text}”中没有“{reference.code}”这个指标或口径",
            "写已有指标的代码,口径写在代码后面,如 hte.filed.first",
        )
    if (
        reference.form is Form.SHARE
        and (whole := reference.argument.partition("@")[0])
        and not _is_figure(whole, catalogue)
    ):
        yield Flaw(path, f"引用“{text}”的全体“{whole}”不是指标", "写已有指标的代码")


def _is_figure(code: str, catalogue: Catalogue) -> bool:
    """An indicator, or one with a scope behind its last dot."""
    if code in catalogue.indicators:
        return True
    head, _dot, scope = code.rpartition(".")
    return head in catalogue.indicators and scope in catalogue.indicators[head].scopes


def _rows(sentence: Sentence, rows: Rows, path: tuple[str | int, ...], catalogue: Catalogue) -> Iterator[Flaw]:
    ledger = catalogue.ledgers.get(rows.ledger)
    if ledger is None:
        yield Flaw((*path, "ledger"), f"没有“{rows.ledger}”这个台账", "写已有台账的代码")
        return
    yield from where_flaws(ledger, rows.where, (*path, "where"), mapped=True)
    for code in ([rows.on] if rows.on else []) + [name.removeprefix("-") for name in rows.order]:
        if ledger.column(code) is None:
            yield Flaw((*path, "on"), f"台账“{ledger.name}”没有可用的字段“{code}”", "写该台账中映射到事实列的字段")
    for name in (field for frame in sentence.frames for field in fields_in(parse_frame(frame))):
        if name != "story" and ledger.field(name) is None:
            yield Flaw((*path[:-1], "text"), f"台账“{ledger.name}”没有字段“{name}”", "写该台账的字段代码")
