"""YAML in: safe, exact, without surprises, and with line numbers when somebody needs them.

Differences from plain YAML 1.1, each because a definition once meant something else than it said: ``on`` and
``no`` are words, not booleans; numbers with a point are Decimal; numbers with a leading zero are text (place
codes); a key may stand only once.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # the C loader where it was built, the Python one elsewhere
    """A safe loader with the scalar rules of the module's docstring."""


class DuplicateKey(yaml.MarkedYAMLError):
    """One key stands twice in a mapping."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise DuplicateKey(problem=str(key), problem_mark=key_node.start_mark)
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
    ("tag:yaml.org,2002:timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "0123456789"),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))
_Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(node.value))
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


@dataclass(frozen=True, slots=True)
class BadFile(Exception):
    """A file that is not readable as definitions."""

    line: int
    key: str
    message: str
    remedy: str


def read_documents(path: Path) -> list[Any]:
    """All non-empty documents of a file; raises ``BadFile`` with the line and the remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadFile(1, "", "文件不是 UTF-8 编码", "用 UTF-8 编码另存后再试") from error
    except OSError as error:
        raise BadFile(1, "", f"文件读不出来（{error.strerror}）", "检查文件是否存在、是否有读取权限") from error
    try:
        return [document for document in yaml.load_all(text, Loader=_Loader) if document is not None]
    except DuplicateKey as error:
        raise BadFile(_line(error), str(error.problem), f"“{error.problem}”写了两遍", "留下一处，删去另一处") from error
    except yaml.MarkedYAMLError as error:
        raise BadFile(_line(error), "", f"YAML 格式不对：{error.problem}", "检查这一行的缩进、冒号和引号") from error
    except ValueError as error:
        line = _line_of_bad_scalar(text)
        raise BadFile(line, "", f"写了不存在的日期（{error}）", "核对年月日") from error


def _line(error: yaml.MarkedYAMLError) -> int:
    return int(error.problem_mark.line) + 1 if error.problem_mark else 1


def _line_of_bad_scalar(text: str) -> int:
    """The first line with a date that the calendar does not have."""
    loader = _Loader("")
    for node in yaml.compose_all(text, Loader=_Loader):
        for scalar in _scalars(node):
            try:
                loader.construct_object(scalar, deep=True)
            except ValueError:
                return int(scalar.start_mark.line) + 1
    return 1


def _scalars(node: yaml.Node) -> list[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        return [node]
    children = [child for pair in node.value for child in pair] if isinstance(node, yaml.MappingNode) else node.value
    return [scalar for child in children for scalar in _scalars(child)]


def line_of(path: Path, document: int, steps: Sequence[str | int]) -> int:
    """The line of the deepest part of ``steps`` that the file has, by reading the file again with marks."""
    text = path.read_text(encoding="utf-8")
    nodes = [node for node in yaml.compose_all(text, Loader=_Loader) if not _is_empty(node)]
    if document >= len(nodes):
        return 1
    node, line = nodes[document], int(nodes[document].start_mark.line) + 1
    for step in steps:
        child = _child(node, step)
        if child is None:
            continue  # a step that only the model has, such as the branch of a union
        node, line = child
    return line


def _is_empty(node: yaml.Node | None) -> bool:
    return node is None or (isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"))


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == str(step):
                return value, int(key.start_mark.line) + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child = node.value[step]
        return child, int(child.start_mark.line) + 1
    return None
