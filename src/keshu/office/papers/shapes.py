"""What each paper of a programme says, as plain data made of `parts`.

Money is Decimal in yuan. In a value "" is not filled in and None is not applicable; both are printed as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from .parts import Attachment, Case, Grid, Issuer, Item, Listing, LongText, Opinion, Section, Verification

Outcome = Literal["通过", "不通过", "整改后复验", "结题", "终止", "撤销"]


@dataclass(frozen=True)
class AboutCase:
    """A paper that somebody issues about one case."""

    case: Case
    issuer: Issuer


@dataclass(frozen=True)
class Letter(AboutCase):
    """One that bears a day."""

    day: date


@dataclass(frozen=True)
class FormPaper:
    """An application or a task book: cover, sections, list of attachments, pledges, opinions."""

    title: str
    case: Case
    issuer: Issuer
    cover: tuple[Item, ...]
    sections: tuple[Section, ...]
    verification: Verification
    attachments: tuple[Attachment, ...] = ()
    pledge: str = ""
    opinions: tuple[Opinion, ...] = ()
    day: date | None = None
    note: str = ""  # under the title: "草稿，不作为申报依据", "第 3 版"


@dataclass(frozen=True)
class Receipt(AboutCase):
    submitted_at: datetime  # in the zone in which it is to be read
    verification: Verification
    attachments: int = 0
    recommender: str = ""
    contact_until: date | None = None  # until when it can be withdrawn without asking


@dataclass(frozen=True)
class Acceptance(Letter):
    number: str = ""
    accepted_on: date | None = None
    steps: tuple[str, ...] = ()  # what comes next, with its usual time


@dataclass(frozen=True)
class Defect:
    where: str
    what: str
    remedy: str


@dataclass(frozen=True)
class Correction(Letter):
    defects: tuple[Defect, ...]
    due_on: date
    number: str = ""
    how: str = ""  # other than in the system
    late: str = ""  # what follows when nothing comes in time


@dataclass(frozen=True)
class Reason:
    """Why not, with the clause that says so."""

    what: str
    clause: str = ""


@dataclass(frozen=True)
class Refusal(Letter):
    reasons: tuple[Reason, ...]
    number: str = ""
    appeal_days: int = 0  # working days in which to ask for a second look; 0: not told
    again: str = ""


@dataclass(frozen=True)
class ListPaper:
    """A list that goes up or out: recommendation with seal, landscape when it is wide."""

    title: str
    issuer: Issuer
    listing: Listing
    day: date
    subtitle: str = ""
    summary: str = ""
    signers: tuple[str, ...] = ("审核人", "填表人")


@dataclass(frozen=True)
class Check:
    name: str
    verdict: Literal["通过", "不通过", "不适用", "待核实"]
    found: str = ""
    by: str = ""  # "系统", or a name where a person judged
    reason: str = ""  # why the person overruled the system


@dataclass(frozen=True)
class CheckReport(AboutCase):
    checks: tuple[Check, ...]
    conclusion: str
    checker: str
    day: date
    number: str = ""


@dataclass(frozen=True)
class ScoreLine:
    """`score` None is not yet given."""

    group: str
    name: str
    most: Decimal
    score: Decimal | None
    hint: str = ""
    remark: str = ""


@dataclass(frozen=True)
class ScoreSheet(AboutCase):
    lines: tuple[ScoreLine, ...]
    expert: str = ""  # empty: signed by hand
    opinion: str = ""
    day: date | None = None
    number: str = ""


@dataclass(frozen=True)
class GivenScore:
    expert: str
    score: Decimal
    counted: bool = True
    remark: str = ""


@dataclass(frozen=True)
class ReviewReport(AboutCase):
    scores: tuple[GivenScore, ...]
    average: Decimal
    rule: str
    opinion: str
    conclusion: str
    day: date
    rank: str = ""
    leader: str = ""
    panel: tuple[str, ...] = ()
    number: str = ""


@dataclass(frozen=True)
class Publicity:
    """拟…公示. `corrects` tells what an earlier notice said wrongly: a correction leaves its trace."""

    subject: str  # "2026年度云岭市科技计划拟立项项目"
    issuer: Issuer
    listing: Listing
    begins_on: date
    ends_on: date
    workdays: int
    day: date
    basis: str = ""
    corrects: str = ""


@dataclass(frozen=True)
class Approval:
    subject: str
    issuer: Issuer
    number: str
    addressee: str
    basis: str
    listing: Listing
    list_title: str
    count: int
    day: date
    kind: Literal["project", "recognition", "award", "subsidy"] = "project"
    measure: str = "项"
    amount: Decimal | None = None
    first_amount: Decimal | None = None
    demands: tuple[str, ...] = ()
    copies_to: str = ""
    marks: tuple[str, ...] = ()
    title: str = ""  # "" is made from the subject


@dataclass(frozen=True)
class Change:
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeReply(AboutCase):
    changes: tuple[Change, ...]
    agreed: bool
    asked_on: date
    day: date
    reason: str = ""
    demands: tuple[str, ...] = ()
    number: str = ""


@dataclass(frozen=True)
class Verdict:
    """One of the three verdicts, given by one office."""

    about: Literal["项目", "经费", "绩效"]
    result: str
    opinion: str = ""
    office: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Conclusion(AboutCase):
    verdicts: tuple[Verdict, ...]
    outcome: Outcome
    opinion: str
    day: date
    delivered: Listing | None = None  # promised, changed, delivered
    panel: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    number: str = ""
    account: Listing | None = None  # budgeted, changed, spent, left
    account_notes: tuple[str, ...] = ()  # sentences under it: what is left, what has to be looked at


@dataclass(frozen=True)
class Certificate:
    title: str
    holder: str
    what: str  # "云岭市工程技术研究中心", or the name of a project with its award and class
    issuer: Issuer
    number: str
    day: date
    verification: Verification
    basis: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class PaymentNotice(AboutCase):
    instalment: str
    amount: Decimal
    approved: Decimal
    paid_before: Decimal
    day: date
    addressee: str = ""
    payee: str = ""
    bank: str = ""
    account: str = ""
    use: str = ""
    number: str = ""


@dataclass(frozen=True)
class ReportLetter:
    subject: str
    issuer: Issuer
    number: str
    superior: str
    listing: Listing
    list_title: str
    count: int
    day: date
    basis: str = ""
    done: str = ""  # what the bureau did before it recommends
    measure: str = "项"
    signers: tuple[str, ...] = ()
    note: str = ""
    title: str = ""  # "" is made from the subject


@dataclass(frozen=True)
class Record:
    """What was written down about a case and no letter tells: decisions, payments, visits, the way it went."""

    title: str
    case: Case
    issuer: Issuer
    parts: tuple[Grid | LongText | Listing, ...]
    day: date
    note: str = ""
