"""What large files leave to the worker."""

from datetime import time

from django.utils import timezone
from django_tasks import task

from keshu.bureau.forms import uploads
from keshu.bureau.records.repeating import ask_again, next_day
from keshu.bureau.records.sweeping import sweep_files

NIGHT = time(3, 10)


@task()
def sweep_daily() -> dict[str, int]:
    """Give up uploads that nobody goes on with, take away bytes that no row names, ask for the next night."""
    at = timezone.now()
    given_up = uploads.sweep(at=at)
    removed = sweep_files(at - uploads.KEPT_FOR)
    ask_again(sweep_daily, next_day(at, NIGHT))
    return {"uploads": given_up, "files": removed}
