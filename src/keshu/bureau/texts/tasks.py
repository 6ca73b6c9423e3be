"""What texts leave to the worker."""

from django_tasks import task

from keshu.bureau.texts import services


@task()
def read_text(text_id: int) -> str:
    """Read a kept text; returns the state in which it is left. Asked twice, it reads twice and changes nothing."""
    return services.read_text(text_id)
