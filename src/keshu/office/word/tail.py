"""What stands below the text: names of attachments, organ and date, a note, and the imprint on the last page."""

from __future__ import annotations

import re
from datetime import date

from .inline import look, run
from .layout import CHARACTER, LINE, SMALL_SIZE, Page, advance, cells, mm
from .model import Imprint, OfficialDocument
from .ooxml import Element, w


def in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def attachment_note(names: tuple[str, ...]) -> list[Element]:
    """附件说明: a blank line above, indented by two, wrapped lines under the first character of the name."""
    lines = []
    for place, name in enumerate(names):
        number = f"{place + 1}." if len(names) > 1 else ""
        label = ("附件：" if place == 0 else "") + number
        hanging = advance(label)
        left = 2 * CHARACTER + advance("附件：" + number)
        spacing = w("spacing", before=LINE) if place == 0 else None
        properties = w("pPr", w("keepNext"), spacing, w("ind", left=left, hanging=hanging), w("jc", val="left"))
        lines.append(w("p", properties, run(label + name.strip().rstrip("。；;，"))))
    return lines


def signature(document: OfficialDocument, page: Page) -> list[Element]:
    """Organ and date at the right.

    With a seal the date ends four characters from the edge and the organ is centred on it; without one the
    organ ends two characters from the edge and the date begins two characters right of the organ's beginning,
    and where the date is the longer one, it is the date that ends two characters from the edge (GB/T 9704 7.3.5).
    """
    if not document.organ and document.date is None:
        return []
    if document.joint:
        return _joint_signature(document, page)
    day = in_words(document.date) if document.date else ""
    organ_width, day_width = advance(document.organ), advance(day)
    if document.sealed:
        day_left = page.text_width - 4 * CHARACTER - day_width
        organ_left = max(day_left + (day_width - organ_width) // 2, 0)
    else:
        organ_left = page.text_width - max(2 * CHARACTER + organ_width, 4 * CHARACTER + day_width)
        day_left = organ_left + 2 * CHARACTER
    lines = [_from_left(document.organ, organ_left, before=LINE, kept=bool(day))] if document.organ else []
    if day:
        lines.append(_from_left(day, day_left, before=0 if lines else LINE))
    return lines


SEAL = mm(45)  # how far apart two seals of 42 mm stand


def _joint_signature(document: OfficialDocument, page: Page) -> list[Element]:
    """Organs in their order, each with room for its seal, the last one over the date; unsealed one below the other."""
    organs, day = [document.organ, *document.joint], in_words(document.date) if document.date else ""
    if not document.sealed:
        lefts = [page.text_width - 2 * CHARACTER - advance(organ) for organ in organs]
        lines = [
            _from_left(organ, left, before=0 if place else LINE, kept=True)
            for place, (organ, left) in enumerate(zip(organs, lefts, strict=True))
        ]
        day_left = min(lefts[-1] + 2 * CHARACTER, page.text_width - 2 * CHARACTER - advance(day))
        return [*lines, _from_left(day, day_left, before=0)] if day else lines
    widest = max(advance(organ) for organ in organs)
    last = page.text_width - max(4 * CHARACTER + advance(day) // 2, widest // 2)
    step = max(SEAL, widest + CHARACTER // 2)
    most = min(3, 1 + max(last - widest // 2, 0) // step)
    rows = [organs[at : at + most] for at in range(0, len(organs), most)]
    lines = [_centred(row, last, step, before=SEAL - LINE if place else 2 * LINE) for place, row in enumerate(rows)]
    return [*lines, _from_left(day, last - advance(day) // 2, before=0)] if day else lines


def _centred(row: list[str], last: int, step: int, *, before: int) -> Element:
    """The words of a row, each centred over its place; the last of them over `last`."""
    places = [last - step * back for back in range(len(row) - 1, -1, -1)]
    tabs = w("tabs", *(w("tab", val="center", pos=place) for place in places))
    properties = w(
        "pPr", w("keepNext"), w("keepLines"), tabs, w("spacing", before=before), w("ind", left=0), w("jc", val="left")
    )
    return w("p", properties, run("".join(f"\t{organ}" for organ in row)))


def _from_left(text: str, left: int, *, before: int, kept: bool = False) -> Element:
    """Set from the left edge: the rule is about where the lines begin, whatever width the digits have."""
    spacing = w("spacing", before=before) if before else None
    return w(
        "p",
        w("pPr", w("keepNext") if kept else None, w("keepLines"), spacing, w("ind", left=left), w("jc", val="left")),
        run(text),
    )


def note(text: str) -> list[Element]:
    if not text:
        return []
    inner = text.strip().removeprefix("（").removesuffix("）")
    return [w("p", w("pPr", w("pStyle", val="BodyText")), run(f"（{inner}）"))]


def imprint(spec: Imprint, page: Page) -> list[Element]:
    """版记 at the foot of the last page: thick rules above and below (0.35 mm), a thin one between.

    A frame of paragraphs with the same borders: LibreOffice leaves a floating table where it is anchored, and
    a frame too as soon as its borders differ or hold a `between`; so the thin rule is an underlined tab.
    Borders follow a paragraph's indents, so the text is moved in with tabs and broken here.
    """
    one = round(SMALL_SIZE * 20)
    copies = _wrapped(spec.copies_to.strip().rstrip("。") + "。", int(page.text_width / one) - 5)
    printed = f"\t{spec.organ}\t{in_words(spec.printed_on)}印发"
    return [
        _framed(run("\t抄送：" + "\n\t\t".join(copies), look(size=SMALL_SIZE)), (one, 4 * one), "left", mm(8), page),
        _framed(run("\t", look(size=5, underlined=True)), (page.text_width,), "right", 40, page),
        _framed(run(printed, look(size=SMALL_SIZE)), (one, page.text_width - one), "right", mm(8), page),
    ]


def _framed(text: Element, stops: tuple[int, ...], last: str, line: int, page: Page) -> Element:
    """A line of the frame with its tab stops; borders are counted in eighths of a point: 8 is 0.35 mm."""
    frame = w(
        "framePr",
        w=page.text_width,
        wrap="around",
        hAnchor="margin",
        vAnchor="margin",
        xAlign="center",
        yAlign="bottom",
    )
    borders = w("pBdr", *(w(side, val="single", sz=8, space=1, color="000000") for side in ("top", "bottom")))
    tabs = [w("tab", val="left", pos=stop) for stop in stops[:-1]] + [w("tab", val=last, pos=stops[-1])]
    spacing = w("spacing", line=line, lineRule="exact")
    return w(
        "p", w("pPr", w("pStyle", val="Cell"), frame, borders, w("tabs", *tabs), spacing, w("jc", val="left")), text
    )


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` characters, broken after a comma where there is one."""
    lines = [""]
    for name in re.findall(r"[^，、；,;]+[，、；,;]?", text):
        if lines[-1] and cells(lines[-1] + name) > width:
            lines.append("")
        lines[-1] += name
    return lines
