"""Cases put where a test wants them, without walking the whole way: handed in with a version, in a state with its stage."""

from datetime import UTC, datetime, timedelta

from keshu.bureau.parties import personal
from keshu.bureau.programmes.applying.versions import hash_of
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import Application, FormVersion, Stage
from keshu.bureau.programmes.services import begin_case
from keshu.bureau.records.services import Actor, writing
from tests.programmes.filling import cells_for, personal_paths

BY = Actor("applicant", "applicant")


def put(call, party, state, *, title="在线测试仪器关键技术研究", due=None, changes=None, days_ago=3):
    """A case of the party in a state, with a version of every required field; `due` is its stage's due date."""
    application = begin_case(call, party_id=party.pk, place_id=party.place_id, by=BY)
    programme = programme_for(call)
    texts = cells_for(programme) | (changes or {})
    closed = personal_paths(programme)
    values = {path: personal.seal(text) if path in closed else text for path, text in texts.items() if text}
    papers = [
        {"slot": one.code, "name": f"{one.name}.pdf", "sha256": "0" * 64, "size": 10} for one in programme.attachments
    ]
    at = datetime.now(UTC) - timedelta(days=days_ago)
    with writing(verb="test.put", by=BY) as act:
        version = FormVersion(
            application=application, number=1, values=values, papers=papers, event="submit", by=BY.username, at=at,
            act=act.act,
        )  # fmt: skip
        version.sha256 = hash_of(version)
        version.save()
        act.wrote(bytes.fromhex(version.sha256), "form")
        Stage.objects.filter(application=application).update(left_at=datetime.now(UTC), left_by="submit")
        Stage.objects.create(
            application=application, state=state, order=2, entered_at=act.act.at, due_on=due, act=act.act
        )
        Application.objects.filter(pk=application.pk).update(
            state=state, number=f"T{application.pk:06d}", version=version, submitted_at=at, title=title, leader="林远",
        )  # fmt: skip
    return Application.objects.select_related("call__place", "place", "party", "version", "act").get(pk=application.pk)


def again(application):
    return Application.objects.select_related("call__place", "place", "party", "version", "act").get(pk=application.pk)
