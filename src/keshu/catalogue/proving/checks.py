"""Whether the checks of texts and their functions belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keshu.catalogue.problems import Flaw, Problem
from keshu.catalogue.schema import TextCheck
from keshu.kernel.prose.checking import CHECKS
from keshu.kernel.prose.checking.registry import PARAMS


def check_flaws(check: TextCheck) -> Iterator[Flaw]:
    if check.code not in CHECKS:
        yield Flaw(("code",), f"没有“{check.code}”这条核对规则的程序", f"写已有规则的代码：{'、'.join(sorted(CHECKS))}")
        return
    wanted, written = PARAMS[check.code], set(check.params)
    for name in sorted(wanted - written):
        yield Flaw(("params",), f"缺少参数“{name}”", "参照目录自带的同名规则补写")
    for name in sorted(written - wanted):
        yield Flaw(("params", name), f"这条规则不用参数“{name}”", "删去它")


def missing_checks(checks: Mapping[str, TextCheck], unread: set[str]) -> Iterator[Problem]:
    """Functions that no definition names: nobody could see or switch them."""
    for code in sorted(set(CHECKS) - set(checks) - unread):
        yield Problem("checks", 1, code, f"核对规则“{code}”只有程序，没有定义", "在 checks 目录写上它的定义")
