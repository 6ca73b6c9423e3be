"""The formal check: every item judged by its rule when the case arrives, by a person where she says otherwise.

A verdict is never changed: another one takes its place, and both stay readable.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.programmes import facts
from keshu.bureau.programmes.applying.layout import layout_of
from keshu.bureau.programmes.applying.reading import form_of
from keshu.bureau.programmes.calls.wording import choices_of, reason_in_words, short
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.machine import arrival, condition, take_back
from keshu.bureau.programmes.models import Application, CheckVerdict
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import dealing
from keshu.bureau.records.services import Writing, digest_of
from keshu.catalogue import programme_judging
from keshu.catalogue.programme_judging import Judged
from keshu.catalogue.schema.programme import FormalCheck, Programme
from keshu.kernel.rules import compile_rule

RIGHT = "programmes.check"
Truth = CheckVerdict.Truth
TRUTHS = {True: Truth.YES, False: Truth.NO, None: Truth.UNSAID}


@dataclass(frozen=True)
class Word:
    """What a person says about one item; no truth takes an earlier word back, and the rule's verdict holds again."""

    item: str
    truth: str
    reason: str = ""


def is_checked(case: Case) -> bool:
    """Whether the case stands where its formal check is made."""
    return any("checks_done" in step.conditions for step in case.ladder.out_of(case.application.state))


def current_verdicts(application: Application) -> dict[str, CheckVerdict]:
    """The verdicts that hold for the version that counts now, by item."""
    rows = CheckVerdict.objects.filter(application=application, replaced_by=None, version_id=application.version_id)
    return {row.item: row for row in rows}


def checks_of(case: Case) -> list[tuple[FormalCheck, CheckVerdict | None]]:
    """Every item of the definition with the verdict that holds."""
    found = current_verdicts(case.application)
    return [(item, found.get(item.code)) for item in case.programme.formal_checks]


def known_of(case: Case, names: Collection[str]) -> dict[str, Any]:
    """What is known of the names: the version that counts, what its form knows, and facts from elsewhere."""
    application = case.application
    form = form_of(application, at=case.at)
    whom = facts.About(
        call=case.call, party_id=application.party_id, today=case.today, at=case.at, application=application,
        values=form.values,
    )  # fmt: skip
    elsewhere = facts.known_facts(whom, frozenset(names) - form.facts.keys() - form.values.keys())
    return {**form.facts, **elsewhere, **form.values}


def judged(case: Case) -> tuple[Judged, ...]:
    """What the rules say today about the version that counts, with every name that they or computed facts need."""
    programme, place = case.programme, case.call.place.code
    known = known_of(case, names_of(programme, programme.formal_checks))
    return programme_judging.check(programme, known, catalogue().parameters, on=case.today, places=[place])


def names_of(programme: Programme, items: Sequence[Any]) -> frozenset[str]:
    """The facts that these rules ask for, with those that the form and computed facts need."""
    rules = [compile_rule(item.rule) for item in items if item.rule]
    return layout_of(programme).needs | {name for rule in rules for name in rule.names}


@arrival
def judge_on_arrival(case: Case, within: Writing) -> None:
    """The rules speak as soon as the case comes to its check, for the version that came with it."""
    if is_checked(case) and case.application.version_id is not None:
        judge(case, within)


def judge(case: Case, within: Writing) -> None:
    """Judge every item by its rule; where the rule says the same as before about this version, the verdict stands.

    What a person had said about an earlier version is asked anew: the applicant has changed the papers.
    """
    application = case.application
    found = {one.item.code: one for one in judged(case)}
    before = {row.item: row for row in CheckVerdict.objects.filter(application=application, replaced_by=None)}
    fresh, choices = [], choices_of(case.programme)
    for item in case.programme.formal_checks:
        automatic, clause = _said_by_rule(found.get(item.code), choices)
        old = before.get(item.code)
        same = (application.version_id, automatic, clause)
        if old is not None and (old.version_id, old.automatic, old.clause) == same:
            continue
        fresh.append(_row(case, within, item.code, automatic=automatic, clause=clause))
    _put(application, fresh, within)


def _said_by_rule(one: Judged | None, choices: Mapping[str, str]) -> tuple[str, str]:
    """What the rule found, in the words of people: no code of a parameter, a choice or a function."""
    if one is None:
        return Truth.UNSAID, ""
    said = "；".join(reason_in_words(text, catalogue().parameters, choices) for text in one.verdict.reasons)
    if one.verdict.truth is None and one.missing:
        said = _("系统里没有这些数据，请人工核对：%(names)s") % {"names": "、".join(map(short, one.missing))}
    return TRUTHS[one.verdict.truth], said


def _row(case: Case, within: Writing, item: str, **columns: Any) -> CheckVerdict:
    application = case.application
    return CheckVerdict(
        application=application, version_id=application.version_id, item=item, act=within.act, **columns
    )


