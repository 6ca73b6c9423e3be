"""Claims of organisations: who says that they act for one, and who answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer, refuses
from keshu.bureau.accounts.members import ADMIN, MINE, administrators_of, join
from keshu.bureau.accounts.models import UNIT_ROLES, Claim, Membership, User
from keshu.bureau.accounts.queries import roles_of
from keshu.bureau.accounts.services import AccountProblem
from keshu.bureau.outbox.services import Notice, post
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.queries import heirs
from keshu.bureau.parties.services import PartySpec, add_parties, learn_codes, revive
from keshu.bureau.places.models import Place
from keshu.bureau.records import files
from keshu.bureau.records.services import Actor, Writing, digest_of, writing
from keshu.kernel.ids import uscc as code_rule
from keshu.kernel.typed.names import normal_name

State, To = Claim.State, Claim.Addressee
DECIDE = "claims.decide"


@dataclass(frozen=True)
class Proof:
    """An uploaded licence whose type and size somebody has checked (office.filetypes)."""

    content: bytes
    name: str
    kind: str
    mime: str


@dataclass(frozen=True)
class ClaimSpec:
    """What the claimant says. `to_bureau`: the organisation's administrators cannot be reached any more."""

    uscc: str
    name: str
    role: str
    proof: Proof | None = None
    note: str = ""
    to_bureau: bool = False


def party_of_code(uscc: str) -> Party | None:
    """The organisation with this code as it counts today, merges followed; withdrawn ones too."""
    found = Party.objects.filter(uscc=uscc, kind=Party.Kind.ORGANISATION).first()
    return None if found is None else Party.objects.get(pk=heirs([found.pk])[found.pk])


def file_claim(user: User, spec: ClaimSpec, *, by: Actor) -> Claim:
    """Claim an organisation. Its administrators answer if it has any; otherwise the bureau, which asks for a proof.

    Raises AccountProblem with what is wrong and what to do.
    """
    code, name = _code(spec.uscc), spec.name.strip()
    if not name:
        raise AccountProblem(_("请填写营业执照或登记证书上的单位全称"))
    if spec.role not in UNIT_ROLES:
        raise AccountProblem(_("请选择单位管理员或申报人"))
    if refuses(roles_of(user.pk) | {spec.role}):
        raise AccountProblem(_("系统管理员、安全管理员、审计管理员的账号不得加入单位，请本人另行注册账号"))
    if spec.proof:
        files.keep(spec.proof.content)
    with writing(verb="claim.file", by=by, subject=f"user:{user.username}", note={"uscc": code}) as under_way:
        party = party_of_code(code)
        addressee = To.UNIT if _answers(party) and not spec.to_bureau else To.BUREAU
        _refuse_claim(user, code, party, spec, addressee)
        claim = Claim(user=user, uscc=code, name=name, party=party, place=_place(code, party), role=spec.role)
        claim.note, claim.addressee, claim.made_at, claim.act = spec.note, addressee, under_way.act.at, under_way.act
        if spec.proof:
            proof = spec.proof
            claim.proof = files.store(
                proof.content, name=proof.name, kind=proof.kind, mime=proof.mime, within=under_way
            )
        claim.save()
        under_way.wrote(claim_digest(claim), "claim")
        _announce(claim, under_way)
    return claim


def _code(text: str) -> str:
    verdict = code_rule.check(text)
    if not verdict.ok:
        raise AccountProblem(f"{verdict.message}；{verdict.remedy}")
    return verdict.value


def _answers(party: Party | None) -> bool:
    return party is not None and administrators_of(party.pk).exists()


def _place(code: str, party: Party | None) -> Place | None:
    """Where the organisation is: as recorded, else by the registering authority in its code."""
    return party.place if party and party.place else Place.objects.filter(code=code[2:8]).first()


def _refuse_claim(user: User, code: str, party: Party | None, spec: ClaimSpec, addressee: str) -> None:
    if Claim.objects.filter(user=user, uscc=code, state=State.PENDING).exists():
        raise AccountProblem(_("您已提交过该单位的认领，正在审核；如需更改请先撤回"))
    held = Membership.objects.filter(user=user, party=party, ended_at__isnull=True).first() if party else None
    if held is not None and held.role in (spec.role, ADMIN):
        raise AccountProblem(_("您已是该单位的%(role)s，无需认领") % {"role": held.get_role_display()})
    if addressee == To.BUREAU and spec.proof is None:
        raise AccountProblem(_("该认领由主管部门审核，请上传营业执照（或登记证书）的扫描件或照片"))


def claim_digest(row: Claim) -> bytes:
    """What the claimant said; the decision is not part of it."""
    proof = row.proof.sha256 if row.proof else ""
    return digest_of(["claim", row.user_id, row.uscc, row.name, row.role, row.addressee, row.note, proof])


