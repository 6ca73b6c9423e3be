"""What may be done to a summary while it is written: compose, compose again, edit, order. One verb, one act.

Two editors never overwrite each other: every change names the version that the editor had open. Every version stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from keshu.bureau.places.models import Place
from keshu.bureau.records.services import ZONE, Actor, Writing, digest_of, end_of, now, writing
from keshu.bureau.reports.asking import wish_of
from keshu.bureau.reports.compose import Wish, compose, definition_of
from keshu.bureau.reports.composing.editing import BadEdit, Editor, edited, marked_of, merged
from keshu.bureau.reports.composing.items import Part
from keshu.bureau.reports.composing.nodes import Block, Figure, block_from_json, block_to_json
from keshu.bureau.reports.composing.text import Draft
from keshu.bureau.reports.models import Section, SectionVersion, Summary
from keshu.bureau.reports.referring import renewed, typed_figures
from keshu.bureau.reports.rules import SECTION, chain_for
from keshu.bureau.reports.standing import standing_for
from keshu.bureau.reports.stored import lists_of
from keshu.kernel.measure.period import Period

__all__ = [
    "BadEdit", "StaleSection", "SummaryProblem", "compose_summary", "edit_section", "order_items", "recompose_section",
    "recompose_summary", "set_due", "version_digests",
]  # fmt: skip


class SummaryProblem(Exception):
    """It cannot be done; the message says why and what to do."""


class StaleSection(SummaryProblem):
    """Somebody else changed the section meanwhile; `theirs` is the text that is there now."""


def compose_summary(
    place: str, period: Period, kind: str, *, by: Actor, due_on: date | None = None, public: bool = False,
    chain: Sequence[Mapping[str, Any]] | None = None, known_on: date | None = None,
) -> Summary:  # fmt: skip
    """Begin a summary: its sections are composed from the records as they are known at this instant.

    Raises SummaryProblem where the place has one for this period already. `known_on` composes from what was known at
    the end of that day (the demo, or a summary of an earlier year that is entered later).
    """
    definition, known_at = definition_of(kind), _instant(known_on)
    _refuse_twin(place, period, kind)
    found = Place.objects.get(code=place)
    draft = compose(Wish(found, period, definition, known_at, public, {}, standing_for(place, period, kind)))
    subject = f"summary:{place}/{period}/{kind}"
    try:
        with writing(verb="summary.compose", by=by, subject=subject, place=place, known_on=known_on) as act:
            _refuse_twin(place, period, kind)
            summary = Summary.objects.create(
                place=found, period=str(period), year=period.year, kind=kind, version=definition.version,
                title=draft.title, audience="public" if public else "internal", due_on=due_on, known_at=known_at,
                chain=[dict(step) for step in chain] if chain is not None else chain_for(kind), lists=lists_of(draft),
                act=act.act,
            )  # fmt: skip
            for order, part in enumerate(draft.parts):
                _add(summary, part, order, act)
            return summary
    except IntegrityError as error:
        raise SummaryProblem(_("刚刚有人建立了同一份总结，请打开已有的一份")) from error


def _instant(known_on: date | None) -> datetime:
    """What is known now, or was at the end of a day. Composing takes seconds, so it happens before the write begins."""
    return min(now(), end_of(known_on)) if known_on else now()


def _refuse_twin(place: str, period: Period, kind: str) -> None:
    if Summary.objects.filter(place__code=place, period=str(period), kind=kind).exists():
        raise SummaryProblem(_("该单位本期间的这类总结已经建立，请打开已有的一份，或选择其他期间、类型"))


def _add(summary: Summary, part: Part, order: int, within: Writing) -> Section:
    item = part.item
    section = Section.objects.create(
        summary=summary, code=item.code, chapter=part.chapter.code, role=part.chapter.role, order=order,
        heading=part.heading, theme=item.theme, owner=item.owner, included=part.included,
        blocks=[block_to_json(block) for block in part.blocks] if part.included else [],
    )  # fmt: skip
    _keep(section, "composed", within)
    return section


def _keep(section: Section, cause: str, within: Writing) -> SectionVersion:
    """The section as it stands now, as a version that nobody changes."""
    version = SectionVersion.objects.create(
        section=section, version=section.version, heading=section.heading, included=section.included,
        blocks=section.blocks, cause=cause, known_from=within.known_from, act=within.act,
    )  # fmt: skip
    within.wrote(version_digest(version), "section")
    return version


def version_digest(version: SectionVersion) -> bytes:
    return digest_of(
        [version.section_id, version.version, version.heading, version.included, version.blocks, version.cause]
    )


def version_digests() -> Iterable[tuple[int, bytes]]:
    """(act, digest) of every version in the database, for the audit."""
    for version in SectionVersion.objects.order_by("pk").iterator(chunk_size=500):
        yield version.act_id, version_digest(version)


def recompose_summary(summary_id: int, *, by: Actor, known_on: date | None = None) -> Summary:
    """Compose the text again from what is known now; edited paragraphs stay, signed sections that change reopen."""
    known_at = _instant(known_on)
    draft = compose(wish_of(Summary.objects.select_related("place").get(pk=summary_id), known_at))
    with writing(verb="summary.recompose", by=by, subject=f"summary:{summary_id}", known_on=known_on) as act:
        summary = _open(summary_id)
        rows = {section.code: section for section in summary.sections.select_for_update()}
        for order, part in enumerate(draft.parts):
            section = rows.get(part.item.code)
            if section is None:
                _add(summary, part, order, act)
            else:
                _renew(section, part, order, act, known_at)
        _take_lists(summary, draft, known_at)
        return summary


def recompose_section(section_id: int, *, seen: int, by: Actor) -> Section:
    """Compose one section again, from what the rest of the text knows; edited paragraphs stay."""
    there = Section.objects.select_related("summary__place").get(pk=section_id)
    draft = compose(wish_of(there.summary, there.summary.known_at))
    part = next((part for part in draft.parts if part.item.code == there.code), None)
    if part is None:
        raise SummaryProblem(_("当前的总结大纲中已没有这一部分，请在“栏目顺序”中恢复后再生成"))
    with writing(verb="section.recompose", by=by, subject=f"section:{section_id}") as act:
        section = _fresh(section_id, seen)
        _renew(section, part, section.order, act, section.summary.known_at)
        return section


def _renew(section: Section, part: Part, order: int, within: Writing, known_at: datetime) -> None:
    """Take the newly composed text where it differs; a signed section whose words change has to be signed again."""
    old = [block_from_json(block) for block in section.blocks]
    composed = {node.mark for block in part.blocks for node in marked_of(block)}
    blocks, _gone = merged(old, part.blocks, renewed(section.summary, old, known_at, composed))
    fresh = [block_to_json(block) for block in blocks] if blocks and not part.merged else []
    changed = (section.blocks, section.heading, section.included) != (fresh, part.heading, bool(fresh))
    if changed:
        if section.state == Section.State.SIGNED:
            section.state = Section.State.DRAFT
        section.blocks, section.heading, section.included = fresh, part.heading, bool(fresh)
        section.version += 1
    section.order, section.chapter, section.owner, section.theme = (
        order,
        part.chapter.code,
        part.item.owner,
        part.item.theme,
    )
    section.save()
    if changed:
        _keep(section, "composed", within)


def _take_lists(summary: Summary, draft: Draft, known_at: datetime) -> None:
    summary.lists, summary.title = lists_of(draft), draft.title
    summary.known_at, summary.step = known_at, 0
    summary.version = definition_of(summary.kind).version
    summary.revision += 1
    summary.save()


def edit_section(
    section_id: int, texts: Mapping[str, str], *, seen: int, by: Actor, heading: str | None = None, own: str = ""
) -> Section:
    """Save what somebody wrote: paragraphs by their code, an own paragraph at the end, another heading.

    References stay references, and {hte.valid} becomes one. Raises BadEdit, StaleSection. A signed section has to be
    signed again.
    """
    there = Section.objects.select_related("summary__place").get(pk=section_id)
    typed = typed_figures(there.summary, [*texts.values(), own])
    with writing(verb="section.edit", by=by, subject=f"section:{section_id}") as act:
        section = _fresh(section_id, seen)
        editor = Editor(by.username, by.name or by.username, act.known_from.astimezone(ZONE).year)
        blocks = [_edited(block_from_json(block), texts, editor, typed) for block in section.blocks]
        if own.strip():
            blocks.append(_own_paragraph(section, own, editor, typed))
        SECTION.pass_through(
            section,
            key=f"{section.pk}",
            state=section.state,
            event="edit",
            rights=frozenset({"summaries.edit"}),
            within=act,
        )
        section.blocks = [block_to_json(block) for block in blocks if block.sentences or block.edited]
        section.heading = section.heading if heading is None else heading.strip() or section.heading
        section.state, section.version, section.included = Section.State.DRAFT, section.version + 1, True
        section.edited_by, section.edited_name, section.edited_at = by.username, by.name, act.known_from
        section.save()
        _keep(section, "edited", act)
        Summary.objects.filter(pk=section.summary_id).update(step=0)
        return section


def _edited(block: Block, texts: Mapping[str, str], editor: Editor, typed: Mapping[str, Figure]) -> Block:
    return edited(block, texts[block.code], editor, typed) if block.code in texts else block


def _own_paragraph(section: Section, text: str, editor: Editor, typed: Mapping[str, Figure]) -> Block:
    """A paragraph of one's own, after those that were composed."""
    count = sum(1 for block in section.blocks if ".own" in block["attrs"]["code"])
    empty = Block(f"{section.code}.own{count + 1}", ())
    words = text.strip()
    return edited(empty, words if words.endswith(("。", "！", "？")) else f"{words}。", editor, typed)


