"""References that somebody types into a paragraph: {hte.valid:growth} or {有效高新技术企业数} becomes the figure itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.reports.asking import told_for
from keshu.bureau.reports.composing.editing import TYPED, BadEdit, marked_of
from keshu.bureau.reports.composing.nodes import Block, Figure, mark_id, value_text
from keshu.bureau.reports.composing.told import Told
from keshu.bureau.reports.models import Summary
from keshu.bureau.statistics.definitions import UnknownIndicator
from keshu.bureau.statistics.measures import UnknownScope
from keshu.bureau.statistics.trees import UnknownPlace
from keshu.kernel.prose.reference import BadReference, Form, Reference

REMEDY = "请写成{指标代码}或{指标名称}，同比写成{指标代码:growth}；代码见指标页"


def typed_figures(summary: Summary, texts: Iterable[str]) -> dict[str, Figure]:
    """What is typed between braces, with the figure that it stands for at the instant of the summary.

    Raises BadEdit for what is no reference, and for a figure that is missing or not yet public in a public text.
    """
    typed = {inside: _reference(inside) for text in texts for inside in TYPED.findall(text)}
    if not typed:
        return {}
    try:
        told = told_for(summary, sorted(set(typed.values())), summary.known_at)
    except (UnknownIndicator, UnknownPlace, UnknownScope) as error:
        raise BadEdit(str(error)) from error
    return {inside: _figure(summary, inside, told.tell(reference)) for inside, reference in typed.items()}


def _reference(inside: str) -> str:
    """The reference behind what was typed; an indicator may be called by its name or another name of it."""
    name = inside.split(":", maxsplit=1)[0].split("/", maxsplit=1)[0].split("@", maxsplit=1)[0]
    codes = [one.code for one in catalogue().indicators.values() if name in (one.name, *one.aliases)]
    text = codes[0] + inside.removeprefix(name) if len(codes) == 1 else inside
    try:
        reference = Reference.parse(f"{{{text}}}")
    except BadReference as error:
        raise BadEdit(f"“{{{inside}}}”不是引用：{error.message}；{REMEDY}") from error
    if reference.form in (Form.NAMES, Form.PARTS):
        raise BadEdit(f"“{{{inside}}}”是名单或分项，不能手工插入；请改用数值")
    return text


def _figure(summary: Summary, inside: str, told: Told) -> Figure:
    if not told.present:
        raise BadEdit(f"“{{{inside}}}”现在没有可写的数：{told.why or '没有数据'}；请改用其他指标或期间")
    if summary.audience == Summary.Audience.PUBLIC and not told.public:
        raise BadEdit(f"“{{{inside}}}”尚未公布，不能写进公开稿；请删去这一引用")
    seed = f"{summary.kind}/{summary.place.code}/{summary.period}"
    return _as_figure(mark_id("f", seed, "typed", told.reference), told)


def _as_figure(mark: str, told: Told) -> Figure:
    return Figure(mark, told.reference, told.words, told.name, told.form, str(told.period), value_text(told.value))


def renewed(
    summary: Summary, blocks: Sequence[Block], known_at: datetime, fresh: Iterable[str]
) -> Mapping[str, Figure]:
    """Figures of edited paragraphs that no composed sentence holds any more (`fresh` are the marks that one does)."""
    there = set(fresh)
    figures = [node for block in blocks if block.edited for node in marked_of(block)
               if isinstance(node, Figure) and node.mark not in there]  # fmt: skip
    if not figures:
        return {}
    told = told_for(summary, sorted({one.reference for one in figures}), known_at)
    now = {one.mark: told.tell(one.reference) for one in figures}
    return {mark: _as_figure(mark, one) for mark, one in now.items() if one.present}
