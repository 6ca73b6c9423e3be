"""What handling leaves to the worker."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django_tasks import task

from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.accounts.models import User
from keshu.bureau.programmes.handling.batches import release_batch
from keshu.bureau.programmes.handling.passing_time import pass_time
from keshu.bureau.programmes.handling.reminding import remind
from keshu.bureau.programmes.models import Batch
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.services import ZONE


@task()
def release(batch_id: int, username: str, only: list[int] | None) -> dict[str, int]:
    """Release a batch on behalf of the person who asked for it; what stands in the way is kept on the batch."""
    viewer = viewer_of(User.objects.get(username=username))
    try:
        outcome = release_batch(batch_id, viewer=viewer, only=only)
    except CaseProblem as problem:
        Batch.objects.filter(pk=batch_id).update(problem=str(problem)[:500], asked_at=None)
        return {"done": 0, "left": 0}
    return {"done": outcome.done, "left": outcome.left}


MORNING = time(7, 30)


@task()
def remind_daily() -> dict[str, int]:
    """End what time alone ends, tell what is due today, ask for the next morning unless that has been asked for."""
    at = timezone.now()
    passed = pass_time(at)
    told = remind(timezone.localdate(at))
    morning = next_morning(at)
    backend = remind_daily.get_backend()
    if backend.supports_defer and not _asked_for_later(at):
        remind_daily.using(run_after=morning).enqueue()
    return {"told": told, "passed": passed}


def next_morning(at: datetime) -> datetime:
    """The next half past seven in Shanghai."""
    here = at.astimezone(ZONE)
    morning = datetime.combine(here.date(), MORNING, ZONE)
    return morning if morning > here else morning + timedelta(days=1)


def _asked_for_later(at: datetime) -> bool:
    """Every worker that starts asks once; only one run a morning is to come of it."""
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    waiting = DBTaskResult.objects.filter(task_path=remind_daily.module_path, status=TaskResultStatus.READY)
    return waiting.filter(run_after__gt=at).exists()
