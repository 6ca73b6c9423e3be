"""What the section proposes to the meeting: brought along by an event, kept, shown to whoever decides."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.machine import given, take_back
from keshu.bureau.programmes.models import Advice
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.services import Writing, digest_of
from keshu.kernel.typed import read_number

LARGEST = Decimal(10**13)
CENT = Decimal("0.01")


def read_amount(text: Any, label: str) -> Decimal | None:
    """An amount in 元 as somebody typed it (万 and 亿 understood); None for an empty text. Raises CaseProblem."""
    if text is None or not str(text).strip():
        return None
    read = read_number(str(text).strip())
    try:
        amount = Decimal(str(read.value)) if read.problem is None and read.value is not None else None
    except InvalidOperation:
        amount = None
    if amount is None or amount < 0 or amount > LARGEST or amount != amount.quantize(CENT):
        raise CaseProblem(
            _("%(label)s“%(text)s”不是金额，请填以元为单位的数字，最多两位小数") % {"label": label, "text": text}
        )
    return amount.quantize(CENT)


def read_advice(said: Mapping[str, Any]) -> dict[str, Any]:
    """Verdict, amount, grade and note of an advice. Raises CaseProblem."""
    if not isinstance(said, Mapping):
        raise CaseProblem(_("科室建议的内容读不懂，请从办理页面重新填写"))
    verdict = str(said.get("verdict") or Advice.Verdict.SUPPORT)
    if verdict not in Advice.Verdict.values:
        raise CaseProblem(_("科室建议只能是建议支持或建议不支持"))
    note = str(said.get("note", "")).strip()
    if verdict == Advice.Verdict.OPPOSE and not note:
        raise CaseProblem(_("建议不支持的，请写明理由"))
    amount = read_amount(said.get("amount"), _("建议金额"))
    return {"verdict": verdict, "amount": amount, "grade": str(said.get("grade", "")).strip()[:40], "note": note[:500]}


@given("advice", "advise")
def write_advice(case: Case, within: Writing) -> None:
    """Keep the advice in place of an earlier one."""
    columns = read_advice(case.given["advice"])
    Advice.objects.filter(application=case.application, replaced_by=None).update(replaced_by=within.act)
    row = Advice.objects.create(application=case.application, act=within.act, **columns)
    within.wrote(advice_digest(row), "advice")


def advice_digest(row: Advice) -> bytes:
    amount = None if row.amount is None else str(Decimal(row.amount).quantize(CENT))
    return digest_of(["advice", row.application_id, row.verdict, amount, row.grade, row.note])


@take_back
def withdraw_advice(case: Case, act_id: int, within: Writing) -> None:
    """An advice of an act that is undone no longer counts."""
    Advice.objects.filter(application=case.application, act_id=act_id, replaced_by=None).update(replaced_by=within.act)
