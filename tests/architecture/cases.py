"""A call with a case under publicity, an objection and a document, for the tests that walk the site."""

from datetime import UTC, datetime, timedelta


def make_cases(place, county, party, viewer):
    """The ids that addresses of programmes need, by the names of their arguments."""
    from keshu.bureau.programmes.definitions import pin, programme_of
    from keshu.bureau.programmes.models import Application, Call
    from keshu.bureau.programmes.publicity import documents, lists, objecting
    from keshu.bureau.records.services import writing

    programme, now = programme_of("plan.soft"), datetime.now(UTC)
    with writing(verb="call.publish", by=viewer.actor) as act:
        pin(programme, at=now)
        call = Call.objects.create(
            programme=programme.code, version=programme.version, year=now.year, name="软科学研究项目", place=place,
            section=programme.owner, opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9), contact="周经办",
            phone="0594-2345678", state="published", published_at=now, act=act.act,
        )  # fmt: skip
    shown, issuing = (_case(call, party, county, viewer, state) for state in ("announcing", "issuing"))
    publicity = lists.publish(call.pk, [shown.pk], title="拟立项公示", text="", contact="计财科", viewer=viewer)
    said = objecting.Said("欧阳若兰", "13905941234", "该项目与已经结题的项目内容重复。", application=shown.pk)
    kept = objecting.file_objection(publicity.pk, said, day=publicity.starts_on)
    document = documents.draft(call.pk, documents.APPROVAL, [issuing.pk], title="立项通知", viewer=viewer)
    assert Application.objects.get(pk=shown.pk).state == "publicity"
    return {
        "call_id": call.pk, "application_id": shown.pk, "publicity_id": publicity.pk, "item_id": publicity.items.get().pk,
        "objection_id": kept.objection.pk, "document_id": document.pk, "template": documents.APPROVAL, "what": "draft",
    }  # fmt: skip


def _case(call, party, county, viewer, state):
    from keshu.bureau.programmes.applying.versions import hash_of
    from keshu.bureau.programmes.models import Application, FormVersion, Stage
    from keshu.bureau.programmes.services import begin_case
    from keshu.bureau.records.services import writing

    application = begin_case(call, party_id=party.pk, place_id=county.pk, by=viewer.actor)
    with writing(verb="case.pass", by=viewer.actor) as act:
        version = FormVersion(
            application=application, number=1, values={"project_name": "创新政策研究"}, papers=[], event="submit",
            by="applicant", at=act.act.at, act=act.act,
        )  # fmt: skip
        version.sha256 = hash_of(version)
        version.save()
        act.wrote(bytes.fromhex(version.sha256), "form")
    application.version = version
    application.submitted_at, application.number = application.created_at, f"2026-SOFT-{application.pk:04d}"
    application.title, application.leader, application.state = "创新政策研究", "林远", state
    application.save()
    Stage.objects.filter(application=application).update(state=state)
    return Application.objects.get(pk=application.pk)
