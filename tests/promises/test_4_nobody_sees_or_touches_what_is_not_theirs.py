"""Promise 4: every address, every role, every county: nobody reads or writes what is not theirs, and nothing falls over.

The routes come from the resolver, so that a new page is tried on the day on which it is added; an argument that nobody
gave an example for fails here.
"""

import re
from urllib.parse import quote

import pytest
from django.apps import apps
from django.http import HttpResponseForbidden
from django.test import Client
from django.urls import reverse

from keshu.bureau.accounts.access import RIGHTS, viewer_of
from keshu.bureau.accounts.models import Membership
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.parties.models import Party
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import now
from keshu.bureau.statistics.queries import Ask, lineage
from keshu.kernel.measure.period import Period
from tests.architecture.routes import routes
from tests.ledgers.workbooks import code as uscc
from tests.promises.two_counties import IDCARD, OTHER, OWN, PHONE, SECRET, member, plant
from tests.promises.walking import LEAVES, Untouched, address, nothing, pages, read, rights_of, signed_in

pytestmark = pytest.mark.django_db
OPEN = {200, 302, 400, 404, 405, 409, 422}  # what somebody who may come in can meet


@pytest.fixture
def sides(users, places):
    """(own, other): 青岩县, to which the county's clerk belongs, and 江川区."""
    return plant(places[OWN], "青岩"), plant(places[OTHER], SECRET)


#: one filling for every form of the site: whoever may send it, writes
FILLED = {
    "reason": "测试", "note": "测试", "name": "改名有限公司", "on": "2026-06-01", "seen": "1", "text": "改写", "own": "添一句。",
    "heading": "改题", "uscc": uscc("990121", 77), "target": "石林电子有限公司", "parent": "990100", "code": "990188", "kind": "county",
    "since": "2026-01-01", "place": OWN, "issuer": "市局", "title": "通报", "cut_off": "2026-09-30", "obtained_on": "2026-10-01",
    "status": "flash", "release": "internal", "indicator": "hte.valid", "period": "2026-01..2026-09", "value": "7", "low": "9",
    "year": "2026", "username": "newcomer", "role": "clerk", "password": "Keshu#2026x", "chain": "one", "chapter": "work", "way": "down",
    "document": "2号", "tier": "ensure", "section": "", "highlight": "on", "story": "一句话", "zero": "on",
}  # fmt: skip


@pytest.fixture
def plain_refusals(monkeypatch):
    """Where only the refusal counts: four thousand of them, without the sidebar and the sentence around each."""
    monkeypatch.setattr("keshu.site.urls.handler403", lambda _request, exception: HttpResponseForbidden(str(exception)))


def test_each_role_opens_and_sends_exactly_what_its_rights_give(sides, users, plain_refusals):
    """Also on what is its own: GET and a filled POST of every address. Without the right: 403, and nothing written.

    Where the right is there the same form really writes: else the refusals would prove nothing.
    """
    wrong, wrote = [], set()
    for role in RIGHTS:
        client = signed_in(users[role])
        for route in pages():
            needed = rights_of(route)
            if needed == {"public"} or route.name in LEAVES:
                continue
            given = needed == {"signed-in"} or bool(needed & RIGHTS[role])
            if given and route.name in wrote:
                continue
            for method in ("post",) if given else ("get", "post"):
                with Untouched() as watched:
                    answer = getattr(client, method)(address(route, sides[0]), FILLED)
                    read(answer)
                    wrote |= {route.name} if Act.objects.count() > watched.acts else set()
                fits = answer.status_code in (OPEN | {403} if given else {403})
                if not fits or (not given and watched.written):
                    wrong.append((role, method, route.name, answer.status_code, watched.written[:2]))
    nothing(wrong)
    nothing(WRITING - wrote)


WRITING = {
    "parties:rename", "parties:add", "places:move", "places:end", "places:add", "statistics:source-edit",
    "statistics:source-value", "statistics:source-withdraw", "statistics:value-void", "targets:withdraw", "summaries:recompose",
    "accounts:add", "accounts:grant",
}  # fmt: skip


def test_strangers_are_sent_to_the_door_and_write_nothing(sides):
    client, own, wrong = Client(raise_request_exception=False), sides[0], []
    for route in routes():
        if rights_of(route) == {"public"} or "(?P" in route.pattern:
            continue
        for method in ("get", "post", "put", "delete"):
            with Untouched() as watched:
                answer = getattr(client, method)(address(route, own))
            at_the_door = answer.status_code == 302 and answer.url.startswith(reverse("accounts:sign-in"))
            refused = answer.status_code in (401, 405) if route.operations else at_the_door
            if not refused or watched.written:
                wrong.append((method, route.pattern, answer.status_code, watched.written[:2]))
    nothing(wrong)


