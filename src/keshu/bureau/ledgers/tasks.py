"""What ledgers leave to the worker."""

from datetime import date

from django_tasks import task

from keshu.bureau.ledgers.importing import services


@task()
def read_batch(batch_id: int, today: str, chosen: dict[str, dict[str, str]]) -> str:
    """Read an uploaded file into staging; returns the state in which the batch is left. JSON keys are text."""
    columns = {sheet: {int(index): code for index, code in one.items()} for sheet, one in chosen.items()}
    return services.run(batch_id, today=date.fromisoformat(today), chosen=columns or None).state
