"""What the outbox leaves to the worker."""

from django.utils import timezone
from django_tasks import task

from keshu.bureau.outbox.delivering import work_off
from keshu.bureau.outbox.queries import next_due
from keshu.bureau.outbox.sending import open_channels


@task()
def deliver(sweep: bool = False) -> dict[str, int]:
    """Send what is due and ask for the next run. `sweep`, when a worker starts, also asks for what others left."""
    run = work_off(timezone.now)
    again = next_due(open_channels()) if sweep else run.again
    if again is not None and deliver.get_backend().supports_defer:
        deliver.using(run_after=max(again, timezone.now())).enqueue()
    return {"sent": run.sent, "refused": run.refused}
