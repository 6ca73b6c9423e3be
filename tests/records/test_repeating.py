"""Tasks that ask for their own next run: one chain, and the nightly count of rows."""

from datetime import UTC, datetime, time

import pytest
from django.db import connection

from keshu.bureau.records import tasks
from keshu.bureau.records.repeating import next_day

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("at", "next_run"),
    [
        pytest.param(datetime(2026, 11, 1, 2, 0, tzinfo=UTC), datetime(2026, 11, 1, 19, 40, tzinfo=UTC), id="by day"),
        pytest.param(datetime(2026, 11, 1, 19, 39, tzinfo=UTC), datetime(2026, 11, 1, 19, 40, tzinfo=UTC), id="before"),
        pytest.param(datetime(2026, 11, 1, 19, 40, tzinfo=UTC), datetime(2026, 11, 2, 19, 40, tzinfo=UTC), id="at it"),
    ],
)
def test_the_next_night_is_that_of_shanghai(at, next_run):
    assert next_day(at, time(3, 40)) == next_run


def test_rows_are_counted_and_the_next_night_is_asked_for_once(settings):
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    assert tasks.count_rows.call() is (connection.vendor == "sqlite")
    tasks.count_rows.call()
    assert DBTaskResult.objects.filter(task_path=tasks.count_rows.module_path).count() == 1
