"""A bureau in the last hour of a call: one firm, one account, one draft and one open session for each applicant."""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

PROGRAMME = "plan.soft"
TYPED = 20  # free texts of a form, at most, that come over the wire; the others lie in the draft already
SLOT = "licence"  # the paper that is uploaded; the others lie in their slots already


@dataclass
class Applicant:
    """Somebody who applies, what she is going to type, and what the server has told her."""

    number: int
    username: str
    session: str
    case: int
    party: int
    drafts: list[dict[str, str]]  # what each autosave sends
    paper: bytes
    kept: dict[str, str] = field(default_factory=dict)  # path: the text last acknowledged
    sent: dict[str, str] = field(default_factory=dict)  # path: the text last sent, acknowledged or not
    paper_in: bool = False
    handed_in: bool = False
    receipts: set[tuple[int, str, str]] = field(default_factory=set)  # id, number, hash, as the page showed them
    trouble: str = ""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.paper).hexdigest()


def seed(count: int) -> list[Applicant]:
    """Through the services, so that every row is in the chain; sessions are opened here, without a password."""
    from keshu.bureau.accounts.models import Membership, User
    from keshu.bureau.accounts.services import membership_digest
    from keshu.bureau.places.models import Place
    from keshu.bureau.records.services import SYSTEM, writing

    city, at, chance = Place.objects.get(), datetime.now(UTC), random.Random(11)
    call, parties, found = _call(city), _parties(city, count, chance), []
    with writing(verb="bench", by=SYSTEM) as act:
        for party in parties:
            name = f"applicant-{party.pk}"
            user = User.objects.create(username=name, name="申报人", created_at=at, password_changed_at=at)
            held = Membership.objects.create(user=user, role="unit_admin", scope="party", party=party, act=act.act)
            act.wrote(membership_digest(held), "membership")
    for number, party in enumerate(parties):
        user = User.objects.get(username=f"applicant-{party.pk}")
        found.append(_applicant(number, user, party, call, chance))
    return found


def _call(city: Any) -> Any:
    from keshu.bureau.programmes.definitions import pin, programme_of
    from keshu.bureau.programmes.models import Call
    from keshu.bureau.records.services import SYSTEM, writing

    now, programme = datetime.now(UTC), programme_of(PROGRAMME)
    with writing(verb="call.publish", by=SYSTEM) as act:
        pin(programme, at=act.act.at)
        return Call.objects.create(
            programme=PROGRAMME, version=programme.version, act=act.act, name=programme.name, year=now.year, place=city,
            section=programme.owner, opens_at=now - timedelta(days=1), closes_at=now + timedelta(hours=6), contact="x",
            phone="1", state="published", published_at=now,
        )  # fmt: skip


def _parties(city: Any, count: int, chance: random.Random) -> list[Any]:
    from keshu.bureau.parties.describing import describe_party
    from keshu.bureau.parties.services import PartySpec, register_party
    from keshu.bureau.records.services import SYSTEM
    from keshu.site.demo import numbers

    found = []
    for number in range(count):
        code = numbers.credit_code(chance, "990100")
        party = register_party(PartySpec(f"云岭第{number}号技术有限公司", code, city.pk), by=SYSTEM)
        told = {"unit_type": "企业", "registered_on": date(2015, 5, 1), "address": "工业路", "legal_person": "陈立"}
        describe_party(party.pk, told, by=SYSTEM)
        found.append(party)
    return found


def _applicant(number: int, user: Any, party: Any, call: Any, chance: random.Random) -> Applicant:
    from django.test import Client
    from tests.programmes.filling import PDF, cells_for

    from keshu.bureau.programmes.definitions import programme_for
    from keshu.bureau.programmes.services import begin_case

    case = begin_case(call, party_id=party.pk, place_id=party.place_id, by=user.actor)
    programme = programme_for(call)
    cells = cells_for(programme)
    typed = [path for path, text in cells.items() if text.endswith("的内容") or path in ("project_name", "keywords")]
    typed = typed[:TYPED]
    _fill(case, programme, {path: text for path, text in cells.items() if path not in typed}, user, chance)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    told = {path: f"第{number}家：{cells[path]}" for path in typed}
    return Applicant(
        number, user.username, client.cookies["sessionid"].value, case.pk, party.pk, _drafts(told),
        PDF + f"% {number}\n".encode() * 2000,
    )  # fmt: skip


def _drafts(told: dict[str, str]) -> list[dict[str, str]]:
    """Four fields at a time; then some of them once more, changed."""
    paths = list(told)
    found = [{path: told[path] for path in paths[at : at + 4]} for at in range(0, len(paths), 4)]
    found.append({path: f"{told[path]}（修改）" for path in paths[::4]})
    return found


def _fill(case: Any, programme: Any, texts: dict[str, str], user: Any, chance: random.Random) -> None:
    from tests.programmes.filling import add_paper

    from keshu.bureau.parties import personal
    from keshu.bureau.programmes.models import FormCell
    from keshu.site.demo import numbers

    at = datetime.now(UTC)
    closed = {one.code for section in programme.sections for one in section.fields if one.personal}
    texts = texts | {"leader_idcard": numbers.id_number(chance, "990100")}
    FormCell.objects.bulk_create(
        FormCell(
            application=case, path=path, text=personal.seal(text) if path in closed else text, by=user.username, at=at
        )
        for path, text in texts.items()
    )
    for slot in programme.attachments:
        if slot.required and slot.code != SLOT:
            add_paper(case, slot.code, f"{slot.name}.pdf", by=user.username)
