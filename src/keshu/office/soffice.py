"""LibreOffice, run headless with a profile of its own, and the fonts that stand in for the official ones."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

FILTERS = {
    "docx": "docx:MS Word 2007 XML",
    "doc": "doc:MS Word 97",
    "odt": "odt:writer8",
    "pdf": "pdf:writer_pdf_Export",
}
# What a stranger's document may not have done: run macros, fetch what it links to.
_GUARDED = (
    ("Scripting", "DisableMacrosExecution", "true"),
    ("Scripting", "MacroSecurityLevel", "3"),
    ("Scripting", "DisableActiveContent", "true"),
    ("Scripting", "BlockUntrustedRefererLinks", "true"),
)
# In the shell's units: 4 GB of memory, files of 1 GB; the program itself takes less than 3 GB of addresses.
_LIMITED = 'ulimit -v 4194304 2>/dev/null; ulimit -f 2097152 2>/dev/null; exec "$0" "$@"'
_FANDOL = (
    Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),
    Path("/usr/share/texmf/fonts/opentype/public/fandol"),
)
# For each official face: its other names, then what may stand in for it, best first.
_STAND_INS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "仿宋_GB2312": (("FangSong_GB2312",), ("仿宋", "FangSong", "FandolFang", "Noto Serif CJK SC")),
    "楷体_GB2312": (("KaiTi_GB2312",), ("楷体", "KaiTi", "FandolKai", "AR PL KaitiM GB", "Noto Serif CJK SC")),
    "黑体": (("SimHei",), ("FandolHei", "Noto Sans CJK SC")),
    "方正小标宋简体": (("FZXiaoBiaoSong-B05S",), ("方正小标宋_GBK", "Noto Serif CJK SC:bold", "FandolSong:bold")),
    "宋体": (("SimSun",), ("FandolSong", "Noto Serif CJK SC")),
}


class OfficeProblem(Exception):
    """Something that the reader of the message can mend; `remedy` says how."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}{remedy}")
        self.message, self.remedy = message, remedy


class OfficeMissing(OfficeProblem):
    pass


class ConversionFailed(OfficeProblem):
    pass


@dataclass(frozen=True)
class Substitution:
    """`used` is empty when nothing on this machine can stand in."""

    official: str
    used: str


def find_soffice() -> str:
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return found
    raise OfficeMissing(
        "本机未安装 LibreOffice，无法转换文档或生成 PDF。",
        "请安装 libreoffice-writer（Debian：apt-get install libreoffice-writer）后重试；.docx 文件不受影响。",
    )


def convert(source: Path, to: str, out_dir: Path, timeout: float = 120, *, opened_as: str = "") -> Path:
    """Have LibreOffice save `source` in another form (docx, doc, odt, pdf) under the same stem in `out_dir`.

    `opened_as` names the filter that must read it; without, LibreOffice reads what it does not know as plain text.
    Runs with a throw-away profile, so that it neither waits for nor disturbs an office that is open.
    """
    program = find_soffice()
    if to not in FILTERS:
        raise ValueError(f"unknown form {to!r}")
    if not source.is_file():
        raise ConversionFailed(f"找不到文件：{source.name}。", "请核对路径。")
    with tempfile.TemporaryDirectory(prefix="keshu-office-") as folder:
        work = Path(folder)
        made = work / "out"
        made.mkdir()
        _guard(work / "profile")
        # A copy under a plain name: LibreOffice stumbles over some characters in names and reports success.
        copy = work / f"in{source.suffix.lower()}"
        shutil.copyfile(source, copy)
        command = [
            program,
            f"-env:UserInstallation={(work / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            FILTERS[to],
            *([f"--infilter={opened_as}"] if opened_as else []),
            "--outdir",
            str(made),
            str(copy),
        ]
        _run(command, timeout, {**os.environ, "FONTCONFIG_FILE": str(font_config(work)), "HOME": folder}, source.name)
        result = made / f"in.{to}"
        if not result.is_file() or result.stat().st_size == 0:
            raise ConversionFailed(
                f"LibreOffice 未能打开或转换“{source.name}”。", "请确认文件没有损坏、没有加密，另存为 .docx 后重试。"
            )
        out_dir.mkdir(parents=True, exist_ok=True)
        target = out_dir / f"{source.stem}.{to}"
        shutil.move(str(result), target)
        return target


