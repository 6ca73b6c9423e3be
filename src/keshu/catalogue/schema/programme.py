"""A programme 申报事项: everything that a bureau needs to open a call for it, as one definition.

``abstract`` programmes are libraries: others name their sections, slots, checks and segments by code.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import Field as Value
from pydantic import Tag, field_validator, model_validator

from keshu.catalogue.schema.base import Code, Definition, DottedCode, Name, Part, Scalar, refuse
from keshu.catalogue.schema.programme_form import FactName, Section, Slot
from keshu.catalogue.schema.programme_money import Money, ScoreSheet
from keshu.catalogue.schema.programme_parts import BandRow, FormulaText, Limit, NamedOrWritten, RuleText, TierRow
from keshu.catalogue.schema.programme_stages import Ladder, Rename, Segment, ladder_of
from keshu.catalogue.schema.programme_words import APPLICANT_TYPES, PAYING

Named = Annotated[Code, Tag("named")]
#: law: a document of the state; local: of the place; default: our assumption, to be replaced
Origin = Literal["law", "local", "default"]
Kind = Literal["project", "recognition", "subsidy", "award", "nomination"]
Level = Literal["national", "provincial", "municipal", "county"]


class Applicants(Part):
    """Who may apply, before any condition is asked; ``recommended`` says that a county or park has to recommend."""

    types: Annotated[tuple[str, ...], Value(min_length=1)]
    recommended: bool = True
    joint: bool = False
    says: str = ""

    @field_validator("types")
    @classmethod
    def _known(cls, types: tuple[str, ...]) -> tuple[str, ...]:
        for one in types:
            if one not in APPLICANT_TYPES:
                refuse(f"没有“{one}”这类申报主体", f"只能写：{'、'.join(APPLICANT_TYPES)}")
        return types


class ComputedFact(Part):
    """A fact made from others: by a formula, or from a table of points or of progressive rates applied to ``of``."""

    hashed: ClassVar[frozenset[str]] = frozenset({"name"})

    name: FactName
    formula: FormulaText | None = None
    of: FormulaText | None = None
    tiers: tuple[TierRow, ...] = ()
    bands: tuple[BandRow, ...] = ()
    style: Literal["", "percent", "万", "亿"] = ""
    help: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> ComputedFact:
        if sum((self.formula is not None, bool(self.tiers), bool(self.bands))) != 1:
            refuse(f"“{self.name}”要且只要一种算法", "在 formula、tiers、bands 中写一种")
        if (self.of is None) == bool(self.tiers or self.bands):
            refuse(f"“{self.name}”的 of 与算法不符", "用 tiers、bands 时写明 of，用 formula 时不写")
        return self


class Condition(Part):
    """A condition of applying. ``needs`` says where the applicant finds the facts; ``warns`` does not bar her."""

    code: Code
    name: Name
    rule: RuleText
    basis: str = ""
    needs: str = ""
    origin: Origin = "default"
    warns: bool = False
    when: RuleText | None = None


class FormalCheck(Part):
    """An item of the formal check: judged by its rule, or by a person by what ``look`` says."""

    code: Code
    name: Name
    rule: RuleText | None = None
    look: str = ""
    remedy: str = ""
    basis: str = ""
    origin: Origin = "default"

    @model_validator(mode="after")
    def _judged_somehow(self) -> FormalCheck:
        if self.rule is None and not self.look:
            refuse("形式审查项没有写怎么审", "写 rule（自动）或 look（人工看什么）")
        return self


class Validity(Part):
    """How long the outcome is valid from the day of the decision; ``given`` means that an upper office says it."""

    length: Limit | None = None
    unit: Literal["years", "months"] = "years"
    given: bool = False


class Outcome(Part):
    """What is written into a ledger in the same act as one of these events: constants, and fields by formula."""

    ledger: Code
    on: Annotated[tuple[Code, ...], Value(min_length=1)]
    set: dict[Code, Scalar] = Value(default_factory=dict)
    fields: dict[Code, FormulaText] = Value(default_factory=dict)
    validity: Validity | None = None


class Document(Part):
    """A paper that the event prints."""

    template: Code
    name: Name
    on: Code


class Programme(Definition):
    """One programme. ``path`` is its way by segments; ``without`` leaves out events, ``limits`` sets other times.

    ``superior`` is whom recommendations are sent to, where that is not the office above the bureau.
    """

    unhashed: ClassVar[frozenset[str]] = frozenset({"superior"})

    kind: Kind = "project"
    level: Level = "municipal"
    owner: Name = "计财科"
    theme: Name = "项目资金"
    superior: str = ""
    basis: str = ""
    abstract: bool = False
    library: tuple[DottedCode, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    applicants: Applicants | None = None
    computed: tuple[ComputedFact, ...] = ()
    conditions: tuple[Annotated[Named | Annotated[Condition, Tag("written")], NamedOrWritten], ...] = ()
    form: tuple[Annotated[Named | Annotated[Section, Tag("written")], NamedOrWritten], ...] = ()
    slots: tuple[Annotated[Named | Annotated[Slot, Tag("written")], NamedOrWritten], ...] = ()
    checks: tuple[Annotated[Named | Annotated[FormalCheck, Tag("written")], NamedOrWritten], ...] = ()
    path: tuple[Annotated[Named | Annotated[Segment, Tag("written")], NamedOrWritten], ...] = ()
    renamed: dict[Code, Rename] = Value(default_factory=dict)
    limits: dict[Code, Limit] = Value(default_factory=dict)
    without: tuple[Code, ...] = ()
    scoring: ScoreSheet | None = None
    money: Money | None = None
    outcomes: tuple[Outcome, ...] = ()
    documents: tuple[Document, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Programme:
        if self.abstract:
            return self
        for part, what in (("applicants", "申报主体"), ("form", "申报书"), ("path", "流程"), ("outcomes", "结果登记")):
            if not getattr(self, part):
                refuse(f"申报事项没有写{what}（{part}）", f"补写 {part}，或标明 abstract: true")
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            refuse("启用日期晚于停用日期", "核对 valid_from 与 valid_to")
        return self

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the form; names of libraries are there only until the catalogue is put together."""
        return tuple(part for part in self.form if isinstance(part, Section))

    @cached_property
    def attachments(self) -> tuple[Slot, ...]:
        return tuple(part for part in self.slots if isinstance(part, Slot))

    @cached_property
    def requirements(self) -> tuple[Condition, ...]:
        return tuple(part for part in self.conditions if isinstance(part, Condition))

    @cached_property
    def formal_checks(self) -> tuple[FormalCheck, ...]:
        return tuple(part for part in self.checks if isinstance(part, FormalCheck))

    @cached_property
    def ladder(self) -> Ladder:
        """The way of a case, segments joined; one that brings no money has no rows of paying."""
        segments = tuple(part for part in self.path if isinstance(part, Segment))
        without = frozenset(self.without)
        if not self.pays:
            rows = (row for segment in segments for row in segment.transitions)
            without |= {row.event for row in rows if PAYING in row.effects}
        return ladder_of(segments, renamed=self.renamed, limits=self.limits, without=without)

    @property
    def pays(self) -> bool:
        return self.money is not None and self.money.mode != "none"

    def outcomes_on(self, event: str) -> tuple[Outcome, ...]:
        """What has to be written when this event happens."""
        return tuple(outcome for outcome in self.outcomes if event in outcome.on)

    def open_on(self, day: date) -> bool:
        """Whether a call may be opened on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)
