"""What was handed in: a draft made into a version under one hash, and the difference between two versions.

The hash is taken over the texts as they are stored (personal ones sealed) and the hashes of the papers, together with
the case and the definition: anybody with the row can take it again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.parties import personal
from keshu.bureau.programmes.applying.layout import Layout, fixed_rows, order_of, rows_of
from keshu.bureau.programmes.applying.people import write_people
from keshu.bureau.programmes.applying.reading import Draft, draft_of, texts_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import Application, FormVersion, Paper
from keshu.bureau.records.files import name_kept
from keshu.bureau.records.services import Writing, digest_of
from keshu.catalogue.schema.programme_form import Table


def draft_in(case: Case) -> Draft:
    """The draft of a case, read once for all conditions and effects of an event."""
    if "draft" not in case.notes:
        case.notes["draft"] = draft_of(case.application, at=case.at)
    draft: Draft = case.notes["draft"]
    return draft


def freeze(case: Case, within: Writing) -> FormVersion:
    """The draft as it is now becomes the version that counts; new papers are named in the act.

    The case is locked, and whoever saves a cell holds the case's key: no text can slip in between.
    """
    draft, application = draft_in(case), case.application
    number = FormVersion.objects.filter(application=application).count() + 1
    values, papers = stored_values(draft), [_told(paper) for rows in draft.papers.values() for paper in rows]
    version = FormVersion(
        application=application, number=number, values=values, papers=papers, event=case.event, by=case.by.username,
        at=within.act.at, act=within.act,
    )  # fmt: skip
    version.sha256 = hash_of(version)
    version.save()
    within.wrote(bytes.fromhex(version.sha256), "form")
    _name_papers(draft, application.version, within)
    application.version = version
    application.submitted_at = application.submitted_at or within.act.at
    write_people(draft, within)
    return version


def hash_of(version: FormVersion) -> str:
    """The content hash, taken from the row."""
    call = version.application.call
    content = {
        "programme": call.programme, "definition": call.version, "call": call.pk, "application": version.application_id,
        "number": version.number, "values": version.values, "papers": version.papers,
    }  # fmt: skip
    return digest_of(content).hex()


def stored_values(draft: Draft) -> dict[str, str]:
    """The texts of the parts that show, sorted by path; a sealed cell keeps its seal."""
    found = {}
    for path in _shown(draft):
        cell = draft.cells.get(path)
        text = cell.text if cell else draft.known[path].text if path in draft.known else ""
        if text:
            closed = draft.layout.is_personal(path) and not personal.is_sealed(text)
            found[path] = personal.seal(text) if closed else text
    return dict(sorted(found.items()))


def _shown(draft: Draft) -> Iterator[str]:
    form = draft.form
    for section in form.sections():
        yield from (
            field.code for field in section.fields if not field.computed and form.holds(field.when) is not False
        )
        for table in section.tables:
            if form.holds(table.when) is False:
                continue
            yield f"{table.code}:"
            yield from (f"{table.code}:{row}:{c.code}" for row in form.rows(table) for c in table.columns)


def _told(paper: Paper) -> dict[str, Any]:
    return {"slot": paper.slot, "name": paper.name, "sha256": paper.sha256, "size": paper.size}


def _name_papers(draft: Draft, before: FormVersion | None, within: Writing) -> None:
    """Papers that no earlier version had are named in the act: from now on they are evidence."""
    had = {paper["sha256"] for paper in before.papers} if before else set()
    fresh = {paper.sha256: paper for rows in draft.papers.values() for paper in rows if paper.sha256 not in had}
    for sha256, paper in fresh.items():
        name_kept(sha256, name=paper.name, size=paper.size, kind="application", mime=paper.mime, within=within)


@dataclass(frozen=True)
class Difference:
    """One place at which two versions differ; `row` is the number of the row in the later version, 0 for none."""

    path: str
    section: str
    label: str
    before: str
    after: str
    personal: bool = False

    @property
    def kind(self) -> str:
        return "added" if not self.before else "removed" if not self.after else "changed"


def differences(layout: Layout, before: FormVersion, after: FormVersion) -> list[Difference]:
    """Field by field in the order of the form, tables row by row, then papers slot by slot."""
    old, new = texts_of(before), texts_of(after)
    found: list[Difference] = []
    for section in layout.programme.sections:
        for field in section.fields:
            if old.get(field.code, "") != new.get(field.code, ""):
                pair = old.get(field.code, ""), new.get(field.code, "")
                found.append(Difference(field.code, section.name, field.name, *pair, personal=field.personal))
        for table in section.tables:
            found.extend(_of_table(table, section.name, old, new))
    return found + list(_of_papers(layout, before.papers, after.papers))


def _of_table(table: Table, section: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    rows = _rows(table, new)
    rows += [row for row in _rows(table, old) if row not in rows]
    for number, row in enumerate(rows, start=1):
        title = table.rows[number - 1] if row in fixed_rows(table) else _("第 %(number)s 行") % {"number": number}
        for column in table.columns:
            path = f"{table.code}:{row}:{column.code}"
            pair = old.get(path, ""), new.get(path, "")
            if pair[0] != pair[1]:
                label = f"{table.name} {title} {column.name}"
                yield Difference(path, section, label, *pair, personal=column.personal)
    if not table.rows:
        both = set(_rows(table, old)) & set(_rows(table, new))
        orders = [[row for row in _rows(table, texts) if row in both] for texts in (old, new)]
        if orders[0] != orders[1]:
            yield Difference(f"{table.code}:", section, table.name, _("原来的行序"), _("行序已调整"))


def _rows(table: Table, texts: Mapping[str, str]) -> list[str]:
    listed = set(order_of(texts.get(f"{table.code}:", ""))[0])
    return [row for row in rows_of(table, texts) if row not in listed or _filled(table, row, texts)]


def _filled(table: Table, row: str, texts: Mapping[str, str]) -> bool:
    return any(texts.get(f"{table.code}:{row}:{column.code}", "").strip() for column in table.columns)


def _of_papers(layout: Layout, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[Difference]:
    for code, slot in layout.slots.items():
        old = {paper["sha256"]: paper["name"] for paper in before if paper["slot"] == code}
        new = {paper["sha256"]: paper["name"] for paper in after if paper["slot"] == code}
        for sha256 in {**old, **new}:
            if (sha256 in old) != (sha256 in new):
                yield Difference(f"slot:{code}", _("附件"), slot.name, old.get(sha256, ""), new.get(sha256, ""))


def version_before(version: FormVersion) -> FormVersion | None:
    return FormVersion.objects.filter(application_id=version.application_id, number=version.number - 1).first()


def versions_of(application: Application) -> list[FormVersion]:
    """All that was handed in, the latest first."""
    return list(FormVersion.objects.filter(application=application).order_by("-number"))
