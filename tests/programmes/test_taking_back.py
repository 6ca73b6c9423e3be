"""A release that is taken back: nothing recorded goes away, and what was known on any day is known of that day for ever."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from keshu.bureau.programmes import counting
from keshu.bureau.programmes.applying.case_page import stages_of
from keshu.bureau.programmes.applying.case_page_ladder import rungs_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.batches import add_batches, release_batch, undo_batch
from keshu.bureau.programmes.handling.looking import Asked
from keshu.bureau.programmes.models import Reminder, Stage
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Passage
from tests.conftest import CLERK
from tests.programmes.cases_at import again, put

pytestmark = pytest.mark.django_db
DUE = date.today() + timedelta(days=20)
SAID = "subcategory, status, number, filed_on, decided_on, started_on, ended_on, quantity_1"


@pytest.fixture
def case(call, firm):
    """A case that waits to be accepted, since three days, until three weeks from now; its first reminder was told."""
    one = put(call, firm, "accepting", due=DUE)
    Stage.objects.filter(application=one, left_at=None).update(entered_at=datetime.now(UTC) - timedelta(days=3))
    stage = Stage.objects.get(application=one, left_at=None)
    Reminder.objects.create(stage=stage, on=DUE, kind="due", told_at=datetime.now(UTC))
    return one


def release(case, viewer):
    found = again(case)
    asked = [Asked(case.pk, found.revision, {})]
    batch = add_batches(asked, "accept", name="", viewer=viewer, at=datetime.now(UTC))[0]
    release_batch(batch.pk, viewer=viewer)
    return batch


def known(at):
    """Every row that figures about stays are made of, as it was known at the instant; None: now."""
    source = counting.find("case_stage")
    condition, values = source.condition(at)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {SAID} FROM {source.table()} WHERE {condition} ORDER BY {SAID}", values)
        return cursor.fetchall()


def way(case):
    """What people see of it: stays, ladder."""
    found = Case(again(case), at=datetime.now(UTC), by=CLERK)
    stages = stages_of(found)
    stays = [(one.state, one.order, one.entered_at, one.due_on, one.left_at, one.event, one.act_id) for one in stages]
    return stays, [(rung.name, rung.status) for rung in rungs_of(found, stages, inner=True, usual={})]


def test_figures_as_known_on_each_side_do_not_change_by_taking_back(case, bureau):
    before, way_before = datetime.now(UTC), way(case)
    rows_before = known(before)
    batch = release(case, bureau["clerk"])
    between = datetime.now(UTC)
    rows_between = known(between)
    assert rows_between != rows_before
    assert known(None) == rows_between
    undo_batch(batch.pk, viewer=bureau["clerk"], reason="受理有误")
    assert known(before) == rows_before
    assert known(between) == rows_between
    assert known(None) == known(datetime.now(UTC)) == rows_before, "as if it had never been, from now on"
    assert way(case) == way_before
    assert list(faults()) == []


def test_every_row_is_still_there_and_says_what_became_of_it(case, bureau):
    release_row = release(case, bureau["clerk"])
    there = dict(Stage.every.filter(application=case).values_list("pk", "state"))
    undo_batch(release_row.pk, viewer=bureau["clerk"], reason="受理有误")
    rows = {one.pk: one for one in Stage.every.filter(application=case)}
    assert there.items() <= {pk: one.state for pk, one in rows.items()}.items()
    undo = Passage.objects.get(subject=str(case.pk), event="undo").act
    told = sorted((one.state, one.left_by, one.undone_by == undo, one.restored_by == undo) for one in rows.values())
    assert told == [
        ("accepting", "", False, True),
        ("accepting", "accept", True, False),
        ("checking", "undo", True, False),
        ("draft", "submit", False, False),
    ]


def test_again_and_again(case, bureau):
    """Released, taken back, released, taken back: each is known of its own time; then it is accepted for good."""
    seen, clerk = [], bureau["clerk"]
    for _n in range(2):
        batch = release(case, clerk)
        seen.append((datetime.now(UTC), known(None)))
        undo_batch(batch.pk, viewer=clerk, reason="受理有误")
        seen.append((datetime.now(UTC), known(None)))
    one = again(case)
    pass_case(one.pk, "accept", seen=one.revision, viewer=clerk)
    assert [known(at) for at, _rows in seen] == [rows for _at, rows in seen]
    assert [stage.order for stage in Stage.objects.filter(application=case).order_by("order")] == [1, 2, 3]
    left = Stage.objects.get(application=case, state="accepting")
    assert (left.late, left.due_on, left.left_by) == (False, DUE, "accept")
    assert (left.left_at - left.entered_at).days == 3, "its stay began when it came, not when it was put back"


def test_what_was_told_is_not_told_again_and_what_was_not_will_be(case, bureau):
    undo_batch(release(case, bureau["clerk"]).pk, viewer=bureau["clerk"], reason="受理有误")
    running = Stage.objects.get(application=case, left_at=None)
    rows = dict(Reminder.objects.filter(stage=running).values_list("kind", "told_at"))
    assert rows["due"] is not None
    assert rows["before"] is None and rows["after"] is None
    ended = Stage.every.filter(application=case, undone_by__isnull=False)
    assert not Reminder.objects.filter(stage__in=ended, told_at__isnull=True).exists()
