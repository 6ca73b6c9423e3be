"""Promise 4 for cases: every page, form and API operation of one case, opened by everybody there is.

Who sees it is said here by name, and `access.visible` has to agree; all others learn nothing, not even that it exists.
"""

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.accounts.models import UNIT_ROLES, Membership
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.programmes.access import visible
from keshu.bureau.programmes.models import Application
from keshu.bureau.programmes.services import begin_case
from tests.architecture.routes import routes
from tests.promises.case_of_everything import BY, call_of, plant_case
from tests.promises.two_counties import OTHER, OWN, SECRET, member
from tests.promises.walking import Untouched, nothing, pages, read, rights_of, signed_in

pytestmark = pytest.mark.django_db

SEES = {"applicant", "unit_admin", "county", "clerk", "head", "director", "deputy", "office", "finance"}
STRANGERS = {
    "other_applicant", "other_unit_admin", "other_county", "clerk_of_other_county", "office_of_other_county", "finance_of_other_county",
    "system", "security", "audit",
}  # fmt: skip
#: what somebody would send who knows the names of all fields
SENT = {
    "seen": "1", "reason": "无关的人", "text": "改写", "side": "bureau", "book": "1", "event": "withdraw", "kind": "other", "on": "2026-06-01",
    "day": "2026-06-01", "findings": "无", "by": "外人", "note": "无", "outcome": "upheld", "reply": "无", "amount": "1", "voucher_no": "9",
    "paid_on": "2026-06-01", "level": "municipal", "received_on": "2026-06-01", "cell": "title", "value": "改写", "title": "改写",
    "summary": "改写", "expert": "外人", "office": "外人", "result": "pass", "proof": "无", "closing": "无",
}  # fmt: skip


@pytest.fixture
def case(users, places):
    """One submitted case of an enterprise of 青岩县 in a call of the city, and everybody who might want to look at it."""
    firm = register_party(PartySpec("自家仪器有限公司", "", places[OWN].pk), by=BY)
    other = register_party(PartySpec("旁人科技有限公司", "", places[OWN].pk), by=BY)
    people = {role: users[role] for role in Membership.Role.values if role not in UNIT_ROLES}
    for role in UNIT_ROLES:
        people[role] = member(role, role, party=firm)
        people[f"other_{role}"] = member(f"other-{role}", role, party=other)
    people["other_county"] = member("other_county", "county", places[OTHER])
    for role in ("clerk", "office", "finance"):
        people[f"{role}_of_other_county"] = member(f"{role}-of-other", role, places[OTHER])
    assert set(people) == SEES | STRANGERS, "a new role: say whether it sees the case"
    call = call_of(places["990100"])
    ids = plant_case(call, firm, SECRET)
    return SimpleNamespace(ids=ids, people=people, party=firm, call=call, pk=ids["application_id"])


def of_the_case():
    """Every page that names a case or something that hangs on one."""
    names = {
        "application_id",
        "instalment_id",
        "payment_id",
        "recovery_id",
        "objection_id",
        "document_id",
        "batch_id",
        "voucher_id",
    }
    found = [
        one
        for one in pages()
        if one.name.startswith(("programmes:", "money:"))
        and names & set(one.converters)
        and rights_of(one) != {"public"}
    ]
    assert len(found) > 50
    return found


def opened(route, ids):
    def value(found):
        own = f"programmes-{found.group(1)}"
        return str(ids[own if own in ids else found.group(1)])

    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, route.pattern)


def test_who_sees_the_case_is_who_should(case):
    found = {name for name, user in case.people.items() if visible(viewer_of(user)).filter(pk=case.pk).exists()}
    assert found == SEES
    page = reverse("programmes:case", args=[case.pk])
    answers = {name: signed_in(user).get(page) for name, user in case.people.items()}
    assert {name for name, answer in answers.items() if answer.status_code == 200} == SEES
    assert all(SECRET in read(answers[name]) for name in SEES)


