"""keshu prose read | check: any text read back into figures and checked; no database unless a place is named."""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from keshu.site.commands.answer import Answer, BadInput, Verbs, start

RED, YELLOW, BLUE, FAINT = "31", "33", "34", "2"  # as terminals number them
TONES = {"certain": RED, "likely": YELLOW, "ask": BLUE}
SIDE = 18  # characters of context to either side of a figure


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("prose", help="文稿：认数与核校", parents=[common])
    subs = verb.add_subparsers(dest="action", required=True)
    read = subs.add_parser("read", parents=[common], help="读出文稿中的每一个数")
    read.set_defaults(run=_read)
    check = subs.add_parser("check", parents=[common], help="核校文稿：前后矛盾、算错、待填，并同台账核对")
    check.add_argument("--place", metavar="P", help="同这个区划的台账核对（须有数据库）")
    check.add_argument("--period", metavar="PERIOD", help="文稿所说的期间，如 2026 或 2026-01..2026-10")
    check.add_argument("--out", type=Path, metavar="FILE", help="写出带批注的 .docx 或核校报告 .html")
    check.set_defaults(run=_check)
    for sub in (read, check):
        sub.add_argument("file", help="文件；- 为标准输入")
        sub.add_argument("--year", type=int, metavar="Y", help="文稿的年度，文中没有写明年份的数按它理解")


def _source(arguments: argparse.Namespace) -> tuple[bytes, str]:
    if arguments.file == "-":
        return sys.stdin.buffer.read(), "标准输入.txt"
    path = Path(arguments.file)
    if not path.is_file():
        raise BadInput(f"找不到文件 {path}；请核对路径")
    from keshu.office.texts import Limits
    from keshu.office.texts.reader import load

    return load(path, path.name, Limits())


def _read(arguments: argparse.Namespace) -> Answer:
    from keshu.bureau.texts import reading
    from keshu.office.soffice import OfficeProblem

    try:
        file = reading.opened(*_source(arguments))
    except (reading.Unreadable, OfficeProblem) as problem:
        raise BadInput(str(problem)) from problem
    figures = reading.figures_of(file, year=arguments.year)
    return Answer(figures, "\n".join(_figure(file, one) for one in figures) or "没有认出数", messages=file.notes)


def _check(arguments: argparse.Namespace) -> Answer:
    from keshu.bureau.texts import reading
    from keshu.office.soffice import OfficeProblem

    if arguments.out and arguments.out.suffix.lower() not in (".docx", ".html"):
        raise BadInput(f"“{arguments.out}”应写成 .docx（带批注）或 .html（核校报告）")
    period = _period(arguments)
    try:
        content, name = _source(arguments)
        rules = _rules(arguments.place) if arguments.place else None
        found = reading.read(content, name, year=arguments.year or (period.year if period else None), rules=rules)
    except (reading.Unreadable, OfficeProblem) as problem:
        raise BadInput(str(problem)) from problem
    if arguments.place:
        _compare(found, arguments.place, period)
    if arguments.out:
        _write(arguments.out, content, name, found)
    differs = any((one.get("verdict") or {}).get("verdict") == "differs" for one in found.figures)
    data = {"figures": found.figures, "findings": found.findings}
    return Answer(data, "\n".join(_told(found)), tuple(found.notes), exit_code=1 if found.findings or differs else 0)


def _period(arguments: argparse.Namespace) -> Any:
    from keshu.kernel.measure.period import BadPeriod, Period

    if arguments.period:
        try:
            return Period.parse(arguments.period)
        except BadPeriod as problem:
            raise BadInput(str(problem)) from problem
    if arguments.place and not arguments.year:
        raise BadInput("同台账核对须说明期间：请加 --period 2026（或 --year 2026）")
    return Period.of_year(arguments.year) if arguments.place else None


def _rules(place: str) -> Any:
    """The site's own checks and phrases; raises BadInput for a place that is not there."""
    start()
    from keshu.bureau.places.models import Place
    from keshu.bureau.texts.ruling import rules_for

    if not Place.objects.filter(code=place).exists():
        raise BadInput(f"没有代码为“{place}”的区划；代码见“区划”页")
    return rules_for(place)


def _compare(found: Any, place: str, period: Any) -> None:
    """Put the verdict of the records beside each figure."""
    from keshu.bureau.records.services import now
    from keshu.bureau.texts import comparing

    verdicts = comparing.verdicts(found.text, found.read, place=place, period=period, known_at=now())
    for figure, verdict in zip(found.figures, verdicts, strict=True):
        if verdict:
            figure["verdict"] = verdict


def _write(out: Path, content: bytes, name: str, found: Any) -> None:
    if out.suffix.lower() == ".docx":
        from keshu.bureau.texts.annotated import annotated

        out.write_bytes(annotated(content, name, found.figures, found.findings, file=found.file))
        return
    from keshu.bureau.texts.report import html_report

    out.write_text(html_report(Path(name).stem, found, about=name), encoding="utf-8")


def _told(found: Any) -> Iterator[str]:
    """Findings with their place, arithmetic and remedy; then what the records deny; then how many there were."""
    from keshu.bureau.texts import wording
    from keshu.bureau.texts.passages import quote
    from keshu.bureau.texts.showing import where

    for one in found.findings:
        at = where(found.blocks, one["spans"][0][0])
        certainty = wording.CERTAINTIES.get(one["certainty"], one["certainty"])
        yield f"{at}  {_coloured(certainty, TONES.get(one['certainty'], BLUE))}  {one['statement']}"
        yield from (f"    {line}" for line in (one["arithmetic"], one["remedy"]) if line)
        yield f"    {_coloured(quote(found.text, one['spans']), FAINT)}"
    for one in found.figures:
        told = wording.disagreement(one)
        if told:
            yield f"{where(found.blocks, one['start'])}  {_coloured(one['text'], YELLOW)}  {told}"
    yield f"数 {len(found.figures)} 个，核校结论 {len(found.findings)} 条{_standing(found.figures)}"


def _standing(figures: Sequence[Mapping[str, Any]]) -> str:
    from keshu.bureau.texts import wording

    codes = [one["verdict"]["verdict"] for one in figures if one.get("verdict")]
    return "".join(f"，{name} {codes.count(code)} 个" for code, name in wording.VERDICTS.items() if code in codes)


def _figure(file: Any, one: Mapping[str, Any]) -> str:
    from keshu.bureau.texts import wording

    low, high = one["start"], one["end"]
    before = "".join(file.text[max(0, low - SIDE) : low].splitlines()[-1:])
    after = "".join(file.text[high : high + SIDE].splitlines()[:1])
    block = file.block_at(low)
    facts = "，".join(value for label, value in wording.facts(one) if label not in ("数值", "种类"))
    said = _coloured(file.text[low:high], BLUE)
    return f"{block.where if block else ''}  …{before}{said}{after}…\n    {wording.said(one)}  {facts}"


def _coloured(words: str, colour: str) -> str:
    return f"\033[{colour}m{words}\033[0m" if sys.stdout.isatty() else words
