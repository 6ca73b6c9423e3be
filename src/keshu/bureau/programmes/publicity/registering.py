"""What lists under publicity and documents register: facts, conditions, effects, words."""

from keshu.bureau.programmes import outcomes_facts


def register() -> None:
    outcomes_facts.register()
