"""What stands above the text: the red head of a document to a superior, the title, the addressee."""

from __future__ import annotations

import itertools
import re

from .inline import look, run, size_to_fit
from .layout import CHARACTER, LINE, TITLE_SIZE, Page, advance, mm
from .model import Face, OfficialDocument, RedHead
from .ooxml import Element, w

RED = "FF0000"
JOINT_SIZE = 40.0  # of several organs; with more of them the head would push the text off its page


def head(document: OfficialDocument, page: Page) -> list[Element]:
    elements: list[Element] = []
    if document.head is not None:
        elements.extend(_red_head(document.head, page, centred=document.form == "downward"))
    lines = break_title(document.title, int(page.text_width / 20 // TITLE_SIZE))
    before = 2 * LINE if document.head is not None else 0
    elements.append(title(lines, before=before))
    if document.subtitle:
        elements.append(w("p", w("pPr", w("pStyle", val="Subtitle")), run(document.subtitle)))
    if document.addressee:
        properties = w("pPr", w("spacing", before=LINE), w("jc", val="left"))
        elements.append(w("p", properties, run(document.addressee.rstrip(":：") + "：")))
    else:
        elements.append(w("p"))
    return elements


def title(lines: list[str], *, before: int = 0) -> Element:
    spacing = w("spacing", before=before) if before else None
    return w("p", w("pPr", w("pStyle", val="Title"), spacing), run("\n".join(lines)))


def _red_head(head: RedHead, page: Page, *, centred: bool) -> list[Element]:
    """The organ's top edge lies 35 mm below the top of the text, whatever marks stand above it."""
    marks = [
        w("p", w("pPr", w("jc", val="left")), run(mark, look(Face.HEI if place else None)))
        for place, mark in enumerate(head.marks)
    ]
    above = max(mm(35) - LINE * len(marks), 0)
    organs = _joint_organs(head, page, above) if head.joint else [_organ(head.organ, page, above)]
    return [*marks, *organs, *([_number_line(head)] if centred else _number_lines(head, page))]


def _organ(words: str, page: Page, above: int) -> Element:
    size = size_to_fit(words, page.text_width, most=48, least=TITLE_SIZE)
    return _red(words, size, "center", above)


def _red(words: str, size: float, align: str, above: int = 0) -> Element:
    line = round(size * (20 if above else 24))
    spacing = w("spacing", before=above, line=line, lineRule="exact")
    properties = w("pPr", w("snapToGrid", val=0), spacing, w("jc", val=align))
    return w("p", properties, run(words, look(Face.TITLE, size, colour=RED, spacing=0)))


def _joint_organs(head: RedHead, page: Page, above: int) -> list[Element]:
    """Organs one below the other, spread to one width; 文件 stands at their right, in the middle of their height."""
    suffix = "文件" if head.organ.endswith("文件") else ""
    names = [name.removesuffix("文件") for name in (head.organ, *head.joint)]
    longest = max(len(name) for name in names)
    size = size_to_fit("一" * (longest + len(suffix) + 1), page.text_width, most=JOINT_SIZE, least=TITLE_SIZE)
    widths = [round((longest + 0.4) * size * 20), *([round((len(suffix) + 0.6) * size * 20)] if suffix else [])]
    cells = [_cell(widths[0], *(_red(name, size, "distribute") for name in names))]
    if suffix:
        cells.append(_cell(widths[1], _red(suffix, size, "right")))
    room = w("p", w("pPr", w("snapToGrid", val=0), w("spacing", line=max(above, 20), lineRule="exact")))
    margins = w("tblCellMar", *(w(side, w=0, type="dxa") for side in ("left", "right")))
    properties = w(
        "tblPr", w("tblW", w=sum(widths), type="dxa"), w("jc", val="center"), w("tblLayout", type="fixed"), margins
    )
    grid = w("tblGrid", *(w("gridCol", w=width) for width in widths))
    return [room, w("tbl", properties, grid, w("tr", *cells))]


def _cell(width: int, *paragraphs: Element) -> Element:
    return w("tc", w("tcPr", w("tcW", w=width, type="dxa"), w("vAlign", val="center")), *paragraphs)


def _red_line() -> Element:
    """It hangs 4 mm below the last line of the head."""
    return w("pBdr", w("bottom", val="single", sz=12, space=11, color=RED))


def _number_line(head: RedHead) -> Element:
    """发文字号 of a document to those below: centred, two lines under the organ."""
    properties = w("pPr", _red_line(), w("spacing", before=2 * LINE), w("jc", val="center"))
    return w("p", properties, run(head.number))


def _number_lines(head: RedHead, page: Page) -> list[Element]:
    """发文字号 at the left, 签发人 at the right, two to a line; the red line hangs 4 mm below the last one."""
    pairs = [head.signers[at : at + 2] for at in range(0, len(head.signers), 2)] or [()]
    lines = []
    for place, pair in enumerate(pairs):
        last = place == len(pairs) - 1
        spacing = w("spacing", before=2 * LINE) if place == 0 else None
        tabs = w("tabs", w("tab", val="left", pos=CHARACTER), w("tab", val="right", pos=page.text_width - CHARACTER))
        border = _red_line() if last else None
        label = "签发人：" if place == 0 else "　" * 4
        signers = [run(label), run("　".join(pair), look(Face.KAI))] if pair else []
        lines.append(
            w(
                "p",
                w("pPr", border, tabs, spacing, w("jc", val="left")),
                run("\t" + (head.number if last else "") + "\t"),
                *signers,
            )
        )
    return lines


# A line may well end after these words, or begin with them; inside the whole words it may not break.
_ENDS = (
    "关于",
    "印发",
    "报送",
    "转发",
    "的",
    "及",
    "和",
    "与",
    "暨",
    "局",
    "委员会",
    "人民政府",
    "》",
    "、",
    "年",
    "年度",
    "上半年",
)
_STARTS = ("关于", "印发", "《", "工作", "情况", "报告", "总结", "及", "和", "暨", "20", "下一年", "明年")
_WHOLE = (
    "科学技术局", "科技创新", "工作总结", "工作计划", "工作要点", "工作报告", "工作情况", "情况报告", "高质量发展", "知识产权",
    "上半年", "下半年", "下一年", "年度", "人民政府", "委员会", "开发区", "高新区", "第一季度", "前三季度", "完成情况", "思路", "打算",
    "通知", "批复", "公示", "请示", "科技计划", "项目", "立项", "关键技术", "经费", "变更", "推荐",
)  # fmt: skip


def break_title(text: str, width: int = 20) -> list[str]:
    """Lines of a centred title: broken at meaning, each narrower or each wider than the one above, or widest in the middle.

    A title that fits on one line stays whole; line feeds in it are taken as the writer's own breaks.
    """
    if "\n" in text:
        return [line.strip() for line in text.split("\n") if line.strip()]
    text = text.strip()
    full = _width(text)
    if full <= width:
        return [text]
    for whole_books in (True, False):  # a name in 《》 that is longer than a line has to break too
        places = _places(text, whole_books)
        least = -(-int(full + 0.99) // width)
        tries = [
            _cut(text, cut)
            for count in (least, least + 1)
            for cut in itertools.combinations(sorted(places), count - 1)
            if _fits((0, *cut, len(text)), text, width)
        ]
        if tries:
            return min(tries, key=lambda lines: _ugliness(lines, places))
    return [text[at : at + width] for at in range(0, len(text), width)]


def _fits(edges: tuple[int, ...], text: str, width: int) -> bool:
    return all(_width(text[start:end]) <= width for start, end in itertools.pairwise(edges))


def _width(line: str) -> float:
    """In characters. Digits of faces that stand in are wider than half a one: a line filled to the edge would be torn."""
    return advance(line) / CHARACTER + 0.1 * sum(letter.isascii() for letter in line)


def _cut(text: str, cut: tuple[int, ...]) -> list[str]:
    edges = (0, *cut, len(text))
    return [text[start:end] for start, end in itertools.pairwise(edges)]


def _places(text: str, whole_books: bool) -> dict[int, int]:
    """Where the title may break, with how badly it reads there (0 is best)."""
    barred: set[int] = set()
    books = re.finditer(r"《[^》]*》", text) if whole_books else ()
    for found in (*books, *re.finditer(r"[\d.]+年?|[A-Za-z0-9.%]+|[一-鿿]{2}[市县区省]", text), *_words(text)):
        barred.update(range(found.start() + 1, found.end()))
    places = {}
    for at in range(2, len(text) - 1):
        if at in barred or text[at] in "的、》）)”，市县区省局厅年月日" or text[at - 1] in "《（(“":
            continue
        good = text[:at].endswith(_ENDS) + text[at:].startswith(_STARTS)
        places[at] = 3 - good if good else 8
    if len(places) > 40:  # a title of ten lines is no title; keep the search small all the same
        places = dict(sorted(places.items(), key=lambda item: item[1])[:40])
    return places


def _words(text: str) -> list[re.Match[str]]:
    return [found for word in _WHOLE for found in re.finditer(word, text)]


def _ugliness(lines: list[str], places: dict[int, int]) -> float:
    widths = [_width(line) for line in lines]
    steps = [after - before for before, after in itertools.pairwise(widths)]
    shape = sum(14 for step in steps if abs(step) < 1) + sum(abs(step) / 2 for step in steps) + 4 * len(lines)
    if any(before < 0 < after for before, after in itertools.pairwise(steps)):
        shape += 12  # an hourglass is the one shape that is not allowed
    at, reading = 0, 0
    for line in lines[:-1]:
        at += len(line)
        reading += places[at]
    return shape + 2 * reading
