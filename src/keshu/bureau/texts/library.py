"""The library of texts as its pages show it: rows with what is open in them, figures over all texts, two side by side."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from keshu.bureau.places.queries import tree_on
from keshu.bureau.texts import labels, wording
from keshu.bureau.texts.forms import FiguresForm, LibraryForm
from keshu.bureau.texts.marking import TONES as VERDICT_TONES
from keshu.bureau.texts.models import Reading, Text, TextFigure
from keshu.bureau.texts.passages import sentence_at
from keshu.bureau.texts.queries import about, open_findings
from keshu.bureau.texts.services import STEPS

TONES = {"queued": "quiet", "reading": "info", "ready": "ok", "failed": "bad"}


@dataclass(frozen=True)
class Line:
    """A text with how many findings nobody has judged yet, by certainty."""

    text: Text
    tone: str
    figures: int
    certain: int
    likely: int
    ask: int


def filtered(rows: QuerySet[Text], form: LibraryForm) -> QuerySet[Text]:
    """By the filter of the page; a place stands for all below it."""
    if not form.is_valid():
        return rows.none()
    wish = form.cleaned_data
    if wish["q"].strip():
        rows = rows.filter(title__icontains=wish["q"].strip())
    if wish["place"]:
        rows = rows.filter(place_id__in=tree_on().ids_below(wish["place"]))
    if wish["year"] is not None:
        rows = rows.filter(year=wish["year"])
    return rows.filter(kind=wish["kind"]) if wish["kind"] else rows


def lines(rows: Sequence[Text]) -> list[Line]:
    """Two statements for a page, however many texts it has."""
    ids = [row.pk for row in rows]
    opened = Counter(open_findings(ids).values_list("text_id", "certainty"))
    figures = Counter(TextFigure.objects.filter(text_id__in=ids).values_list("text_id", flat=True))
    return [
        Line(row, TONES[row.state], figures[row.pk], *(opened[row.pk, one] for one in ("certain", "likely", "ask")))
        for row in rows
    ]


def text_rows(rows: QuerySet[Text]) -> Iterator[list[Any]]:
    """For the workbook, a few hundred texts at a time."""
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        found = Text.objects.filter(pk__in=ids[start : start + 500]).select_related("place").order_by("-pk")
        for line in lines(list(found)):
            text = line.text
            yield [
                text.title, text.place.name, text.year, text.get_kind_display(), text.get_state_display(), line.certain,
                line.likely, line.ask, line.figures, text.file_name, text.added_name or text.added_by, text.added_at,
            ]  # fmt: skip


def working(rows: Sequence[Text]) -> bool:
    """Whether the page should ask again."""
    return any(row.state in (Text.State.QUEUED, Text.State.READING) for row in rows)


def percent(text: Text) -> int:
    return 100 * text.step // STEPS


@dataclass(frozen=True)
class Said:
    """A figure of some text as the search shows it."""

    figure: TextFigure
    value: str
    kind: str
    role: str
    verdict: str
    tone: str
    sentence: str = ""


def found_figures(rows: QuerySet[TextFigure], form: FiguresForm) -> QuerySet[TextFigure]:
    """Figures by what they are about, of whom, when; nothing until something is asked."""
    if not form.is_valid():
        return rows.none()
    wish = form.cleaned_data
    if not any(wish[name] for name in ("q", "place", "year", "unit", "kind")):
        return rows.none()
    if wish["q"].strip():
        rows = rows.filter(about(wish["q"]))
    if wish["place"]:
        rows = rows.filter(text__place_id__in=tree_on().ids_below(wish["place"]))
    if wish["year"] is not None:
        rows = rows.filter(text__year=wish["year"])
    if wish["unit"].strip():
        rows = rows.filter(unit=wish["unit"].strip())
    return rows.filter(text__kind=wish["kind"]) if wish["kind"] else rows


def said(rows: Sequence[TextFigure]) -> list[Said]:
    """With the sentence around each; one statement for the texts of a page."""
    contents = dict(Reading.objects.filter(text_id__in={row.text_id for row in rows}).values_list("text_id", "content"))
    found = []
    for row in rows:
        content = contents.get(row.text_id, "")
        start, end = sentence_at(content, row.start, row.start + len(row.said))
        sentence = " ".join(content[start:end].split())
        found.append(_said(row, sentence))
    return found


def _said(row: TextFigure, sentence: str) -> Said:
    value = None if row.value is None else format(row.value, "f")
    shown = wording.said({"value": value, "unit": row.unit, "kind": row.kind})
    role = labels.role(row.role) if row.role not in ("", "actual") else ""
    kind = labels.kind(row.kind)
    tone = VERDICT_TONES.get(row.verdict, "quiet")
    return Said(row, shown, kind, role, labels.verdict(row.verdict) if row.verdict else "", tone, sentence)


def figure_rows(rows: QuerySet[TextFigure]) -> Iterator[list[Any]]:
    """For the workbook."""
    for row in rows.order_by("text_id", "number").iterator(chunk_size=2000):
        yield [
            row.text.place.name, row.text.year, row.text.title, row.text.get_kind_display(), row.subject, row.said, row.value,
            row.unit, labels.kind(row.kind), row.period, row.scope,
            labels.role(row.role), row.indicator, labels.verdict(row.verdict) if row.verdict else "",
        ]  # fmt: skip
