"""What handling leaves to the worker."""

from datetime import time

from django.utils import timezone
from django_tasks import task

from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.accounts.models import User
from keshu.bureau.programmes.handling.batches import release_batch
from keshu.bureau.programmes.handling.passing_time import pass_time
from keshu.bureau.programmes.handling.reminding import remind
from keshu.bureau.programmes.models import Batch
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity import due
from keshu.bureau.records.repeating import ask_again, next_day


@task()
def release(batch_id: int, username: str, only: list[int] | None) -> dict[str, int]:
    """Release a batch for the person who asked, with the rights of the day on which she did; what stands in the way
    is kept on the batch."""
    asked = Batch.objects.values_list("asked_at", flat=True).get(pk=batch_id)
    viewer = viewer_of(User.objects.get(username=username), on=timezone.localdate(asked))
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
    today = timezone.localdate(at)
    told = remind(today) + due.remind(today)
    ask_again(remind_daily, next_day(at, MORNING))
    return {"told": told, "passed": passed}
