"""The card 经费预算与决算 on the page of a case."""

from typing import Any

from django.http import HttpRequest

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants import accounting


def context(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """The budget head by head, promised, changed and spent; None before there is a task book."""
    account = accounting.account_of(case)
    if account is None:
        return None
    changed = any(one.changed for line in account.lines for one in line.amounts)
    return {"account": account, "changed": changed, "settled": account.filed_on is not None}
