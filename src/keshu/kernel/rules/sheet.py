"""Facts that are computed from other facts, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keshu.kernel.rules.compiling import Facts


class Circular(ValueError):
    """Computed facts need each other in a circle; carries their names in order."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(" → ".join(names))


@dataclass(frozen=True, slots=True)
class Computed:
    """A fact made from others: its name, the names that it needs, how."""

    name: str
    needs: tuple[str, ...]
    compute: Callable[[Facts], Any]


class Sheet:
    """Computed facts laid over raw ones; raises ``Circular`` when they need each other in a circle."""

    def __init__(self, computed: Sequence[Computed]) -> None:
        self._by_name = {one.name: one for one in computed}
        self._order: list[Computed] = []
        done: set[str] = set()
        for one in computed:
            self._place(one, [], done)

    def _place(self, one: Computed, above: list[str], done: set[str]) -> None:
        if one.name in above:
            raise Circular([*above[above.index(one.name) :], one.name])
        if one.name in done:
            return
        for need in one.needs:
            if need in self._by_name:
                self._place(self._by_name[need], [*above, one.name], done)
        done.add(one.name)
        self._order.append(one)

    def filled(self, facts: Facts) -> dict[str, Any]:
        """The raw facts with every computed one added; a computed fact wins over a raw one of the same name."""
        found = dict(facts)
        for one in self._order:
            found[one.name] = one.compute(found)
        return found

    def missing(self, names: Sequence[str], facts: Mapping[str, Any]) -> tuple[str, ...]:
        """The raw names without a value that stand behind these names, each once."""
        found: dict[str, None] = {}
        for name in names:
            one = self._by_name.get(name)
            if one is not None:
                found.update(dict.fromkeys(self.missing(one.needs, facts)))
            elif facts.get(name) is None or facts.get(name) == "":
                found[name] = None
        return tuple(found)
