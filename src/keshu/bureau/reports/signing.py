"""Signing sections, passing the steps of the chain, sending back; on paper by the scan of the sheet."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.records.files import store
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.models import File
from keshu.bureau.records.services import ZONE, Writing, digest_of, writing
from keshu.bureau.reports.composing.editing import Editor, adopted
from keshu.bureau.reports.composing.nodes import block_from_json, block_to_json
from keshu.bureau.reports.models import Section, Signature, Summary
from keshu.bureau.reports.rules import SECTION, SUMMARY
from keshu.bureau.reports.services import StaleSection, SummaryProblem, _fresh, _keep, _open


@dataclass(frozen=True)
class Scan:
    """The scanned sheet that somebody signed by hand, and whose hand it was."""

    content: bytes
    name: str
    mime: str
    signer: str


def may_sign(viewer: Viewer, section: Section) -> bool:
    """Heads sign for their section of the bureau, leaders and the office for any."""
    return viewer.may("summaries.sign", section=section.owner, place=section.summary.place.code)


def owners_with(viewer: Viewer, right: str, place: str, owners: Iterable[str]) -> frozenset[str]:
    """Those of the sections of the bureau for which the viewer holds the right at the place; each is asked once."""
    return frozenset(owner for owner in set(owners) if viewer.may(right, section=owner, place=place))


def may_pass(viewer: Viewer, summary: Summary) -> bool:
    """Whether the next step of the chain is this person's."""
    step = next_step(summary)
    return step is not None and any(
        grant.role in step["roles"]
        and "summaries.sign" in grant.rights
        and viewer.may("summaries.sign", place=summary.place.code)
        for grant in viewer.grants
    )


def may_sign_falls(viewer: Viewer) -> bool:
    return bool({"director", "deputy"} & {grant.role for grant in viewer.grants if "summaries.sign" in grant.rights})


def next_step(summary: Summary) -> dict | None:
    return summary.chain[summary.step] if summary.step < len(summary.chain) else None


def sign_section(section_id: int, *, seen: int, viewer: Viewer, note: str = "", scan: Scan | None = None) -> Signature:
    """The section is right as it stands; words that a definition brought become the signer's.

    Raises NotAllowed for a section that is not the viewer's, StaleSection when it changed while it was read.
    """
    with writing(verb="section.sign", by=viewer.actor, reason=note, subject=f"section:{section_id}") as act:
        section = _fresh(section_id, seen)
        if not may_sign(viewer, section):
            raise NotAllowed(_("这一部分由%(owner)s负责，您没有签字权限") % {"owner": section.owner})
        section.state = SECTION.pass_through(
            section, key=str(section.pk), state=section.state, event="sign", rights=viewer.rights, within=act
        )
        _adopt(section, viewer, act)
        section.save()
        return _signed(section.summary, section, "section", Signature.Event.SIGNED, viewer, act, note, scan)


def _adopt(section: Section, viewer: Viewer, within: Writing) -> None:
    editor = Editor(
        viewer.actor.username, viewer.actor.name or viewer.actor.username, within.known_from.astimezone(ZONE).year
    )
    blocks = [block_to_json(adopted(block_from_json(block), editor)) for block in section.blocks]
    if blocks != section.blocks:
        section.blocks, section.version = blocks, section.version + 1
        _keep(section, "adopted", within)


def return_section(section_id: int, *, seen: int, viewer: Viewer, note: str) -> Signature:
    """Send a signed section back to its writers, with the reason; the chain begins again."""
    if not note.strip():
        raise SummaryProblem(_("退回必须写明原因，便于科室修改"))
    with writing(verb="section.return", by=viewer.actor, reason=note, subject=f"section:{section_id}") as act:
        section = _fresh(section_id, seen)
        if not may_sign(viewer, section):
            raise NotAllowed(_("这一部分由%(owner)s负责，您没有退回权限") % {"owner": section.owner})
        section.state = SECTION.pass_through(
            section, key=str(section.pk), state=section.state, event="return", rights=viewer.rights, within=act
        )
        section.save(update_fields=["state"])
        Summary.objects.filter(pk=section.summary_id).update(step=0)
        return _signed(section.summary, section, "section", Signature.Event.RETURNED, viewer, act, note, None)


