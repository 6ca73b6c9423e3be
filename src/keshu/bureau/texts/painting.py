"""Pieces of a text as HTML, the same for the page and for the report that stands alone. Everything is escaped here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from keshu.bureau.texts.marking import Piece


def painted(run: Sequence[Piece], *, link: str = "", opened: int | None = None) -> str:
    """With `link`, a figure is a link to `link` with its number in place of {}; `opened` is the one that is shown."""
    return "".join(_piece(piece, link, opened) for piece in run)


def css_of(block: Mapping[str, Any]) -> str:
    """The class of a block: a heading by its level, the others by where they stand."""
    css = f"tx-h{min(block['level'], 3)}" if block["kind"] == "heading" else f"tx-{block['kind']}"
    return f"{css} tx-debris" if block.get("debris") else css


def _piece(piece: Piece, link: str, opened: int | None) -> str:
    anchors = "".join(f'<a id="f{n}" class="tx-anchor"></a>' for n in piece.begins)
    if piece.figure is None and not piece.findings:
        return anchors + escape(piece.text)
    css = ["tx-piece"]
    css += [f"tx-{piece.tone}"] if piece.tone else []
    css += [f"tx-v-{piece.verdict}"] if piece.verdict else []
    findings = f' data-findings="{" ".join(map(str, piece.findings))}"' if piece.findings else ""
    if piece.figure is None:
        return f'{anchors}<span class="{" ".join(css)}"{findings}>{escape(piece.text)}</span>'
    css += ["tx-figure", *(["is-open"] if piece.figure == opened else [])]
    data = f'class="{" ".join(css)}" data-figure="{piece.figure}"{findings}'
    if link:
        return f'{anchors}<a href="{escape(link.replace("{}", str(piece.figure)))}" {data}>{escape(piece.text)}</a>'
    return f'{anchors}<span {data} tabindex="0">{escape(piece.text)}</span>'
