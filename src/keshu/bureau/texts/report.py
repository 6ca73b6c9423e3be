"""The checked text as one HTML file that needs nothing else: coloured, filtered, walked by keys, printed as a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from keshu.bureau.texts import showing, wording
from keshu.bureau.texts.marking import Shown
from keshu.bureau.texts.painting import css_of, painted

HERE = Path(__file__).parent
LEGEND = (
    ("bad", "确定有误"), ("warn", "很可能有误"), ("info", "请确认"), ("v-ok", "与台账一致"), ("v-bad", "与台账不一致"),
    ("v-quiet", "台账中没有"),
)  # fmt: skip


def html_report(title: str, found: Any, *, about: str = "", judged: Mapping[int, Any] | None = None) -> str:
    """`found` has text or content, blocks, figures, findings; `about` says of whom and when. The file loads nothing."""
    text = getattr(found, "content", None) or found.text
    held = _Held(text, found.blocks, found.figures, found.findings)
    cut = showing.parts(found.blocks)
    lines = showing.lines(held, cut, judged or {})
    body = "".join(
        _block(one)
        for one in showing.shown(text, showing.titled(text, found.blocks), showing.marks(held, list(judged or {})))
    )
    details = [
        {"said": wording.said(one), "facts": wording.facts(one), "against": wording.disagreement(one)}
        for one in found.figures
    ]
    page = (HERE / "templates/texts/report.html.txt").read_text(encoding="utf-8")
    parts = {
        "TITLE": escape(title), "ABOUT": escape(about), "LEGEND": "".join(_legend()), "TEXT": body,
        "FINDINGS": "".join(_line(n, line) for n, line in enumerate(lines, start=1)) or "<p>没有发现问题。</p>",
        "COUNTS": escape(_counts(found.figures, found.findings)), "DETAILS": _script_json(details),
        "SEVERITIES": _options(wording.SEVERITIES, {line.finding["severity"] for line in lines}),
        "CERTAINTIES": _options(wording.CERTAINTIES, {line.finding["certainty"] for line in lines}),
    }  # fmt: skip
    return re.sub(r"\[\[([A-Z]+)\]\]", lambda found: parts[found.group(1)], page)


class _Held:
    """A reading by the names that `showing` uses."""

    def __init__(self, content: str, blocks: Sequence[Any], figures: Sequence[Any], findings: Sequence[Any]) -> None:
        self.content, self.blocks, self.figures, self.findings = content, blocks, figures, findings


def _script_json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")


def _legend() -> Iterator[str]:
    for tone, name in LEGEND:
        yield f'<span><i class="tx-piece {"tx-" + tone}">数</i>{name}</span>'


def _options(names: Mapping[str, str], used: set[str]) -> str:
    return "".join(f'<option value="{code}">{escape(names.get(code, code))}</option>' for code in sorted(used))


def _counts(figures: Sequence[Mapping[str, Any]], findings: Sequence[Mapping[str, Any]]) -> str:
    counted = [f"数字 {len(figures)} 个", f"核校结论 {len(findings)} 条"]
    for code, name in wording.CERTAINTIES.items():
        n = sum(one["certainty"] == code for one in findings)
        counted += [f"{name} {n} 条"] if n else []
    return "，".join(counted)


def _block(one: Shown) -> str:
    if one.rows:
        rows = "".join(f"<tr>{''.join(f'<td>{painted(cell)}</td>' for cell in row)}</tr>" for row in one.rows)
        return f'<div class="tx-scroll"><table>{rows}</table></div>'
    noted = one.block["kind"] in showing.NOTES
    label = f'<small class="tx-where">{escape(one.block["where"])}</small>' if noted else ""
    return f'<p class="{css_of(one.block)}">{label}{escape(one.block.get("number", ""))}{painted(one.pieces)}</p>'


def _line(order: int, line: showing.Line) -> str:
    one = line.finding
    more = [("算式", one.get("arithmetic", "")), ("怎么办", one.get("remedy", ""))]
    if line.judged is not None:
        more.append((str(line.judged.get_verdict_display()), line.judged.note or line.judged.by_name))
    told = "".join(f"<dt>{label}</dt><dd>{escape(said)}</dd>" for label, said in more if said)
    return (
        f'<li class="tx-line tx-line-{line.tone}" data-n="{line.number}" data-severity="{escape(one["severity"])}" '
        f'data-certainty="{escape(one["certainty"])}"><a href="#f{line.number}"><b>{order}</b> '
        f"<em>{escape(line.certainty)} · {escape(line.severity)} · {escape(line.where)}</em><br>"
        f"{escape(one['statement'])}</a><dl>{told}</dl><blockquote>{escape(line.quote)}</blockquote></li>"
    )
