"""Between a composed draft, the stored rows, and what is shown of them."""

from dataclasses import asdict
from typing import Any

from keshu.bureau.reports.compose import definition_of
from keshu.bureau.reports.composing.items import Part
from keshu.bureau.reports.composing.nodes import block_from_json, block_to_json
from keshu.bureau.reports.composing.text import AnnexRow, Draft, Shown
from keshu.bureau.reports.models import Section, Summary


def lists_of(draft: Draft) -> dict[str, Any]:
    """What goes with the text: falls, warnings, promises, the annex, what was left out and why."""
    chapters = {part.chapter.code: part.chapter for part in draft.parts}
    return {
        "chapters": {
            code: {"heading": chapter.heading, "numbering": chapter.numbering, "role": chapter.role}
            for code, chapter in chapters.items()
        },
        "falls": [
            {"code": fall.told.code, "name": fall.told.name, "words": fall.told.words, "period": str(fall.told.period),
             "reference": fall.told.reference, "section": fall.section}
            for fall in draft.falls
        ],
        "warnings": [asdict(warning) for warning in draft.warnings],
        "promises": [asdict(promise) for promise in draft.promises],
        "annex": [asdict(row) for row in draft.annex],
        "omitted": [asdict(one) for one in draft.omitted],
    }  # fmt: skip


def annex_of(lists: dict[str, Any]) -> list[AnnexRow]:
    return [AnnexRow(**row) for row in lists.get("annex", [])]


def blocks_json(part: Part) -> list[dict[str, Any]]:
    return [block_to_json(block) for block in part.blocks]


def shown_section(section: Section, lists: dict[str, Any]) -> Shown:
    chapter = lists.get("chapters", {}).get(section.chapter, {})
    return Shown(
        section.code, section.chapter, chapter.get("heading", ""), chapter.get("numbering", "none"), section.role,
        section.heading, section.owner, section.theme, tuple(block_from_json(block) for block in section.blocks),
    )  # fmt: skip


def shown_sections(summary: Summary) -> list[Shown]:
    """The stored text in its order, without what has no rows this year."""
    rows = summary.sections.filter(included=True).order_by("order")
    return [shown_section(section, summary.lists) for section in rows]


def content_of(summary: Summary) -> dict[str, Any]:
    """The whole document as plain data: what is hashed and frozen, with every word that the file will bear."""
    annex = definition_of(summary.kind).annex
    return {
        "title": summary.title,
        "organ": f"{summary.place.name}科学技术局",
        "annex": annex.title if annex else "",
        "table_first": bool(annex and annex.first),
        "place": summary.place.code,
        "period": summary.period,
        "kind": summary.kind,
        "version": summary.version,
        "known_at": summary.known_at.isoformat(),
        "sections": [
            {"code": s.code, "chapter": s.chapter, "role": s.role, "heading": s.heading, "owner": s.owner,
             "theme": s.theme, "version": s.version, "blocks": s.blocks}
            for s in summary.sections.filter(included=True).order_by("order")
        ],
        "lists": summary.lists,
    }  # fmt: skip


def shown_content(content: dict[str, Any]) -> list[Shown]:
    """A frozen document as parts to be shown."""
    chapters = content["lists"].get("chapters", {})
    return [
        Shown(
            part["code"], part["chapter"], chapters.get(part["chapter"], {}).get("heading", ""),
            chapters.get(part["chapter"], {}).get("numbering", "none"), part["role"], part["heading"], part["owner"],
            part["theme"], tuple(block_from_json(block) for block in part["blocks"]),
        )
        for part in content["sections"]
    ]  # fmt: skip
