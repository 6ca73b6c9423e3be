"""What the command line asks of this app."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils import timezone

from keshu.bureau.places.models import Place
from keshu.bureau.records.services import Actor, now
from keshu.bureau.statistics.services import Upload
from keshu.bureau.texts import adopting, reading


class Refused(Exception):
    """The file, place or year cannot be used; the message says why and what to do."""


def adopt(file: Path, *, place: str, year: int, by: Actor | None) -> dict[str, Any]:
    """Take over a text of a year; without `by` only say what that would bring. Raises Refused."""
    if not Place.objects.filter(code=place).exists():
        raise Refused(f"没有代码为“{place}”的区划；代码见“区划”页")
    try:
        content = file.read_bytes()
        opened = reading.opened(content, file.name)
        plan = adopting.plan(
            opened.text, reading.read_figures(opened, year), title=file.stem, place=place, year=year, known_at=now(),
            headings=adopting.headings_of(asdict(one) for one in opened.blocks),
        )  # fmt: skip
    except (reading.Unreadable, adopting.NothingToAdopt) as problem:
        raise Refused(str(problem)) from problem
    done = None
    if by is not None:
        done = adopting.adopt(plan, by=by, today=timezone.localdate(), upload=Upload(content, file.name))
    return {**plan.as_json(), "committed": done is not None, "source": done.source if done else None}
