"""An official document with everything in it, and how to measure the pages that are printed of it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from keshu.office.gbt9704 import (
    Annex,
    Column,
    Figure,
    Heading,
    Imprint,
    Metadata,
    Name,
    OfficialDocument,
    Paragraph,
    Record,
    RedHead,
    Table,
    Text,
    number_headings,
)

LINE = "创新驱动发展战略深入实施科技成果转化应用成效显著产业升级"


def report() -> OfficialDocument:
    figures = Table(
        (Column("序号", 0.5, "center"), Column("指标", 2), Column("目标", 1, "right"), Column("完成", 1, "right")),
        tuple((str(n), f"第{n}项指标", str(n * 3), (Figure(f"t{n}", str(n * 1234), f"i{n}"),)) for n in range(1, 41)),
        unit="单位：家、万元",
    )
    blocks = (
        Paragraph("2026年以来，我局坚持创新在现代化建设全局中的核心地位，现将有关情况报告如下。"),
        Heading(1, "2026年工作情况"),
        Heading(2, "企业创新主体地位增强"),
        Paragraph(
            (
                Text("截至2026年10月31日，全市有效高新技术企业达到"),
                Figure("hte", "1,272", "hte.valid@990100/2026-01..2026-10", "有效高新技术企业数"),
                Text("家，比上年增长"),
                Figure("htegrowth", "12.5%", "hte.valid@990100/2026-01..2026-10:growth"),
                Text("；其中"),
                Name("top", "云岭精工有限公司", "party:17"),
                Text("等企业入选。"),
            )
        ),
        Heading(2, "成果转化"),
        Paragraph(
            (
                Text("登记技术合同"),
                Figure("deals", "386", "contract.n@990100/2026-01..2026-10"),
                Text("项，成交额"),
                Figure("amount", "45.7", "contract.amount@990100/2026-01..2026-10"),
                Text("亿元。"),
                Record("visit", "9月举办科技成果对接会", "activity:99"),
                Text("，签约一批项目。"),
            )
        ),
        *(Paragraph(LINE * 3 + "。") for _ in range(6)),
        Annex("主要指标完成情况表", (figures,), landscape=True),
        Annex("有关说明", (Paragraph("指标口径按照现行统计制度执行。"),)),
    )
    return OfficialDocument(
        title="云岭市科学技术局关于2026年工作总结和2027年工作计划的报告",
        form="upward",
        head=RedHead("云岭市科学技术局文件", "云科〔2026〕38号", ("王立新",)),
        addressee="市人民政府",
        blocks=number_headings(blocks),
        organ="云岭市科学技术局",
        date=date(2026, 10, 31),
        note="联系人：张三，电话：0000-1234567",
        imprint=Imprint("市委办公室，市人大常委会办公室，市政协办公室", "云岭市科学技术局办公室", date(2026, 10, 31)),
        metadata=Metadata("990100", "2026-01..2026-10", "s1", "ab" * 32, datetime(2026, 10, 31, 9, tzinfo=UTC)),
    )


@dataclass(frozen=True)
class Word:
    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


def words_of(pdf: Path) -> list[Word]:
    """The words of a PDF with their boxes in points, as poppler sees them."""
    made = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    words, page = [], 0
    box = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>')
    for line in made.splitlines():
        page += "<page " in line
        found = box.search(line)
        if found:
            words.append(Word(page, *(float(number) for number in found.groups()[:4]), found[5]))
    return words
