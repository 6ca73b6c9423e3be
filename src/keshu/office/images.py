"""Several photographs and scans, and PDF files among them, as one A4 PDF: one picture to a page, upright, nothing hidden.

The pictures are read by a program of its own (`images_worker`), so that no file can take the server's time or memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from .filetypes import MEGABYTE, FileRefused, detect_bytes

MERGED = ("jpg", "png", "pdf")  # kinds of office.filetypes that can be merged


@dataclass(frozen=True)
class MergeLimits:
    files: int = 60
    megapixels: int = 50
    pages: int = 500  # of the PDF files among them, together
    total: int = 600 * MEGABYTE
    seconds: int = 180
    memory: int = 2048 * MEGABYTE


LIMITS = MergeLimits()


def merge_to_pdf(parts: Sequence[bytes], *, limits: MergeLimits = LIMITS) -> bytes:
    """One PDF of the pictures in their order; the same pictures give the same bytes.

    Each picture is turned as its camera noted, its transparent parts are white, and what the camera wrote beside it
    (place, time, owner) is not in the PDF. Pages of PDF files among the parts are taken as they are.
    Raises FileRefused: empty, too-many, too-large, kind, unsafe, encrypted, broken, slow.
    """
    _judge(parts, limits)
    header = json.dumps([len(part) for part in parts]).encode() + b"\n"
    # -P: a file json.py in the folder where the command was typed is not what the program imports.
    command = [sys.executable, "-P", "-m", f"{__package__}.images_worker"]
    command += [str(number) for number in (limits.seconds, limits.memory, limits.megapixels * 1_000_000, limits.pages)]
    try:
        done = subprocess.run(
            command, input=header + b"".join(parts), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=limits.seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as slow:
        raise _problem("slow", 0, limits) from slow
    line, _, pdf = done.stdout.partition(b"\n")
    if not line:
        raise _problem("slow" if done.returncode < 0 else "broken", 0, limits)
    answer = json.loads(line)
    if "problem" in answer:
        raise _problem(str(answer["problem"]), int(answer["at"]), limits)
    return pdf


def _judge(parts: Sequence[bytes], limits: MergeLimits) -> None:
    if not parts:
        raise FileRefused("empty", "没有可以合并的图片。", "请至少选择一张图片。")
    if len(parts) > limits.files:
        raise FileRefused(
            "too-many", f"一次最多合并 {limits.files} 份，收到 {len(parts)} 份。", "请分几次合并后分别上传。"
        )
    if sum(len(part) for part in parts) > limits.total:
        raise FileRefused(
            "too-large", f"图片合计超过 {limits.total // MEGABYTE} MB。", "请降低拍摄或扫描的分辨率，或分几次合并。"
        )
    for place, part in enumerate(parts, 1):
        kind = detect_bytes(part)
        if kind.code not in MERGED:
            raise FileRefused("kind", f"第 {place} 份是{kind.name}，不能合并。", "请换成 JPEG、PNG 图片或 PDF 文档。")


def _problem(code: str, at: int, limits: MergeLimits) -> FileRefused:
    which = f"第 {at} 份" if at else "这些文件"
    match code:
        case "unsafe":
            return FileRefused(
                code, f"{which}超过 {limits.megapixels * 100} 万像素，未予处理。", "请用较低的分辨率重新拍摄或扫描。"
            )
        case "too-many":
            return FileRefused(code, f"合并后超过 {limits.pages} 页。", "请分几次合并后分别上传。")
        case "encrypted":
            return FileRefused(code, f"{which}设有打开密码。", "请取消密码、另存后重新上传。")
        case "slow":
            return FileRefused(code, f"{which}处理时间或所需内存超过限度，已停止。", "请减少份数或降低分辨率后重试。")
    return FileRefused("broken", f"{which}已损坏，无法打开。", "请用看图软件或阅读器打开、另存后重新上传。")
