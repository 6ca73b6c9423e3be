"""The text as the page shows it: numbered lines whose figures, names and records are links."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from keshu.bureau.reports.composing.nodes import Figure, Names, Node, Record, Standing
from keshu.bureau.reports.composing.text import Line, Shown, lines_of
from keshu.bureau.reports.corrections import Correction
from keshu.bureau.reports.models import Section, Summary
from keshu.bureau.reports.stored import shown_content, shown_sections

CSS = {Figure: "rp-figure", Names: "rp-names", Record: "rp-record"}


@dataclass(frozen=True)
class ShownLine:
    """A heading or a paragraph as HTML."""

    level: int
    html: SafeString
    words: str
    edited: bool = False


@dataclass
class ShownPart:
    """A section with its lines, and its row where the text is stored (not frozen)."""

    code: str
    chapter: str  # heading of the chapter where it begins with this part
    heading: str
    owner: str
    lines: list[ShownLine] = field(default_factory=list)
    section: Section | None = None


def parts_of(summary: Summary, moved: Mapping[str, str] | None = None) -> list[ShownPart]:
    """The text in its parts; a frozen summary shows what was frozen, never the rows of today.

    `moved` says by mark what a frozen figure would be now: it stands beside the figure, the figure stays.
    """
    rows = {section.code: section for section in summary.sections.all()}
    if summary.state == Summary.State.FROZEN:
        return list(_parts(shown_content(summary.frozen.content), summary, {}, moved or {}))
    return list(_parts(shown_sections(summary), summary, rows, {}))


def _parts(
    shown: Sequence[Shown], summary: Summary, rows: dict[str, Section], moved: Mapping[str, str]
) -> Iterator[ShownPart]:
    lines = list(lines_of(list(shown)))
    at = 0
    for part in shown:
        mine = ShownPart(part.code, "", part.heading, part.owner, section=rows.get(part.code))
        while at < len(lines) and (lines[at].level == 1 or lines[at].section == part.code):
            if lines[at].level == 1 and mine.lines:
                break
            _take(lines[at], mine, summary, moved)
            at += 1
        yield mine


def _take(line: Line, part: ShownPart, summary: Summary, moved: Mapping[str, str]) -> None:
    if line.level == 1:
        part.chapter = line.words
    elif line.level:
        part.lines.append(ShownLine(line.level, format_html("{}", line.words), line.words))
    elif line.block is not None:
        lead = line.number + line.block.lead
        nodes = [node for said in line.block.sentences for node in said.nodes]
        html = format_html("{}{}", format_html("<b>{}</b>", lead) if lead else "", rendered(nodes, summary, moved))
        part.lines.append(ShownLine(0, html, line.words, bool(line.block.edited)))


def rendered(nodes: Sequence[Node], summary: Summary, moved: Mapping[str, str]) -> SafeString:
    """Nodes as HTML; every marked one opens what it stands on, with and without scripts."""
    return format_html_join("", "{}", ((_node(node, summary, moved),) for node in nodes))


def _node(node: Node, summary: Summary, moved: Mapping[str, str]) -> SafeString:
    match node:
        case Figure() | Names() | Record():
            url = f"/summaries/{summary.pk}/marks/{node.mark}/"
            now = moved.get(node.mark, "")
            return format_html(
                '<a class="{}{}" id="{}" href="{}" hx-get="{}" hx-target="#rp-panel" hx-swap="innerHTML"{}>{}</a>',
                CSS[type(node)],
                " rp-moved" if now else "",
                node.mark,
                url,
                url,
                format_html(' title="现为 {}"', now) if now else "",
                node.words,
            )
        case Standing():
            if not node.author:
                return format_html('<span class="rp-template" title="{}">{}</span>', "范本文字，尚未采用", node.words)
            title = f"{node.author} {node.year}年" + ("，沿用" if node.carried_over else "")
            return format_html('<span class="rp-standing" title="{}">{}</span>', title, node.words)
        case _:
            return format_html("{}", node.words)


@dataclass(frozen=True)
class Reason:
    """Corrections of one act, told by the first of them."""

    first: Correction
    more: int


def grouped(because: Iterable[Correction]) -> list[Reason]:
    """What one act did to many rows is one line."""
    found: dict[tuple[object, ...], Reason] = {}
    for one in because:
        key = (one.at, one.by, one.verb, one.reason)
        found[key] = Reason(found[key].first, found[key].more + 1) if key in found else Reason(one, 0)
    return list(found.values())
