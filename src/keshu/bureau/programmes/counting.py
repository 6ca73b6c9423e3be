"""Cases as facts that indicators count: what was done, how long it stayed where, which nodes of plans were reached.

The rows are made of passages, stages and milestones by a query, in the columns of ledger rows; nothing is stored twice.
A row is known from the act that wrote it until the act that took it back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.urls import reverse

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.parties.models import Party
from keshu.bureau.places.models import Place

#: numbers of these rows lie far above those of ledger rows, so that no list takes one for the other
BASE = {"case_event": 10**12, "case_stage": 2 * 10**12, "case_milestone": 3 * 10**12}
SHARED = "a.party_id, a.place_id, a.title AS title, {kind} AS category, {level} AS level"
CASES = """programmes_application a ON {on} JOIN programmes_call c ON c.id = a.call_id
 JOIN records_definition d ON d.kind = 'programmes' AND d.code = c.programme AND d.version = c.version"""
TAKEN_BACK = """(SELECT MIN(u.at) FROM records_act u JOIN records_passage q ON q.act_id = u.id
 WHERE u.undoes_id = p.act_id AND q.machine = substr(c.programme, 1, 40) AND q.subject = CAST(a.id AS VARCHAR(80)))"""
NOTHING = "NULL AS amount_1, NULL AS amount_2, NULL AS amount_3"
EVENTS = """SELECT {base} + p.id AS id, a.id + {base} AS entry_id, {shared}, COALESCE(a.number, '') AS number,
 p.event AS subcategory, '' AS status, {no_day} AS filed_on, {day} AS decided_on, {no_day} AS started_on,
 {no_day} AS ended_on, {days} AS quantity_1, t.at AS known_from, {taken_back} AS known_to
 FROM records_passage p JOIN records_act t ON t.id = p.act_id
 JOIN {cases} WHERE p.machine = substr(c.programme, 1, 40)"""
STAYING = """SELECT {base} + s.id * 2 AS id, a.id + {base} AS entry_id, {shared}, '' AS number,
 s.state AS subcategory, 'open' AS status, s.due_on AS filed_on, {no_day} AS decided_on, {entered} AS started_on,
 {no_day} AS ended_on, {no_number} AS quantity_1, COALESCE(r.at, s.entered_at) AS known_from, s.left_at AS known_to
 FROM programmes_stage s LEFT JOIN records_act r ON r.id = s.restored_by_id JOIN {cases}"""
LEFT = """SELECT {base} + s.id * 2 + 1 AS id, a.id + {base} AS entry_id, {shared}, s.left_by AS number,
 s.state AS subcategory, CASE WHEN s.due_on IS NULL THEN 'free' WHEN s.late THEN 'late' ELSE 'in_time' END AS status,
 s.due_on AS filed_on, {left} AS decided_on, {entered} AS started_on, {last} AS ended_on, {stay} AS quantity_1,
 s.left_at AS known_from, u.at AS known_to
 FROM programmes_stage s LEFT JOIN records_act u ON u.id = s.undone_by_id JOIN {cases} WHERE s.left_at IS NOT NULL"""
DUE = """SELECT {base} + m.id * 2 AS id, a.id + {base} AS entry_id, {shared}, m.name AS number,
 'due' AS subcategory, 'open' AS status, {no_day} AS filed_on, m.due_on AS decided_on, {no_day} AS started_on,
 {no_day} AS ended_on, {no_number} AS quantity_1, t.at AS known_from, r.at AS known_to
 FROM programmes_milestone m JOIN records_act t ON t.id = m.act_id LEFT JOIN records_act r ON r.id = m.replaced_by_id
 JOIN {cases}"""
REACHED = """SELECT {base} + m.id * 2 + 1 AS id, a.id + {base} AS entry_id, {shared}, m.name AS number,
 'done' AS subcategory, CASE WHEN m.done_on > m.due_on THEN 'late' ELSE 'in_time' END AS status,
 {no_day} AS filed_on, m.done_on AS decided_on, {no_day} AS started_on, {no_day} AS ended_on,
 {no_number} AS quantity_1, t.at AS known_from, r.at AS known_to
 FROM programmes_milestone m JOIN records_act t ON t.id = m.done_act_id
 LEFT JOIN records_act r ON r.id = m.replaced_by_id JOIN {cases}"""
ON = {
    "case_event": "p.subject = CAST(a.id AS VARCHAR(80))", "case_stage": "a.id = s.application_id",
    "case_milestone": "a.id = m.application_id",
}  # fmt: skip
QUERIES = {"case_event": (EVENTS,), "case_stage": (STAYING, LEFT), "case_milestone": (DUE, REACHED)}


@dataclass(frozen=True)
class CaseFact:
    """One row as lineage pages show it."""

    pk: int
    entry_id: int
    ledger: str
    title: str
    number: str
    level: str
    decided_on: date | None
    started_on: date | None
    filed_on: date | None
    party: Party | None
    place: Place
    amount_1: Decimal | None = None
    origin_cell: str = ""

    @property
    def id(self) -> int:
        return self.pk

    @property
    def key(self) -> str:
        return str(self.pk)


class CaseFactRows(list[CaseFact]):
    """Rows that also answer as a queryset does to whoever needs a few columns only."""

    def values(self, *names: str) -> list[dict[str, Any]]:
        return [{name: getattr(row, name) for name in names} for row in self]


class CaseFacts:
    """One of the three sources; its fields are those of the definition under the same code."""

    def __init__(self, code: str) -> None:
        self.code = code

    def column(self, field: str) -> str:
        """Raises KeyError for a field that the definition does not map."""
        column = catalogue().sources[self.code].column(field)
        if column is None:
            raise KeyError(f"{self.code}.{field}")
        return {"party": "party_id", "place": "place_id"}.get(column, column)

    def table(self) -> str:
        whole = " UNION ALL ".join(
            f"SELECT x.*, {NOTHING} FROM ({_sql(query, self.code)}) x" for query in self._queries
        )
        return f"({whole}) facts"

    @property
    def _queries(self) -> Sequence[str]:
        return QUERIES[self.code]

    def condition(self, known_at: datetime | None) -> tuple[str, list[Any]]:
        if known_at is None:
            return "known_to IS NULL", []
        at = connection.ops.adapt_datetimefield_value(known_at)
        return "known_from <= %s AND (known_to IS NULL OR known_to > %s)", [at, at]

    def rows(self, ids: Iterable[int]) -> CaseFactRows:
        """The rows with these numbers, with their parties and places: three statements."""
        wanted = sorted(ids)
        if not wanted:
            return CaseFactRows()
        columns = "id, entry_id, title, number, level, decided_on, started_on, filed_on, party_id, place_id"
        marks = ", ".join(["%s"] * len(wanted))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {self.table()} WHERE id IN ({marks})", wanted)
            found = cursor.fetchall()
        parties = Party.objects.in_bulk({row[8] for row in found})
        places = Place.objects.in_bulk({row[9] for row in found})
        return CaseFactRows(
            CaseFact(pk, entry, self.code, title, number, level, *map(_day, days), parties.get(party), places[place])
            for pk, entry, title, number, level, *days, party, place in found
        )

    def url(self, entry: int) -> str:
        return reverse("programmes:case", args=[entry - BASE[self.code]])


def find(code: str) -> CaseFacts | None:
    return CaseFacts(code) if code in QUERIES else None


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _sql(query: str, code: str) -> str:
    words = _WORDS[connection.vendor]
    kind, level = words["json"].format("kind"), words["json"].format("level")
    return query.format(
        base=BASE[code], cases=CASES.format(on=ON[code]), shared=SHARED.format(kind=kind, level=level),
        no_day=words["no_day"], no_number=words["no_number"],
        day=words["day"].format("t.at"), entered=words["day"].format("s.entered_at"),
        left=words["day"].format("s.left_at"), last=words["before"].format("s.left_at"),
        days=words["days"].format("t.at", "a.submitted_at"), stay=words["days"].format("s.left_at", "s.entered_at"),
        taken_back=TAKEN_BACK,
    )  # fmt: skip


#: the same words in both languages: days are those of Asia/Shanghai, numbers are ten-thousandths as quantities are
_WORDS = {
    "sqlite": {
        "json": "json_extract(d.content, '$.{0}')",
        "no_day": "NULL",
        "no_number": "NULL",
        "day": "date({0}, '+8 hours')",
        "before": "date({0}, '+8 hours', '-1 day')",
        "days": "CAST(julianday(date({0}, '+8 hours')) - julianday(date({1}, '+8 hours')) AS INTEGER) * 10000",
    },
    "postgresql": {
        "json": "(d.content ->> '{0}')",
        "no_day": "CAST(NULL AS DATE)",
        "no_number": "CAST(NULL AS BIGINT)",
        "day": "CAST({0} AT TIME ZONE 'Asia/Shanghai' AS DATE)",
        "before": "CAST({0} AT TIME ZONE 'Asia/Shanghai' AS DATE) - 1",
        "days": (
            "CAST(CAST({0} AT TIME ZONE 'Asia/Shanghai' AS DATE) - CAST({1} AT TIME ZONE 'Asia/Shanghai' AS DATE) "
            "AS BIGINT) * 10000"
        ),
    },
}
