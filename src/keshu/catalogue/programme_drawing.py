"""A programme for the terminal and the browser: its stages as lines of text and as SVG, its conditions and money."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_stages import Ladder, State, Step

UNITS: Final = {"working_days": "个工作日", "days": "天", "months": "个月"}
WHO: Final = {
    "applicant": "申报单位", "recommender": "推荐单位", "bureau": "科室", "expert": "专家", "leader": "会议",
    "finance": "财务", "upper": "上级", "public": "公众",
}  # fmt: skip
_WIDTH, _ROW, _BOX, _LEFT = 760, 64, 260, 250


def programme_lines(programme: Programme) -> list[str]:
    """What `keshu catalogue show` prints of a programme below its name."""
    lines = [f"责任科室：{programme.owner}  级别：{programme.level}  类型：{programme.kind}"]
    if programme.applicants:
        lines.append(f"申报主体：{'、'.join(programme.applicants.types)}")
    lines += ["", "条件", *(f"  {one.name}：{one.rule}" for one in programme.requirements)]
    lines += [
        "",
        "申报书",
        *(f"  {one.name}（{len(one.fields)} 项、{len(one.tables)} 张表）" for one in programme.sections),
    ]
    lines += ["", "附件", *(f"  {one.name}{'（必交）' if one.required else ''}" for one in programme.attachments)]
    return [*lines, "", "流程", *stage_lines(programme.ladder)]


def stage_lines(ladder: Ladder) -> list[str]:
    """The stage diagram as text: every state in the order in which a case meets it, with the ways out of it."""
    lines: list[str] = []
    for code in ordered(ladder):
        lines.append(_state_line(ladder.states[code], start=code == ladder.start))
        lines += [f"  ├─ {_step_line(step, ladder)}" for step in ladder.out_of(code)[:-1]]
        lines += [f"  └─ {_step_line(step, ladder)}" for step in ladder.out_of(code)[-1:]]
    return lines


def ordered(ladder: Ladder) -> list[str]:
    """States as the main way meets them, the ends after all others."""
    seen = [ladder.start] if ladder.start in ladder.states else []
    for code in seen:
        seen += dict.fromkeys(
            s.target for s in ladder.out_of(code) if s.target in ladder.states and s.target not in seen
        )
    rest = [code for code in ladder.states if code not in seen]
    place = {code: at for at, code in enumerate(ladder.states)}
    return sorted([*seen, *rest], key=lambda code: (ladder.states[code].end is not None, place[code]))


def _state_line(state: State, *, start: bool) -> str:
    mark = "●" if start else "■" if state.end else "○"
    public = f"（对外：{state.public}）" if state.public != state.name else ""
    return f"{mark} {state.name}{public}" + ("" if state.end else f"  {WHO[state.who]}")


def _step_line(step: Step, ladder: Ladder) -> str:
    target = ladder.states.get(step.target)
    limit = f"  [{step.within}{UNITS[step.unit]}]" if step.within is not None else ""
    return f"{step.label} → {target.name if target else step.target}{limit}"


def stage_svg(ladder: Ladder) -> str:
    """The stage diagram as one SVG: states in a column, forward ways on the right, ways back on the left."""
    codes = ordered(ladder)
    place = {code: at for at, code in enumerate(codes)}
    height = len(codes) * _ROW + 16
    parts = [*_edges(ladder, place), *(_box(ladder.states[code], at) for at, code in enumerate(codes))]
    title = "流程图"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{title}" '
        f'font-size="13" font-family="sans-serif">{"".join(parts)}</svg>'
    )


def _box(state: State, at: int) -> str:
    y = at * _ROW + 8
    dash = ' stroke-dasharray="4 3"' if state.end else ""
    return (
        f'<rect x="{_LEFT}" y="{y}" width="{_BOX}" height="36" rx="4" fill="none" stroke="currentColor"{dash}/>'
        f'<text x="{_LEFT + _BOX // 2}" y="{y + 23}" text-anchor="middle" fill="currentColor">{escape(state.name)}</text>'
    )


def _edges(ladder: Ladder, place: dict[str, int]) -> Iterator[str]:
    lanes = {True: 0, False: 0}
    for step in ladder.steps:
        if step.source == step.target or step.target not in place:
            continue
        start, end = place[step.source], place[step.target]
        forward = end > start
        y1, y2 = start * _ROW + 26, end * _ROW + 26
        if end == start + 1:
            x = _LEFT + _BOX // 2
            yield f'<path d="M{x} {y1 + 18}V{y2 - 18}" fill="none" stroke="currentColor"><title>{escape(step.label)}</title></path>'
            continue
        lanes[forward] += 1
        reach = 16 + lanes[forward] % 12 * 18
        edge = _LEFT + _BOX if forward else _LEFT
        bend = edge + reach if forward else edge - reach
        yield (
            f'<path d="M{edge} {y1}H{bend}V{y2}H{edge}" fill="none" stroke="currentColor" opacity=".5">'
            f"<title>{escape(step.label)}</title></path>"
        )