def sign_falls(summary_id: int, *, viewer: Viewer, note: str = "", scan: Scan | None = None) -> Signature:
    """The leader has seen the list 未写入的下降指标 as it stands now."""
    with writing(verb="summary.falls", by=viewer.actor, reason=note, subject=f"summary:{summary_id}") as act:
        summary = _open(summary_id)
        if not may_sign_falls(viewer):
            raise NotAllowed(_("“未写入的下降指标”由局领导或分管领导签阅"))
        return _signed(summary, None, "falls", Signature.Event.SIGNED, viewer, act, note, scan)


def pass_step(summary_id: int, *, seen: int, viewer: Viewer, note: str = "", scan: Scan | None = None) -> Signature:
    """The next step of the chain is passed; `seen` is how many were passed when the page was opened."""
    with writing(verb="summary.pass", by=viewer.actor, reason=note, subject=f"summary:{summary_id}") as act:
        summary = _at_step(summary_id, seen)
        step = next_step(summary)
        if step is None or not may_pass(viewer, summary):
            raise NotAllowed(_("当前环节不由您签批；请按顺序办理"))
        SUMMARY.pass_through(
            summary, key=str(summary.pk), state=summary.state, event="pass", rights=viewer.rights, within=act
        )
        summary.step += 1
        summary.save(update_fields=["step"])
        return _signed(summary, None, step["code"], Signature.Event.SIGNED, viewer, act, note, scan)


def return_step(summary_id: int, *, seen: int, viewer: Viewer, note: str) -> Signature:
    """Send the whole text back: the chain begins again."""
    if not note.strip():
        raise SummaryProblem(_("退回必须写明原因"))
    with writing(verb="summary.return", by=viewer.actor, reason=note, subject=f"summary:{summary_id}") as act:
        summary = _at_step(summary_id, seen)
        step = next_step(summary) or summary.chain[-1]
        if not may_pass(viewer, summary) and summary.step < len(summary.chain):
            raise NotAllowed(_("当前环节不由您签批"))
        SUMMARY.pass_through(
            summary, key=str(summary.pk), state=summary.state, event="return", rights=viewer.rights, within=act
        )
        summary.step = 0
        summary.save(update_fields=["step"])
        return _signed(summary, None, step["code"], Signature.Event.RETURNED, viewer, act, note, None)


def _at_step(summary_id: int, seen: int) -> Summary:
    summary = _open(summary_id)
    if summary.step != seen:
        raise StaleSection(_("签批环节已有变化，请刷新页面"))
    return summary


def _signed(
    summary: Summary,
    section: Section | None,
    step: str,
    event: str,
    viewer: Viewer,
    act: Writing,
    note: str,
    scan: Scan | None,
) -> Signature:
    by = viewer.actor
    absent = viewer.acting_for("summaries.sign", section=section.owner if section else "", place=summary.place.code)
    if absent is not None:
        note = (_("受%(name)s委托。") % {"name": absent} + note)[:300]
    signature = Signature.objects.create(
        summary=summary, section=section, step=step, event=event, version=section.version if section else 0,
        digest=signed_content(summary, section, step).hex(), by=by.username,
        by_name=scan.signer if scan else by.name, paper=scan is not None, scan=_stored(scan, act), note=note,
        at=act.known_from, act=act.act,
    )  # fmt: skip
    act.wrote(signature_digest(signature), "signature")
    return signature


def _stored(scan: Scan | None, act: Writing) -> File | None:
    return store(scan.content, name=scan.name, kind="signature", mime=scan.mime, within=act) if scan else None


def signed_content(summary: Summary, section: Section | None, step: str) -> bytes:
    """What a signature stands for: the section's words, the list of falls, or the whole text."""
    if section is not None:
        return digest_of([section.heading, section.blocks])
    if step == "falls":
        return digest_of([[fall["reference"], fall["words"]] for fall in summary.lists.get("falls", [])])
    return digest_of([[s.code, s.heading, s.blocks] for s in summary.sections.filter(included=True).order_by("order")])


def signature_digest(one: Signature) -> bytes:
    return digest_of(
        [
            one.summary_id,
            one.section_id,
            one.step,
            one.event,
            one.version,
            one.digest,
            one.by,
            one.by_name,
            one.paper,
            one.scan_id,
            one.note,
        ]
    )


def signature_digests():
    """(act, digest) of every signature in the database, for the audit."""
    for one in Signature.objects.order_by("pk").iterator(chunk_size=500):
        yield one.act_id, signature_digest(one)
