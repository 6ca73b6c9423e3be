"""Reading a summary back: what somebody changed in it, by control, bookmark or the words around."""

from pathlib import Path
from typing import Any

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.reports.models import Frozen
from keshu.bureau.reports.models import FrozenMark as FrozenRow
from keshu.bureau.statistics.forming.base import scoped
from keshu.kernel.prose.reference import BadReference, Form, Reference
from keshu.office.verify import Comparison, FrozenMark, Marks, compare, frozen_in_file, read_marks


def verify_file(path: Path) -> dict[str, Any]:
    """Figures looked for, changed and missing ones, and lines that differ otherwise.

    A file of a frozen summary is held against the frozen rows, one that was only built against what it carries along.
    """
    marks = read_marks(path)
    embedded = frozen_in_file(marks)
    frozen = frozen_behind(marks, built=bool(embedded))
    if frozen is not None:
        rows = list(frozen.marks.all())
        comparison = compare([_mark(row) for row in rows], marks, frozen_text=frozen.text)
        return _answer(comparison, against="frozen", summary=frozen.summary.title)
    return _answer(compare(embedded, marks), against="file" if embedded else "nothing", summary="")


def named(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer for people: each place with the name of what stands there, and how many places are changed."""
    lists = {part: [one | {"name": name_behind(one["ref"])} for one in answer[part]] for part in ("changed", "missing")}
    return answer | lists | {"places": sum(len(answer[part]) for part in ("changed", "missing", "texts"))}


def name_behind(ref: str) -> str:
    """The indicator's name with the form, the ledger of a record; the reference itself where nobody knows it."""
    text = ref.strip("{}")
    ledger = catalogue().ledgers.get(text.partition("#")[0])
    if ledger is not None:
        return ledger.name
    try:
        reference = Reference.parse(f"{{{text}}}")
        code, scope = scoped(reference.code, catalogue())
    except BadReference:
        return text
    indicator = catalogue().indicators.get(code)
    if indicator is None:
        return text
    says = f"（{indicator.scopes[scope].says}）" if scope else ""
    form = "" if reference.form is Form.VALUE else f" · {reference.form.label}"
    return f"{indicator.name}{says}{form}"


def frozen_behind(marks: Marks, *, built: bool = False) -> Frozen | None:
    """The frozen summary that the file came from: by the hash that it carries, else by its title and marks.

    A file that still carries what it was `built` with and another hash is no frozen one, however alike they are.
    """
    sha256 = marks.metadata.get("sha256", "")
    if sha256 and (found := Frozen.objects.filter(sha256=sha256).first()):
        return found
    if built:
        return None
    ids = {mark.id for mark in marks.figures}
    if ids:
        return _most_marks(ids, marks.plain_text)
    return _most_words(marks.plain_text)


def _most_marks(ids: set[str], text: str) -> Frozen | None:
    """Marks of one place in the outline have the same id in every year: the title says which year is meant."""
    whole = "".join(text.split())
    best: tuple[int, Frozen] | None = None
    for frozen in Frozen.objects.select_related("summary").order_by("-pk"):
        if "".join(frozen.summary.title.split()) not in whole:
            continue
        shared = frozen.marks.filter(mark__in=list(ids)[:900]).count()
        if shared and (best is None or shared > best[0]):
            best = (shared, frozen)
    return best[1] if best else None


def _most_words(text: str) -> Frozen | None:
    """A text that was pasted into a new file has no marks left; its title and its lines are still there."""
    lines = {line.strip() for line in text.split("\n") if len(line.strip()) > 12}
    best: tuple[int, Frozen] | None = None
    for frozen in Frozen.objects.order_by("-pk"):
        shared = len(lines & {line.strip() for line in frozen.text.split("\n")})
        if shared and (best is None or shared > best[0]):
            best = (shared, frozen)
    return best[1] if best else None


def _mark(row: FrozenRow) -> FrozenMark:
    return FrozenMark(row.mark, row.reference, row.printed, row.before, row.after, row.start)


def _answer(comparison: Comparison, *, against: str, summary: str) -> dict[str, Any]:
    return {
        "figures": comparison.figures,
        "changed": [
            {"ref": change.ref, "frozen": change.frozen, "found": change.found, "by": change.by, "id": change.id}
            for change in comparison.changed
        ],
        "missing": [{"ref": one.reference, "frozen": one.text, "id": one.id} for one in comparison.missing],
        "texts": [{"before": one.before, "after": one.after} for one in comparison.texts],
        "against": against,
        "summary": summary,
    }
