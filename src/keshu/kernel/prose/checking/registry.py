"""The functions of the checks, under the codes of their definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keshu.kernel.prose.checking.model import Definition, Verdict
from keshu.kernel.prose.checking.page import Page

Check = Callable[[Page, Definition], Iterator[Verdict]]
CHECKS: dict[str, Check] = {}
#: the parameters that each check reads from its definition
PARAMS: dict[str, frozenset[str]] = {}


def check_for(code: str, *params: str) -> Callable[[Check], Check]:
    """Register a function as the check of this code, with the names of the parameters that it reads."""

    def register(function: Check) -> Check:
        CHECKS[code] = function
        PARAMS[code] = frozenset(params)
        return function

    return register
