"""keshu catalogue validate | list | show | schema: no database needed."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from keshu.site.commands.answer import Answer, BadInput, Verbs

KINDS = ("ledgers", "sources", "indicators", "parameters", "switches", "summaries", "phrases", "programmes", "checks")


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("catalogue", help="口径目录：校验、列出、查看", parents=[common])
    subs = verb.add_subparsers(dest="action", required=True)
    validate = subs.add_parser("validate", parents=[common], help="校验全部定义，一次列出所有错误")
    validate.add_argument("directory", nargs="?", type=Path)
    validate.set_defaults(run=_validate)
    for name, run in (("list", _list), ("schema", _schema)):
        sub = subs.add_parser(name, parents=[common])
        sub.add_argument("kind", choices=KINDS)
        sub.set_defaults(run=run)
    show = subs.add_parser("show", parents=[common])
    show.add_argument("code")
    show.add_argument("--svg", action="store_true", help="申报事项的流程图")
    show.set_defaults(run=_show)


def _overlay() -> Path | None:
    path = os.environ.get("KESHU_CATALOGUE")
    return Path(path) if path else None


def _validate(arguments: argparse.Namespace) -> Answer:
    from keshu.catalogue.loader import validate

    problems = validate(arguments.directory or _overlay())
    rows = [vars_of(problem) for problem in problems]
    text = "\n".join(f"{r['file']}:{r['line']} [{r['key']}] {r['message']}。{r['remedy']}" for r in rows)
    return Answer(rows, text or "全部定义有效", exit_code=1 if rows else 0)


def vars_of(item: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(item)


def _loaded() -> Any:
    from keshu.catalogue.loader import load

    return load(_overlay())


def _list(arguments: argparse.Namespace) -> Answer:
    found = getattr(_loaded(), arguments.kind, {})
    shown = [
        d for d in found.values() if not getattr(d, "abstract", False)
    ]  # libraries of items are no texts to be built
    rows = [{"code": d.code, "name": d.name, "version": d.version, **_extra(d)} for d in shown]
    text = "\n".join(f"{row['code']}\t{row['version']}\t{row['name']}" for row in rows)
    return Answer(rows, text)


def _extra(definition: Any) -> dict[str, Any]:
    keys = ("kind", "unit", "owner", "theme", "severity", "certainty")
    return {key: getattr(definition, key) for key in keys if hasattr(definition, key)}


def _show(arguments: argparse.Namespace) -> Answer:
    definition = _loaded().find(arguments.code)
    if definition is None:
        raise BadInput(f"目录中没有代码“{arguments.code}”；用 keshu catalogue list 查看")
    if hasattr(definition, "ladder") and not definition.abstract:
        return _show_programme(definition, arguments.svg)
    content = definition.model_dump(mode="json", by_alias=True, exclude_none=True)
    return Answer(content, json.dumps(content, ensure_ascii=False, indent=2))


def _show_programme(programme: Any, svg: bool) -> Answer:
    """A programme with its stage diagram: as text, with ``--json`` as states and edges, with ``--svg`` as a drawing."""
    from keshu.catalogue import describing
    from keshu.catalogue.programme_drawing import stage_svg

    content = describing.describe(programme)
    return Answer(content, stage_svg(programme.ladder) if svg else describing.describe_text(programme))


def _schema(arguments: argparse.Namespace) -> Answer:
    from keshu.catalogue import describing

    schema = describing.json_schema(arguments.kind)
    return Answer(schema, json.dumps(schema, ensure_ascii=False, indent=2))
