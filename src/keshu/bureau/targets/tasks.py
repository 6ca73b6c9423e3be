"""The year's 重点任务 as the page shows them: rows of the ledger `task`, with who is due and who has not written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.places.queries import tree_on
from keshu.bureau.records.services import now
from keshu.bureau.statistics.pages.linking import entry_url
from keshu.bureau.statistics.queries import Ask, figures
from keshu.catalogue import Catalogue
from keshu.catalogue.schema import Field, Ledger
from keshu.kernel.measure.period import Period

LEDGER = "task"
NOTE_DAYS = "task.note_days"
TOTAL, DONE = "task.total", "task.done"
FINISHED = frozenset({"done", "dropped"})
TONES = {"done": "ok", "late": "bad", "dropped": "quiet", "planned": "quiet"}


@dataclass(frozen=True)
class Task:
    """One task of the year. `silent`: not finished, and nobody has written how it goes within the site's limit."""

    entry: int
    name: str
    source: str
    theme: str
    place: str
    section: str
    leader: str
    document: str
    due: date | None
    done_on: date | None
    status: str
    status_name: str
    progress: Decimal | None
    note: str
    noted_on: date | None
    silent: bool
    overdue: bool

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "info")

    @property
    def url(self) -> str:
        return entry_url(LEDGER, self.entry)

    def cells(self) -> list[object]:
        """The task as a row of a workbook."""
        return [
            self.name, self.source, self.theme, self.place, self.section, self.leader, self.document, self.due,
            self.status_name, self.progress, self.note, self.noted_on, "未更新" if self.silent else "",
        ]  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What the page is asked for; empty parts do not cut."""

    section: str = ""
    source: str = ""
    state: str = ""  # a status of the ledger, or silent, or overdue


def tasks_of(place: str, year: int, *, viewer: Viewer, today: date) -> list[Task]:
    """Tasks of a place and year that the viewer may see, the first due first; one query for the rows."""
    catalogue = site_catalogue()
    ledger = catalogue.ledgers.get(LEDGER)
    if ledger is None:
        return []
    limit = note_days(catalogue, place, today)
    tasks = [_task(row, ledger, limit, today) for row in _rows(place, year, viewer)]
    return sorted(tasks, key=lambda task: (task.due is None, task.due or date.max, task.entry))


def _rows(place: str, year: int, viewer: Viewer) -> QuerySet[Revision]:
    rows = Revision.objects.filter(
        ledger=LEDGER, known_to__isnull=True, voided=False, place__code=place,
        filed_on__range=(date(year, 1, 1), date(year, 12, 31)),
    ).select_related("place", "party")  # fmt: skip
    visible = viewer.place_ids("entries.view")
    return rows if visible is None else rows.filter(place_id__in=visible)


def progress_of(place: str, year: int) -> tuple[int, int]:
    """How many tasks the place itself has in the year, and how many of them are done: the figures of every text."""
    asks = [Ask(code, place, Period.parse(str(year))) for code in (TOTAL, DONE)]
    found = figures(asks, known_at=now())
    total, done = (int(found[ask].value or 0) for ask in asks)
    return total, done


def note_days(catalogue: Catalogue, place: str, today: date) -> int:
    """Days after which a task without a new note counts as 未更新, as the site set it."""
    parameter = catalogue.parameters.get(NOTE_DAYS)
    path = tree_on().paths.get(place, place)
    value = parameter.value_on(today, list(reversed(path.rstrip("/").split("/")))) if parameter else None
    return 35 if value is None else int(value)


def _task(row: Revision, ledger: Ledger, limit: int, today: date) -> Task:
    fields = {field.code: field for field in ledger.fields}
    data: Mapping[str, Any] = row.data
    noted_on = _day(data.get("noted_on"))
    open_still = row.status not in FINISHED
    return Task(
        entry=row.entry_id, name=row.title, source=_named(fields.get("source"), row.category),
        theme=_named(fields.get("theme"), row.subcategory), place=row.place.name,
        section=data.get("section") or (row.party.name if row.party else ""), leader=data.get("leader") or "",
        document=row.number, due=row.ended_on, done_on=row.decided_on, status=row.status,
        status_name=_named(fields.get("status"), row.status), progress=row.quantity_3, note=data.get("note") or "",
        noted_on=noted_on, silent=open_still and (noted_on is None or (today - noted_on).days > limit),
        overdue=open_still and row.ended_on is not None and row.ended_on < today,
    )  # fmt: skip


def _named(field: Field | None, code: str) -> str:
    choice = field.codes.get(code) if field and field.codes else None
    return choice.name if choice else code


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def chosen(tasks: Iterable[Task], wanted: Wanted) -> list[Task]:
    """The tasks that the filter leaves."""
    return [task for task in tasks if _fits(task, wanted)]


def _fits(task: Task, wanted: Wanted) -> bool:
    if wanted.section and task.section != wanted.section:
        return False
    if wanted.source and task.source != wanted.source:
        return False
    if wanted.state in ("silent", "overdue"):
        return bool(getattr(task, wanted.state))
    return not wanted.state or task.status == wanted.state
