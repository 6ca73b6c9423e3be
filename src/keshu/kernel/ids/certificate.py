"""Certificate numbers: high and new technology enterprises (GR), registered technology SMEs."""

from __future__ import annotations

import re

from keshu.kernel.ids.verdict import Verdict, bad, good, lost_digits, squeeze

_HTE = re.compile(r"G[RFS](\d{4})(\d{2})(\d{6})")
_SME = re.compile(r"(\d{4})(\d{6})[0-9A-Z]{2}(\d{6})")


def normalise(text: str) -> str:
    return squeeze(text)


def check(text: str) -> Verdict:
    """High-tech certificate: GR (older: GF on review), year, two digits of the province, six of the serial."""
    number = normalise(text)
    found = _HTE.fullmatch(number)
    if not found:
        remedy = "请对照证书核对，形如GR202335000123"
        if re.fullmatch(r"\d{12}", number):
            return bad(number, "certificate-prefix", "证书编号缺少开头的GR", remedy)
        return bad(
            number, "certificate-shape", "高新技术企业证书编号应为GR加12位数字（4位年份、2位省份、6位流水）", remedy
        )
    if not 2008 <= int(found[1]) <= 2099:
        return bad(
            number, "certificate-year", f"证书编号中的年份“{found[1]}”不合理", "认定办法自2008年起实施，请核对年份"
        )
    return good(number)


def year_of(text: str) -> int | None:
    """Year in the number, to compare with the date of issue."""
    number = normalise(text)
    found = _HTE.fullmatch(number) or _SME.fullmatch(number)
    return int(found[1]) if found else None


def check_sme(text: str) -> Verdict:
    """Registration number of a technology SME: year, place, two flags, serial."""
    if lost := lost_digits(text, "登记编号"):
        return lost
    number = normalise(text)
    found = _SME.fullmatch(number)
    if not found:
        return bad(number, "sme-shape", f"入库登记编号应为18位，现有{len(number)}位", "请从公告中复制完整编号")
    if not 2017 <= int(found[1]) <= 2099:
        return bad(
            number, "sme-year", f"入库登记编号中的年份“{found[1]}”不合理", "科技型中小企业评价自2017年起，请核对年份"
        )
    return good(number)
