"""Definitions from the package and a site's overlay, as models: everything at once, or every problem at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from keshu.catalogue.kinds import KINDS, Kind
from keshu.catalogue.problems import CatalogueError, Flaw, Problem
from keshu.catalogue.programme_library import assembled
from keshu.catalogue.reading import BadFile, line_of, read_documents
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
from keshu.catalogue.standard import with_standard_fields
from keshu.catalogue.wording import flaws_of

ROOT: Final = Path(__file__).parent


@dataclass(frozen=True)
class Catalogue:
    """All definitions in force, by code."""

    ledgers: dict[str, Ledger] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    switches: dict[str, Switch] = field(default_factory=dict)
    summaries: dict[str, Summary] = field(default_factory=dict)
    phrases: dict[str, Phrase] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)
    checks: dict[str, TextCheck] = field(default_factory=dict)

    @cached_property
    def countable(self) -> dict[str, Ledger]:
        """Whatever indicators may count: ledgers, and the sources that apps offer."""
        return {**self.sources, **self.ledgers}

    def of_kind(self, name: str) -> dict[str, Any]:
        """The definitions of one kind; raises ``AttributeError`` for a kind that does not exist."""
        found: dict[str, Any] = getattr(self, name)
        return found

    def find(self, code: str) -> Definition | None:
        """The definition with this code, whatever its kind; ledgers first."""
        return next((kind[code] for kind in map(self.of_kind, (k.name for k in KINDS)) if code in kind), None)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a definition was written."""

    path: Path
    shown: str
    document: int
    prefix: tuple[str | int, ...] = ()

    def problem(self, flaw: Flaw) -> Problem:
        steps = (*self.prefix, *flaw.path)
        line = line_of(self.path, self.document, steps)
        return Problem(self.shown, line, ".".join(map(str, flaw.path)), flaw.message, flaw.remedy)


@dataclass
class _Reading:
    """What has been read so far; a later layer replaces a definition of the same code."""

    models: dict[str, dict[str, Definition]]
    origins: dict[tuple[str, str], Origin]
    problems: list[Problem]
    unread: set[str] = field(default_factory=set)


def load(overlay: Path | None = None) -> Catalogue:
    """The catalogue of the package with the overlay laid over it; raises ``CatalogueError`` with all problems."""
    catalogue, problems = _read(ROOT, overlay)
    if problems:
        raise CatalogueError(problems)
    return catalogue


def validate(overlay: Path | None = None, *, root: Path = ROOT) -> list[Problem]:
    """Every problem of the package's definitions with this overlay, in the order of files and lines."""
    return sorted(_read(root, overlay)[1])


def _read(root: Path, overlay: Path | None) -> tuple[Catalogue, list[Problem]]:
    from keshu.catalogue.meaning import flaws_in  # the checks of meaning need the Catalogue of this module
    from keshu.catalogue.proving.checks import missing_checks

    reading = _Reading({kind.name: {} for kind in KINDS}, {}, [])
    for layer in (root, *([overlay] if overlay else [])):
        if not layer.is_dir():
            problem = Problem(str(layer), 1, "", "定义目录不存在", "检查目录路径（KESHU_CATALOGUE）")
            reading.problems.append(problem)
            continue
        for kind in KINDS:
            _read_kind(kind, layer, reading)
    _refuse_strangers(overlay, reading)
    models: dict[str, Any] = {**reading.models, "programmes": assembled(reading.models["programmes"])}  # type: ignore[arg-type]
    catalogue = Catalogue(**models)
    for kind_name, code, flaw in flaws_in(catalogue):
        if flaw.about and flaw.about in reading.unread:
            continue
        reading.problems.append(reading.origins[kind_name, code].problem(flaw))
    if root == ROOT:
        reading.problems.extend(missing_checks(catalogue.checks, reading.unread))
    return catalogue, reading.problems


def _files(kind: Kind, layer: Path) -> list[Path]:
    source = layer / kind.source
    if source.is_dir():
        return sorted(source.glob("*.yaml"))
    return [source] if source.is_file() else []


def _refuse_strangers(overlay: Path | None, reading: _Reading) -> None:
    """A file in the overlay that no kind reads is a slip of the pen, never silently ignored."""
    if overlay is None or not overlay.is_dir():
        return
    known = {path for kind in KINDS for path in _files(kind, overlay)}
    for path in sorted({*overlay.rglob("*.yaml"), *overlay.rglob("*.yml")} - known):
        if path.relative_to(overlay).as_posix() == "coverage.yaml":
            continue
        remedy = f"放进 {'、'.join(kind.source for kind in KINDS)}，后缀用 .yaml"
        reading.problems.append(Problem(_shown(path, overlay), 1, "", "这个文件不会被读取", remedy))


def _shown(path: Path, layer: Path) -> str:
    return path.relative_to(layer).as_posix() if layer == ROOT else str(path)


def _read_kind(kind: Kind, layer: Path, reading: _Reading) -> None:
    here: dict[str, Origin] = {}
    for path in _files(kind, layer):
        shown = _shown(path, layer)
        try:
            documents = read_documents(path)
        except BadFile as bad:
            reading.problems.append(Problem(shown, bad.line, bad.key, bad.message, bad.remedy))
            reading.unread |= {path.stem, *_codes_in(path)}
            continue
        for number, document in enumerate(documents):
            for content, prefix in _definitions(kind, document):
                _take(kind, content, Origin(path, shown, number, prefix), here, reading)


def _codes_in(path: Path) -> list[str]:
    """The codes of a file that is not readable as YAML, as far as its lines tell."""
    return re.findall(r"^code: *([a-z0-9_.]+)", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)


def _definitions(kind: Kind, document: Any) -> list[tuple[Any, tuple[str | int, ...]]]:
    """A document as definitions: itself, a list, or a list under the key of the kind."""
    if isinstance(document, dict) and set(document) == {kind.name} and isinstance(document[kind.name], list):
        return [(content, (kind.name, index)) for index, content in enumerate(document[kind.name])]
    if isinstance(document, list):
        return [(content, (index,)) for index, content in enumerate(document)]
    return [(document, ())]


def _take(kind: Kind, content: Any, origin: Origin, here: dict[str, Origin], reading: _Reading) -> None:
    try:
        model = kind.model.model_validate(content)
    except ValidationError as error:
        reading.problems.extend(origin.problem(flaw) for flaw in flaws_of(error, kind.model))
        if isinstance(content, dict) and content.get("code"):
            reading.unread.add(str(content["code"]))
        return
    if model.code in here:
        first = here[model.code]
        flaw = Flaw(("code",), f"代码“{model.code}”已在 {first.shown} 用过", "代码不得重复，改用别的代码或合并两处定义")
        reading.problems.append(origin.problem(flaw))
        return
    here[model.code] = origin
    reading.origins[kind.name, model.code] = origin
    reading.models[kind.name][model.code] = with_standard_fields(model) if type(model) is Ledger else model
