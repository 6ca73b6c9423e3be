"""Scores of experts, entered by hand: one sheet for an expert and a case, never changed, withdrawn with a reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.programmes import facts
from keshu.bureau.programmes.applying.layout import layout_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.checking import known_of
from keshu.bureau.programmes.machine import condition, given, take_back
from keshu.bureau.programmes.models import Application, Score
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import dealing
from keshu.bureau.records.services import Writing, digest_of
from keshu.catalogue import programme_judging
from keshu.catalogue.programme_judging import mean_score
from keshu.catalogue.schema.programme_money import ScoreItem, ScoreSheet
from keshu.kernel.rules import as_decimal, compile_rule, round_half_up, tiers
from keshu.kernel.typed import read_number

RIGHT = "programmes.review"


@dataclass(frozen=True)
class ScoreSpec:
    """One expert's sheet as it was written down: points as texts by item."""

    expert: str
    points: Mapping[str, str]
    day: date
    kind: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Line:
    """One sheet with its total; `off` says that it lies further from the mean than the definition allows."""

    row: Score
    total: Decimal
    off: bool = False


@dataclass(frozen=True)
class Result:
    """What the sheets of a case give together; `mean` is None while there are too few."""

    lines: tuple[Line, ...]
    mean: Decimal | None
    wanted: int

    @property
    def complete(self) -> bool:
        return len(self.lines) >= max(self.wanted, 1)


def sheet_for(case: Case) -> ScoreSheet:
    """The sheet of the case's programme. Raises CaseProblem where it has none."""
    if case.programme.scoring is None:
        raise CaseProblem(_("“%(name)s”没有评分表，不需要登记评分") % {"name": case.programme.name})
    return case.programme.scoring


def items_of(sheet: ScoreSheet) -> list[ScoreItem]:
    return [item for group in sheet.groups for item in group.items]


def known_for(case: Case, sheet: ScoreSheet) -> Mapping[str, Any]:
    """The facts that pick bands and give computed points; nothing is looked up where no item asks for any."""
    wanted = {item.of for item in items_of(sheet) if item.of}
    if not wanted:
        return {}
    known = known_of(case, layout_of(case.programme).needs | wanted)
    place = case.call.place.code
    return programme_judging.facts_of(case.programme, known, catalogue().parameters, on=case.today, places=[place])


