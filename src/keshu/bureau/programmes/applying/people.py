"""Who leads and who takes part, from the form: found again by a blind index, never by an open number."""

from keshu.bureau.parties import personal
from keshu.bureau.programmes.applying.reading import Draft
from keshu.bureau.programmes.models import CasePerson
from keshu.bureau.records.services import Writing, digest_of
from keshu.catalogue.schema.programme_form import Table

LEADERS = (("leader_name", "leader_idcard"), ("director", ""), ("name", "idcard"))  # codes of the form, the first there


def write_people(draft: Draft, within: Writing) -> None:
    """The case's title, leader and people as its form says them now, instead of those before."""
    application = draft.application
    application.title = title_of(draft)[:200]
    rows = _people(draft)
    application.leader = next((row.name for row in rows if row.leads), "")[:50]
    for row in rows:
        row.act = within.act
        within.wrote(digest_of(["person", application.pk, row.blind, row.leads]))
    CasePerson.objects.filter(application=application).delete()
    CasePerson.objects.bulk_create(rows)


def title_of(draft: Draft) -> str:
    """What the outcome will be called in its ledger; the programme's name where the form gives none."""
    for outcome in draft.layout.programme.outcomes:
        told = draft.form.known.get(outcome.fields.get("name", ""))
        if isinstance(told, str) and told:
            return told
    return draft.layout.programme.name


def _people(draft: Draft) -> list[CasePerson]:
    """The leader by ID number where the form asks for it, members by name and unit, each once."""
    found: dict[str, CasePerson] = {}
    name, idcard = _leader(draft)
    unit = draft.application.party.name
    if name:
        identity = idcard or f"{name}|{unit}"
        _add(found, draft, identity, name, leads=True)
    for table, _section in draft.layout.tables.values():
        if {"name", "unit"} <= {column.code for column in table.columns if column.type == "text"}:
            for member, of in _members(draft, table):
                if member != name:  # the leader is often listed among the members once more
                    _add(found, draft, f"{member}|{of or unit}", member)
    return list(found.values())


def _add(found: dict[str, CasePerson], draft: Draft, identity: str, name: str, *, leads: bool = False) -> None:
    blind = personal.blind("person", identity)
    if blind not in found:
        person = CasePerson(application=draft.application, blind=blind, name=name[:50], leads=leads, order=len(found))
        found[blind] = person


def _leader(draft: Draft) -> tuple[str, str]:
    fields = draft.layout.fields
    for name, idcard in LEADERS:
        if name in fields and (not idcard or idcard in fields):
            number = draft.form.read(idcard, fields[idcard][0]).value if idcard else ""
            return draft.form.text(name).strip(), str(number or "")
    return "", ""


def _members(draft: Draft, table: Table) -> list[tuple[str, str]]:
    form, code = draft.form, table.code
    rows = [
        (form.text(f"{code}:{row}:name").strip(), form.text(f"{code}:{row}:unit").strip()) for row in form.rows(table)
    ]
    return [(name, unit) for name, unit in rows if name]
