"""Papers that can be proved genuine by a QR code: the application, the task book, the receipt, the certificate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keshu.office.word.inline import size_to_fit
from keshu.office.word.layout import Page, mm
from keshu.office.word.model import Face
from keshu.office.word.ooxml import Element

from .parts import Attachment, Grid, Item, Listing, LongText, Opinion, Section, Verification
from .shapes import Certificate, FormPaper, Receipt
from .words import day_words, ordinal, shown, size_words
from .writer import LYING, UPRIGHT, Cell, Paper, line, paragraph, picture_run, qr_png, table, to_docx

_LONG = 16  # signs of a value that needs the whole width of a grid
_SCAN = "扫码核验"


def application_form(content: FormPaper) -> bytes:
    return _form(content, differences="修改前")


def task_book(content: FormPaper) -> bytes:
    return _form(content, differences="申报时")


def _form(content: FormPaper, *, differences: str) -> bytes:
    elements = [*_cover(content)]
    fresh = True
    sections = [*content.sections]
    for place, section in enumerate(sections, 1):
        elements += _section(section, place, differences, fresh=fresh)
        fresh = False
    place = len(sections)
    if content.attachments:
        place += 1
        elements += _attachments(content.attachments, place)
    if content.pledge:
        place += 1
        elements += _pledge(content, place)
    if content.opinions:
        place += 1
        elements += [_title(f"{ordinal(place)}、签章与意见"), *_opinions(content.opinions)]
    title = f"{content.title}（{content.case.title}）"
    return to_docx(_paper(title, content.issuer.organ, elements, content.case.number, content.verification))


def _paper(
    title: str, organ: str, elements: Sequence[Element], number: str, verification: Verification, *,
    page: Page = UPRIGHT, framed: bool = False,
) -> Paper:  # fmt: skip
    foot = (f"内容 SHA-256：{verification.sha256}", f"编号：{number or '（提交后编号）'}")
    picture = qr_png(verification.address)
    return Paper(title, organ, page, tuple(elements), foot, picture=picture, framed=framed)


def _cover(content: FormPaper) -> Iterator[Element]:
    """Number and QR code above, the title, the blanks of the cover, who made the form and when."""
    yield _proof(f"编号：{content.case.number or '（提交后编号）'}", content.case.call, page=UPRIGHT)
    size = 30.0 if len(content.title) <= 12 else 24.0
    yield line(content.title, face=Face.TITLE, size=size, align="center", before=70, after=8)
    yield line(content.note, face=Face.KAI, size=14, align="center", after=50)
    rows = [
        [Cell(item.label, lines=(_cover_label(item.label),)), Cell(shown(item.value), rule=True, size=14.0)]
        for item in content.cover
    ]
    if rows:
        yield table(rows, (1, 2.6), UPRIGHT, bordered=False, height=13)
    yield line(f"{content.issuer.organ}制", face=Face.KAI, size=15, align="center", before=70)
    if content.day is not None:
        yield line(day_words(content.day), face=Face.KAI, size=15, align="center")


def _cover_label(words: str) -> Element:
    return line(f"{words}：", face=Face.HEI, size=14, align="right", before=6, spread=1.25)


def _proof(left: str, under: str, *, page: Page) -> Element:
    """What the paper is at the left, its QR code at the right."""
    words = (line(left, face=Face.HEI, size=12), line(under, size=12))
    code = (
        paragraph([picture_run(26, "核验二维码")], align="center"),
        line(_SCAN, size=9, align="center", spread=1.1),
    )
    return table([[Cell(lines=words), Cell(lines=code)]], (4, 1), page, bordered=False)


def _title(words: str, *, fresh: bool = False) -> Element:
    return line(words, face=Face.HEI, size=15, before=14, after=6, kept=True, fresh=fresh)


def _section(section: Section, place: int, differences: str, *, fresh: bool) -> Iterator[Element]:
    yield _title(f"{ordinal(place)}、{section.title}", fresh=fresh)
    yield from body(section.parts, differences)


def body(
    parts: Sequence[Grid | LongText | Listing], differences: str = "修改前", *, size: float = 11.0
) -> Iterator[Element]:
    """Grids, texts and tables one below the other."""
    for part in parts:
        match part:
            case Grid():
                yield grid(part.items, differences=differences)
            case LongText():
                yield _long(part, differences)
            case Listing():
                yield from listing(part, UPRIGHT, size=size)
        yield line("", size=5, spread=1.0)  # or Word would make one table of two


def grid(items: Sequence[Item], *, page: Page = UPRIGHT, differences: str = "修改前") -> Element:
    """Label and value, two pairs to a row; a long value has the row for itself."""
    rows: list[list[Cell]] = []
    waiting: list[Cell] = []
    for item in items:
        value = _value(item, differences)
        if item.wide or len(value.text) > _LONG or len(value.text.splitlines()) > 1:
            if waiting:
                rows.append([waiting[0], _spanned(waiting[1], 3)])
                waiting = []
            rows.append([Cell(item.label, label=True), _spanned(value, 3)])
        elif waiting:
            rows.append([*waiting, Cell(item.label, label=True), value])
            waiting = []
        else:
            waiting = [Cell(item.label, label=True), value]
    if waiting:
        rows.append([waiting[0], _spanned(waiting[1], 3)])
    return table(rows, (1.15, 1.6, 1.15, 1.6), page)


def _spanned(cell: Cell, span: int) -> Cell:
    return Cell(cell.text, span=span, bold=cell.bold)


def _value(item: Item, differences: str) -> Cell:
    if item.before is None or item.before == item.value:
        return Cell(shown(item.value))
    return Cell(f"{shown(item.value)}\n（{differences}：{shown(item.before)}）", bold=True)


def _long(part: LongText, differences: str) -> Element:
    lines = [_body(words) for words in shown(part.text).splitlines() if words.strip()]
    if part.before is not None and part.before != part.text:
        lines.append(line(f"{differences}：", face=Face.HEI, size=12, before=6))
        lines += [_body(words, Face.KAI) for words in shown(part.before).splitlines() if words.strip()]
    # The title comes again on every page: so it is never left alone at the foot of one.
    rows = [[Cell(part.title, label=True)], [Cell(lines=tuple(lines), text=part.text)]]
    return table(rows, (1,), UPRIGHT, heads=1)


def _body(words: str, face: Face | None = None) -> Element:
    return line(words.strip(), face=face, size=12, align="both", indent=True, spread=1.6)


def listing(part: Listing, page: Page, *, size: float = 11.0) -> Iterator[Element]:
    """A table with its title and unit above, its heads on every page, its total in bold."""
    if part.title:
        yield line(part.title, face=Face.HEI, size=12, align="center", before=4, kept=True)
    if part.unit:
        yield line(f"单位：{part.unit}", size=10.5, align="right", after=3, kept=True, spread=1.2)
    heads = [Cell(head.title, label=True, size=size) for head in part.heads]
    rows = [
        [Cell(text, align=head.align, size=size) for text, head in zip(row, part.heads, strict=True)]
        for row in part.rows
    ]
    if not part.rows:
        rows.append([Cell("（无）", span=len(part.heads), align="center", size=size)])
    if part.total:
        pairs = zip(part.total, part.heads, strict=True)
        rows.append([Cell(text, align=head.align, size=size, bold=True) for text, head in pairs])
    yield table([heads, *rows], [head.width for head in part.heads], page, heads=1, height=7)


def _attachments(papers: Sequence[Attachment], place: int) -> Iterator[Element]:
    yield _title(f"{ordinal(place)}、附件清单")
    heads = [Cell(words, label=True, size=10.5) for words in ("序号", "材料", "文件", "大小", "内容 SHA-256")]
    rows = [
        [
            Cell(str(number), align="center", size=10.5),
            Cell(paper.slot, size=10.5),
            Cell(paper.name, size=10.5),
            Cell(size_words(paper.size), align="right", size=10.5),
            Cell(f"{paper.sha256[:32]}\n{paper.sha256[32:]}", size=7.5),
        ]
        for number, paper in enumerate(papers, 1)
    ]
    yield table([heads, *rows], (0.6, 2.2, 2.6, 1.1, 2.6), UPRIGHT, heads=1)


def _pledge(content: FormPaper, place: int) -> Iterator[Element]:
    yield _title(f"{ordinal(place)}、承诺")
    lines = [_body(words) for words in content.pledge.splitlines() if words.strip()]
    # From the left: blanks at the end of a line set to the right would not be kept, and nobody could sign.
    lines += [
        line(words, size=12, before=before, hang=mm(85))
        for words, before in (("项目负责人（签字）：", 24), ("申报单位（公章）：", 8), ("　　　　年　　月　　日", 8))
    ]
    yield table([[Cell(lines=tuple(lines))]], (1,), UPRIGHT)


def _opinions(opinions: Sequence[Opinion]) -> Iterator[Element]:
    rows = []
    for opinion in opinions:
        words = [_body(part) for part in opinion.text.splitlines() if part.strip()] or [
            line("", size=12) for _ in range(3)
        ]
        seal = "（公章）" if opinion.seal else ""
        day = day_words(opinion.day) if opinion.day else "　　　　年　　月　　日"
        words.append(line(f"{opinion.signer}：{opinion.signed or '　　　　　　　'}{seal}", align="right", before=12))
        words.append(line(day, align="right", after=4))
        rows.append([Cell(opinion.title, label=True), Cell(lines=tuple(words), text=opinion.text)])
    yield table(rows, (1, 4), UPRIGHT, height=30)


def receipt(content: Receipt) -> bytes:
    """That it has arrived: number, instant, hash; one page."""
    case, at = content.case, content.submitted_at
    moment = f"{day_words(at.date())} {at:%H:%M:%S}"
    items = [
        Item("申报项目", case.title, wide=True),
        Item("申报类别", case.programme, wide=True),
        Item("申报批次", case.call or None, wide=True),
        Item("申报单位", case.applicant, wide=True),
        Item("负责人", case.leader or None),
        Item("附件份数", f"{content.attachments} 份"),
        Item("提交时间", moment, wide=True),
        Item("推荐单位", content.recommender or None, wide=True),
    ]
    elements = [
        _proof(f"编号：{case.number}", content.issuer.organ, page=UPRIGHT),
        line("提 交 回 执", face=Face.TITLE, size=24, align="center", before=30, after=18),
        _body(f"{case.applicant}："),
        _body("以下申报已经提交成功，系统收到的内容与本回执所列内容校验值一致。"),
        line("", size=6, spread=1.0),
        grid(items),
        line("内容校验值（SHA-256）", face=Face.HEI, size=12, before=12, kept=True),
        line(content.verification.sha256, face=Face.SONG, size=10.5, after=10),
        *(_body(words) for words in _receipt_notes(content)),
        line(content.issuer.organ, size=14, align="right", before=24),
        line(day_words(at.date()), size=14, align="right"),
    ]
    return to_docx(_paper(f"提交回执 {case.number}", content.issuer.organ, elements, case.number, content.verification))


def _receipt_notes(content: Receipt) -> Iterator[str]:
    yield "本回执只说明材料已经送达，是否受理以受理通知为准。"
    if content.contact_until is not None:
        yield f"受理之前，申报单位可以自行撤回；最迟可在{day_words(content.contact_until)}前修改后重新提交。"
    yield f"核验地址：{content.verification.address}"
    if content.issuer.whom_to_ask:
        yield f"{content.issuer.whom_to_ask}。"


def certificate(content: Certificate) -> bytes:
    """One framed sheet, lying."""
    what = [
        line(content.holder, face=Face.HEI, size=_fit(content.holder, 26), align="center", before=26, after=12),
        line(_certified(content), size=20, align="center", after=8),
        line(content.what, face=Face.HEI, size=_fit(content.what, 26), align="center", after=8),
    ]
    if content.people:
        people = "完成人：" + "、".join(content.people)
        what.append(line(people, face=Face.KAI, size=_fit(people, 16) if len(people) < 90 else 12, align="center"))
    elements = [
        line(f"证书编号：{content.number}", size=14, align="right"),
        line(content.title, face=Face.TITLE, size=44, align="center", before=16, colour="C00000", spread=1.3),
        *what,
        _certificate_end(content),
    ]
    named = f"{content.title} {content.number}"
    paper = _paper(named, content.issuer.organ, elements, content.number, content.verification, page=LYING, framed=True)
    return to_docx(paper)


def _fit(words: str, most: float) -> float:
    """On one line where that is possible; a certificate is one sheet."""
    return size_to_fit(words, LYING.text_width, most=most, least=16)


def _certified(content: Certificate) -> str:
    return f"依据{content.basis}，特授予" if content.basis else "特授予"


def _certificate_end(content: Certificate) -> Element:
    code = (
        paragraph([picture_run(28, "核验二维码")], align="center", before=24),
        line(_SCAN, size=10, align="center"),
    )
    signed = [line(content.issuer.organ, size=20, align="center", before=36)]
    signed.append(line(day_words(content.day), size=16, align="center"))
    if content.valid_from is not None and content.valid_to is not None:
        span = f"有效期：{day_words(content.valid_from)}至{day_words(content.valid_to)}"
        signed.append(line(span, face=Face.KAI, size=14, align="center", before=4))
    return table([[Cell(lines=code), Cell(lines=tuple(signed))]], (1, 2), LYING, bordered=False)
