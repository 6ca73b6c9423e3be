"""One language for conditions, points and money: exact, three-valued, Chinese, with a reason for every clause.

    compile_rule("科技人员数 / 职工总数 >= 10% and 申报单位.类型 in ['企业']").verdict(facts)

Names are facts by name, Chinese or dotted. Numbers are exact; ``5000万``, ``2亿`` and ``10%`` are numbers. A fact that is
missing makes what needs it unknown, never false.
"""

from keshu.kernel.rules.arithmetic import as_decimal, round_half_up
from keshu.kernel.rules.constant import Domain, constant_truth
from keshu.kernel.rules.errors import RuleError
from keshu.kernel.rules.functions import FUNCTIONS
from keshu.kernel.rules.rule import Clause, Formula, Rule, Verdict, compile_formula, compile_rule
from keshu.kernel.rules.saying import show
from keshu.kernel.rules.sheet import Circular, Computed, Sheet
from keshu.kernel.rules.tables import Band, Tier, capped, gaps, interest, piecewise, split, tier_of, tiers

__all__ = [
    "FUNCTIONS",
    "Band",
    "Circular",
    "Clause",
    "Computed",
    "Domain",
    "Formula",
    "Rule",
    "RuleError",
    "Sheet",
    "Tier",
    "Verdict",
    "as_decimal",
    "capped",
    "compile_formula",
    "compile_rule",
    "constant_truth",
    "gaps",
    "interest",
    "piecewise",
    "round_half_up",
    "show",
    "split",
    "tier_of",
    "tiers",
]