def _guard(profile: Path) -> None:
    """Settings of the throw-away profile, in the form in which the office itself keeps them."""
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.Common/Security/{group}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for group, name, value in _GUARDED
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>\n",
        encoding="utf-8",
    )


def to_pdf(docx: Path, pdf: Path, timeout: float = 120) -> list[Substitution]:
    """Print the document to a PDF; says which fonts had to be stood in for.

    LibreOffice ignores Word's autoSpaceDE and widens every 2026年, so the .docx goes through an .odt in which the
    same setting is off, and lines keep their 28 characters.
    """
    with tempfile.TemporaryDirectory(prefix="keshu-pdf-") as folder:
        work = Path(folder)
        odt = convert(docx, "odt", work / "odt", timeout)
        even = work / odt.name
        _without_autospace(odt, even)
        made = convert(even, "pdf", work / "pdf", timeout)
        pdf.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(str(made), pdf)
    return substitutions()


def _without_autospace(odt: Path, target: Path) -> None:
    swaps = (
        (b'style:text-autospace="ideograph-alpha"', b'style:text-autospace="none"'),
        (b'style:punctuation-wrap="hanging"', b'style:punctuation-wrap="simple"'),
    )
    with zipfile.ZipFile(odt) as package, zipfile.ZipFile(target, "w") as copy:
        for entry in package.infolist():
            data = package.read(entry)
            if entry.filename in ("styles.xml", "content.xml"):
                for before, after in swaps:
                    data = data.replace(before, after)
            copy.writestr(entry, data)


def _run(command: list[str], timeout: float, environment: dict[str, str], name: str) -> None:
    process = subprocess.Popen(
        ["/bin/sh", "-c", _LIMITED, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # soffice is a script that starts the real program: end both
    )
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired as late:
        raise ConversionFailed(
            f"转换“{name}”超过 {timeout:g} 秒仍未完成，已停止。", "请稍后重试；文件很大时请先拆分。"
        ) from late
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@lru_cache(maxsize=1)
def _installed() -> frozenset[str]:
    program = shutil.which("fc-list")
    if program is None:
        return frozenset()
    listed = subprocess.run([program, ":", "family"], capture_output=True, text=True, check=False, timeout=60).stdout
    names = {name.strip() for line in listed.splitlines() for name in line.split(",")}
    if any(folder.is_dir() for folder in _FANDOL):
        names |= {"FandolFang", "FandolKai", "FandolHei", "FandolSong"}
    return frozenset(names)


def substitutions() -> list[Substitution]:
    """The official faces that this machine lacks, with what stands in for each when printing."""
    installed = _installed()
    found = []
    for official, (others, stand_ins) in _STAND_INS.items():
        if installed.isdisjoint((official, *others)):
            used = next((name for name in stand_ins if name.partition(":")[0] in installed), "")
            found.append(Substitution(official, used))
    return found


def font_config(folder: Path) -> Path:
    """A fontconfig file in `folder` that adds the stand-ins to the machine's own fonts; nothing else is changed."""
    rules = "".join(_alias(one) for one in substitutions() if one.used)
    folders = "".join(f"<dir>{escape(str(place))}</dir>" for place in _FANDOL if place.is_dir())
    target = folder / "fonts.conf"
    target.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n{folders}\n'
        f"<cachedir>{escape(str(_cache()))}</cachedir>\n{rules}</fontconfig>\n",
        encoding="utf-8",
    )
    return target


def _cache() -> Path:
    """Scanning the fonts takes seconds: keep the result between runs, one folder per user."""
    folder = Path(tempfile.gettempdir()) / f"keshu-fontconfig-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _alias(one: Substitution) -> str:
    family, _, weight = one.used.partition(":")
    heavy = '<edit name="weight" mode="assign"><const>bold</const></edit>' if weight else ""
    names = (one.official, *_STAND_INS[one.official][0])
    return "".join(
        f'<match target="pattern"><test name="family"><string>{escape(name)}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{escape(family)}</string></edit>{heavy}</match>\n'
        for name in names
    )
