"""The kinds of definitions: which model, which files. A new kind is one more line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from keshu.catalogue.schema import (
    Definition,
    Indicator,
    Ledger,
    Parameter,
    Phrase,
    Programme,
    Source,
    Summary,
    Switch,
    TextCheck,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of definition. ``source`` is a folder (every ``*.yaml`` in it) or one file, under the catalogue root.

    A document may hold one definition, or a list of them under the key of the kind.
    """

    name: str
    model: type[Definition]
    source: str


KINDS: Final = (
    Kind("ledgers", Ledger, "ledgers"),
    Kind("sources", Source, "sources"),
    Kind("indicators", Indicator, "indicators"),
    Kind("parameters", Parameter, "parameters"),
    Kind("switches", Switch, "switches.yaml"),
    Kind("summaries", Summary, "summaries"),
    Kind("phrases", Phrase, "phrases.yaml"),
    Kind("programmes", Programme, "programmes"),
    Kind("checks", TextCheck, "checks"),
)


def kind_named(name: str) -> Kind:
    """The kind with this name; raises ``KeyError`` naming those that exist."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise KeyError(f"没有“{name}”这一类定义，可用：{'、'.join(kind.name for kind in KINDS)}")


def kind_of(model: Definition) -> str:
    """The name of the kind that a definition belongs to."""
    return next(kind.name for kind in KINDS if type(model) is kind.model)
