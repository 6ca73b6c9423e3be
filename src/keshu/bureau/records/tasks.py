"""What keeping the records leaves to the worker."""

from datetime import time

from django.db import connection
from django.utils import timezone
from django_tasks import task

from keshu.bureau.records.repeating import ask_again, next_day

NIGHT = time(3, 40)


@task()
def count_rows() -> bool:
    """Let SQLite count how its indexes are filled, and ask for the next night; says whether it did.

    Without that it does not know that nearly all cases have ended, and reads them all for a list of those that have
    not. PostgreSQL does it by itself.
    """
    counted = connection.vendor == "sqlite"
    if counted:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    ask_again(count_rows, next_day(timezone.now(), NIGHT))
    return counted
