"""Facts about an applicant and its case. What no ledger and nobody has told is None, which rules read as unknown."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.places.queries import tree_on
from keshu.bureau.programmes.calls.shared import (
    cases_of,
    credits_of,
    group_of,
    once,
    party_of,
    rows_of,
    told_of,
)
from keshu.bureau.programmes.facts import About, fact
from keshu.bureau.programmes.models import Credit, Decision
from keshu.bureau.records.services import ZONE
from keshu.kernel.workdays import add_months

HIGH = ("national", "provincial")
NO_SCIENCE_PRIZE = ("patent", "contest")  # kinds of the award ledger that are no 科技奖
GRAVE = (Credit.Level.SERIOUS, Credit.Level.GRAVE)


#: facts that no row of ours can tell, and who can; rules read them as unknown, the formal check asks a person
ELSEWHERE = {
    "申报单位.经营异常": "国家企业信用信息公示系统，受理时由经办人核对",
    "负责人.公务员": "负责人所在单位的说明，形式审查时由经办人核对",
    "负责人.聘期内": "聘用合同，形式审查时由经办人核对",
}


def register() -> None:
    for name, function in FACTS.items():
        fact(name)(function)


def applied_on(about: About) -> date:
    """The day on which the case was handed in; today before that."""
    one = about.application
    return one.submitted_at.astimezone(ZONE).date() if one and one.submitted_at else about.today


def _local(about: About) -> bool | None:
    place = party_of(about).place
    if place is None:
        return None
    tree = once(about, "tree", tree_on)
    return place.code in tree.below(about.call.place.code)


def _above_scale(about: About) -> bool | None:
    """Of the latest year that the yearly figures of enterprises have of it."""
    rows = [row for row in rows_of(about, "profile") if row.category and row.started_on]
    latest = max(rows, key=lambda row: row.started_on, default=None)
    return None if latest is None else latest.category == "true"


def _title(kind: str) -> Any:
    def valid(about: About) -> bool | None:
        """Unknown while the ledger has no title of this kind at all: then nobody has brought them in."""
        if not getattr(party_of(about), f"kept_title_{kind}"):
            return None
        rows = [row for row in rows_of(about, "title") if row.category == kind]
        return any(row.status == "valid" and _covers(row, applied_on(about)) for row in rows)

    return valid


def _covers(row: Revision, day: date) -> bool:
    begun = row.started_on or row.decided_on
    return (begun is None or begun <= day) and (row.ended_on is None or day <= row.ended_on)


def _discredited(about: About) -> bool:
    """The credit record is our own, so that no mark means none."""
    rows = credits_of(about, party_id=about.party_id)
    return any(row.level in GRAVE and (row.until is None or row.until >= about.today) for row in rows)


def _barred(about: About) -> bool:
    return any(row.until and row.until >= about.today for row in credits_of(about, party_id=about.party_id))


def _accident(about: About) -> bool | None:
    """What the unit pledges in the form; without a pledge nobody has told."""
    return False if about.values.get("无重大事故承诺") is True else None


def _level(about: About) -> str:
    return about.programme.level if about.programme.kind == "project" else "municipal"


def _imported(about: About) -> Iterable[Revision]:
    """Approved projects of the ledger that no case here has written."""
    rows = rows_of(about, "project")
    return (row for row in rows if row.status == "approved" and row.party_id == about.party_id and not row.of_a_case)  # type: ignore[attr-defined]


def _projects(about: About) -> int:
    """Cases under way, and projects from before that only the ledger knows."""
    imported = sum(row.level == _level(about) for row in _imported(about))
    return imported + sum(one.under_way and one.programme.level == _level(about) for one in cases_of(about))


def _late(about: About) -> int:
    """Overdue at any level: by the case's own due date, or the planned end of a project that only the ledger knows."""
    imported = sum(_planned_end(row) < about.today.isoformat() for row in _imported(about))
    return imported + sum(one.late_on(about.today) for one in cases_of(about))


def _planned_end(row: Revision) -> str:
    return str(row.data.get("plan_end") or "9999-12-31")