def order_items(summary_id: int, order: Mapping[str, Sequence[str]], *, seen: int, by: Actor) -> Summary:
    """Put the sections of a chapter in a site's own order; the text is numbered anew when it is shown."""
    with writing(verb="summary.order", by=by, subject=f"summary:{summary_id}", note={"order": dict(order)}) as act:
        summary = _open(summary_id)
        if summary.revision != seen:
            raise StaleSection(_("栏目顺序刚被他人调整，请刷新后重试"))
        rows = list(summary.sections.select_for_update().order_by("order"))
        ranked = {code: (chapter, place) for chapter, codes in order.items() for place, code in enumerate(codes)}
        chapters = list(dict.fromkeys(section.chapter for section in rows))
        rows.sort(key=lambda s: (chapters.index(s.chapter), ranked.get(s.code, (s.chapter, 999))[1]))
        for place, section in enumerate(rows):
            Section.objects.filter(pk=section.pk).update(order=place)
        summary.outline, summary.revision, summary.step = (
            {**summary.outline, **{k: list(v) for k, v in order.items()}},
            seen + 1,
            0,
        )
        summary.save(update_fields=["outline", "revision", "step"])
        act.wrote(digest_of(["order", summary.pk, summary.outline]))
        return summary


def set_due(summary_id: int, due_on: date | None, *, by: Actor) -> Summary:
    """The day on which it has to be handed in."""
    with writing(verb="summary.due", by=by, subject=f"summary:{summary_id}", note={"due_on": str(due_on)}) as act:
        summary = _open(summary_id)
        summary.due_on = due_on
        summary.save(update_fields=["due_on"])
        act.wrote(digest_of(["due", summary.pk, due_on]))
        return summary


def _open(summary_id: int) -> Summary:
    summary = Summary.objects.select_for_update(of=("self",)).select_related("place").get(pk=summary_id)
    if summary.state == Summary.State.FROZEN:
        raise SummaryProblem(_("总结已冻结，不能再改动；后来的更正会显示在冻结文本旁边"))
    return summary


def _fresh(section_id: int, seen: int) -> Section:
    """The section under a lock, if it is still the version that the editor had open."""
    section = Section.objects.select_for_update(of=("self",)).select_related("summary__place").get(pk=section_id)
    if section.summary.state == Summary.State.FROZEN:
        raise SummaryProblem(_("总结已冻结，不能再改动；后来的更正会显示在冻结文本旁边"))
    if section.version != seen:
        last = section.versions.select_related("act").first()
        who = last.act.by_name or last.act.by if last else ""
        raise StaleSection(_("这一部分刚被%(who)s修改过（第%(version)s版），您的修改没有保存；请对照新内容重新修改") % {
            "who": who, "version": section.version,
        })  # fmt: skip
    return section
