"""Letters about one case by GB/T 9704: accepted, to be mended, refused, a change answered, a payment told."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date

from keshu.office.gbt9704 import Block, Column, OfficialDocument, Paragraph, Table, Text, write_official

from .parts import Case, Issuer, Listing
from .shapes import Acceptance, ChangeReply, Correction, PaymentNotice, Refusal
from .words import amount_words, capital_amount, day_words, shown


def acceptance_notice(content: Acceptance) -> bytes:
    day = content.accepted_on or content.day
    blocks: list[Block] = [
        Paragraph(f"{_about(content.case)}，经查验材料齐全、符合规定形式，于{day_words(day)}予以受理。"),
        Paragraph(f"受理编号：{shown(content.case.number)}。办理进度可凭受理编号在申报系统中查看。"),
    ]
    if content.steps:
        blocks.append(Paragraph("后续环节及通常用时如下："))
        blocks += numbered(content.steps)
    return letter("受理通知书", content.issuer, content.day, content.case.applicant, blocks, number=content.number)


def correction_notice(content: Correction) -> bytes:
    """All defects at once, each with what to do about it."""
    count = len(content.defects)
    columns = (Column("序号", 0.5, "center"), Column("位置", 1.4), Column("存在的问题", 2.6), Column("补正要求", 2.6))
    rows = tuple(
        (str(place), defect.where, defect.what, defect.remedy) for place, defect in enumerate(content.defects, 1)
    )
    how = content.how or "请登录申报系统，在原申报书上修改并重新提交，不需要另行填报。"
    blocks: list[Block] = [
        Paragraph(f"{_about(content.case)}，经查验有{count}处需要补正，现一次性告知如下："),
        Table(columns, rows),
        Paragraph(f"请于{day_words(content.due_on)}前补正。{how}"),
    ]
    if content.late:
        blocks.append(Paragraph(content.late.rstrip("。") + "。"))
    return letter("补正通知书", content.issuer, content.day, content.case.applicant, blocks, number=content.number)


def refusal_notice(content: Refusal) -> bytes:
    reasons = [
        reason.what.rstrip("。") + (f"（依据：{reason.clause}）" if reason.clause else "") for reason in content.reasons
    ]
    blocks: list[Block] = [Paragraph(f"{_about(content.case)}，经查验不予受理，理由如下：")]
    blocks += numbered(reasons)
    if content.again:
        blocks.append(Paragraph(content.again))
    if content.appeal_days:
        blocks.append(
            Paragraph(
                f"对本决定有不同意见的，可在收到本通知之日起{content.appeal_days}个工作日内，"
                "向我局书面说明理由并提供证明材料，我局将予以复核并书面答复。"
            )
        )
    return letter("不予受理通知书", content.issuer, content.day, content.case.applicant, blocks, number=content.number)


def change_reply(content: ChangeReply) -> bytes:
    """What was and what will be, side by side."""
    answer = "同意" if content.agreed else "不同意"
    count = len(content.changes)
    columns = (Column("序号", 0.5, "center"), Column("事项", 1.2), Column("变更前", 2.4), Column("变更后", 2.4))
    if not content.agreed:
        columns = (*columns[:2], Column("现行内容", 2.4), Column("申请变更为", 2.4))
    rows = tuple((str(n), one.what, one.before, one.after) for n, one in enumerate(content.changes, 1))
    blocks: list[Block] = [
        Paragraph(
            f"你单位{day_words(content.asked_on)}就“{content.case.title}”"
            f"{_numbered(content.case)}提出的变更申请收悉。经研究，{answer}下列{count}项变更："
        ),
        Table(columns, rows),
    ]
    if content.reason:
        blocks.append(Paragraph(f"{'说明' if content.agreed else '理由'}：{content.reason.rstrip('。')}。"))
    closing = "上述内容作为任务书的组成部分，其余内容不变。" if content.agreed else "请按原任务书继续组织实施。"
    blocks.append(Paragraph(closing))
    if content.demands:
        blocks += [Paragraph("请你单位做到："), *numbered(content.demands)]
    title = f"关于{'同意' if content.agreed else '不同意'}“{content.case.title}”变更的批复"
    return letter(title, content.issuer, content.day, content.case.applicant, blocks, number=content.number)


def payment_notice(content: PaymentNotice) -> bytes:
    case, paid = content.case, content.paid_before + content.amount
    if paid > content.approved:
        raise ValueError(f"paid {paid} would be more than approved {content.approved}")
    rows = [
        ("核定金额", amount_words(content.approved), capital_amount(content.approved)),
        ("此前已拨", amount_words(content.paid_before), capital_amount(content.paid_before)),
        ("本次拨付", amount_words(content.amount), capital_amount(content.amount)),
        ("累计拨付", amount_words(paid), capital_amount(paid)),
        ("尚余", amount_words(content.approved - paid), capital_amount(content.approved - paid)),
    ]
    columns = (Column("项目", 1, "center"), Column("金额", 1.4, "right"), Column("大写", 2.6))
    blocks: list[Block] = [
        Paragraph(
            f"{case.programme}“{case.title}”{_numbered(case)}已具备{content.instalment}拨付条件，"
            f"现拨付{amount_words(content.amount)}（人民币{capital_amount(content.amount)}）。"
        ),
        Table(columns, tuple(rows)),
    ]
    account = (("收款单位", content.payee or case.applicant), ("开户银行", content.bank), ("账号", content.account))
    told = "；".join(f"{label}：{words}" for label, words in account if words)
    blocks.append(Paragraph(f"{told}。"))
    use = content.use or "该项经费实行单独核算、专款专用，接受监督检查和绩效评价。"
    blocks.append(Paragraph(use))
    return letter(
        f"关于拨付“{case.title}”{content.instalment}的通知", content.issuer, content.day,
        content.addressee or case.applicant, blocks, number=content.number,
    )  # fmt: skip


def letter(
    title: str, issuer: Issuer, day: date, addressee: str, blocks: Sequence[Block], *, number: str = ""
) -> bytes:
    """A letter with a seal; whom to ask stands in brackets below it."""
    return bytes_of(
        OfficialDocument(
            title=title,
            subtitle=number,
            addressee=addressee,
            blocks=tuple(blocks),
            organ=issuer.organ,
            date=day,
            sealed=True,
            note=issuer.whom_to_ask,
        )
    )


def bytes_of(document: OfficialDocument) -> bytes:
    held = io.BytesIO()
    write_official(document, held)
    return held.getvalue()


def numbered(sentences: Sequence[str]) -> Iterator[Paragraph]:
    """1. 2. 3., each with its full stop; a single one needs no number."""
    for place, sentence in enumerate(sentences, 1):
        number = f"{place}. " if len(sentences) > 1 else ""
        yield Paragraph(f"{number}{sentence.rstrip('。；;')}。")


def table_of(part: Listing, *, size: float = 12.0) -> Table:
    """The listing as a table of a letter; its total in bold."""
    columns = tuple(Column(head.title, head.width, head.align) for head in part.heads)
    rows: list[tuple[str | tuple[Text, ...], ...]] = [tuple(row) for row in part.rows]
    if part.total:
        rows.append(tuple((Text(words, bold=True),) for words in part.total))
    return Table(columns, tuple(rows), caption=part.title, unit=f"单位：{part.unit}" if part.unit else "", size=size)


def _numbered(case: Case) -> str:
    return f"（编号：{case.number}）" if case.number else ""


def _about(case: Case) -> str:
    return f"你单位提交的{case.programme}申报材料“{case.title}”{_numbered(case)}收悉"
