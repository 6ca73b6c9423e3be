"""What the outbox leaves to the worker."""

from datetime import datetime

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from keshu.bureau.outbox.delivering import work_off
from keshu.bureau.outbox.queries import next_due
from keshu.bureau.outbox.sending import open_channels


@task()
def deliver() -> dict[str, int]:
    """Send what is due, then see to it that there is a run when the next message falls due.

    Every run looks at the whole queue, not only at what it left itself: a worker that was killed left leases behind.
    """
    run = work_off(timezone.now)
    at, again = timezone.now(), next_due(open_channels())
    if again is not None and deliver.get_backend().supports_defer and not _is_planned(max(again, at)):
        deliver.using(run_after=max(again, at)).enqueue()
    return {"sent": run.sent, "refused": run.refused}


def _is_planned(again: datetime) -> bool:
    """True if another run waits for that time or an earlier one, so that runs do not multiply."""
    waiting = DBTaskResult.objects.filter(task_path=deliver.module_path, status="READY")
    return waiting.filter(run_after__lte=again).exists()
