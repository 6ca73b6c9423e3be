"""Keeping texts, reading them, judging what was found, taking them away: one act for each, except the reading.

Reading makes a cache from the kept file and leaves no act: nobody states anything by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from keshu.bureau.places.models import Place
from keshu.bureau.records import files
from keshu.bureau.records.services import ZONE, Actor, digest_of, now, writing
from keshu.bureau.texts import comparing, reading
from keshu.bureau.texts.models import Judgement, Reading, Text, TextFigure, TextFinding
from keshu.bureau.texts.own import changes_in
from keshu.bureau.texts.passages import passage
from keshu.bureau.texts.problems import TextProblem
from keshu.bureau.texts.ruling import rules_for
from keshu.kernel.prose.spoken import document_period
from keshu.office.filetypes import safe_name

STEPS = 4  # opening the file, its figures, the checks, the records
HEAD = 600  # characters in which a text says what period it covers
LARGEST = Decimal(2**63 - 1).scaleb(-4)


@dataclass(frozen=True)
class TextSpec:
    """What is said of a text when it is dropped."""

    place: str
    year: int
    kind: str
    title: str
    file_name: str


def keep_text(spec: TextSpec, content: bytes, *, by: Actor) -> Text:
    """Keep a file, queued for reading. The same bytes for the same place and year are kept once.

    Raises TextProblem where the place is unknown.
    """
    place = Place.objects.filter(code=spec.place).first()
    if place is None:
        raise TextProblem(_("没有代码为 %(code)s 的区划") % {"code": spec.place})
    sha256 = files.keep(content)
    held = Text.objects.filter(place=place, year=spec.year, sha256=sha256).first()
    if held is not None:
        return held
    name = safe_name(spec.file_name)
    with writing(
        verb="text.add", by=by, subject=f"text:《{spec.title.strip()[:80] or name}》", place=place.code
    ) as act:
        act.wrote(digest_of([place.code, spec.year, spec.kind, spec.title, sha256]))
        return Text.objects.create(
            place=place, year=spec.year, kind=spec.kind, title=spec.title.strip()[:200] or name, file_name=name,
            sha256=sha256, size=len(content), added_by=by.username, added_name=by.name, added_at=act.act.at,
            touched_at=act.act.at, act=act.act,
        )  # fmt: skip


def read_text(text_id: int, *, at: datetime | None = None) -> str:
    """Read a kept text and check it; starting again begins from nothing. Returns the state in which it is left.

    The records are asked as they are known `at` the instant.

    A text that was removed meanwhile stays removed.
    """
    text = Text.objects.select_related("place").filter(pk=text_id).first()
    if text is None:
        return ""
    at = at or now()
    _at(text_id, Text.State.READING, at)
    try:
        return _read(text, at)
    except Exception:  # told to the people who wait for it, then to whoever runs the program
        _at(text_id, Text.State.FAILED, at, message=_("核校时程序出错，文稿已保存；请重新读取，仍不行请联系系统管理员"))
        raise


def _read(text: Text, at: datetime) -> str:
    text_id = text.pk
    try:
        content = files.path_of(text.sha256).read_bytes()
        found = reading.read(
            content,
            text.file_name,
            year=text.year,
            rules=rules_for(text.place.code),
            told=lambda step: _at(text_id, Text.State.READING, at, step=step),
        )
    except FileNotFoundError:
        return _at(text_id, Text.State.FAILED, at, message=_("文件已不在服务器上，请删除后重新上传"))
    except reading.Unreadable as problem:
        return _at(text_id, Text.State.FAILED, at, message=str(problem))
    head = text.title + "\n" + found.text[:HEAD]
    period = document_period(head, text.year, at.astimezone(ZONE).date())
    verdicts = comparing.verdicts(found.text, found.read, place=text.place.code, period=period, known_at=at)
    found.notes.extend(changes_in(content, text.file_name))
    return _store(text_id, found, verdicts, at)


def _at(text_id: int, state: str, at: datetime, *, step: int = 0, message: str = "") -> str:
    Text.objects.filter(pk=text_id).update(state=state, step=step, message=message, touched_at=at)
    return str(state)


@transaction.atomic
def _store(text_id: int, found: reading.Found, verdicts: Sequence[dict[str, Any] | None], at: datetime) -> str:
    text = Text.objects.select_for_update(of=("self",)).filter(pk=text_id).first()
    if text is None:
        return ""
    figures = [
        one | ({"verdict": verdict} if verdict else {}) for one, verdict in zip(found.figures, verdicts, strict=True)
    ]
    Reading.objects.filter(text=text).delete()
    Reading.objects.create(
        text=text, content=found.text, blocks=found.blocks, figures=figures, findings=found.findings,
        notes=found.notes, read_at=at,
    )  # fmt: skip
    text.figures.all().delete()
    text.findings.all().delete()
    TextFigure.objects.bulk_create([_figure(text, n, one) for n, one in enumerate(figures)], batch_size=500)
    TextFinding.objects.bulk_create(
        [_finding(text, n, one, found.text) for n, one in enumerate(found.findings)], batch_size=500
    )
    return _at(text_id, Text.State.READY, at, step=STEPS)


def _figure(text: Text, number: int, one: dict[str, Any]) -> TextFigure:
    verdict = one.get("verdict") or {}
    return TextFigure(
        text=text, number=number, start=one["start"], said=one["text"][:100], subject=one.get("subject", "")[:200],
        value=_storable(one.get("value")), unit=(one.get("canonical") or one.get("unit") or "")[:40],
        kind=one["kind"], scope=one.get("scope", "")[:60], period=one.get("period", "")[:60],
        role=one.get("role", ""), indicator=verdict.get("indicator") or "", verdict=verdict.get("verdict") or "",
    )  # fmt: skip


def _storable(value: str | None) -> Decimal | None:
    """The number for sorting; a range counts by its lower end, what no column keeps by nothing."""
    if value is None:
        return None
    number = Decimal(value.split("..")[0])
    return number.quantize(Decimal("0.0001")) if abs(number) <= LARGEST else None


def _finding(text: Text, number: int, one: dict[str, Any], content: str) -> TextFinding:
    return TextFinding(
        text=text, number=number, code=one["code"], severity=one["severity"], certainty=one["certainty"],
        passage=passage(content, one["code"], one["spans"]),
    )  # fmt: skip


def judge_finding(text_id: int, number: int, *, verdict: str, note: str, by: Actor) -> None:
    """Say of a finding that it is right as it stands, or that it was mended; an empty verdict takes that back.

    Holds for every text of the place in which the sentences are the same, so that the next version carries it over.
    """
    finding = TextFinding.objects.select_related("text__place").get(text_id=text_id, number=number)
    text = finding.text
    with writing(
        verb="text.judge", by=by, reason=note, subject=f"text:{text.pk}", place=text.place.code,
        note={"check": finding.code, "verdict": verdict, "passage": finding.passage},
    ) as act:  # fmt: skip
        act.wrote(digest_of([finding.passage, verdict, note]))
        held = Judgement.objects.filter(place=text.place, passage=finding.passage)
        if not verdict:
            held.delete()
            return
        said = {"text": text, "verdict": verdict, "note": note.strip()[:300], "by": by.username, "by_name": by.name,
                "at": act.act.at, "act": act.act}  # fmt: skip
        Judgement.objects.update_or_create(place=text.place, passage=finding.passage, defaults=said)


def change_text(text_id: int, *, title: str, year: int, kind: str, by: Actor) -> Text:
    """What was said wrongly of a text when it was dropped. Its reading stays; another year asks for a new one."""
    with writing(verb="text.change", by=by, subject=f"text:{text_id}") as act:
        text = Text.objects.select_for_update(of=("self",)).get(pk=text_id)
        text.title, text.year, text.kind = title.strip()[:200] or text.title, year, kind
        text.save(update_fields=["title", "year", "kind"])
        act.wrote(digest_of([text.pk, text.title, year, kind]))
    return text


def remove_text(text_id: int, *, by: Actor, reason: str) -> None:
    """Delete a text with its file and what was read from it. That it was there stays in the act."""
    text = Text.objects.select_related("place").get(pk=text_id)
    told = {"title": text.title, "year": text.year, "file": text.file_name, "sha256": text.sha256}
    with writing(
        verb="text.remove", by=by, reason=reason, subject=f"text:{text_id}", place=text.place.code, note=told
    ) as act:
        act.wrote(digest_of([text_id, told]))
        text.delete()
        if not Text.objects.filter(sha256=text.sha256).exists():
            transaction.on_commit(lambda: files.forget(text.sha256))
