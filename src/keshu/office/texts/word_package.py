"""The parts of a .docx that hold words, opened within limits."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass

from keshu.office.reading.packages import Element, PackageBomb, PackageBroken, open_package, parse_part, read_part

from .model import Limits, TextProblem

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_STRICT = b"http://purl.oclc.org/ooxml/"


@dataclass(frozen=True)
class Relation:
    """`kind` is the last word of its type: styles, header, comments, …"""

    id: str
    kind: str
    target: str


class WordPackage:
    """Reads each part once; all of them together may not exceed what one may."""

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self.name, self._limits = name, limits
        self._left, self._tags, self._attributes = limits.part, limits.tags, limits.attributes
        try:
            self._zip = open_package(data, unpacked=limits.unpacked, ratio=limits.ratio)
        except PackageBroken as broken:
            raise self.broken() from broken
        except PackageBomb as bomb:
            raise TextProblem(
                "bomb",
                f"“{name}”解压后达 {bomb.megabytes} MB，与文件大小极不相称，未予打开。",
                "请确认文件来源；确属正常文件的，请用 Word 打开，另存为新的 .docx 后重试。",
            ) from bomb
        self.names = set(self._zip.namelist())
        self.main = self._main()
        self.relations = self._relations(self.main)

    def __enter__(self) -> WordPackage:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def broken(self) -> TextProblem:
        return TextProblem(
            "broken", f"“{self.name}”已损坏，无法打开。", "请用 Word 或 WPS 打开修复后，另存为新的 .docx 再试。"
        )

    def part(self, path: str) -> Element:
        try:
            data = read_part(self._zip, path, self._left)
            self._left -= len(data)
            self._tags -= data.count(b"<")
            self._attributes -= data.count(b"=")
            if self._tags < 0 or self._attributes < 0:
                raise PackageBomb(len(data))
            if _STRICT in data[:4096]:
                raise TextProblem(
                    "kind",
                    f"“{self.name}”是“严格的 Open XML 文档”，无法读取。",
                    "请在 Word 中另存为，保存类型选“Word 文档 (*.docx)”后重试。",
                )
            return parse_part(data)
        except PackageBroken as broken:
            raise self.broken() from broken
        except PackageBomb as bomb:
            raise TextProblem(
                "too-much",
                f"“{self.name}”的正文结构过大"
                f"（超过 {self._limits.part // 2**20} MB 或 {self._limits.tags // 10_000} 万个元素），未予读取。",
                "请删去多余的空段落和空表格，或拆分为几份文件后重试。",
            ) from bomb

    def one(self, kind: str) -> Element | None:
        """The root of the one part of this kind that belongs to the text, if there is one."""
        path = next((relation.target for relation in self.relations.values() if relation.kind == kind), None)
        return self.part(path) if path in self.names and path is not None else None

    def _main(self) -> str:
        for relation in self._relations("").values():
            if relation.kind == "officeDocument" and relation.target in self.names:
                return relation.target
        if "word/document.xml" in self.names:
            return "word/document.xml"
        raise self.broken()

    def _relations(self, part: str) -> dict[str, Relation]:
        folder, _, file = part.rpartition("/")
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        if path not in self.names:
            return {}
        found = {}
        for one in self.part(path).iterfind(f"{{{_RELATIONS}}}Relationship"):
            target = one.get("Target", "")
            if one.get("TargetMode") != "External":
                kind = one.get("Type", "").rpartition("/")[2]
                target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                found[one.get("Id", "")] = Relation(one.get("Id", ""), kind, target.lstrip("/"))
        return found

    @property
    def has_macros(self) -> bool:
        return any(name.endswith("vbaProject.bin") for name in self.names)

    @property
    def zip(self) -> zipfile.ZipFile:
        return self._zip
