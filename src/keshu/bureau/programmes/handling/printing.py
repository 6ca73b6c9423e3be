"""The papers of the review: an expert's sheet, and all sheets of a case with their mean."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.dossier import Sheet, about, contents, issuer_of, organ_of
from keshu.bureau.programmes.handling.scoring import Result, result_of, scores_of
from keshu.bureau.programmes.models import Score
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity.printing import paper
from keshu.catalogue.schema.programme_money import ScoreSheet
from keshu.office.papers import render, shapes


def _sheets(case: Case) -> tuple[ScoreSheet, list[Score]]:
    sheet, rows = case.programme.scoring, scores_of([case.application.pk]).get(case.application.pk, [])
    if sheet is None or not rows:
        raise CaseProblem(_("这件申报还没有专家评分"))
    return sheet, rows


def score_paper(case: Case, sheet: ScoreSheet, row: Score) -> shapes.ScoreSheet:
    """One expert's sheet, item by item."""
    lines = tuple(
        shapes.ScoreLine(
            group.name, item.name, item.most, Decimal(row.points[item.code]) if item.code in row.points else None
        )
        for group in sheet.groups
        for item in group.items
    )
    return shapes.ScoreSheet(about(case), issuer_of(case.call), lines, row.expert, row.comment, row.scored_on)


def review_paper(case: Case, sheet: ScoreSheet, rows: list[Score]) -> shapes.ReviewReport:
    """Every sheet with its total, which of them count, the mean."""
    found = result_of(sheet, rows)
    if found.mean is None:
        raise CaseProblem(_("专家评分还不够 %(n)s 份，不能出具评审意见") % {"n": sheet.least_experts})
    left_out = _left_out(sheet, found)
    given = tuple(
        shapes.GivenScore(one.row.expert, one.total, number not in left_out, _("偏离平均分较大") if one.off else "")
        for number, one in enumerate(found.lines)
    )
    rule = _("去掉一个最高分和一个最低分后取平均") if left_out else _("取全部评分的平均")
    comments = "\n".join(row.comment for row in rows if row.comment)
    day = max(row.scored_on for row in rows)
    return shapes.ReviewReport(about(case), issuer_of(case.call), given, found.mean, rule, comments, "", day)


def _left_out(sheet: ScoreSheet, found: Result) -> set[int]:
    """The places of the highest and the lowest sheet, where the rule leaves them out."""
    if sheet.drop_from is None or len(found.lines) < sheet.drop_from:
        return set()
    by_total = sorted(range(len(found.lines)), key=lambda number: found.lines[number].total)
    return {by_total[0], by_total[-1]}


@paper("review_report")
def _review(case: Case) -> object:
    return review_paper(case, *_sheets(case))


@paper("score_sheet")
def _latest(case: Case) -> object:
    sheet, rows = _sheets(case)
    return score_paper(case, sheet, rows[-1])


@contents("评审")
def _reviewed(case: Case) -> Iterator[Sheet]:
    """Each expert's sheet, then all of them together."""
    sheet, rows = case.programme.scoring, scores_of([case.application.pk]).get(case.application.pk, [])
    if sheet is None or not rows:
        return
    by = organ_of(case.call)
    for number, row in enumerate(rows, start=1):
        content = render("score_sheet", score_paper(case, sheet, row))
        yield Sheet(f"专家评分表（{number}）.docx", row.scored_on, by=by, content=content)
    if result_of(sheet, rows).mean is not None:
        content = render("review_report", review_paper(case, sheet, rows))
        yield Sheet("评审意见书.docx", rows[-1].scored_on, by=by, content=content)
