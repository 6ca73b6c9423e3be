"""How many conditions a second: `python bench/rules.py`. A four-clause condition with a ratio, judged for one firm."""

import time
from decimal import Decimal

from keshu.kernel.rules import compile_rule

RULE = "科技人员数 / 职工总数 >= 10% and 申报单位.类型 in ['企业', '高校'] and 营业收入 <= 5000万 and not 失信"
FIRM = {"科技人员数": 20, "职工总数": 200, "申报单位.类型": "企业", "营业收入": Decimal(5 * 10**7), "失信": False}
ROUNDS = 200_000


def per_second(ask) -> float:
    """The best of five runs: the machine may be busy with other things."""
    best = 0.0
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(ROUNDS // 5):
            ask(FIRM)
        best = max(best, ROUNDS // 5 / (time.perf_counter() - start))
    return best


def main() -> None:
    rule = compile_rule(RULE)
    print(f"truth of {len(rule.verdict(FIRM).clauses)} clauses: {per_second(rule.truth):,.0f} a second")
    print(f"verdict with reasons: {per_second(rule.verdict):,.0f} a second")


if __name__ == "__main__":
    main()
