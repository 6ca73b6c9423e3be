"""The nightly sweep: what a killed request left behind goes, what any row names stays, whoever was killed where."""

import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import TestCase

from keshu.bureau.forms import tasks, uploads
from keshu.bureau.forms.models import Upload
from keshu.bureau.records import files, repeating, sweeping
from keshu.bureau.records.services import Actor, writing
from keshu.office.filetypes import FileRefused

AT = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(days=8)
PDF = b"%PDF-1.7\n" + b"swept" * 300
SLOT = uploads.Slot("application:17", "licence", {"pdf"}, 100_000)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PATHS = replace(settings.PATHS, data=tmp_path / "data")


def aged(sha256, at=AT):
    os.utime(files.path_of(sha256), (at.timestamp(), at.timestamp()))
    return sha256


def there(sha256):
    return files.path_of(sha256).exists()


def uploaded(content=PDF):
    """A large file that came in whole and was finished at `AT`."""
    upload = uploads.begin(SLOT, name="a.pdf", size=len(content), owner="lin", at=AT)
    uploads.append(upload.pk, 0, content, owner="lin", at=AT)
    with TestCase.captureOnCommitCallbacks(execute=True):
        done = uploads.finish(upload.pk, owner="lin", at=AT)
    aged(done.sha256)
    return upload, done


def swept(at=LATER):
    with TestCase.captureOnCommitCallbacks(execute=True):
        given_up = uploads.sweep(at=at)
    return given_up, sweeping.sweep_files(at - uploads.KEPT_FOR)


def test_a_finished_upload_that_nobody_took_up_goes_after_a_week_and_not_before():
    upload, done = uploaded()
    assert swept(AT + timedelta(days=6)) == (0, 0)
    assert there(done.sha256)
    assert swept() == (0, 1)
    assert not there(done.sha256)
    with pytest.raises(FileRefused) as told:
        uploads.finish(upload.pk, owner="lin", at=LATER)
    assert told.value.code == "closed", "a tab that wakes up is not told of bytes that are gone"


def test_finishing_once_more_makes_the_bytes_young_again():
    upload, done = uploaded()
    assert uploads.finish(upload.pk, owner="lin", at=LATER).sha256 == done.sha256
    assert swept() == (0, 0)
    assert there(done.sha256)


def test_killed_between_keeping_the_bytes_and_the_row():
    """The part is whole, its bytes are kept, the upload is open still: the sender finishes, or both go."""
    upload = uploads.begin(SLOT, name="a.pdf", size=len(PDF), owner="lin", at=AT)
    uploads.append(upload.pk, 0, PDF, owner="lin", at=AT)
    sha256 = aged(files.keep_file(uploads.path_of(upload.pk)))
    assert swept() == (1, 1)
    assert (there(sha256), uploads.path_of(upload.pk).exists()) == (False, False)
    assert Upload.objects.get().state == "dropped"


def test_killed_between_the_row_and_removing_the_part():
    upload, done = uploaded()
    part = uploads.path_of(upload.pk)
    part.write_bytes(PDF)
    os.utime(part, (AT.timestamp(), AT.timestamp()))
    with writing(verb="test.attach", by=Actor("lin")) as act:
        files.name_kept(done.sha256, name=done.name, size=done.size, kind=done.kind, mime=done.mime, within=act)
    aged(done.sha256)
    assert swept() == (0, 0)
    assert (part.exists(), there(done.sha256)) == (False, True)


def test_killed_in_the_middle_of_the_sweep_the_next_one_finishes(monkeypatch):
    first, second = (aged(files.keep(b"orphan %d" % number)) for number in (1, 2))
    real, gone = sweeping._removed, []

    def dying(path, before):
        if gone:
            raise KeyboardInterrupt
        gone.append(path.name)
        return real(path, before)

    monkeypatch.setattr(sweeping, "_removed", dying)
    with pytest.raises(KeyboardInterrupt):
        swept()
    assert [there(first), there(second)].count(True) == 1
    monkeypatch.undo()
    assert swept() == (0, 1)


