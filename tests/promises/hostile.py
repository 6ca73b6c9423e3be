"""Files that somebody might hand in by mistake or on purpose, by name."""

import io
import random
import zipfile

from tests.ledgers.workbooks import Sheet, csv_bytes, xlsx
from tests.office.old_excel import compound

GOOD = xlsx(Sheet("高企", [["单位名称", "证书编号", "发证日期"], ["青岩茶业有限公司", "GR202651000001", "2026-05-06"]]))


def repacked(part: str, content: bytes) -> bytes:
    """The good workbook with one part replaced."""
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as source, zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, content if name == part else source.read(name))
    return memory.getvalue()


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "0123456789"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="1"><si><t>&c;&x;</t></si></sst>"""
BAD = {
    "空.xlsx": b"",
    "空.csv": b"",
    "文字.xlsx": "这不是表格".encode(),
    "半截.xlsx": GOOD[: len(GOOD) // 2],
    "改一字节.xlsx": GOOD[:600] + bytes([GOOD[600] ^ 255]) + GOOD[601:],
    "加密.xlsx": compound("EncryptedPackage", b"x" * 5000),
    "加密.docx": compound("EncryptedPackage", b"x" * 5000),
    "炸弹.xlsx": repacked("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * (90 * 2**20) + b"</worksheet>"),
    "实体.xlsx": repacked("xl/sharedStrings.xml", ENTITIES),
    "图片.xlsx": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "网页.xls": b"<html><table><tr><td>1</td></tr></table></html>",
    "随机.xls": random.Random(1).randbytes(5000),
    "随机.csv": random.Random(2).randbytes(5000),
    "只有标题.xlsx": xlsx(Sheet("说明", [["二〇二六年高新技术企业情况说明"]])),
    "别的表.xlsx": xlsx(Sheet("菜单", [["菜名", "价格"], ["豆腐", 8], ["青菜", 5]])),
    "奇编码.csv": csv_bytes([["单位名称", "证书编号"], ["青岩茶业有限公司", "x"]], "utf-32"),
    "公式.csv": "单位名称,证书编号,发证日期\n=cmd|'/c calc'!A0,GR1,明天\n".encode(),
    "长名.csv": ("单位名称,证书编号,发证日期\n" + "长" * 40000 + ",GR1,2026-02-30\n").encode(),
}
