"""Whether a programme is sound as a whole: a call could be opened for it tomorrow and every case in it would end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from keshu.catalogue.problems import Flaw
from keshu.catalogue.programme_judging import sheet_of
from keshu.catalogue.programme_library import SHARED, libraries_of
from keshu.catalogue.proving.programmes_form import section_flaws
from keshu.catalogue.proving.programmes_names import Known, known_names, repeated_names
from keshu.catalogue.proving.programmes_results import (
    band_flaws,
    document_flaws,
    money_flaws,
    outcome_flaws,
    scoring_flaws,
    tier_flaws,
)
from keshu.catalogue.proving.programmes_rules import Path, formula_flaws, rule_flaws
from keshu.catalogue.proving.programmes_stages import ladder_flaws, segment_flaws
from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_form import Section
from keshu.catalogue.schema.programme_stages import Segment
from keshu.kernel.rules import Circular

if TYPE_CHECKING:
    from keshu.catalogue.loader import Catalogue

_CALLED = {"conditions": "条件", "form": "栏目", "slots": "附件", "checks": "审查项", "path": "流程段"}


def programme_flaws(programme: Programme, catalogue: Catalogue) -> Iterator[Flaw]:
    """Every flaw of one programme; what a library gets wrong by itself is said once, at the library."""
    for at, code in enumerate(programme.library):
        if code not in catalogue.programmes:
            yield Flaw(("library", at), f"没有“{code}”这个申报事项库", "写已有库的代码，或删去它", code)
    yield from _own_parts(programme, catalogue)
    if programme.abstract:
        return
    unknown = [*_unresolved(programme)]
    yield from unknown
    known = known_names(programme, catalogue)
    yield from repeated_names(programme)
    yield from _computed(programme, known)
    yield from _conditions(programme, known)
    yield from _form_rules(programme, known)
    yield from ladder_flaws(programme, catalogue)
    if any(flaw.path[0] == "path" for flaw in unknown):
        return
    if programme.scoring:
        yield from scoring_flaws(programme.scoring, known)
    if programme.money:
        yield from money_flaws(programme, programme.money, known, catalogue)
    yield from outcome_flaws(programme, known, catalogue)
    yield from document_flaws(programme)


def _own_parts(programme: Programme, catalogue: Catalogue) -> Iterator[Flaw]:
    shared = {
        id(part)
        for library in libraries_of(programme, catalogue.programmes)
        for kind in SHARED
        for part in getattr(library, kind)
    }
    for kind in SHARED:
        yield from _repeated(getattr(programme, kind), (kind,))
        for at, part in enumerate(getattr(programme, kind)):
            if id(part) in shared:
                continue
            if isinstance(part, Section):
                yield from section_flaws(part, (kind, at), catalogue)
            if isinstance(part, Segment):
                yield from segment_flaws(part, (kind, at), catalogue)
    yield from _repeated(programme.computed, ("computed",))


def _repeated(parts: Sequence[Any], path: Path) -> Iterator[Flaw]:
    seen: set[str] = set()
    for at, part in enumerate(parts):
        code = part if isinstance(part, str) else getattr(part, "code", None) or part.name
        if code in seen:
            yield Flaw((*path, at), f"“{code}”写了两遍", "留下一处，删去另一处")
        seen.add(code)


def _unresolved(programme: Programme) -> Iterator[Flaw]:
    for kind in SHARED:
        for at, part in enumerate(getattr(programme, kind)):
            if isinstance(part, str):
                yield Flaw((kind, at), f"库中没有“{part}”这个{_CALLED[kind]}", "写库中已有的代码，或在这里写全")


def _computed(programme: Programme, known: Mapping[str, Known]) -> Iterator[Flaw]:
    for at, fact in enumerate(programme.computed):
        path: Path = ("computed", at)
        for part in ("formula", "of"):
            if (text := getattr(fact, part)) is not None:
                yield from formula_flaws(text, (*path, part), known, kind="number" if part == "of" else "")
        yield from tier_flaws(fact.tiers, (*path, "tiers"))
        yield from band_flaws(fact.bands, (*path, "bands"))
    try:
        sheet_of(programme)
    except Circular as circle:
        yield Flaw(("computed",), f"计算项互相引用成了圈：{circle}", "改写其中一项，使它只用已经有的值")


def _conditions(programme: Programme, known: Mapping[str, Known]) -> Iterator[Flaw]:
    for at, condition in enumerate(programme.conditions):
        if isinstance(condition, str):
            continue
        yield from rule_flaws(condition.rule, ("conditions", at, "rule"), known)
        if condition.when:
            yield from rule_flaws(condition.when, ("conditions", at, "when"), known)
        if condition.origin != "default" and not condition.basis:
            yield Flaw(
                ("conditions", at, "basis"), f"条件“{condition.name}”没有写依据", "补写文号，或把 origin 改为 default"
            )
    for at, item in enumerate(programme.checks):
        if not isinstance(item, str) and item.rule:
            yield from rule_flaws(item.rule, ("checks", at, "rule"), known)


def _form_rules(programme: Programme, known: Mapping[str, Known]) -> Iterator[Flaw]:
    for path, text in _whens(programme):
        yield from rule_flaws(text, path, known)
    for at, section in enumerate(programme.form):
        for number, field in enumerate(section.fields if isinstance(section, Section) else ()):
            if field.computed:
                yield from formula_flaws(field.computed, ("form", at, "fields", number, "computed"), known)


def _whens(programme: Programme) -> Iterator[tuple[Path, str]]:
    """Every rule by which a part of the form or a slot is left out, with its place."""
    places: list[tuple[Path, Any]] = [(("slots", at), slot) for at, slot in enumerate(programme.slots)]
    for at, section in enumerate(programme.form):
        if isinstance(section, Section):
            places.append((("form", at), section))
            places += [(("form", at, "fields", n), field) for n, field in enumerate(section.fields)]
            places += [(("form", at, "tables", n), table) for n, table in enumerate(section.tables)]
    for path, part in places:
        if text := getattr(part, "when", None):
            yield (*path, "when"), text
