"""Two counties with everything on both sides; all that is 江川区's alone bears the word SECRET.

Somebody of 青岩县 must never read that word: not on a page, not in a workbook, not in a download, not from the API.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from keshu.bureau.accounts.claims import ClaimSpec, Proof, file_claim
from keshu.bureau.accounts.members import invite
from keshu.bureau.accounts.models import Membership, User
from keshu.bureau.accounts.services import membership_digest
from keshu.bureau.ledgers.attachments import Paper, attach_file
from keshu.bureau.ledgers.importing import services as importing
from keshu.bureau.ledgers.models import Entry
from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.records.services import Actor, now, writing
from keshu.bureau.reports.models import Section
from keshu.bureau.reports.services import compose_summary, edit_section
from keshu.bureau.statistics.models import ReceivedValue
from keshu.bureau.statistics.services import SourceSpec, Upload, ValueSpec, add_source
from keshu.bureau.targets.services import set_target
from keshu.bureau.targets.writing import TargetSpec
from keshu.bureau.texts.services import TextSpec, keep_text, read_text
from keshu.kernel.measure.period import Period
from tests.ledgers.workbooks import Sheet, xlsx
from tests.ledgers.workbooks import code as uscc
from tests.promises.case_of_everything import call_of, plant_case

SECRET = "机密江"
OWN, OTHER = "990121", "990102"
BY = Actor("clerk", "周经办")
IDCARD, PHONE = "11010519491231002X", "13912345678"
PERIOD = Period.parse("2026-01..2026-10")


@dataclass
class Side:
    """What one county has: an id for every argument that an address may take."""

    ids: dict[str, Any]

    def __call__(self, route: str, argument: str) -> Any:
        """The value for an argument of a route."""
        if (route, argument) == ("ledgers:unmask", "entry_id"):
            return self.ids["person"]
        space = route.split(":", maxsplit=1)[0]
        if argument == "code":
            return self.ids[{"summaries": "section", "places": "place"}.get(space, f"{space}-code")]
        own = f"{space}-{argument}"
        return self.ids[own if own in self.ids else argument]


def plant(place, word: str) -> Side:
    """Rows, a person, a source, targets, a task, a summary of one county; `word` is in all that is its own."""
    firm = register_party(PartySpec(f"{place.name}远景科技有限公司", "", place.pk), by=BY)

    def add(ledger: str, **values: Any) -> Entry:
        return create_entry(ledger, values, place_id=place.pk, by=BY, reason=f"{word}录入").entry

    title = add("title", holder=firm.pk, kind="hte", level="national", number=f"{word}GR1", issued=date(2025, 11, 1),
                ended=date(2028, 10, 31), status="valid", highlight=True, story=f"{word}故事")  # fmt: skip
    day = date(2026, 5, 6)
    add("tech_contract", number=f"{word}HT1", name=f"{word}合同", kind="development", seller=firm.pk, flow="output",
        total=Decimal(870000), traded=Decimal(870000), registered=day, signed=day, status="registered")  # fmt: skip
    person = add(
        "talent",
        name=f"{word}专家",
        idcard=IDCARD,
        phone=PHONE,
        holder=firm.pk,
        plan="leading",
        year=2026,
        selected=day,
    )
    add(
        "worklog",
        date=day,
        text=f"{word}走访企业,收集需求",
        kind="work",
        theme="subjects",
        highlight=True,
        story=f"{word}走访企业,收集需求",
    )
    add(
        "task", name=f"{word}任务", source="plan", theme="subjects", status="running", year=2026, due=date(2026, 12, 20)
    )
    paper = attach_file(title.pk, Paper(f"{word}证书".encode(), f"{word}证书.txt", "txt", "text/plain"), by=BY)
    source = add_source(
        SourceSpec(issuer="省科技厅", title="高企通报", cut_off=date(2026, 9, 30), obtained_on=date(2026, 10, 9)), by=BY,
        values=[ValueSpec("hte.valid", place.code, Period.parse("2026-01..2026-09"), Decimal(1), cell="B7")],
        upload=Upload(b"bulletin", "t.txt"),
    )  # fmt: skip
    target = set_target(
        TargetSpec("hte.valid", place.code, 2026, "at_least", low=Decimal(3), issuer="市局", document="1号"), by=BY
    )
    header = ["合同登记编号", "项目名称", "合同类别", "卖方名称", "成交额(元)", "登记日期"]
    rows = [[f"2026{place.code}00001A", f"{word}待入库", "技术开发", firm.name, 660000, day]]
    batch = importing.stage(
        "tech_contract", xlsx(Sheet("合同", [header, *rows])), name=f"{word}.xlsx", place=place.code, by=BY
    )
    summary = compose_summary(place.code, PERIOD, "county", by=BY)
    section = summary.sections.get(code="subjects")
    edit_section(section.pk, {}, seen=section.version, by=BY, own=f"{word}手写的一段。")
    text = keep_text(
        TextSpec(place.code, 2026, "draft", f"{word}文稿", f"{word}文稿.txt"),
        f"{word}材料\n全县新认定高新技术企业5家，其中规上企业3家、规下企业4家。".encode(), by=BY,
    )  # fmt: skip
    read_text(text.pk)
    clerk = member(f"clerk-{place.code}", "county", place)
    spec = ClaimSpec(
        uscc(place.code, 90),
        f"{word}待认领有限公司",
        "unit_admin",
        Proof(b"%PDF-1", f"{word}执照.pdf", "pdf", "application/pdf"),
    )
    claim = file_claim(clerk, spec, by=clerk.actor)
    invitation, _code = invite(firm.pk, "applicant", by=clerk.actor, note=f"{word}邀请")
    return Side(
        plant_case(call_of(place), firm, word)
        | {
            "attachment_id": paper.pk, "person": person.pk, "field": "idcard", "api-code": "hte.valid",
            "claim_id": claim.pk, "invitation_id": invitation.pk, "token": "1.x:y:z",
            "batch_id": batch.pk, "user_id": clerk.pk, "membership_id": clerk.memberships.get().pk,
            "place": place.code, "entry_id": title.pk, "party_id": firm.pk, "source_id": source.source,
            "value_id": ReceivedValue.objects.get(source=source.source).pk, "target_id": target.target_id,
            "summary_id": summary.pk, "section": section.code, "mark": _mark(section), "signature_id": 1, "key": "0" * 64, "form": "docx",
            "text_id": text.pk, "finding": 0, "kind": "indicators", "act_id": source.act.pk, "statistics-code": "hte.valid",
            "catalogue-code": "hte.valid", "ledgers-code": "title", "ledger": "title", "target-code": "hte.valid",
        }
    )  # fmt: skip


def _mark(section: Section) -> str:
    """The first figure of the text."""
    nodes = [node for block in section.blocks for node in block["content"]]
    return next(node["attrs"]["id"] for node in nodes if node["type"] == "figure")


def member(username: str, role: str, place=None, sections=(), party=None) -> User:
    """An account with one membership."""
    at = now()
    user = User(username=username, name=username, created_at=at, password_changed_at=at)
    user.set_unusable_password()
    user.save()
    with writing(verb="test.member", by=BY) as act:
        held = Membership.objects.create(
            user=user, role=role, scope="party" if party else "place", place=place, party=party, sections=list(sections),
            act=act.act,
        )  # fmt: skip
        act.wrote(membership_digest(held), "membership")
    return user
