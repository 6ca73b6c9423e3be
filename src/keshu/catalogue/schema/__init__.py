"""The shapes of the definitions: one module per kind."""

from keshu.catalogue.schema.base import Definition, Part
from keshu.catalogue.schema.check import CheckExamples, TextCheck
from keshu.catalogue.schema.indicator import Availability, Facts, Indicator, Scope, SemiJoin
from keshu.catalogue.schema.ledger import Check, Choice, Feed, Field, Layout, Ledger, Source
from keshu.catalogue.schema.parameter import Parameter, ParameterValue
from keshu.catalogue.schema.phrase import Phrase
from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.summary import Summary
from keshu.catalogue.schema.switch import Switch, SwitchPeriod
from keshu.catalogue.schema.where import Any_, In, Literal_, Range, Where

__all__ = [
    "Any_",
    "Availability",
    "Check",
    "CheckExamples",
    "Choice",
    "Definition",
    "Facts",
    "Feed",
    "Field",
    "In",
    "Indicator",
    "Layout",
    "Ledger",
    "Literal_",
    "Parameter",
    "ParameterValue",
    "Part",
    "Phrase",
    "Programme",
    "Range",
    "Scope",
    "SemiJoin",
    "Source",
    "Summary",
    "Switch",
    "SwitchPeriod",
    "TextCheck",
    "Where",
]