def _put(application: Application, rows: Sequence[CheckVerdict], within: Writing) -> None:
    """These verdicts take the place of those before them."""
    items = [row.item for row in rows]
    CheckVerdict.objects.filter(application=application, replaced_by=None, item__in=items).update(
        replaced_by=within.act
    )
    for row in CheckVerdict.objects.bulk_create(rows):
        within.wrote(verdict_digest(row), "check")


def verdict_digest(row: CheckVerdict) -> bytes:
    columns = [row.version_id, row.item, row.automatic, row.clause, row.said, row.reason]
    return digest_of(["check", row.application_id, *columns])


def say(application_id: int, words: Sequence[Word], *, seen: int, viewer: Viewer) -> Application:
    """Put down what a person says about some items, as one act. Raises CaseProblem with everything that is wrong."""
    with dealing(application_id, verb="case.check", right=RIGHT, seen=seen, viewer=viewer) as (case, act):
        if not is_checked(case):
            raise CaseProblem(_("这件申报现在不在形式审查环节，审查意见不能再改"))
        _put(case.application, _said(case, words, act), act)
    return case.application


def _said(case: Case, words: Sequence[Word], act: Writing) -> list[CheckVerdict]:
    known = {item.code: (item, verdict) for item, verdict in checks_of(case)}
    rows, wrong = [], []
    for word in words:
        if word.item not in known or word.truth not in Truth.values:
            raise CaseProblem(_("审查项与本次申报的口径不符，请刷新页面后再审"))
        item, old = known[word.item]
        automatic, clause = (old.automatic, old.clause) if old else (Truth.UNSAID, "")
        reason = word.reason.strip()[:500] if word.truth else ""
        if word.truth and automatic and word.truth != automatic and not reason:
            wrong.append(_("“%(item)s”的人工结论与自动结论不同，请写明理由") % {"item": item.name})
        if old is None or (old.said, old.reason) != (word.truth, reason):
            rows.append(_row(case, act, item.code, automatic=automatic, clause=clause, said=word.truth, reason=reason))
    if wrong:
        raise CaseProblem("；".join(wrong))
    return rows


def rejudge(application_id: int, *, seen: int, viewer: Viewer) -> Application:
    """Let the rules speak once more: a fact of a ledger was put right since. What persons said is kept."""
    with dealing(application_id, verb="case.check", right=RIGHT, seen=seen, viewer=viewer) as (case, act):
        if not is_checked(case):
            raise CaseProblem(_("这件申报现在不在形式审查环节，不能重新判断"))
        kept = {code: row for code, row in current_verdicts(case.application).items() if row.said}
        judge(case, act)
        now = current_verdicts(case.application)
        changed = {code: old for code, old in kept.items() if code in now and now[code].pk != old.pk}
        _put(case.application, [_again(case, act, old, now[code]) for code, old in changed.items()], act)
    return case.application


def _again(case: Case, act: Writing, old: CheckVerdict, now: CheckVerdict) -> CheckVerdict:
    """A person's word over the new verdict of the rule; without the reason that it now needs, it is dropped."""
    stands = not now.automatic or old.said == now.automatic or old.reason
    said, reason = (old.said, old.reason) if stands else ("", "")
    return _row(case, act, now.item, automatic=now.automatic, clause=now.clause, said=said, reason=reason)


def history_of(application_id: int) -> Mapping[str, list[CheckVerdict]]:
    """Everything that was ever said about each item, the latest first."""
    rows = CheckVerdict.objects.filter(application_id=application_id).select_related("act", "version").order_by("-pk")
    found: dict[str, list[CheckVerdict]] = {}
    for row in rows:
        found.setdefault(row.item, []).append(row)
    return found


def _truths(case: Case) -> list[tuple[str, str]]:
    return [(item.name, verdict.truth if verdict else Truth.UNSAID) for item, verdict in checks_of(case)]


@condition("checks_done")
def checks_done(case: Case) -> str:
    open_items = [name for name, truth in _truths(case) if truth == Truth.UNSAID]
    if not open_items:
        return ""
    shown = "、".join(open_items[:5]) + (_("等%(n)s项") % {"n": len(open_items)} if len(open_items) > 5 else "")
    return _("形式审查还没有审完：%(items)s。请在形式审查页逐项给出结论") % {"items": shown}


@condition("no_defects")
def no_defects(case: Case) -> str:
    failed = [name for name, truth in _truths(case) if truth == Truth.NO]
    if not failed:
        return ""
    return _("形式审查有不通过的项：%(items)s。请退回修改，或写明理由改判") % {"items": "、".join(failed)}


@condition("some_defects")
def some_defects(case: Case) -> str:
    if any(truth == Truth.NO for _name, truth in _truths(case)):
        return ""
    return _("形式审查没有不通过的项，不能退回；确有问题的，请先把相应的项判为不通过")


@take_back
def forget_verdicts(case: Case, act_id: int, within: Writing) -> None:
    """Verdicts that were made because the case had come here count no more when its coming is undone."""
    CheckVerdict.objects.filter(application=case.application, act_id=act_id, replaced_by=None).update(
        replaced_by=within.act
    )
