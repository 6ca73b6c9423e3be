"""Scores of a call as one table: written out with a line for each case, read again with every error by its cell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.access import actor_of_call, rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.scoring import (
    RIGHT,
    ScoreSpec,
    items_of,
    known_for,
    read_points,
    under_review,
    write_score,
)
from keshu.bureau.programmes.handling.tables import read_lines
from keshu.bureau.programmes.models import Application, Call, Score
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import held, touch
from keshu.bureau.records.services import writing
from keshu.catalogue.schema.programme_money import ScoreItem, ScoreSheet
from keshu.kernel.typed import read_date
from keshu.office.tables import letters

NUMBER, EXPERT, COMMENT, DAY = "受理编号", "专家", "意见", "评分日期"


@dataclass(frozen=True)
class Entry:
    """One line of the table that can be entered."""

    application: Application
    spec: ScoreSpec


def typed_items(sheet: ScoreSheet) -> list[ScoreItem]:
    """The items that experts fill in; computed ones are no column."""
    return [item for item in items_of(sheet) if item.by != "computed"]


def headings(sheet: ScoreSheet) -> list[str]:
    return [NUMBER, "名称", EXPERT, *(_heading(item) for item in typed_items(sheet)), COMMENT, DAY]


def _heading(item: ScoreItem) -> str:
    return f"{item.name}({item.most:f})"


def rows_for(sheet: ScoreSheet, applications: Iterable[Application]) -> Iterator[list[Any]]:
    """What was entered, and for a case without scores an empty line to begin with."""
    scores: dict[int, list[Score]] = {}
    cases = list(applications)
    for row in Score.objects.filter(application__in=cases, withdrawn_by=None).order_by("application_id", "pk"):
        scores.setdefault(row.application_id, []).append(row)
    for one in cases:
        for row in scores.get(one.pk, []):
            points = [row.points.get(item.code, "") for item in typed_items(sheet)]
            yield [one.number, one.title, row.expert, *points, row.comment, row.scored_on]
        if one.pk not in scores:
            yield [one.number, one.title]


def read_table(
    content: bytes, name: str, *, sheet: ScoreSheet, cases: Mapping[str, Case], today: date
) -> tuple[list[Entry], list[str]]:
    """The lines that are new, and everything that is wrong, each with its cell. Lines entered before are passed over."""
    lines, problem = read_lines(content, name)
    if problem:
        return [], [problem]
    columns, missing = _columns(sheet, lines[0][1] if lines else [])
    if missing:
        return [], [_("第一行缺少列：%(names)s；请用本页导出的表格填写") % {"names": "、".join(missing)}]
    known = _entered([case.application.pk for case in cases.values()])
    entries: list[Entry] = []
    wrong: list[str] = []
    for number, row in lines[1:]:
        _read_line(number, row, columns, sheet, cases, known, today, entries, wrong)
    return entries, wrong


def _columns(sheet: ScoreSheet, head: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Column by its heading; an item may be written with or without its most."""
    found = {text.replace("（", "(").replace("）", ")"): index for index, text in enumerate(head)}
    columns, missing = {}, []
    for code, names in {
        **{word: (word,) for word in (NUMBER, EXPERT, COMMENT, DAY)},
        **{item.code: (_heading(item), item.name) for item in typed_items(sheet)},
    }.items():
        index = next((found[name] for name in names if name in found), None)
        if index is not None:
            columns[code] = index
        elif code not in (COMMENT, DAY):
            missing.append(names[0])
    return columns, missing


def _entered(ids: Sequence[int]) -> set[tuple[int, str]]:
    rows = Score.objects.filter(application_id__in=ids, withdrawn_by=None)
    return set(rows.values_list("application_id", "expert"))


def _read_line(
    number: int, row: Sequence[str], columns: Mapping[str, int], sheet: ScoreSheet, cases: Mapping[str, Case],
    known: set[tuple[int, str]], today: date, entries: list[Entry], wrong: list[str],
) -> None:  # fmt: skip
    def text(code: str) -> str:
        return row[columns[code]] if code in columns and columns[code] < len(row) else ""

    def at(code: str, message: str) -> None:
        wrong.append(f"{letters(columns.get(code, 0) + 1)}{number}：{message}")

    typed = {item.code: text(item.code) for item in typed_items(sheet)}
    if not text(EXPERT) and not any(typed.values()):
        return None
    case = cases.get(text(NUMBER))
    if case is None:
        return at(NUMBER, _("受理编号“%(n)s”不在本批次可评审的申报中") % {"n": text(NUMBER)})
    key = (case.application.pk, text(EXPERT))
    if key in known:
        return None
    before = len(wrong)
    if not text(EXPERT):
        at(EXPERT, _("没有填写专家"))
    day = _day(text(DAY), today)
    if day is None or day > today:
        at(DAY, _("评分日期“%(text)s”不是日期或晚于今天") % {"text": text(DAY)})
    _points, problems = read_points(sheet, typed, known_for(case, sheet))
    for code, message in problems.items():
        at(code, message)
    if len(wrong) == before and day is not None:
        known.add(key)
        entries.append(Entry(case.application, ScoreSpec(text(EXPERT), typed, day, comment=text(COMMENT))))
    return None


def _day(text: str, today: date) -> date | None:
    if not text:
        return today
    value = read_date(text).value
    return value if isinstance(value, date) else None


def add_scores(entries: Sequence[Entry], *, call: Call, viewer: Viewer) -> int:
    """Enter all of them, or none, as one act. Raises CaseProblem with the case that stands in the way."""
    by = actor_of_call(viewer, RIGHT, call.pk)
    with writing(verb="case.score", by=by, subject=f"call:{call.pk}", place=call.place.code) as act:
        cases: dict[int, Case] = {}
        for entry in entries:
            case = cases.get(entry.application.pk)
            if case is None:
                application = held(entry.application.pk)
                if RIGHT not in rights_in(viewer, application):
                    raise CaseProblem(_("您没有登记%(n)s评分的权限") % {"n": application.number})
                case = cases[application.pk] = Case(application, at=act.act.at, by=by)
            write_score(case, entry.spec, act)
        for case in cases.values():
            touch(case, act)
    return len(entries)


def cases_under_review(applications: Iterable[Application], *, at: Any, viewer: Viewer) -> dict[str, Case]:
    """By number those for which scores can be entered now."""
    found = (Case(one, at=at, by=viewer.actor) for one in applications)
    return {str(case.application.number): case for case in found if under_review(case)}