def _this_year(about: About) -> int:
    """Handed in this year under the same plan, this one counted along."""
    own = about.application.pk if about.application else None
    group, year = group_of(about.call.programme), about.call.year
    return 1 + sum(
        one.counts_as_applied
        and one.application.pk != own
        and one.application.call.year == year
        and group_of(one.application.call.programme) == group
        for one in cases_of(about)
    )


def _kept(ledger: str, about: About) -> list[Revision] | None:
    """The party's rows; None where the bureau keeps no such ledger."""
    return rows_of(about, ledger) if getattr(party_of(about), f"kept_{ledger}") else None


def _patents(about: About) -> int | None:
    rows, day = _kept("patent", about), applied_on(about)
    if rows is None:
        return None
    return sum(row.category == "invention" and row.status == "valid" and _covers(row, day) for row in rows)


def _prizes(about: About) -> int | None:
    rows, since = _kept("award", about), add_months(applied_on(about), -60)
    if rows is None:
        return None
    return sum(
        row.status == "awarded"
        and row.level in HIGH
        and row.category not in NO_SCIENCE_PRIZE
        and row.decided_on is not None
        and since <= row.decided_on <= applied_on(about)
        for row in rows
    )


def _platforms(about: About) -> int | None:
    rows, day = _kept("platform", about), applied_on(about)
    if rows is None:
        return None
    return sum(row.status == "valid" and row.level in HIGH and _covers(row, day) for row in rows)


def _same_platforms(about: About) -> int | None:
    """Platforms of the kind and level that the programme itself recognises; not those that this case has written."""
    wanted = [outcome.set for outcome in about.programme.outcomes if outcome.ledger == "platform"]
    rows = _kept("platform", about)
    said = {name: value for one in wanted for name, value in one.items()}
    if rows is None or not {"kind", "level"} <= said.keys():
        return None
    own = _own_entry(about)
    return sum(
        row.status in ("valid", "building", "rectifying")
        and (row.category, row.level) == (said["kind"], said["level"])
        and row.entry_id not in own
        for row in rows
    )


def _own_entry(about: About) -> set[int]:
    if about.application is None:
        return set()
    return set(about.application.entries.values_list("entry_id", flat=True))


def _grade(about: About) -> str | None:
    if about.application is None:
        return None
    rows = Decision.objects.filter(application=about.application, withdrawn_by__isnull=True).exclude(grade="")
    return rows.order_by("-pk").values_list("grade", flat=True).first()


def _place(about: About) -> str | None:
    if about.application is not None:
        return about.application.place.name
    place = party_of(about).place
    return place.name if place else None


def _told(name: str) -> Any:
    def read(about: About) -> Any:
        facts = told_of(about)
        return (getattr(facts, name) or None) if facts else None

    return read


FACTS = {
    "申报日期": applied_on,
    "申报年度": lambda about: about.call.year,
    "申报单位": lambda about: party_of(about).name,
    "申报单位.名称": lambda about: party_of(about).name,
    "申报单位.类型": _told("unit_type"),
    "申报单位.注册日期": _told("registered_on"),
    "申报单位.本地注册": _local,
    "申报单位.规上": _above_scale,
    "申报单位.有效高企": _title("hte"),
    "申报单位.有效省高": _title("phte"),
    "申报单位.有效科小": _title("tsme"),
    "申报单位.失信": _discredited,
    "申报单位.限制申报": _barred,
    "申报单位.重大事故": _accident,
    "申报单位.在研项目数": _projects,
    "申报单位.逾期项目数": _late,
    "申报单位.本年申报数": _this_year,
    "申报单位.有效发明专利数": _patents,
    "申报单位.近五年科技奖数": _prizes,
    "申报单位.省级以上平台数": _platforms,
    "申报单位.同级同类平台数": _same_platforms,
    "推荐单位": _place,
    "所属区划": _place,
    "等级": _grade,
    "验收日期": lambda about: about.application.concluded_on if about.application else None,
}
