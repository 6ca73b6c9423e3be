"""Document numbers 发文字号: 机关代字〔年份〕n号, brackets and all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keshu.kernel.ids.verdict import Verdict, bad, good
from keshu.kernel.width import half_width, no_spaces

_SHAPE = re.compile(r"(.+?)[〔\[【(﹝〖{「](\d{4})年?[〕\]】)﹞〗}」](第)?(\d+)号")
_NOTICE = re.compile(r"(.*?)(\d{4})年第?(\d+)号")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A number taken apart; notices (公告) write year and number without brackets."""

    organ: str
    year: int
    number: int
    notice: bool = False

    def __str__(self) -> str:
        if self.notice:
            return f"{self.organ}{self.year}年第{self.number}号"
        return f"{self.organ}〔{self.year}〕{self.number}号"


def parse(text: str) -> DocumentNumber | None:
    compact = no_spaces(half_width(text))
    if found := _SHAPE.fullmatch(compact):
        return DocumentNumber(_organ(found[1]), int(found[2]), int(found[4]))
    if found := _NOTICE.fullmatch(compact):
        return DocumentNumber(_organ(found[1]), int(found[2]), int(found[3]), notice=True)
    return None


def normalise(text: str) -> str:
    """国科发火[2016]032号 and 国科发火（2016）第32号 both become 国科发火〔2016〕32号."""
    number = parse(text)
    return str(number) if number else no_spaces(half_width(text))


def check(text: str) -> Verdict:
    number = parse(text)
    if number is None:
        return bad(
            normalise(text),
            "document-shape",
            f"“{text.strip()}”不是规范的发文字号",
            "请写成“机关代字〔年份〕序号号”，如云科发〔2026〕5号",
        )
    if not 1949 <= number.year <= 2099:
        return bad(str(number), "document-year", f"发文字号中的年份“{number.year}”不合理", "请对照原文件核对年份")
    if number.number == 0:
        return bad(str(number), "document-number", "发文字号的序号不能为0", "请对照原文件核对序号")
    return good(str(number))


def _organ(text: str) -> str:
    """Brackets inside an organ's mark are Chinese ones."""
    return text.replace("(", "（").replace(")", "）")
