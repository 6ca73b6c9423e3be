"""Definitions as data: what varies by place and year, read from YAML, without a database."""

from keshu.catalogue.columns import COLUMNS, columns_of, mappable
from keshu.catalogue.describing import describe, describe_text, json_schema
from keshu.catalogue.hashing import definition_content, definition_hash
from keshu.catalogue.headers import normalise, normalise_header, split_header
from keshu.catalogue.kinds import KINDS, Kind, kind_named, kind_of
from keshu.catalogue.loader import Catalogue, load, validate
from keshu.catalogue.problems import CatalogueError, Problem
from keshu.catalogue.rules import Rule, RuleError, parse_rule
from keshu.catalogue.schema import Definition, Field, Indicator, Ledger, Parameter, Phrase, Programme, Summary, Switch

__all__ = [
    "COLUMNS",
    "KINDS",
    "Catalogue",
    "CatalogueError",
    "Definition",
    "Field",
    "Indicator",
    "Kind",
    "Ledger",
    "Parameter",
    "Phrase",
    "Problem",
    "Programme",
    "Rule",
    "RuleError",
    "Summary",
    "Switch",
    "columns_of",
    "definition_content",
    "definition_hash",
    "describe",
    "describe_text",
    "json_schema",
    "kind_named",
    "kind_of",
    "load",
    "mappable",
    "normalise",
    "normalise_header",
    "parse_rule",
    "split_header",
    "validate",
]
