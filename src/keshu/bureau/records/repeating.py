"""Tasks that ask for their own next run: one chain of runs, however many workers start it."""

from datetime import datetime, time, timedelta
from typing import Any

from django_tasks_db.models import DBTaskResult

from keshu.bureau.records.services import ZONE


def ask_again(task: Any, run_after: datetime) -> None:
    """Ask for the next run of a task, unless one waits for that time or an earlier one: that one will ask in its turn."""
    if not task.get_backend().supports_defer:
        return
    waiting = DBTaskResult.objects.filter(task_path=task.module_path, status="READY")
    if not waiting.filter(run_after__lte=run_after).exists():
        task.using(run_after=run_after).enqueue()


def next_day(at: datetime, hour: time) -> datetime:
    """The next such hour in Shanghai."""
    here = at.astimezone(ZONE)
    found = datetime.combine(here.date(), hour, ZONE)
    return found if found > here else found + timedelta(days=1)
