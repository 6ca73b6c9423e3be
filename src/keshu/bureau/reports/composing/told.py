"""What a reference says: the one shape in which figures, names and targets reach the composer."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from keshu.kernel.measure.period import Period

#: forms that compare; a fall in one of them is written only where the sentence says so
COMPARISONS = frozenset(
    {"growth", "points", "difference", "net", "rank_moved", "against_average", "compound_growth", "pace"}
)


@dataclass(frozen=True)
class Told:
    """`words` is what prints, "" where nothing may; `worse` says that the comparison goes the wrong way.

    `bare`: the words are a clause of their own (由2家增至5家, 与上年基本持平), nothing like 同比 stands before them.
    """

    reference: str
    code: str
    form: str
    name: str
    words: str
    value: Decimal | None
    period: Period
    flow: bool = True
    worse: bool = False
    bare: bool = False
    public: bool = True
    why: str = ""
    entries: tuple[int, ...] = ()
    shown: tuple[int, ...] = ()  # the entries whose names are printed
    says: str = ""  # the words of its scope
    unit: str = ""
    formed: Any = field(default=None, hash=False, compare=False, repr=False)  # the numbers, for gates and tables

    @property
    def present(self) -> bool:
        return self.words != ""


class Teller(Protocol):
    """Answers references that were asked for beforehand."""

    def tell(self, reference: str) -> Told:
        """What the reference says; a missing figure is told with empty words and the reason."""
        ...