def span_of(sheet: ScoreSheet, item: ScoreItem, known: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    """The least and the most that an expert may give: the band that the facts pick, else from zero to full."""
    band = programme_judging.band_of(sheet, item.code, known) if item.by != "computed" else None
    if band is None:
        return Decimal(0), item.most
    return (band.value if band.lowest is None else band.lowest), band.value


def computed_points(item: ScoreItem, known: Mapping[str, Any]) -> Decimal | None:
    """The points that the facts give by themselves; None while a fact is missing."""
    value = known.get(item.of or "")
    found = tiers([row.tier for row in item.bands], value) if item.bands else value
    return None if found is None else min(as_decimal(found), item.most)


def read_points(
    sheet: ScoreSheet, texts: Mapping[str, str], known: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """Points by item as they are kept, and by item what is wrong with what was written."""
    points: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for item in items_of(sheet):
        if item.by == "computed":
            found = computed_points(item, known)
            if found is None:
                wrong[item.code] = _("“%(item)s”由系统计算，所需的数据还不全") % {"item": item.name}
            else:
                points[item.code] = str(found)
            continue
        said = _point(item, texts.get(item.code, ""), span_of(sheet, item, known))
        if isinstance(said, Decimal):
            points[item.code] = str(said)
        else:
            wrong[item.code] = said
    return points, wrong


def _point(item: ScoreItem, text: str, span: tuple[Decimal, Decimal]) -> Decimal | str:
    low, high = span
    read = read_number(str(text).strip())
    if read.problem is not None:
        return _("“%(item)s”的分数“%(text)s”不是数字") % {"item": item.name, "text": text}
    if read.value is None:
        return _("“%(item)s”没有打分") % {"item": item.name}
    value = Decimal(str(read.value))
    if not low <= value <= high:
        facts = {"item": item.name, "value": value, "low": low, "high": high}
        return _("“%(item)s”打了%(value)s分，应在%(low)s至%(high)s分之间") % facts
    if value != round(value, 2):
        return _("“%(item)s”的分数最多两位小数") % {"item": item.name}
    return value


def total_of(sheet: ScoreSheet, points: Mapping[str, str]) -> Decimal:
    """The sum of a kept sheet, groups capped."""
    return sum(
        (
            min(sum((Decimal(points.get(item.code, "0")) for item in group.items), Decimal(0)), group.most)
            for group in sheet.groups
        ),
        Decimal(0),
    )


def result_of(sheet: ScoreSheet, rows: Sequence[Score]) -> Result:
    """Totals, mean and who lies far off: measured against the mean of all sheets."""
    totals = [total_of(sheet, row.points) for row in rows]
    middle = sum(totals, Decimal(0)) / len(totals) if totals else Decimal(0)
    lines = [Line(row, total, abs(total - middle) > sheet.deviation) for row, total in zip(rows, totals, strict=True)]
    return Result(tuple(lines), mean_score(sheet, totals), sheet.least_experts)


def scores_of(application_ids: Sequence[int]) -> dict[int, list[Score]]:
    """The sheets that count, by case, in the order of entry."""
    found: dict[int, list[Score]] = defaultdict(list)
    for row in Score.objects.filter(application_id__in=application_ids, withdrawn_by=None).order_by("pk"):
        found[row.application_id].append(row)
    return found


def score_of(case: Case) -> Decimal | None:
    """The mean score of a case; None while there are too few sheets."""
    sheet = case.programme.scoring
    if sheet is None:
        return None
    return result_of(sheet, scores_of([case.application.pk]).get(case.application.pk, [])).mean


def add_score(application_id: int, spec: ScoreSpec, *, seen: int, viewer: Viewer) -> Score:
    """Enter one expert's sheet. Raises CaseProblem with everything that is wrong with it."""
    with dealing(application_id, verb="case.score", right=RIGHT, seen=seen, viewer=viewer) as (case, act):
        return write_score(case, spec, act)


def write_score(case: Case, spec: ScoreSpec, within: Writing) -> Score:
    """The sheet inside an act under way; only while the case is under review."""
    sheet = sheet_for(case)
    if not under_review(case):
        raise CaseProblem(_("这件申报现在不在评审环节，不能登记评分"))
    expert = spec.expert.strip()
    points, wrong = read_points(sheet, spec.points, known_for(case, sheet))
    problems = [*wrong.values(), *_wrong_spec(case, spec, expert)]
    if problems:
        raise CaseProblem("；".join(problems))
    row = Score.objects.create(
        application=case.application, expert=expert, kind=spec.kind[:12], points=points,
        comment=spec.comment.strip()[:1000], scored_on=spec.day, act=within.act,
    )  # fmt: skip
    within.wrote(score_digest(row), "score")
    return row


def _wrong_spec(case: Case, spec: ScoreSpec, expert: str) -> list[str]:
    wrong = []
    if not expert or len(expert) > 50:
        wrong.append(_("请填写专家姓名，最多50字"))
    elif Score.objects.filter(application=case.application, expert=expert, withdrawn_by=None).exists():
        wrong.append(_("专家%(name)s已经给这件申报打过分；要更正的，先写明理由撤回原来的评分") % {"name": expert})
    if spec.day > case.today:
        wrong.append(_("评分日期晚于今天，请核对"))
    return wrong


def under_review(case: Case) -> bool:
    return any("scores_complete" in step.conditions for step in case.ladder.out_of(case.application.state))


def score_digest(row: Score) -> bytes:
    return digest_of(["score", row.application_id, row.expert, row.kind, row.points, row.comment, row.scored_on])


def withdraw_score(score_id: int, *, seen: int, viewer: Viewer, reason: str) -> None:
    """Take a sheet back, with the reason; it stays readable and no longer counts."""
    if not reason.strip():
        raise CaseProblem(_("撤回评分必须写明理由"))
    row = Score.objects.get(pk=score_id)
    opened = dealing(
        row.application_id, verb="case.score.withdraw", right=RIGHT, seen=seen, viewer=viewer, reason=reason.strip()
    )
    with opened as (case, act):
        if not under_review(case):
            raise CaseProblem(_("评审已经结束，评分不能再撤回；确需更正的，先把申报退回评审环节"))
        done = Score.objects.filter(pk=score_id, withdrawn_by=None).update(withdrawn_by=act.act)
        if not done:
            raise CaseProblem(_("这份评分已经撤回过了"))
        act.wrote(digest_of(["score.withdraw", score_id]))


@given("score", "scores_complete", "score_passed")
def write_given_score(case: Case, within: Writing) -> None:
    """The sheet that an event brings along: expert, points by item, comment, day."""
    said = case.given["score"]
    try:
        day = date.fromisoformat(str(said.get("day") or case.today))
        points = {str(item): str(text) for item, text in dict(said["points"]).items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        raise CaseProblem(_("评分表的内容读不懂，请从评分页面重新填写")) from None
    spec = ScoreSpec(str(said.get("expert", "")), points, day, str(said.get("kind", "")), str(said.get("comment", "")))
    write_score(case, spec, within)


@take_back
def withdraw_scores(case: Case, act_id: int, within: Writing) -> None:
    Score.objects.filter(application=case.application, act_id=act_id, withdrawn_by=None).update(withdrawn_by=within.act)


@condition("scores_complete")
def scores_complete(case: Case) -> str:
    sheet = case.programme.scoring
    if sheet is None:
        return ""
    n = Score.objects.filter(application=case.application, withdrawn_by=None).count()
    wanted = max(sheet.least_experts, 1)
    if n >= wanted:
        return ""
    return _("专家评分还不齐：至少%(wanted)s份，已登记%(n)s份") % {"wanted": wanted, "n": n}


@condition("score_passed")
def score_passed(case: Case) -> str:
    """By the rule of the sheet on 得分 and whatever other facts it names."""
    sheet = case.programme.scoring
    if sheet is None or sheet.passes is None:
        return ""
    rule = compile_rule(sheet.passes)
    known = known_of(case, layout_of(case.programme).needs | set(rule.names))
    place = case.call.place.code
    whole = programme_judging.facts_of(case.programme, known, catalogue().parameters, on=case.today, places=[place])
    verdict = rule.verdict(whole)
    if verdict.truth:
        return ""
    return _("评审得分没有达到要求：%(why)s") % {"why": "；".join(verdict.reasons)}


@facts.fact("得分")
def _score_fact(about: facts.About) -> Decimal | None:
    sheet = about.programme.scoring
    if about.application is None or sheet is None:
        return None
    return result_of(sheet, scores_of([about.application.pk]).get(about.application.pk, [])).mean


@dataclass(frozen=True)
class Ranked:
    """One case in the order of its score; equal means go by the sum of all sheets."""

    rank: int | None
    application: Application
    result: Result
    total: Decimal
    passed: bool | None


def ranking(sheet: ScoreSheet, applications: Sequence[Application]) -> list[Ranked]:
    """The cases by score, the highest first; those without a mean at the end, without a rank."""
    found = scores_of([one.pk for one in applications])
    rows = []
    for application in applications:
        result = result_of(sheet, found.get(application.pk, []))
        rows.append((application, result, sum((line.total for line in result.lines), Decimal(0))))
    rows.sort(key=lambda row: (row[1].mean is None, -(row[1].mean or 0), -row[2], row[0].pk))
    rule = compile_rule(sheet.passes) if sheet.passes else None
    ranked: list[Ranked] = []
    for number, (application, result, total) in enumerate(rows, start=1):
        last = ranked[-1] if ranked else None
        tied = last is not None and (last.result.mean, last.total) == (result.mean, total)
        rank = None if result.mean is None else (last.rank if tied and last else number)
        passed = rule.truth({"得分": result.mean}) if rule and result.mean is not None else None
        ranked.append(Ranked(rank, application, result, total, passed))
    return ranked


def shown_mean(sheet: ScoreSheet, result: Result) -> Decimal | None:
    """The mean of the sheets that are there, also while they are too few: for the page alone."""
    if not result.lines:
        return None
    return round_half_up(sum((line.total for line in result.lines), Decimal(0)) / len(result.lines), sheet.places)
