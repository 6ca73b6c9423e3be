"""What the outcome of an event is computed from: the form as handed in, and the days and numbers of what was issued."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.forms.readers import Surroundings
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.parties import personal
from keshu.bureau.programmes.applying.layout import layout_of
from keshu.bureau.programmes.applying.sheet import Filled
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.facts import About, fact, known_facts, registered
from keshu.bureau.programmes.machine import step_of
from keshu.bureau.programmes.models import Application, Decision, DocumentItem, PublicityItem
from keshu.bureau.programmes.problems import CaseProblem
from keshu.catalogue.programme_judging import facts_of, sheet_of
from keshu.catalogue.schema.programme import Programme, Validity
from keshu.kernel.rules import compile_rule
from keshu.kernel.workdays import add_months

DOCUMENTED = frozenset({"document_numbered", "upper_result"})


def facts_at(case: Case, names: Iterable[str], around: Surroundings) -> dict[str, Any]:
    """The facts behind these names, parameters and computed facts added; of the form as it was handed in last."""
    parameters, places = catalogue().parameters, [case.call.place.code]
    about = About(case.call, case.application.party_id, case.today, case.at, application=case.application)
    sheet = sheet_of(case.programme)
    raw = sheet.missing([*names], {})
    if set(raw) - registered():  # the form is read only where something of it is wanted
        raw = sheet.missing([*raw, *_conditional(case.programme)], {})
        known = known_facts(about, raw) | _of_event(case)
        known |= _form(case, around, facts_of(case.programme, known, parameters, on=case.today, places=places))
    else:
        known = known_facts(about, raw) | _of_event(case)
    return facts_of(case.programme, known, parameters, on=case.today, places=places)


def _conditional(programme: Programme) -> tuple[str, ...]:
    """Facts by which parts of the form show or do not."""
    parts = [part for section in programme.sections for part in (section, *section.fields, *section.tables)]
    return tuple(dict.fromkeys(name for part in parts if part.when for name in compile_rule(part.when).names))


def _form(case: Case, within: Surroundings, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Typed values by name of the version that counts; nothing before one was handed in."""
    version = case.application.version
    if version is None:
        return {}
    texts = {path: personal.unseal(text) if personal.is_sealed(text) else text for path, text in version.values.items()}
    return Filled(layout_of(case.programme), texts, around=within, facts=facts).values


def _of_event(case: Case) -> dict[str, Any]:
    """决定日期 and 文号 are those of the document or the decision by which this very event happens."""
    step = step_before(case)
    conditions = set(step.conditions) if step else set()
    if conditions & DOCUMENTED:
        item = document_item(case.application)
        day = item.document.issued_on if item else case.application.issued_on
    elif "decision_recorded" in conditions:
        day = decided_on(case.application)
    else:
        day = None
    return {"决定日期": day or case.application.issued_on or case.today}


def step_before(case: Case) -> Any:
    """The row of the ladder that the event took; the case may stand at its end already."""
    if case.stage is not None and case.stage.event == case.event:
        states = [step.source for step in case.ladder.steps if step.event == case.event]
        return step_of(case.programme, states[0], case.event) if states else None
    return step_of(case.programme, case.application.state, case.event)


def decided_on(application: Application) -> date | None:
    """The day of the latest decision that counts."""
    rows = Decision.objects.filter(application=application, withdrawn_by__isnull=True)
    return rows.order_by("-pk").values_list("day", flat=True).first()


def document_item(application: Application) -> DocumentItem | None:
    """The line of the latest numbered document that covers the case."""
    rows = DocumentItem.objects.filter(application=application).exclude(document__number="")
    return rows.select_related("document").order_by("-document__issued_on", "-pk").first()


def valid_until(case: Case, validity: Validity, known: Mapping[str, Any]) -> date | None:
    """The last day of what was recognised: as a superior said, else so many years from the day of the decision."""
    item = document_item(case.application)
    if item is not None and item.valid_until is not None:
        return item.valid_until
    begun = known.get("决定日期")
    if validity.length is None or begun is None:
        return None
    if isinstance(validity.length, int):
        length = validity.length
    else:
        parameter = catalogue().parameters.get(validity.length)
        value = parameter.value_on(case.today, [case.call.place.code]) if parameter else None
        if value is None:
            raise CaseProblem(_("参数“%(code)s”没有值，算不出有效期；请在参数页补填") % {"code": validity.length})
        length = int(value)  # type: ignore[arg-type]
    return add_months(begun, length * (12 if validity.unit == "years" else 1))


def register() -> None:
    """The facts that documents and lists under publicity tell."""
    fact("文号")(lambda about: _item(about, "document", "number"))
    fact("编号")(_number)
    fact("决定日期")(_decided)
    fact("有效期至")(lambda about: _item(about, "valid_until"))
    fact("公示日期")(_announced)


def _line(about: About) -> DocumentItem | None:
    if "document" not in about.shelf:
        about.shelf["document"] = document_item(about.application) if about.application else None
    found: DocumentItem | None = about.shelf["document"]
    return found


def _item(about: About, *path: str) -> Any:
    value: Any = _line(about)
    for name in path:
        value = getattr(value, name, None)
    return value or None


def _number(about: About) -> str | None:
    """A later document need not repeat the number that an earlier one gave."""
    if about.application is None:
        return None
    rows = DocumentItem.objects.filter(application=about.application).exclude(document__number="").exclude(number="")
    return rows.order_by("-document__issued_on", "-pk").values_list("number", flat=True).first()


def _decided(about: About) -> date | None:
    if about.application is None:
        return None
    return about.application.issued_on or decided_on(about.application)


def _announced(about: About) -> date | None:
    if about.application is None:
        return None
    rows = PublicityItem.objects.filter(application=about.application, publicity__withdrawn_by__isnull=True)
    return rows.order_by("-pk").values_list("publicity__starts_on", flat=True).first()
