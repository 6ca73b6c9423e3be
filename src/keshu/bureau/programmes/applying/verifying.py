"""Whether exactly this was handed in: by number and hash, or by the file that somebody holds in his hand."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from keshu.bureau.programmes.applying import tasks
from keshu.bureau.programmes.applying.printing import paper_of, receipt_paper
from keshu.bureau.programmes.applying.versions import hash_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import FormVersion, Receipt
from keshu.bureau.records import audit, files
from keshu.bureau.records.services import SYSTEM, ZONE
from keshu.office.papers import render
from keshu.office.texts import read_text

HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_NUMBER = re.compile(r"编号：\s*([0-9A-Za-z][0-9A-Za-z-]{3,38}[0-9A-Za-z])")
AROUND = 12  # signs shown on both sides of the first difference


class NothingToVerify(Exception):
    """What was given names no version; the message says what to give instead."""


@dataclass(frozen=True)
class Check:
    name: str
    ok: bool
    detail: str


def version_of(number: str, sha256: str) -> FormVersion | None:
    """The version that was handed in under this number with exactly this content; None also where the row was changed."""
    found = _versions().filter(sha256=sha256, application__number=number).first()
    return found if found is not None and hash_of(found) == sha256 else None


def verify_words(number: str, sha256: str = "") -> list[dict[str, Any]]:
    """Every version under a receipt number, or whatever was handed in with a hash; one answer that is not ok if none."""
    rows = _versions()
    if number:
        rows = rows.filter(application__number=number)
    if sha256:
        rows = rows.filter(sha256=sha256)
    found = [_answer(version, list(_checks(version))) for version in rows.order_by("application_id", "number")]
    return found or [_unknown(number, sha256)]


def _versions() -> QuerySet[FormVersion]:
    return FormVersion.objects.select_related("application__call__place", "application__party", "application__place")


def verify_file(path: Path) -> dict[str, Any]:
    """A form or receipt as it was downloaded: the version that it names, and whether it says what that version says.

    Raises NothingToVerify, TextProblem.
    """
    content = path.read_bytes()
    text = read_text(content, path.name).text
    number, sha256 = _named_in(text)
    version = _versions().filter(application__number=number, sha256=sha256).first()
    if version is None:
        return _unknown(number, sha256)
    return _answer(version, [*_checks(version), _compared(version, content, text)])


def _named_in(text: str) -> tuple[str, str]:
    """Number and hash as the foot of every page has them; a paper that names several is none of ours."""
    hashes, numbers = set(HASH.findall(text)), _NUMBER.findall(text)
    shown = [one for one in hashes if f"内容SHA-256：{one}" in "".join(text.split())]
    if len(shown) != 1 or not numbers:
        raise NothingToVerify(
            "文件里没有找到受理编号和内容校验值；请用系统里下载的申报书 PDF 或回执，或直接给出受理编号和校验码"
        )
    return numbers[0], shown[0]


def _checks(version: FormVersion) -> Iterator[Check]:
    at = version.at.astimezone(ZONE)
    yield Check("handed-in", ok=True, detail=f"第 {version.number} 版，{at:%Y-%m-%d %H:%M:%S} 提交")
    same = hash_of(version) == version.sha256
    yield Check("content", same, "库中内容与校验码一致" if same else "库中内容与校验码不符：记录被改动过")
    written = FormVersion.objects.filter(act_id=version.act_id).select_related("application__call")
    sealed = audit.holds(version.act_id, "form", [bytes.fromhex(hash_of(row)) for row in written])
    yield Check("chain", sealed, "提交操作在操作链中，未被改动" if sealed else "提交操作不在操作链中，或被改动过")
    lost = [paper["name"] for paper in version.papers if not _whole(paper)]
    yield Check(
        "papers",
        not lost,
        f"附件不在或内容已变：{'、'.join(lost)}" if lost else f"{len(version.papers)} 份附件内容未变",
    )
    latest = version.application.version_id == version.pk
    yield Check("latest", ok=True, detail="现行版本" if latest else "此后又提交过新版本，以新版本为准")


def _whole(paper: Mapping[str, Any]) -> bool:
    path = files.path_of(str(paper["sha256"]))
    return path.exists() and files.digest_of_file(path) == paper["sha256"]


def _answer(version: FormVersion, checks: list[Check]) -> dict[str, Any]:
    application = version.application
    return {
        "ok": all(check.ok for check in checks), "kind": "receipt", "number": application.number,
        "sha256": version.sha256, "version": version.number, "at": version.at.isoformat(),
        "programme": programme_for(application.call).name, "call": application.call.name,
        "party": application.party.name, "title": application.title,
        "receipts": [
            {"event": row.event, "at": row.at.isoformat()}
            for row in Receipt.objects.filter(version=version).order_by("pk")
        ],
        "checks": [asdict(check) for check in checks],
    }  # fmt: skip


def _unknown(number: str, sha256: str) -> dict[str, Any]:
    what = "、".join(one for one in (number, sha256) if one)
    checks = [Check("handed-in", ok=False, detail=f"没有收到过“{what}”：编号与校验码没有对应的提交记录")]
    return {
        "ok": False, "kind": "receipt", "number": number, "sha256": sha256, "checks": [asdict(one) for one in checks]
    }  # fmt: skip


# the file itself


def _compared(version: FormVersion, content: bytes, text: str) -> Check:
    """Whether the file says what we print of this version: byte by byte, else sign by sign."""
    is_pdf = content.startswith(b"%PDF")
    printed = tasks.read_print(version) if is_pdf else None
    if printed == content:
        return Check("file", ok=True, detail="与系统打印的 PDF 逐字节一致")
    prints = [printed or tasks.pdf_of(version, "")] if is_pdf else list(_papers(version))
    mine, suffix = _signs(text), "pdf" if is_pdf else "docx"
    others = [_signs(read_text(one, f"form.{suffix}").text) for one in prints]
    if mine in others:
        return Check("file", ok=True, detail="文字与系统打印的一致")
    nearest = max(others, key=lambda one: _common(mine, one))
    return Check("file", ok=False, detail=_first_difference(mine, nearest))


def _papers(version: FormVersion) -> Iterator[bytes]:
    """The .docx papers that say this version's hash: the form for its own people and for others, its receipts."""
    case = Case(version.application, at=version.at, by=SYSTEM)
    for own in (True, False):
        yield render("application_form", paper_of(case, version, own=own))
    for row in Receipt.objects.select_related("version").filter(version=version):
        yield render("receipt", receipt_paper(case, row))


def _signs(text: str) -> str:
    """Without spaces and line ends, which every program sets as it likes, and without the address of the site."""
    return re.sub(r"https?://[^/]+(?=/programmes/)", "", "".join(text.split()))


def _common(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _first_difference(mine: str, printed: str) -> str:
    at = _common(mine, printed)
    start = max(0, at - AROUND)
    return f"与系统打印的不一致：文件为“…{mine[start : at + AROUND]}…”，系统为“…{printed[start : at + AROUND]}…”"