def _announce(claim: Claim, within: Writing) -> None:
    """The organisation's administrators hear of every claim, also of one that passes them by."""
    if claim.party_id is None:
        return
    title = _("%(user)s 申请成为%(party)s的%(role)s") % {
        "user": claim.user.name, "party": claim.party, "role": claim.get_role_display(),
    }  # fmt: skip
    notices = [
        Notice("account.claim", title, url=f"{MINE}members/", to_user=held.user.username)
        for held in administrators_of(claim.party_id)
    ]
    post(notices, within=within)


def for_bureau(viewer: Viewer) -> QuerySet[Claim]:
    """Claims that the bureau answers, at the viewer's places: addressed to it, or left without an administrator."""
    answering = Membership.objects.filter(
        party=OuterRef("party"), role=ADMIN, ended_at__isnull=True, user__is_active=True
    )
    rows = Claim.objects.filter(Q(addressee=To.BUREAU) | ~Exists(answering))
    visible = viewer.place_ids(DECIDE)
    if visible is not None:
        rows = rows.filter(Q(place__in=visible) | Q(place__isnull=True))
    return rows.select_related("user", "party", "place", "proof")


def for_unit(party_id: int) -> QuerySet[Claim]:
    """Claims that wait for the organisation's administrators, the oldest first."""
    rows = Claim.objects.filter(party_id=party_id, addressee=To.UNIT, state=State.PENDING)
    return rows.select_related("user").order_by("pk")


def approve_claims(claims: Sequence[int], *, by: Actor, reason: str = "") -> list[Claim]:
    """Let these claimants in, all in one act; who may decide them was asked before (`for_bureau`, `for_unit`)."""
    with writing(verb="claim.approve", by=by, reason=reason, note={"claims": list(claims)}) as under_way:
        rows = _pending(claims, by)
        for row in rows:
            party = _party(row, under_way)
            row.membership = join(row.user, party, row.role, within=under_way)
            row.party = party
            _decide(row, State.APPROVED, by, reason, under_way)
    return rows


def refuse_claims(claims: Sequence[int], *, by: Actor, reason: str) -> list[Claim]:
    """Turn these claims down with a reason that the claimants read."""
    if not reason.strip():
        raise AccountProblem(_("请写明不予通过的原因，申请人会看到"))
    with writing(verb="claim.refuse", by=by, reason=reason, note={"claims": list(claims)}) as under_way:
        rows = _pending(claims, by)
        for row in rows:
            _decide(row, State.REFUSED, by, reason, under_way)
    return rows


def withdraw_claim(claim_id: int, *, by: Actor) -> Claim:
    """The claimant takes it back while nobody has answered."""
    with writing(verb="claim.withdraw", by=by, note={"claims": [claim_id]}) as under_way:
        row = Claim.objects.select_for_update(of=("self",)).select_related("user").get(pk=claim_id)
        if row.state != State.PENDING or row.user.actor != by:
            raise AccountProblem(_("该认领已有结论或已撤回，请刷新页面"))
        _decide(row, State.WITHDRAWN, by, "", under_way)
    return row


def _pending(claims: Sequence[int], by: Actor) -> list[Claim]:
    rows = Claim.objects.select_for_update(of=("self",)).select_related("user", "party", "place")
    found = list(rows.filter(pk__in=claims, state=State.PENDING).order_by("pk"))
    if not found or len(found) != len(set(claims)):
        raise AccountProblem(_("所选认领中有的已被办理或撤回，请刷新页面后重选"))
    if any(row.user.actor == by for row in found):
        raise AccountProblem(_("不能审核自己提出的认领，请由另一人办理"))
    return found


def _party(row: Claim, within: Writing) -> Party:
    """The claimed organisation: known by its code, known so far by its name alone, or new."""
    found = party_of_code(row.uscc)
    if found is None:
        named = Party.objects.filter(
            kind=Party.Kind.ORGANISATION, uscc__isnull=True, withdrawn=False, normal_name=normal_name(row.name)
        )
        if len(named) != 1:
            return add_parties([PartySpec(row.name, row.uscc, row.place_id)], within=within)[0]
        learn_codes({named[0].pk: row.uscc}, within=within)
        return Party.objects.get(pk=heirs([named[0].pk])[named[0].pk])
    if found.withdrawn:
        revive([found.pk], within=within)
    return found


def _decide(row: Claim, state: str, by: Actor, reason: str, within: Writing) -> None:
    row.state, row.decided_at, row.decided_by, row.reason = state, within.act.at, by.username, reason.strip()
    row.save(update_fields=["state", "decided_at", "decided_by", "reason", "membership", "party"])
    within.wrote(digest_of(["claim.decide", row.pk, state]))
    if state == State.WITHDRAWN:
        return
    approved = state == State.APPROVED
    title = _("认领已通过：%(name)s") if approved else _("认领未通过：%(name)s")
    post(
        [Notice("account.claim", title % {"name": row.name}, reason, url=MINE, to_user=row.user.username)],
        within=within,
    )
