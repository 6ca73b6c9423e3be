"""The way of a case as a machine of the records: the rows of its definition, and what is registered for their names.

Conditions and effects are registered by whoever implements them; `check_all` refuses a definition that names one that
nobody has.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from keshu.bureau.programmes.casing import Case
from keshu.bureau.records import machine
from keshu.bureau.records.machine import Machine, Transition
from keshu.bureau.records.services import Writing
from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_stages import Step

UNDONE = "undo"  # the event of a passage that takes another back

Given = Callable[[Case, Writing], None]
TakeBack = Callable[[Case, int, Writing], None]  # the case, the act that is taken back, the act that does so
_givens: dict[str, tuple[frozenset[str], Given]] = {}
Arrival = Callable[[Case, Writing], None]
_take_backs: list[TakeBack] = []
_arrivals: list[Arrival] = []
_followers: dict[str, list[Given]] = {}


def condition(name: str) -> Callable[[Callable[[Case], str]], Callable[[Case], str]]:
    """Register the function as the condition of this name: "" where it holds, else why not and what to do."""

    def register(function: Callable[[Case], str]) -> Callable[[Case], str]:
        machine.register_condition(name, function)
        return function

    return register


def effect(name: str) -> Callable[[Callable[[Case, Writing], None]], Callable[[Case, Writing], None]]:
    """Register the function as the effect of this name; it runs inside the act, after the case has its new state."""

    def register(function: Callable[[Case, Writing], None]) -> Callable[[Case, Writing], None]:
        machine.register_effect(name, function)
        return function

    return register


def given(name: str, *words: str) -> Callable[[Given], Given]:
    """Register what writes down something that an event brings along (a decision, a payment), before conditions are asked.

    It runs where the event's `given` has this name, and only for rows that ask for it: those with one of `words` as
    event, condition or effect.
    """

    def register(function: Given) -> Given:
        _givens[name] = (frozenset(words), function)
        return function

    return register


def on(*events: str) -> Callable[[Given], Given]:
    """Register what else has to be written when one of these events has been taken, whatever the programme.

    For rows that belong to the event itself (how a grant came out); what only some programmes want is an effect.
    """

    def register(function: Given) -> Given:
        for event in events:
            _followers.setdefault(event, []).append(function)
        return function

    return register


def follow(case: Case, within: Writing) -> None:
    """Write what belongs to the event that was just taken."""
    for function in _followers.get(case.event, ()):
        function(case, within)


def take_back(function: TakeBack) -> TakeBack:
    """Register what takes back the rows that an act wrote about a case, when a batch is undone."""
    _take_backs.append(function)
    return function


def arrival(function: Arrival) -> Arrival:
    """Register what is done whenever a case has come to another state, after the effects of the event."""
    _arrivals.append(function)
    return function


def arrive(case: Case, within: Writing) -> None:
    """Everything that is done because the case has come to this state, whichever event led here."""
    for function in _arrivals:
        function(case, within)


def write_given(case: Case, step: Step, within: Writing) -> None:
    """Write down what the event brought along, as far as its row asks for it."""
    asked = {step.event, *step.conditions, *step.effects}
    for name, (words, write) in _givens.items():
        if case.given.get(name) and words & asked:
            write(case, within)


def take_back_all(case: Case, act_id: int, within: Writing) -> None:
    """Take back everything that the act wrote about the case, the latest registered first."""
    for function in reversed(_take_backs):
        function(case, act_id, within)


@lru_cache(maxsize=256)
def _machine(code: str, steps: tuple[Step, ...]) -> Machine:
    rows = tuple(
        Transition(step.source, step.event, step.target, step.right, step.label, step.conditions, step.effects)
        for step in steps
    )
    return Machine(code, rows)


def machine_of(programme: Programme) -> Machine:
    """The machine of a programme: its ladder, row by row."""
    return _machine(programme.code[:40], programme.ladder.steps)


def step_of(programme: Programme, state: str, event: str) -> Step | None:
    """The row of the ladder by which this event leaves this state."""
    return next((step for step in programme.ladder.out_of(state) if step.event == event), None)


def check_all(programmes: Iterable[Programme]) -> Iterator[tuple[str, str]]:
    """Programme and name for each condition or effect that nobody registered."""
    for programme in programmes:
        try:
            machine_of(programme).check()
        except KeyError as missing:
            yield programme.code, str(missing.args[0])