def test_no_form_is_taken_without_its_token(sides, users):
    """A page of somebody else's site cannot make a signed-in clerk's browser write."""
    client, own, wrong = signed_in(users["office"], enforce_csrf_checks=True), sides[0], []
    for route in pages():
        with Untouched() as watched:
            answer = client.post(address(route, own), FILLED)
        if answer.status_code != 403 or watched.written:
            wrong.append((route.name, answer.status_code))
    nothing(wrong)


def questions(route, own, other):
    """Addresses of a route: of both counties, and with every question that could reach over."""
    yield address(route, other)
    yield f"{address(route, own)}?q={quote(SECRET)}&text={quote(SECRET)}"
    yield f"{address(route, own)}?place={OTHER}&year=2026&period=2026&all=1&voided=on"
    for form in ("names", "names(title)", "parts(level)", "without_largest(1)", "value", "share", "rank"):
        yield f"/{route.pattern}?ref=hte.valid@{OTHER}:{form}" if route.name == "statistics:figure" else ""
    if route.name == "summaries:download":
        yield from (
            address(route, lambda r, a, f=f: f if a == "form" else other(r, a))
            for f in ("docx", "check-docx", "check-xlsx")
        )


def leaks(client, own, other, word):
    found = []
    for route in pages():
        for asked in dict.fromkeys(filter(None, questions(route, own, other))):
            answer = client.get(asked)
            said = read(answer).replace(quote(word), "").replace(f'value="{word}"', "").replace(f"“{word}”", "")
            if answer.status_code >= 500 or word in said:
                found.append(
                    (asked, answer.status_code, said[max(0, said.find(word) - 60) :][:120] if word in said else "")
                )
    return found


def test_nobody_of_one_county_reads_a_row_of_another(sides, places, users):
    """The word would be seen by whoever may: the city's office reads it where it is looked for."""
    own, other = sides
    for role in ("county", "office"):
        nothing(leaks(signed_in(member(f"{role}-of-own", role, places[OWN])), own, other, SECRET))
    city = signed_in(users["office"])
    for asked in (
        "/ledgers/title/",
        "/ledgers/title/export/",
        f"/summaries/{other.ids['summary_id']}/",
        f"/search/?q={quote(SECRET)}",
    ):
        assert SECRET in read(city.get(asked)), asked


def test_nobody_of_one_section_touches_the_rows_of_another(sides, places):
    """成果科 reads the titles of 高新科 as all staff does, but changes none and sees no figure's rows opened by it."""
    own, _other = sides
    person = member("section", "clerk", places["990100"], sections=["成果科"])
    client, wrong = signed_in(person), []
    for route in pages():
        if route.name.startswith("ledgers:") and route.converters and "batch_id" not in route.converters:
            with Untouched() as watched:
                answer = client.post(address(route, own), FILLED)
            wrong += [(route.name, answer.status_code)] if watched.written or answer.status_code >= 500 else []
    nothing(wrong)
    cut = lineage(
        Ask("hte.valid", "990100", Period.parse("2026-01..2026-10")), known_at=now(), viewer=viewer_of(person)
    )
    assert (len(cut.rows), cut.hidden) == (0, 2)


def test_personal_fields_are_never_shown_in_full_on_reading(sides, users, places):
    """Whoever it is and whatever is opened: an ID number and a telephone stand there masked."""
    own, _other = sides
    wrong = []
    for user in (users["office"], users["audit"], users["county"]):
        client = signed_in(user)
        for route in pages():
            said = read(client.get(f"{address(route, own)}?ledger=talent&q={quote('专家')}"))
            wrong += [(user.username, route.name, word) for word in (IDCARD, PHONE, PHONE[3:]) if word in said]
    for found in ("list", "export"):
        said = read(client.get(reverse(f"ledgers:{found}", args=["talent"])))
        wrong += [(found, word) for word in (IDCARD, PHONE) if word in said]
    nothing(wrong)
    entry = Revision.objects.get(ledger="talent", place=places[OWN])
    page = read(signed_in(users["office"]).get(reverse("ledgers:entry", args=[entry.entry_id])))
    assert entry.title in page, "the person's row was opened"
    assert IDCARD not in str(entry.data) and PHONE not in str(entry.data)


def test_nobody_of_one_county_touches_what_is_another_s(sides, places):
    """Each address of 江川区's things with a filled form, by somebody who holds the right in 青岩县."""
    wrong = []
    for role in ("county", "head", "office", "director"):
        client = signed_in(member(f"{role}-of-own", role, places[OWN]))
        for route in pages():
            if not route.converters or not rights_of(route) & RIGHTS[role]:
                continue
            for filled in (FILLED, FILLED | {"place": OTHER, "seen": "2"}):
                with Untouched() as watched:
                    answer = client.post(address(route, sides[1]), filled)
                if answer.status_code >= 500 or watched.written:
                    wrong.append((role, route.name, answer.status_code, watched.written[:1]))
                    break
    nothing(wrong)


