"""A form made from a definition: its controls, and beside each what the row's reader has to say about it.

The engine knows no ledger: whoever uses it hands over the fields and a judge, which reads the texts as an import reads
the cells of a row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms

from keshu.bureau.forms.controls import control_of
from keshu.catalogue.schema import Field

PREFIX = "row"
WIDE = ("longtext", "parties")


@dataclass(frozen=True)
class Remark:
    """What is wrong with a field, or worth a second look, with the remedy; `code` "" speaks about the whole row."""

    code: str
    message: str
    remedy: str = ""
    warning: bool = False

    @property
    def text(self) -> str:
        return f"{self.message}；{self.remedy}" if self.remedy else self.message


@dataclass(frozen=True)
class Judgement:
    """The row as typed values, and everything to be said about it."""

    row: Any = None
    remarks: tuple[Remark, ...] = field(default_factory=tuple)


Judge = Callable[[Mapping[str, str]], Judgement]


class DefinitionForm(forms.Form):
    """`texts` are the texts as typed; after `is_valid()`, `judgement.row` is what the judge made of them."""

    def __init__(
        self, items: Sequence[Field], *, judge: Judge, places: Sequence[tuple[str, str]], suggest: str,
        data: Mapping[str, Any] | None = None, texts: Mapping[str, str] | None = None,
        kept: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        super().__init__(data, initial=dict(texts or {}), prefix=PREFIX, use_required_attribute=False)
        self.items, self.judge, self.judgement = items, judge, Judgement()
        for item in items:
            self.fields[item.code] = control_of(item, places=places, suggest=suggest, kept=item.code in kept)

    @property
    def texts(self) -> dict[str, str]:
        return texts_from(self.items, self.data)

    def clean(self) -> dict[str, Any]:
        self.judgement = self.judge(self.texts)
        for remark in self.judgement.remarks:
            if not remark.warning and not (remark.code in self.errors and remark.message.startswith("缺少")):
                self.add_error(remark.code if remark.code in self.fields else None, remark.text)
        return self.cleaned_data

    @property
    def warnings(self) -> list[Remark]:
        return [remark for remark in self.judgement.remarks if remark.warning]

    @property
    def controls(self) -> Iterator[tuple[forms.BoundField, str]]:
        """Each control with the class that says how wide it is."""
        for item in self.items:
            yield self[item.code], "is-wide" if item.type in WIDE else ""


def texts_from(items: Sequence[Field], data: Mapping[str, Any]) -> dict[str, str]:
    """What was typed into the form's own controls, and nothing else of what was posted."""
    return {item.code: str(data.get(f"{PREFIX}-{item.code}", "")).strip() for item in items}
