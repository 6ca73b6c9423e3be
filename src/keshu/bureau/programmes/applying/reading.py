"""The form of a case as it stands: the draft with what is prefilled, or a version that was handed in.

What other areas ask: `form_of(application, at=…)`, which is the draft until it is handed in and the counting version
afterwards; `values_of(application, at=…)`, its typed values by the names that rules use.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from keshu.bureau.forms.readers import Surroundings
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.parties import personal
from keshu.bureau.parties.models import PartyFacts
from keshu.bureau.parties.queries import party_facts
from keshu.bureau.places.queries import Gazetteer, gazetteer, tree_on
from keshu.bureau.programmes.applying.layout import Layout, layout_of
from keshu.bureau.programmes.applying.prefill import Known, prefilled
from keshu.bureau.programmes.applying.sheet import Filled
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.facts import About, known_facts
from keshu.bureau.programmes.models import Application, FormCell, FormVersion, Paper
from keshu.bureau.records.services import ZONE
from keshu.catalogue.programme_judging import parameter_facts


@dataclass(frozen=True)
class Draft:
    """What is being filled in: cells by path as they lie, what is known beforehand, papers by slot, and the form."""

    application: Application
    layout: Layout
    cells: Mapping[str, FormCell]
    known: Mapping[str, Known]
    papers: Mapping[str, list[Paper]]
    form: Filled

    @cached_property
    def differences(self) -> dict[str, Known]:
        """Path to what is known, where something else was typed."""
        texts = self.form.texts
        return {path: one for path, one in self.known.items() if path in self.cells and texts[path] != one.text}

    def version(self, path: str) -> int:
        """The version of the cell, 0 where nobody has typed yet."""
        cell = self.cells.get(path)
        return cell.version if cell else 0


def draft_of(application: Application, *, at: datetime) -> Draft:
    """The draft as it is now. The case comes with call, call's place, place and party."""
    layout = layout_of(programme_for(application.call))
    cells = {cell.path: cell for cell in FormCell.objects.filter(application_id=application.pk)}
    facts = party_facts(application.party_id)
    known = prefilled(layout, application, facts)
    texts = {path: one.text for path, one in known.items()} | {path: opened(cell.text) for path, cell in cells.items()}
    papers: dict[str, list[Paper]] = {}
    for paper in papers_in(application):
        papers.setdefault(paper.slot, []).append(paper)
    counts = {slot: len(rows) for slot, rows in papers.items()}
    form = _filled(application, layout, texts, counts, facts, at)
    return Draft(application, layout, cells, known, papers, form)


def papers_in(application: Application) -> list[Paper]:
    """The files that lie in the slots now, in their order."""
    rows = Paper.objects.filter(application_id=application.pk, removed_at__isnull=True)
    return list(rows.order_by("slot", "order", "pk"))


def version_form(application: Application, version: FormVersion, *, at: datetime) -> Filled:
    """The form as one version fixed it."""
    counts = Counter(str(paper["slot"]) for paper in version.papers)
    return form_with(application, texts_of(version), at=at, papers=counts)


def form_with(
    application: Application, texts: Mapping[str, str], *, at: datetime, papers: Mapping[str, int] | None = None
) -> Filled:
    """The form of the case's programme with these texts, as a task book or a final account has them."""
    layout = layout_of(programme_for(application.call))
    return _filled(application, layout, texts, papers or {}, party_facts(application.party_id), at)


def form_of(application: Application, *, at: datetime) -> Filled:
    """What counts: the version that was handed in, or the draft while there is none."""
    if application.version_id is not None and application.version is not None:
        return version_form(application, application.version, at=at)
    return draft_of(application, at=at).form


def values_of(application: Application, *, at: datetime) -> dict[str, Any]:
    """Typed values of the form by the names that rules use, computed facts included."""
    form = form_of(application, at=at)
    computed = {field.fact or field.name for field, _section in form.layout.fields.values() if field.computed}
    return {**form.values, **{name: form.known.get(name) for name in computed}}


def texts_of(version: FormVersion) -> dict[str, str]:
    """The texts of a version, personal ones opened."""
    return {path: opened(text) for path, text in version.values.items()}


def opened(text: str) -> str:
    return personal.unseal(text) if personal.is_sealed(text) else text


def _filled(
    application: Application, layout: Layout, texts: Mapping[str, str], papers: Mapping[str, int],
    facts: PartyFacts | None, at: datetime,
) -> Filled:  # fmt: skip
    today = at.astimezone(ZONE).date()
    form = Filled(layout, texts, around=_around(application, layout, texts, today), facts={}, papers=papers)
    form.facts |= _facts(application, layout, facts, at, form)
    return form


def _around(application: Application, layout: Layout, texts: Mapping[str, str], today: date) -> Surroundings:
    """The case's own place is known; all places are read only where another one was typed."""
    own = application.place
    asked = {texts.get(code) for code, (field, _section) in layout.fields.items() if field.type == "place"}
    if asked <= {own.name, "", None}:
        return Surroundings(today, Gazetteer({own.name: (own.code,)}), {own.code: own.pk})
    tree = tree_on()
    return Surroundings(today, gazetteer(), tree.ids, tree=tree)


def _facts(
    application: Application, layout: Layout, facts: PartyFacts | None, at: datetime, form: Filled
) -> dict[str, Any]:
    today = at.astimezone(ZONE).date()
    call = application.call
    parameters = [name for name in layout.needs if name in catalogue().parameters]
    found = parameter_facts(catalogue().parameters, today, [call.place.code], only=parameters)
    own = {
        "申报日期": today, "申报年度": call.year, "申报单位": application.party.name,
        "申报单位.名称": application.party.name, "申报单位.类型": facts.unit_type or None if facts else None,
        "申报单位.注册日期": facts.registered_on if facts else None,
    }  # fmt: skip
    said = dict(form._values(frozenset()))
    about = About(call, application.party_id, today, at, application, said)
    elsewhere = layout.needs - set(own) - set(parameters) - set(said)
    return {**found, **own, **{k: v for k, v in known_facts(about, elsewhere).items() if k in elsewhere}}