def test_nobody_of_one_county_adds_anything_to_another(sides, places):
    """The place stands in the form, with everything else as it should be."""
    wrong = []
    for role in ("county", "office", "director"):
        client = signed_in(member(f"{role}-of-own", role, places[OWN]))
        for route in pages():
            if not rights_of(route) & RIGHTS[role]:
                continue
            filled = FILLED | {"place": OTHER, "kind": "at_least", "period": "2026", "parent": OTHER}
            with Untouched() as watched:
                answer = client.post(address(route, sides[0]), filled)
                reached = _reached(places[OTHER].pk, watched.acts)
            if answer.status_code >= 500 or reached:
                wrong.append((role, route.name, answer.status_code, reached))
    nothing(wrong)


def _reached(place, acts_before):
    """Tables where a new row stands at the other county. Organisations are everybody's: a buyer may be from anywhere."""
    newest = sorted(Act.objects.values_list("pk", flat=True))[acts_before:]
    found = []
    for model in apps.get_models():
        names = {field.attname for field in model._meta.fields}
        if (
            model is not Party
            and {"place_id", "act_id"} <= names
            and model.objects.filter(place_id=place, act_id__in=newest).exists()
        ):
            found.append(model.__name__)
    return found


def test_the_api_cuts_as_the_pages_do(sides, places):
    own, other = sides
    client = signed_in(member("api-of-own", "county", places[OWN]))
    for ledger in ("title", "tech_contract", "talent", "worklog", "task"):
        for place in ("", OWN, OTHER, "990100"):
            answer = client.get("/api/v1/entries", {"ledger": ledger, "place": place, "limit": 500})
            said, rows = answer.content.decode(), answer.json()["rows"]
            assert SECRET not in said and IDCARD not in said and PHONE not in said, (ledger, place)
            assert {row["place"] for row in rows} == (set() if place == OTHER else {OWN}), (ledger, place)
    assert client.get(f"/api/v1/entries/{own.ids['entry_id']}").status_code == 200
    hidden, absent = (client.get(f"/api/v1/entries/{pk}") for pk in (other.ids["entry_id"], 999999))
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content) and hidden.status_code == 404
    lineage_of = client.get(
        "/api/v1/figures/hte.valid/lineage", {"place": "990100", "period": "2026-01..2026-10"}
    ).json()
    assert (len(lineage_of["lineage"]), lineage_of["hidden"]) == (1, 1)


def test_lineage_counts_what_it_hides(sides, places, users):
    own_viewer = viewer_of(member("only-own", "county", places[OWN]))
    ask = Ask("hte.valid", "990100", Period.parse("2026-01..2026-10"))
    whole, cut = lineage(ask, known_at=now()), lineage(ask, known_at=now(), viewer=own_viewer)
    assert (len(whole.rows), len(cut.rows), cut.hidden) == (2, 1, 1)
    assert (cut.row_count, cut.rows_hash, cut.figure.value) == (whole.row_count, whole.rows_hash, whole.figure.value)


def test_a_role_that_ended_opens_nothing_any_more(sides, users):
    client = signed_in(users["office"])
    assert client.get("/ledgers/").status_code == 200
    Membership.objects.filter(user=users["office"]).update(ended_at=now())
    assert client.get("/ledgers/").status_code == 403
    users["clerk"].is_active = False
    users["clerk"].save()
    assert signed_in(users["clerk"]).get("/ledgers/").status_code == 302


def test_no_address_falls_over_a_strange_argument(sides, users):
    """Numbers beyond every integer, codes with signs, text with a NUL: an answer, never a fault."""
    client, wrong = signed_in(users["office"]), []
    strange = {"int": "9" * 23, "str": "%00", "slug": "-", "uuid": "00000000-0000-0000-0000-000000000000"}
    for route in pages():
        if route.name in LEAVES:
            continue
        if route.converters:
            wrong += _faults(client, "/" + re.sub(r"<(\w+):\w+>", lambda found: strange[found.group(1)], route.pattern))
        wrong += _faults(client, address(route, sides[0]) + "?" + STRANGE)
        wrong += _faults(
            client,
            address(route, sides[0]),
            FILLED | dict.fromkeys(("seen", "on", "year", "value", "place"), "x\x00二"),
        )
    nothing(wrong)
    assert client.get("/").status_code == 200, "still signed in"


STRANGE = "q=%00%27&year=x&place=%00&period=9999..1&sort=-zz&after=%ff%fe&page=-1&ref=%7B%7B&at=9999-99-99&on=0000-00-00&order=;&state=%F0%9F%90%B4"


def _faults(client, asked, filled=None):
    with Untouched():
        answer = client.get(asked) if filled is None else client.post(asked, filled)
        read(answer)
    return [(asked, answer.status_code)] if answer.status_code >= 500 else []
