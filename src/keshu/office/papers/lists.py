"""Papers around a list of cases: recommended, announced, approved, reported to a superior."""

from __future__ import annotations

from keshu.office.gbt9704 import Annex, Block, Imprint, OfficialDocument, Paragraph, RedHead

from .letters import bytes_of, numbered, table_of
from .parts import Listing
from .shapes import Approval, ListPaper, Publicity, ReportLetter
from .words import amount_words, ordinal, span_words

_WIDE = 56  # characters of a row; an upright page holds 36 of 12 pt in a line


def recommendation_list(content: ListPaper) -> bytes:
    signers = "　　　　　　　　".join(f"{one}：" for one in content.signers)
    blocks: list[Block] = [Paragraph(content.summary)] if content.summary else []
    blocks.append(table_of(content.listing, size=_size(content.listing)))
    if signers:
        blocks.append(Paragraph(signers, indent=False))
    return bytes_of(
        OfficialDocument(
            title=content.title,
            subtitle=content.subtitle,
            blocks=tuple(blocks),
            organ=content.issuer.organ,
            date=content.day,
            sealed=True,
            landscape=is_wide(content.listing),
            note=content.issuer.whom_to_ask,
        )
    )


def publicity_notice(content: Publicity) -> bytes:
    """What, how long, how to object, and that who objects is not named."""
    basis = f"根据{content.basis}，" if content.basis else "按照规定程序，"
    count = len(content.listing.rows)
    blocks: list[Block] = []
    if content.corrects:
        blocks.append(Paragraph(f"更正说明：{content.corrects.rstrip('。')}。原公示内容以本公示为准。"))
    blocks += [
        Paragraph(f"{basis}现对{content.subject}（共{count}项，名单见附件）予以公示，听取各方面意见。"),
        Paragraph(f"公示期：{span_words(content.begins_on, content.ends_on)}，共{content.workdays}个工作日。"),
        Paragraph(
            "任何单位和个人对公示内容有异议的，请在公示期内书面提出，写明异议事项、事实依据，并附可供核实的材料。"
            "单位提出的应当加盖公章；个人提出的应当签署真实姓名，留下联系方式。匿名或者逾期提出的，一般不作为异议受理。"
        ),
        Paragraph("我局对异议人的身份严格保密，并将核实处理结果告知异议人。"),
    ]
    if content.issuer.whom_to_ask:
        blocks.append(Paragraph(f"受理异议的{content.issuer.whom_to_ask}。"))
    blocks.append(_annex(f"{content.subject}名单", content.listing))
    return bytes_of(
        OfficialDocument(
            title=f"关于{content.subject}的公示",
            blocks=tuple(blocks),
            organ=content.issuer.organ,
            date=content.day,
            sealed=True,
        )
    )


_DECIDED = {
    "project": ("立项", "予以立项"),
    "recognition": ("认定", "予以认定"),
    "award": ("授奖", "予以奖励"),
    "subsidy": ("奖补", "予以奖补"),
}


def approval_document(content: Approval) -> bytes:
    """The decision with red head and number; the list is its annex."""
    verb, granted = _DECIDED[content.kind]
    said = f"{content.basis}，经研究并公示，决定对{content.subject}共{content.count}{content.measure}{granted}"
    blocks: list[Block] = [Paragraph(f"{said}{_money(content)}，现予公布（名单见附件）。")]
    if content.demands:
        blocks.append(Paragraph("有关要求如下："))
        blocks += _demands(content.demands)
    blocks.append(_annex(content.list_title, content.listing))
    organ = content.issuer.organ
    return bytes_of(
        OfficialDocument(
            title=content.title or f"关于{content.subject}{verb}的通知",
            blocks=tuple(blocks),
            form="downward",
            head=RedHead(
                content.issuer.red_head or f"{organ}文件",
                content.number,
                marks=content.marks,
                joint=content.issuer.joint,
            ),
            addressee=content.addressee,
            organ=organ,
            joint=content.issuer.joint,
            date=content.day,
            sealed=True,
            imprint=Imprint(content.copies_to, f"{organ}办公室", content.day) if content.copies_to else None,
        )
    )


def _money(content: Approval) -> str:
    if content.amount is None:
        return ""
    first = f"，首批拨付{amount_words(content.first_amount)}" if content.first_amount is not None else ""
    return f"，核定资金{amount_words(content.amount)}{first}"


def report_letter(content: ReportLetter) -> bytes:
    """What the bureau recommends to its superior, with the list."""
    basis = f"根据{content.basis}，" if content.basis else ""
    title = content.title or f"关于推荐{content.subject}的报告"
    done = content.done.rstrip("。，") or "我局组织了申报，并对材料进行了审核"
    blocks: list[Block] = [
        Paragraph(f"{basis}{done}。现推荐{content.subject}共{content.count}{content.measure}，名单见附件。"),
        *([Paragraph(content.note.rstrip("。") + "。")] if content.note else []),
        Paragraph("特此函告。" if title.endswith("函") else "特此报告。"),
        _annex(content.list_title, content.listing),
    ]
    formal = bool(content.issuer.red_head and content.signers)
    return bytes_of(
        OfficialDocument(
            title=title,
            blocks=tuple(blocks),
            form="upward" if formal else "plain",
            head=RedHead(content.issuer.red_head, content.number, content.signers, joint=content.issuer.joint)
            if formal
            else None,
            subtitle="" if formal else content.number,
            addressee=content.superior,
            organ=content.issuer.organ,
            joint=content.issuer.joint,
            date=content.day,
            sealed=True,
            note=content.issuer.whom_to_ask,
        )
    )


def _demands(demands: tuple[str, ...]) -> list[Block]:
    if len(demands) == 1:
        return [*numbered(demands)]
    return [Paragraph(f"{ordinal(place)}、{one.rstrip('。')}。") for place, one in enumerate(demands, 1)]


def _annex(title: str, listing: Listing) -> Annex:
    return Annex(title, (table_of(listing, size=_size(listing)),), landscape=is_wide(listing))


def is_wide(listing: Listing) -> bool:
    """Whether an upright page would break rows into more than two lines."""
    if len(listing.heads) > 7:
        return True
    rows = [tuple(head.title for head in listing.heads), *listing.rows]
    return sum(min(max(len(row[place]) for row in rows), 24) for place in range(len(listing.heads))) > _WIDE


def _size(listing: Listing) -> float:
    return 10.5 if len(listing.heads) > 9 else 12.0
