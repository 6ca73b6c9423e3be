"""What `keshu summary` does, as plain data."""

from pathlib import Path
from typing import Any

from keshu.bureau.places.models import Place
from keshu.bureau.records.services import Actor, now
from keshu.bureau.reports.build import build_text, wish_for, write, write_pdf
from keshu.bureau.reports.papers import BadSending, Sending, read_sending
from keshu.bureau.reports.verifying import verify_file
from keshu.kernel.measure.period import Period

__all__ = ["BadSending", "NoSuchPlace", "Sending", "build", "read_sending", "verify"]


class NoSuchPlace(Exception):
    """The message says what to do."""


def build(
    *, place: str, period: str, kind: str = "county", out: Path | str, pdf: Path | str | None = None,
    by: Actor | None = None, public: bool = False, sending: Sending | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Compose a summary from the records and write it; nothing is stored. `sending` makes it an upward document.

    Raises BadPeriod, NoSuchPlace or UnknownSummary, each with a sentence for the user.
    """
    if not Place.objects.filter(code=place).exists():
        raise NoSuchPlace(f"没有代码为“{place}”的区划；用 keshu figure 或“区划”页面查看可用代码")
    built = build_text(wish_for(place, Period.parse(period), kind, now(), public=public), sending)
    target = Path(out)
    write(built.document, target)
    result: dict[str, Any] = {
        "place": place, "period": str(built.wish.period), "kind": kind, "file": str(target), "title": built.draft.title,
        "figures": built.counts.figures, "names": built.counts.names, "records": built.counts.records,
        "standing": built.counts.standing, "letters": built.counts.letters, "loose": list(built.loose),
        "falls": [f"{fall.told.name}{fall.told.words}" for fall in built.draft.falls],
        "warnings": [warning.words for warning in built.draft.warnings],
    }  # fmt: skip
    if pdf:
        result |= {"pdf": str(pdf), "fonts": list(write_pdf(target, Path(pdf)))}
    return result


def verify(file: Path | str) -> dict[str, Any]:
    """Compare a file that came back with what was frozen, or with what it was written with."""
    return verify_file(Path(file))
