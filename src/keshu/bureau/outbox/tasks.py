"""What the outbox leaves to the worker."""

from django.utils import timezone
from django_tasks import task

from keshu.bureau.outbox.delivering import work_off
from keshu.bureau.outbox.queries import next_due
from keshu.bureau.outbox.sending import open_channels
from keshu.bureau.records.repeating import ask_again


@task()
def deliver() -> dict[str, int]:
    """Send what is due, then see to it that there is a run when the next message falls due.

    Every run looks at the whole queue, not only at what it left itself: a worker that was killed left leases behind.
    """
    run = work_off(timezone.now)
    at, again = timezone.now(), next_due(open_channels())
    if again is not None:
        ask_again(deliver, max(again, at))
    return {"sent": run.sent, "refused": run.refused}