def test_a_draft_is_nobody_s_but_its_own(case):
    draft = begin_case(case.call, party_id=case.party.pk, place_id=case.party.place_id, by=BY)
    found = {name for name, user in case.people.items() if visible(viewer_of(user)).filter(pk=draft.pk).exists()}
    assert found == {"applicant", "unit_admin"}
    page = reverse("programmes:case", args=[draft.pk])
    assert {n for n, user in case.people.items() if signed_in(user).get(page).status_code == 200} == found
    body, saving = {"changes": [["project_name", "改写", 0]]}, reverse("programmes:cells", args=[draft.pk])
    for name in sorted(set(case.people) - found):
        client = signed_in(case.people[name])
        with Untouched() as watched:
            answer = client.post(saving, body, content_type="application/json")
        assert (answer.status_code in (403, 404, 409), watched.written) == (True, []), name
    assert signed_in(case.people["applicant"]).post(saving, body, content_type="application/json").status_code == 200
    assert [cell.text for cell in draft.cells.all()] == ["改写"]


def test_every_page_of_a_case_opens_or_says_why_for_those_who_see_it(case):
    wrong = []
    for name in SEES:
        client = signed_in(case.people[name])
        for route in of_the_case():
            with Untouched():
                answer = client.get(opened(route, case.ids))
                read(answer)
            if answer.status_code not in (200, 302, 400, 403, 404, 405):
                wrong.append((name, route.name, answer.status_code))
    nothing(wrong)


@pytest.mark.parametrize("name", sorted(STRANGERS))
def test_a_stranger_learns_nothing_and_changes_nothing(case, name):
    """Absent and not yours answer alike, whether read or sent to."""
    client, wrong = signed_in(case.people[name]), []
    absent = {argument: 999999 if isinstance(value, int) else value for argument, value in case.ids.items()}
    for route in of_the_case():
        for method, sent in (("get", {}), ("post", SENT)):
            with Untouched() as watched:
                answer, none = (getattr(client, method)(opened(route, ids), sent) for ids in (case.ids, absent))
                said = read(answer)
            refused = answer.status_code in (400, 403, 404, 405) and answer.status_code == none.status_code
            if not refused or SECRET in said or watched.written:
                wrong.append((method, route.name, answer.status_code, none.status_code, watched.written[:1]))
    nothing(wrong)


def test_the_public_is_sent_to_the_door(case):
    client, wrong = Client(raise_request_exception=False), []
    for route in of_the_case():
        for method in ("get", "post"):
            with Untouched() as watched:
                answer = getattr(client, method)(opened(route, case.ids), SENT)
            if not answer.url.startswith(reverse("accounts:sign-in")) or watched.written:
                wrong.append((method, route.name, answer.status_code))
    nothing(wrong)


def test_no_list_search_or_download_of_a_stranger_names_the_case(case):
    wrong = []
    for name in sorted(STRANGERS):
        client = signed_in(case.people[name])
        for route in pages():
            if route.converters:
                continue
            with Untouched():
                said = read(client.get(f"/{route.pattern}", {"q": "仪器", "year": "", "all": "1"}))
            if SECRET in said:
                wrong.append((name, route.name))
    nothing(wrong)


def test_the_interface_says_of_a_case_no_more_than_the_pages(case):
    """Every operation, asked for the enterprise and for all rows; what an outsider may apply for is hers alone."""
    operations = [route for route in routes() if route.operations]
    assert len(operations) >= 6
    wrong = []
    for name, user in {**{n: case.people[n] for n in STRANGERS}, "public": None}.items():
        client = signed_in(user) if user else Client(raise_request_exception=False)
        for route in operations:
            asked = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(case.ids.get(found.group(1), 1)), route.pattern)
            for query in (
                {"party": case.party.pk},
                {"ledger": "project", "limit": 500},
                {"place": OWN, "period": "2026"},
            ):
                with Untouched() as watched:
                    answer = client.get(asked, query)
                if answer.status_code >= 500 or SECRET in read(answer) or watched.written:
                    wrong.append((name, route.pattern, query, answer.status_code))
    nothing(wrong)
    own = signed_in(case.people["applicant"]).get("/api/v1/programmes/eligibility", {"party": case.party.pk})
    assert own.status_code == 200 and own.json()["name"] == case.party.name
    assert Application.objects.get(pk=case.pk).state == "running"
