"""Saving what is typed, cell by cell: two statements for any number of cells, no act, nobody overwritten unseen.

A cell is written where its version is the one that the writer had seen; else it is a conflict, and both texts are shown.
Whoever saves holds the case's key (FOR KEY SHARE): savers do not wait for each other, handing in waits for them, and
they for it, so that no text is acknowledged that the version handed in lacks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from keshu.bureau.parties import personal
from keshu.bureau.programmes.applying.layout import LONGEST_ORDER, Layout, layout_of, order_of, rows_of
from keshu.bureau.programmes.applying.prefill import rows_known
from keshu.bureau.programmes.applying.reading import opened
from keshu.bureau.programmes.applying.states import EDITABLE
from keshu.bureau.programmes.definitions import programme_at
from keshu.bureau.programmes.models import Application, Call, FormCell
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.services import Actor
from keshu.catalogue.schema.programme_form import Table

MOST = 3000  # cells in one save; a table pasted whole is about a thousand
TRIES = 8


@dataclass(frozen=True)
class Change:
    """What was typed at a path, and the version of the cell that the writer had before her (0: none)."""

    path: str
    text: str
    seen: int


@dataclass(frozen=True)
class Conflict:
    """A cell that somebody else had changed meanwhile; nothing was written."""

    path: str
    mine: str
    theirs: str
    version: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Saved:
    """The versions that the cells have now, and the cells that were not written."""

    versions: dict[str, int] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def save_cells(
    application_id: int, changes: Sequence[Change], *, parties: frozenset[int], by: Actor, at: datetime
) -> Saved:
    """Keep these cells. `parties`: the organisations for which the writer may apply; of others there is no such case.

    A save that is repeated because its answer was lost is no conflict: the text is there already.
    Raises Http404, CaseProblem (not in the applicant's hands, unknown path, too long).
    """
    with transaction.atomic():
        layout = held(application_id, parties)
        wanted = {change.path: change for change in changes}
        stored = {path: _stored(layout, change) for path, change in wanted.items()}
        if not wanted:
            return Saved()
        _judge_room(application_id, layout, wanted.values())
        rows = [(path, stored[path], change.seen + 1) for path, change in wanted.items()]
        versions = _upsert(application_id, rows, by, at)
    return _settled(application_id, wanted, versions)


def held(application_id: int, parties: frozenset[int]) -> Layout:
    """The form of a case in the applicant's hands; the case's key stays held until the transaction ends."""
    application, call = Application._meta.db_table, Call._meta.db_table
    lock = " FOR KEY SHARE OF a" if connection.vendor == "postgresql" else ""
    sql = f"SELECT a.state, a.party_id, c.programme, c.version FROM {application} a JOIN {call} c ON c.id = a.call_id WHERE a.id = %s{lock}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [application_id])
        found = cursor.fetchone()
    if found is None or found[1] not in parties:
        raise Http404
    state, _party, programme, version = found
    if state not in EDITABLE:
        raise CaseProblem(_("这份申报书已提交或已办结，不能再修改；请刷新页面查看当前状态"))
    return layout_of(programme_at(programme, version))


def _stored(layout: Layout, change: Change) -> str:
    spot = layout.spot(change.path)
    if spot is None:
        raise CaseProblem(_("申报书中没有“%(path)s”这一项，请刷新页面后重新填写") % {"path": change.path[:80]})
    if len(change.text) > spot.most:
        words = {"name": spot.field.name, "n": len(change.text), "most": spot.most}
        raise CaseProblem(_("“%(name)s”有 %(n)s 个字符，最多能存 %(most)s 个，请精简后再存") % words)
    text = change.text.replace("\x00", "").replace("\r\n", "\n")
    return personal.seal(text) if spot.field.personal and text else text


def _judge_room(application_id: int, layout: Layout, changes: Iterable[Change]) -> None:
    """Names of rows are the writer's own: what she may fill with them has an end."""
    fresh = [change for change in changes if change.seen == 0 and ":" in change.path]
    if len(fresh) > MOST:
        raise CaseProblem(_("一次最多粘贴 %(n)s 格，请分几次粘贴") % {"n": MOST})
    for code in {change.path.split(":")[0] for change in fresh}:
        table = layout.tables[code][0]
        room = (table.most + len(table.rows)) * len(table.columns) * 5
        there = FormCell.objects.filter(application_id=application_id, path__startswith=f"{code}:").count()
        if not table.rows and there + len(fresh) > room + MOST:
            raise CaseProblem(_("“%(name)s”的行数太多，请删去多余的行") % {"name": table.name})


def _upsert(application_id: int, rows: Sequence[tuple[str, str, int]], by: Actor, at: datetime) -> dict[str, int]:
    """Write every cell whose version is one below the given; returns those that were written. One statement."""
    table = connection.ops.quote_name(FormCell._meta.db_table)
    when = connection.ops.adapt_datetimefield_value(at)
    places = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    values = [item for path, text, version in rows for item in (application_id, path, text, version, by.username, when)]
    sql = f"""INSERT INTO {table} ("application_id", "path", "text", "version", "by", "at") VALUES {places}
        ON CONFLICT ("application_id", "path") DO UPDATE
        SET "text" = excluded."text", "version" = excluded."version", "by" = excluded."by", "at" = excluded."at"
        WHERE {table}."version" = excluded."version" - 1
        RETURNING "path", "version" """
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return dict(cursor.fetchall())


def _settled(application_id: int, wanted: Mapping[str, Change], versions: dict[str, int]) -> Saved:
    left = [path for path in wanted if path not in versions]
    conflicts = []
    for cell in FormCell.objects.filter(application_id=application_id, path__in=left) if left else ():
        theirs, mine = opened(cell.text), wanted[cell.path].text.replace("\r\n", "\n")
        if theirs == mine:
            versions[cell.path] = cell.version
        else:
            conflicts.append(Conflict(cell.path, mine, theirs, cell.version, cell.by, cell.at))
    return Saved(versions, conflicts)


# rows of tables


def change_rows(
    application_id: int, table: str, kind: str, row: str, *, parties: frozenset[int], by: Actor, at: datetime
) -> list[str]:
    """`kind`: add, remove, restore, up or down. Two people's changes of one table's order both hold.

    Returns the rows in their order. Removing keeps the row's cells, so that it can be restored.
    """
    for _try in range(TRIES):
        with transaction.atomic():
            layout = held(application_id, parties)
            if table not in layout.tables or layout.tables[table][0].rows:
                raise CaseProblem(_("这张表的行是固定的，不能增删"))
            found = layout.tables[table][0]
            cells = FormCell.objects.filter(application_id=application_id, path__startswith=f"{table}:")
            texts = {cell.path: (cell.text, cell.version) for cell in cells}
            text, version = texts.get(f"{table}:", ("", 0))
            ordered = rows_of(found, {path: one for path, (one, _version) in texts.items()})
            wanted = _rearranged(found, ordered, order_of(text)[1], kind, row)
            if _upsert(application_id, [(f"{table}:", wanted, version + 1)], by, at):
                return order_of(wanted)[0]
    raise CaseProblem(_("同事正在调整这张表，请稍后再试"))


def bring_rows(application_id: int, table: str, *, parties: frozenset[int], by: Actor, at: datetime) -> int:
    """Type in what the ledger has of the unit, as rows of this table; rows whose first text stands there already are not.

    Returns how many rows came; the applicant goes on with them as with her own.
    """
    with transaction.atomic():
        layout = held(application_id, parties)
        if table not in layout.tables:
            raise CaseProblem(_("申报书中没有“%(path)s”这一项，请刷新页面后重新填写") % {"path": table[:80]})
        found = layout.tables[table][0]
        cells = FormCell.objects.filter(application_id=application_id, path__startswith=f"{table}:")
        texts = {cell.path: opened(cell.text) for cell in cells}
        rows = rows_of(found, texts)
        there = {
            (column.code, texts.get(f"{table}:{row}:{column.code}", "").strip())
            for row in rows
            for column in found.columns
        }
        known = rows_known(found, Application.objects.select_related("call").get(pk=application_id))
        fresh = [row for row in known if next(iter(row.items())) not in there][: found.most - len(rows)]
        names = [new_row(at, number) for number in range(len(fresh))]
        changes = [
            Change(f"{table}:{name}:{column}", text, 0)
            for name, row in zip(names, fresh, strict=True)
            for column, text in row.items()
        ]
        if changes:
            _upsert(application_id, [(one.path, _stored(layout, one), 1) for one in changes], by, at)
    return len(fresh)


def _rearranged(table: Table, rows: list[str], gone: set[str], kind: str, row: str) -> str:
    if kind == "remove":
        rows, gone = [one for one in rows if one != row], gone | {row}
    elif kind in ("add", "restore"):
        if len(rows) >= table.most:
            raise CaseProblem(_("“%(name)s”最多 %(most)s 行") % {"name": table.name, "most": table.most})
        rows, gone = [*(one for one in rows if one != row), row], gone - {row}
    elif row in rows:
        at = rows.index(row)
        to = max(0, at - 1) if kind == "up" else min(len(rows) - 1, at + 1)
        rows = [one for one in rows if one != row]
        rows.insert(to, row)
    text = " ".join([*rows, *(f"-{one}" for one in sorted(gone))])
    if len(text) > LONGEST_ORDER:
        raise CaseProblem(_("这张表增删过太多次，请另起一份申报"))
    return text


def new_row(at: datetime, number: int = 0) -> str:
    """A name for a row that nobody else makes up: the instant and a little chance; later rows sort behind."""
    from secrets import randbelow

    return f"{_letters(int(at.timestamp() * 1000) + number):0>9}{_letters(randbelow(36**3)):0>3}"


def _letters(number: int) -> str:
    return "".join(_digits(number)) or "0"


def _digits(number: int) -> Iterator[str]:
    if number:
        yield from _digits(number // 36)
        yield "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]