def test_a_scratch_file_of_a_killed_writer_goes():
    path = files.path_of("ab" + "0" * 62).with_name("tmpabc123")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    os.utime(path, (AT.timestamp(), AT.timestamp()))
    assert swept() == (0, 1)


def test_bytes_that_are_kept_again_while_the_sweep_looks_stay(monkeypatch):
    """Somebody brings the same bytes between the question who names them and the hand that takes them away."""
    sha256 = aged(files.keep(b"twice"))
    real = files.held_of

    def meanwhile(hashes):
        found = real(hashes)
        files.keep(b"twice")
        return found

    monkeypatch.setattr(sweeping.files, "held_of", meanwhile)
    assert swept() == (0, 0)
    assert there(sha256)


def test_what_is_named_stays_however_old(places, case):
    """A paper of a draft, a text, evidence: each names its bytes in a row of another kind."""
    from keshu.bureau.programmes.models import Paper
    from keshu.bureau.texts.models import Text

    kept = {name: files.keep(name.encode()) for name in ("draft", "removed", "text", "evidence")}
    common = {"application": case, "size": 5, "mime": "application/pdf", "added_by": "lin", "added_at": AT}
    Paper.objects.create(slot="licence", name="a.pdf", sha256=kept["draft"], **common)
    Paper.objects.create(slot="licence", name="b.pdf", sha256=kept["removed"], removed_at=AT, **common)
    with writing(verb="test.attach", by=Actor("lin")) as act:
        files.store(b"evidence", name="c.pdf", kind="pdf", mime="application/pdf", within=act)
        Text.objects.create(
            place=places["990100"], year=2025, title="总结", file_name="d.txt", sha256=kept["text"], size=4,
            added_by="lin", added_at=AT, touched_at=AT, act=act.act,
        )  # fmt: skip
    for sha256 in kept.values():
        aged(sha256)
    assert swept() == (0, 1)
    assert {name for name, sha256 in kept.items() if there(sha256)} == {"draft", "text", "evidence"}
    files.forget(kept["draft"])
    assert there(kept["draft"]), "nor does deleting a text of the same bytes take them from a draft"


@pytest.fixture
def case(places):
    """A draft of the only call there is."""
    from keshu.bureau.parties.services import PartySpec, register_party
    from keshu.bureau.programmes.models import Application, Call

    party = register_party(PartySpec("云岭测试仪器有限公司"), by=Actor("lin"))
    with writing(verb="test.call", by=Actor("lin")) as act:
        call = Call.objects.create(
            programme="plan.soft", version=1, year=2026, name="软科学", place=places["990100"], opens_at=AT,
            closes_at=LATER, act=act.act,
        )  # fmt: skip
        return Application.objects.create(
            call=call, party=party, place=places["990100"], state="draft", created_by="lin", created_at=AT, act=act.act
        )


def test_the_worker_asks_for_the_next_night_once(settings):
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    orphan = aged(files.keep(b"nobody's"))
    assert tasks.sweep_daily.call() == {"uploads": 0, "files": 1}
    tasks.sweep_daily.call()
    assert not there(orphan)
    (again,) = DBTaskResult.objects.values_list("run_after", flat=True)
    assert repeating.next_day(AT, tasks.NIGHT) == datetime(2026, 11, 1, 19, 10, tzinfo=UTC)
    assert (again.hour, again.minute) == (19, 10)


def test_the_hash_of_what_is_kept_is_that_of_the_bytes(tmp_path):
    source = tmp_path / "old.bin"
    source.write_bytes(PDF)
    os.utime(source, (AT.timestamp(), AT.timestamp()))
    sha256 = files.keep_file(source)
    assert sha256 == hashlib.sha256(PDF).hexdigest()
    assert swept() == (0, 0), "what was begun long ago and is kept now is young"
