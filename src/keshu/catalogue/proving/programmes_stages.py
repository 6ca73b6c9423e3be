"""Whether the way of a programme is sound: every state can be reached, every way can end, every word is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from keshu.catalogue.problems import Flaw
from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_stages import NEXT, Ladder, Segment
from keshu.catalogue.schema.programme_words import CONDITIONS, EFFECTS, RIGHTS

if TYPE_CHECKING:
    from keshu.catalogue.loader import Catalogue


def segment_flaws(segment: Segment, path: tuple[str | int, ...], catalogue: Catalogue) -> Iterator[Flaw]:
    """Words of one segment that nobody knows."""
    if segment.entry not in {state.code for state in segment.states}:
        yield Flaw((*path, "entry"), f"流程段“{segment.name}”的入口“{segment.entry}”不是它的状态", "写本段状态的代码")
    for at, row in enumerate(segment.transitions):
        here = (*path, "transitions", at)
        if row.right not in RIGHTS:
            yield Flaw((*here, "right"), f"没有“{row.right}”这个权限", f"只能写：{'、'.join(RIGHTS)}")
        yield from _words(row.conditions, CONDITIONS, (*here, "conditions"), "流转条件")
        yield from _words(row.effects, EFFECTS, (*here, "effects"), "流转动作")
        yield from limit_flaws(row.within, (*here, "within"), catalogue)


def _words(used: Iterable[str], known: Mapping[str, str], path: tuple[str | int, ...], what: str) -> Iterator[Flaw]:
    for at, word in enumerate(used):
        if word not in known:
            yield Flaw((*path, at), f"没有“{word}”这个{what}", f"可以写：{'、'.join(known)}")


def limit_flaws(limit: int | str | None, path: tuple[str | int, ...], catalogue: Catalogue) -> Iterator[Flaw]:
    """A time limit that is a parameter has to be one, and a number."""
    if isinstance(limit, str) and (limit not in catalogue.parameters or catalogue.parameters[limit].type != "number"):
        yield Flaw(path, f"没有“{limit}”这个数值参数", "写天数，或写已有数值参数的代码", limit)


def ladder_flaws(programme: Programme, catalogue: Catalogue) -> Iterator[Flaw]:
    """What is wrong with the way as a whole."""
    if any(isinstance(part, str) for part in programme.path):
        return  # said already: a segment that no library has
    broken = [*_shape_flaws(programme), *_reference_flaws(programme, catalogue)]
    yield from broken
    if not broken:
        yield from _walk_flaws(programme, programme.ladder)


def _shape_flaws(programme: Programme) -> Iterator[Flaw]:
    ladder, home = programme.ladder, _homes(programme)
    seen: set[str] = set()
    for at, segment in enumerate(part for part in programme.path if isinstance(part, Segment)):
        for state in segment.states:
            if state.code in seen:
                yield Flaw(("path", at), f"状态代码“{state.code}”用了两次", "每个状态用自己的代码")
            seen.add(state.code)
    rows: set[tuple[str, str]] = set()
    for step in ladder.steps:
        where = ("path", home.get(step.source, 0))
        for code in (step.source, step.target):
            if code == NEXT:
                yield Flaw(where, f"“{step.label}”走到 next，但后面没有流程段了", "在 path 后面补上流程段，或改写 to")
            elif code not in ladder.states:
                yield Flaw(where, f"“{step.label}”用了没有的状态“{code}”", "写流程中的状态代码，或补上那一段")
        if (step.source, step.event) in rows:
            yield Flaw(where, f"状态“{step.source}”的事件“{step.event}”写了两遍", "每个状态的每个事件只写一行")
        rows.add((step.source, step.event))


def _reference_flaws(programme: Programme, catalogue: Catalogue) -> Iterator[Flaw]:
    ladder = programme.ladder
    written = {row.event for part in programme.path if isinstance(part, Segment) for row in part.transitions}
    for code in programme.renamed:
        if code not in ladder.states:
            yield Flaw(("renamed", code), f"流程中没有状态“{code}”", "写流程中的状态代码")
    for event, limit in programme.limits.items():
        if event not in ladder.events():
            yield Flaw(("limits", event), f"流程中没有事件“{event}”", "写流程中的事件代码")
        yield from limit_flaws(limit, ("limits", event), catalogue)
    for at, event in enumerate(programme.without):
        if event not in written:
            yield Flaw(("without", at), f"流程中没有事件“{event}”", "删去它")
    if programme.applicants is not None:
        has = any(step.right == "programmes.recommend" for step in ladder.steps)
        if has != programme.applicants.recommended:
            message = "要推荐却没有推荐的流程段" if programme.applicants.recommended else "不要推荐却有推荐的流程段"
            yield Flaw(("applicants", "recommended"), message, "使 recommended 与 path 一致")


def _walk_flaws(programme: Programme, ladder: Ladder) -> Iterator[Flaw]:
    home = _homes(programme)
    reached = _closure({ladder.start}, {state: {s.target for s in ladder.out_of(state)} for state in ladder.states})
    ends = {code for code, state in ladder.states.items() if state.end}
    back: dict[str, set[str]] = {}
    for step in ladder.steps:
        back.setdefault(step.target, set()).add(step.source)
    ending = _closure(ends, back)
    for code, state in ladder.states.items():
        where = ("path", home[code])
        if code not in reached:
            yield Flaw(where, f"状态“{state.name}”（{code}）永远走不到", "补上走到它的一行，或删去它")
        elif code not in ending:
            yield Flaw(where, f"状态“{state.name}”（{code}）走不到任何结束状态", "补上往后走的一行，或写明 end")
        if state.end and ladder.out_of(code):
            yield Flaw(where, f"结束状态“{state.name}”（{code}）还能往下走", "删去那一行，或不写 end")


def _homes(programme: Programme) -> dict[str, int]:
    """The place in ``path`` of the segment that has a state."""
    return {
        state.code: at for at, part in enumerate(programme.path) if isinstance(part, Segment) for state in part.states
    }


def _closure(start: set[str], onward: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        for other in onward.get(waiting.pop(), set()) - found:
            found.add(other)
            waiting.append(other)
    return found
