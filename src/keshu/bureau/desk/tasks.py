"""What the audit page leaves to the worker."""

from django_tasks import task

from keshu.bureau.desk import services
from keshu.bureau.records.services import Actor


@task()
def check_chain(username: str, name: str) -> int:
    return services.check_chain(by=Actor(username, name)).pk
